//! Connections to the database.
use std::str::FromStr;
use std::time::Duration;

use postgres::{Client, Config, NoTls};

use crate::store::StoreError;

/// How long a connection, and an answer on it, may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
const SILENCE_LIMIT: Duration = Duration::from_secs(10);
/// A process that stands still in the middle of a transaction is not to keep the lobby from the others either.
const SETTINGS: &str = "SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '5s';
    SET synchronous_commit = on; SET client_min_messages = warning";

/// The database that an address means. The address is not repeated where it is wrong: there may be a password in it.
pub(in crate::store) fn config(url: &str) -> Result<Config, StoreError> {
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        let problem = "--database: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, found something else";
        return Err(StoreError::Form(problem.to_owned()));
    }
    let mut config = Config::from_str(url)?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_LIMIT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE_LIMIT);
    }
    if config.get_application_name().is_none() {
        config.application_name("palaestra-server");
    }
    Ok(config)
}

pub(super) fn connect(config: &Config) -> Result<Client, StoreError> {
    let mut client = config.connect(NoTls)?;
    client.batch_execute(SETTINGS)?;
    Ok(client)
}
