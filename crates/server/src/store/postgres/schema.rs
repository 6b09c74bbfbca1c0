//! The tables, and what all processes have to know alike.
use postgres::Config;

use super::connection::connect;
use crate::store::StoreError;

/// Two processes that start in the same moment would both make the tables.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7165391082254431537)";

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS lease (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, address TEXT NOT NULL, epoch BIGINT NOT NULL, until TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS fence (name TEXT PRIMARY KEY, epoch BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS lobbies (lobby TEXT PRIMARY KEY, config TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    lobby TEXT NOT NULL, participant TEXT NOT NULL, kept TEXT NOT NULL, PRIMARY KEY (lobby, participant)
);
CREATE TABLE IF NOT EXISTS sessions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, lobby TEXT NOT NULL, participant TEXT NOT NULL, match TEXT, seat BIGINT,
    created_ms BIGINT NOT NULL, ended_ms BIGINT NOT NULL, played BOOLEAN NOT NULL, reason TEXT NOT NULL, code TEXT NOT NULL,
    completion_code TEXT, requeued BOOLEAN NOT NULL, history TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS matches (
    match TEXT PRIMARY KEY, lobby TEXT NOT NULL, kept TEXT NOT NULL, created_ms BIGINT NOT NULL, ended_ms BIGINT, reason TEXT,
    code TEXT, frames BIGINT, verified BOOLEAN, difference TEXT, seats_differ TEXT, judged BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX IF NOT EXISTS matches_open ON matches (match) WHERE ended_ms IS NULL OR NOT judged;
CREATE TABLE IF NOT EXISTS batches (
    match TEXT NOT NULL, number BIGINT NOT NULL, first BIGINT NOT NULL, frames BIGINT NOT NULL, action_len BIGINT NOT NULL,
    items BYTEA NOT NULL, PRIMARY KEY (match, number)
);
CREATE TABLE IF NOT EXISTS seats (
    match TEXT NOT NULL, seat BIGINT NOT NULL, frames BIGINT NOT NULL DEFAULT 0, differs BIGINT, facts TEXT,
    PRIMARY KEY (match, seat)
);
CREATE TABLE IF NOT EXISTS dissent (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, match TEXT NOT NULL, seat BIGINT NOT NULL, first BIGINT NOT NULL,
    items BYTEA NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, match TEXT NOT NULL, at_ms BIGINT NOT NULL, event TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_of_match ON events (match);
";

/// Makes the tables where there are none.
pub(crate) fn prepare(config: &Config) -> Result<(), StoreError> {
    let mut client = connect(config)?;
    let mut transaction = client.transaction()?;
    transaction.execute(LOCK, &[])?;
    transaction.batch_execute(TABLES)?;
    Ok(transaction.commit()?)
}

/// A secret that all processes share; whoever comes first makes it.
pub(crate) fn secret(config: &Config, name: &str, made: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut client = connect(config)?;
    client
        .execute("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", &[&name, &made])?;
    let row = client.query_one("SELECT value FROM secrets WHERE name = $1", &[&name])?;
    Ok(row.try_get(0)?)
}
