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

/// What stands in a file; made where there is none, or nothing in it: a disk was full, or the machine went, while it was written.
pub(crate) fn kept(path: &Path, make: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    match std::fs::read(path) {
        Ok(found) if !found.trim_ascii().is_empty() => return Ok(found),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let made = make()?;
    // It is there whole or not at all.
    let part = path.with_extension("part");
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(&made)?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_when_it_was_written_is_made_anew_and_then_kept() {
        let folder = std::env::temp_dir().join(format!("palaestra-key-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("monitor-token");
        for before in ["", "\n"] {
            std::fs::write(&path, before).unwrap();
            // Half of it, from a start that did not get further.
            std::fs::write(folder.join("monitor-token.part"), "01").unwrap();
            let made = kept(&path, new_token).unwrap();
            assert_eq!((made.len(), std::fs::read(&path).unwrap()), (32, made.clone()));
            assert_eq!(kept(&path, || panic!("it is there")).unwrap(), made);
        }
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
