//! Files for `palaestra verify`.
use palaestra_record::{Limits, verify};

/// Verifies the bytes. A failure has to be told on one short line.
pub fn run(bytes: &[u8]) {
    let limits = Limits { line: 1 << 20, total: 8 << 20, ..Limits::default() };
    if let Err(failure) = verify(bytes, palaestra_envs::make, limits) {
        let told = failure.to_string();
        assert!(!told.contains(char::is_control), "{told:?}");
        assert!(told.len() < 8_000, "{} bytes", told.len());
    }
}
