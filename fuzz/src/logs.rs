//! The chunks of records, as a page keeps them.
use palaestra_env::Kwargs;
use palaestra_record::{Header, Record, write_jsonl};

use crate::play::entry;

/// The first byte chooses the environment whose record the others are taken for: two chunks, as long as the second says.
pub fn run(bytes: &[u8]) {
    let [which, first, chunks @ ..] = bytes else { return };
    let Some(entry) = entry(*which) else { return };
    let (one, other) = chunks.split_at(chunks.len() * usize::from(*first) / 255);
    let chunks = [one, other].into_iter().filter(|chunk| !chunk.is_empty()).map(<[u8]>::to_vec).collect();
    let (Ok(record), Ok(env)) = (Record::from_chunks(chunks), palaestra_envs::make(entry.id, &Kwargs::new())) else {
        return;
    };
    let header = Header::new(entry.id, Kwargs::new(), None);
    let _ = write_jsonl(&header, env.spec(), &record, &["t_input"], &mut std::io::sink());
}
