//! The chunks of records, as a page keeps them, and streams of them.
use palaestra_env::{BoxSpace, DType, Kwargs, Space, Spec};
use palaestra_record::{Header, Limits, Reader, Record, Stream, write_jsonl};

use crate::play::entry;

/// Sizes that a box may have on its sides.
const SIZES: [usize; 8] = [0, 1, 2, 3, 84, 1 << 16, 1 << 24, u32::MAX as usize];

/// The first byte chooses the environment whose record the others are taken for: two chunks, as long as the second says. Where it is 255,
/// they are a stream that has a spec of its own.
pub fn run(bytes: &[u8]) {
    let [which, first, chunks @ ..] = bytes else { return };
    if *which == u8::MAX {
        return stream(&bytes[1..]);
    }
    let Some(entry) = entry(*which) else { return };
    let (one, other) = chunks.split_at(chunks.len() * usize::from(*first) / 255);
    let chunks = [one, other].into_iter().filter(|chunk| !chunk.is_empty()).map(<[u8]>::to_vec).collect();
    let (Ok(record), Ok(env)) = (Record::from_chunks(chunks), palaestra_envs::make(entry.id, &Kwargs::new())) else {
        return;
    };
    let header = Header::new(entry.id, Kwargs::new(), None);
    let _ = write_jsonl(&header, env.spec(), &record, &["t_input"], &mut std::io::sink());
}

/// Three spaces, and the entries of a chunk: one that was not sealed has no checksum.
fn stream(bytes: &[u8]) {
    let mut from = bytes.iter().copied();
    let mut spec = Spec::single("Own-v0", space(&mut from, 6), space(&mut from, 6));
    spec.step_info = Space::dict([("b", space(&mut from, 6)), ("a", Space::None)]);
    let header = r#"{"type":"header","env_id":"Own-v0"}"#;
    let mut bytes = Stream::head(header, &spec.to_bytes(), &["t_input".to_owned()]);
    bytes.extend(*b"PRC2");
    bytes.extend([0; 28]);
    bytes.extend(from);
    let limits = Limits { line: 1 << 20, total: 8 << 20, ..Limits::default() };
    for line in Reader::new(&bytes[..], limits) {
        if let Err(error) = line {
            let told = error.to_string();
            assert!(!told.contains(char::is_control) && told.len() < 8_000, "{told:?}");
        }
    }
}

/// The space that the next bytes choose, at most so deep.
fn space(from: &mut impl Iterator<Item = u8>, depth: u32) -> Space {
    let mut next = || usize::from(from.next().unwrap_or_default());
    let kind = next() % if depth > 0 { 11 } else { 7 };
    let size = |byte: usize| SIZES[byte % SIZES.len()];
    match kind {
        0 => Space::None,
        1 => Space::Bool,
        2 => Space::discrete(300),
        3 => Space::text(9),
        4 => Space::MultiDiscrete { nvec: vec![2; next()] },
        5 => Space::MultiBinary { n: size(next()) },
        6 => {
            let dtype = DType::ALL[next() % DType::ALL.len()];
            let shape: Vec<usize> = (0..next() % 4).map(|_| size(next())).collect();
            Space::Box(BoxSpace::uniform(0.0, 1.0, &shape, dtype))
        }
        7 => Space::sequence(space(from, depth - 1)),
        _ => {
            let count = next() % 4;
            let spaces: Vec<Space> = (0..count).map(|_| space(from, depth - 1)).collect();
            match kind {
                8 => Space::Tuple { spaces },
                9 => Space::OneOf { spaces },
                _ => Space::Dict { spaces: ["b", "a", "b"].map(str::to_owned).into_iter().zip(spaces).collect() },
            }
        }
    }
}
