//! Logs of games.
use palaestra_env::Kwargs;
use palaestra_record::{Header, Log, write_jsonl};

use crate::play::entry;

/// The first byte chooses the environment whose log the others are taken for.
pub fn run(bytes: &[u8]) {
    let Some((which, log)) = bytes.split_first() else { return };
    let Some(entry) = entry(*which) else { return };
    let (Ok(log), Ok(env)) = (Log::from_bytes(log.to_vec()), palaestra_envs::make(entry.id, &Kwargs::new())) else {
        return;
    };
    let header = Header::new(entry.id, Kwargs::new(), None);
    let _ = write_jsonl(&header, env.spec(), &log, &["t_input"], &mut std::io::sink());
}
