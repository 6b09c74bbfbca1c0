//! Why a server does not start.
use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::settings::SettingsError;
use crate::store::StoreError;

/// Why the server does not start.
#[derive(Debug)]
pub enum StartError {
    /// The address.
    Listen(SocketAddr, io::Error),
    /// The site's folder.
    Site(io::Error),
    /// The data folder.
    Data(io::Error),
    /// The file of lobbies.
    Settings(SettingsError),
    /// The store.
    Store(StoreError),
    /// The address by which other processes on the database reach this one.
    Peer(SocketAddr),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Site(error) => write!(f, "--site: {error}"),
            Self::Data(error) => write!(f, "--data: {error}"),
            Self::Settings(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Peer(listen) => {
                write!(
                    f,
                    "--peer: expected an address at which the other processes reach this one, which listens on {listen}"
                )
            }
        }
    }
}

impl std::error::Error for StartError {}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
