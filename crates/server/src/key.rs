//! What the server keeps to itself: the key it signs with, and the monitor's token. Both are made once and kept with the data.
use std::io::{self, Write};
use std::path::Path;

use palaestra_lobby::token::KEY_BYTES;

/// A key to sign with.
pub(crate) fn new_key() -> io::Result<Vec<u8>> {
    random::<KEY_BYTES>().map(|key| key.to_vec())
}

/// A token for the monitor.
pub(crate) fn new_token() -> io::Result<Vec<u8>> {
    Ok(random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes())
}

/// A number that nobody can guess.
pub(crate) fn random_u64() -> io::Result<u64> {
    random::<8>().map(u64::from_le_bytes)
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

/// What stands in a file; made where there is none.
pub(crate) fn kept(path: &Path, make: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let made = make()?;
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(path)?.write_all(&made)?;
            Ok(made)
        }
        read => read,
    }
}
