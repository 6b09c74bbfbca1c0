//! A recorder's chunks: read back, cut, damaged, out of order.
use palaestra_env::{Space, Spec, ValueWriter};
use palaestra_record::{ChunkError, Entry, ManyReturns, Record, RecordReader, Recorder, StepsError, Stream, Totals};
use palaestra_rows::RowWriter;
use proptest::prelude::*;

/// An entry that owns what it holds.
#[derive(Clone, Debug, PartialEq)]
enum Owned {
    Reset(Option<u64>, String, Vec<u8>),
    Step(Vec<u8>, Vec<u8>, Vec<u64>, Option<u64>),
    Event(String),
}

impl Owned {
    fn of(entry: Entry<'_>) -> Self {
        match entry {
            Entry::Reset { seed, options, returns } => Self::Reset(seed, options.to_owned(), returns.to_vec()),
            Entry::Step { actions, returns, metrics, hash } => {
                Self::Step(actions.to_vec(), returns.to_vec(), metrics.iter().map(f64::to_bits).collect(), hash)
            }
            Entry::Event(json) => Self::Event(json.to_owned()),
        }
    }

    #[allow(clippy::unwrap_used, reason = "a test's own")]
    fn record(&self, recorder: &mut Recorder) {
        match self {
            Self::Reset(seed, options, returns) => recorder.reset(*seed, options, returns),
            Self::Step(actions, returns, metrics, hash) => {
                let metrics: Vec<f64> = metrics.iter().map(|bits| f64::from_bits(*bits)).collect();
                recorder.step(actions, returns, &metrics, *hash).unwrap();
            }
            Self::Event(json) => recorder.event(json),
        }
    }
}

/// Rows that are often much like one another, and of other lengths now and then.
fn row() -> impl Strategy<Value = Vec<u8>> {
    (0_usize..5, 0_usize..300, any::<u8>()).prop_map(|(kind, at, byte)| {
        let mut row = vec![7; [300, 300, 300, 299, 0][kind]];
        row.get_mut(at).into_iter().for_each(|place| *place = byte);
        row
    })
}

fn entry() -> impl Strategy<Value = Owned> {
    let small = || prop::collection::vec(any::<u8>(), 0..12);
    prop_oneof![
        1 => (any::<Option<u64>>(), ".{0,8}", row()).prop_map(|(seed, options, row)| Owned::Reset(seed, options, row)),
        6 => (small(), row(), prop::collection::vec(any::<u64>(), 0..3), any::<Option<u64>>())
            .prop_map(|(actions, row, metrics, hash)| Owned::Step(actions, row, metrics, hash)),
        1 => ".{0,40}".prop_map(Owned::Event),
    ]
}

fn recorded(entries: &[Owned], chunk_bytes: usize) -> Vec<Vec<u8>> {
    let mut recorder = Recorder::with_chunk_bytes(0, chunk_bytes);
    entries.iter().for_each(|entry| entry.record(&mut recorder));
    recorder.seal();
    std::iter::from_fn(|| recorder.take_sealed()).collect()
}

fn read(chunks: &[Vec<u8>]) -> Result<(Vec<Owned>, Totals), ChunkError> {
    let (mut reader, mut entries) = (RecordReader::new(), Vec::new());
    for chunk in chunks {
        reader.chunk(chunk.clone())?;
        while let Some(entry) = reader.next_entry()? {
            entries.push(Owned::of(entry));
        }
    }
    Ok((entries, reader.totals()))
}

proptest! {
    #[test]
    fn any_entries_read_back_whatever_the_size_of_the_chunks(
        entries in prop::collection::vec(entry(), 0..60), chunk_bytes in 0_usize..3000,
    ) {
        let chunks = recorded(&entries, chunk_bytes);
        let (found, totals) = read(&chunks).unwrap();
        prop_assert_eq!(totals.entries, entries.len() as u64);
        prop_assert_eq!(totals.steps, entries.iter().filter(|entry| matches!(entry, Owned::Step(..))).count() as u64);
        prop_assert_eq!(totals.episodes, entries.iter().filter(|entry| matches!(entry, Owned::Reset(..))).count() as u64);
        prop_assert_eq!(found, entries);
    }

    #[test]
    fn a_record_can_be_taken_at_any_moment_and_changes_nothing(
        entries in prop::collection::vec(entry(), 1..40), at in any::<prop::sample::Index>(),
    ) {
        let at = at.index(entries.len());
        let mut recorder = Recorder::with_chunk_bytes(0, 1000);
        let mut chunks = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            if index == at {
                let so_far: Vec<_> = chunks.iter().cloned().chain(recorder.sealed_copy()).collect();
                prop_assert_eq!(read(&so_far).unwrap().0, &entries[..at]);
            }
            entry.record(&mut recorder);
            chunks.extend(std::iter::from_fn(|| recorder.take_sealed()));
        }
        chunks.extend(recorder.into_record().chunks().iter().cloned());
        prop_assert_eq!(&chunks, &recorded(&entries, 1000));
        prop_assert_eq!(read(&chunks).unwrap().0, entries);
    }

    #[test]
    fn any_cut_or_damage_is_an_error_that_names_the_chunk(
        entries in prop::collection::vec(entry(), 20..40), chunk in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let mut chunks = recorded(&entries, 600);
        let chunk = chunk.index(chunks.len());
        let at = at.index(chunks[chunk].len());
        if cut {
            chunks[chunk].truncate(at);
        } else {
            prop_assume!(chunks[chunk][at] != byte);
            chunks[chunk][at] = byte;
        }
        let named = match read(&chunks).unwrap_err() {
            ChunkError::NotAChunk { chunk } | ChunkError::Damaged { chunk } => chunk,
            error => return Err(TestCaseError::fail(error.to_string())),
        };
        prop_assert_eq!(named as usize, chunk);
    }

    #[test]
    fn a_chunk_that_is_missing_or_in_another_place_is_an_error(
        entries in prop::collection::vec(entry(), 20..40), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
    ) {
        let chunks = recorded(&entries, 600);
        prop_assume!(chunks.len() > 1);
        let (a, b) = (a.index(chunks.len()), b.index(chunks.len()));
        let mut swapped = chunks.clone();
        swapped.swap(a, b);
        if a != b {
            let first = a.min(b) as u32;
            let found = matches!(read(&swapped), Err(ChunkError::Order { chunk, .. }) if chunk == first);
            prop_assert!(found, "{:?}", read(&swapped));
        }
        let mut shorter = chunks.clone();
        shorter.remove(a);
        if a == chunks.len() - 1 {
            // Only whoever knows how much there should be can know.
            let totals = read(&chunks).unwrap().1;
            let mut reader = RecordReader::new();
            for chunk in &shorter {
                reader.chunk(chunk.clone()).unwrap();
                while reader.next_entry().unwrap().is_some() {}
            }
            let found = matches!(reader.finish(totals), Err(ChunkError::Missing { chunk, .. }) if chunk as usize == a);
            prop_assert!(found, "{:?}", reader.finish(totals));
        } else {
            let found = matches!(read(&shorter), Err(ChunkError::Order { chunk, .. }) if chunk as usize == a);
            prop_assert!(found, "{:?}", read(&shorter));
        }
    }
}

#[test]
fn what_is_kept_is_bounded_however_long_the_game() {
    let mut recorder = Recorder::new(1);
    let mut row = vec![0; 7_209];
    let (mut sealed, mut bytes) = (0_usize, 0_usize);
    recorder.reset(Some(1), "", &row);
    for step in 0..100_000_u64 {
        let at = 9 + (step as usize * 13) % 7_000;
        row[at..at + 8].copy_from_slice(&step.to_le_bytes());
        recorder.step(&[1; 16], &row, &[], Some(step)).unwrap();
        // An entry is at most its row, twice a word for each word, and what stands before it.
        if step % 997 == 0 {
            let open = recorder.sealed_copy().map_or(0, |open| open.len());
            assert!(open <= Recorder::CHUNK_BYTES + 2 * row.len() + 100, "{open}");
        }
        while let Some(chunk) = recorder.take_sealed() {
            assert!(chunk.len() <= Recorder::CHUNK_BYTES + 2 * row.len() + 100, "{}", chunk.len());
            (sealed, bytes) = (sealed + 1, bytes + chunk.len());
        }
    }
    assert!(sealed > 10 && bytes < 100_000 * 80, "{sealed} chunks, {bytes} bytes");
    assert!(recorder.bytes() < 100_000 * 80, "{}", recorder.bytes());
}

#[test]
fn scores_are_those_of_the_episodes_that_came_to_their_end() {
    let returns = |rewards: [f64; 2], flags: u8| {
        rewards.iter().flat_map(|reward| [&reward.to_le_bytes()[..], &[flags]].concat()).collect::<Vec<u8>>()
    };
    let mut recorder = Recorder::new(2);
    recorder.reset(Some(9), "", &returns([0.0; 2], 0));
    recorder.step(&[], &returns([1.0, -1.0], 0), &[], None).unwrap();
    recorder.step(&[], &returns([2.0, 0.5], 1), &[], None).unwrap();
    recorder.reset(None, "", &returns([0.0; 2], 0));
    recorder.step(&[], &returns([4.0, 4.0], 0), &[], None).unwrap();
    recorder.reset(Some(3), "", &returns([0.0; 2], 0));
    recorder.step(&[], &returns([0.0, 8.0], 2), &[], None).unwrap();
    assert_eq!(recorder.scores(), [[3.0, -0.5], [0.0, 8.0]]);
    assert_eq!((recorder.score(), recorder.seed()), (&[0.0, 8.0][..], Some(9)));
    // Steps beyond an end are no more episodes.
    (0..3).for_each(|_| recorder.step(&[], &returns([1.0, 1.0], 2), &[], None).unwrap());
    assert_eq!(recorder.scores().len(), 2);
    recorder.reset(None, "", &returns([0.0; 2], 0));
    recorder.step(&[], &returns([5.0, 0.0], 1), &[], None).unwrap();
    assert_eq!(recorder.scores()[2..], [[5.0, 0.0]]);
}

#[test]
fn a_step_that_returned_something_else_is_refused_and_not_recorded() {
    let mut recorder = Recorder::new(1);
    recorder.reset(None, "", &[0; 9]);
    let before = recorder.clone();
    assert!(recorder.step(&[1], &[0; 8], &[], None).is_err());
    assert_eq!(
        (recorder.record(), recorder.totals(), recorder.bytes()),
        (before.record(), before.totals(), before.bytes())
    );
}

#[test]
fn steps_that_came_back_together_are_recorded_as_if_one_by_one() {
    let spec = Spec::single("X-v0", Space::Discrete { n: 300, start: 0 }, Space::None);
    let rows: Vec<Vec<u8>> =
        (0..150_u8).map(|step| [&f64::from(step).to_le_bytes()[..], &[0, step, 1]].concat()).collect();
    let hashes: Vec<[u8; 8]> = (0..150_u64).map(u64::to_le_bytes).collect();
    let mut actions = ValueWriter::new();
    let (mut one_by_one, mut plain, mut blocks) = (Recorder::new(1), Vec::new(), Vec::new());
    let mut writer = RowWriter::default();
    for (step, row) in (0..).zip(&rows) {
        let mut action = ValueWriter::new();
        action.discrete(step);
        actions.discrete(step);
        one_by_one.step(action.bytes(), row, &[], Some(step as u64)).unwrap();
        plain.extend_from_slice(row);
        if (step as u32).is_multiple_of(RowWriter::BLOCK) {
            writer.start();
        }
        writer.write(row, &mut blocks);
    }
    // Of the actions those after an episode's end are not played.
    actions.discrete(7);
    for returns in [ManyReturns::Plain { stride: 11, bytes: &plain }, ManyReturns::Blocks(&blocks)] {
        let mut together = Recorder::new(1);
        together.steps(&spec.action_spaces, actions.bytes(), returns, &hashes).unwrap();
        assert!(together.record() == one_by_one.record());
        assert_eq!(together.score(), one_by_one.score());
        let cut = actions.bytes().split_at(800).0;
        assert!(matches!(
            Recorder::new(1).steps(&spec.action_spaces, cut, returns, &hashes),
            Err(StepsError::Actions(_))
        ));
    }
    for returns in [ManyReturns::Plain { stride: 11, bytes: &plain[..600] }, ManyReturns::Blocks(&blocks[..600])] {
        let found = Recorder::new(1).steps(&spec.action_spaces, actions.bytes(), returns, &hashes);
        assert!(matches!(found, Err(StepsError::Rows { .. })), "{found:?}");
    }
}

/// What four agents see of one another's moves, and what each earns: nearly every number is another at every step.
fn seen(steps: u32) -> Vec<Owned> {
    let (mut state, mut places) = (1_u64, [0.0_f64; 8]);
    let step = |step: u32| {
        for place in &mut places {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *place += f64::from((state >> 32) as i32) / 1e11;
        }
        let numbers = places.iter().flat_map(|own| places.map(|other| ((other - own) as f32).to_le_bytes()));
        let row = [vec![0; 36], numbers.flatten().collect()].concat();
        match step % 25 {
            0 => Owned::Reset(Some(u64::from(step)), "{}".to_owned(), row),
            7 => Owned::Event("7".to_owned()),
            _ => Owned::Step(vec![1; 4], row, vec![], Some(u64::from(step))),
        }
    };
    (0..steps).map(step).collect()
}

#[test]
fn what_is_predicted_reads_back_from_chunks_and_from_what_there_is_of_the_last_one() {
    let entries = seen(600);
    let mut recorder = Recorder::with_chunk_bytes(4, 12_000);
    let (mut chunks, mut opened) = (Vec::new(), Vec::<u8>::new());
    for entry in &entries {
        entry.record(&mut recorder);
        // What is there of an open chunk stays as it is.
        let (number, open) = recorder.unsealed();
        if number as usize == chunks.len() {
            assert!(open.starts_with(&opened));
            opened = open.to_vec();
        }
        for chunk in std::iter::from_fn(|| recorder.take_sealed()) {
            assert!(chunk.starts_with(&opened));
            chunks.push(chunk);
            opened.clear();
        }
    }
    assert!(chunks.len() > 3, "{} chunks", chunks.len());
    let (_, open) = recorder.unsealed();
    let mut sealed = RecordReader::new();
    let mut found = Vec::new();
    for chunk in &chunks {
        sealed.chunk(chunk.clone()).unwrap();
        while let Some(entry) = sealed.next_entry().unwrap() {
            found.push(Owned::of(entry));
        }
    }
    assert!(found == entries[..found.len()]);
    // Cut anywhere, it has every entry that is whole.
    let mut most = found.len();
    for end in 32..=open.len() {
        let (mut reader, mut at) = (sealed.clone(), found.len());
        reader.last_chunk(&open[..end]).unwrap();
        while let Some(entry) = reader.next_entry().unwrap() {
            assert!(Owned::of(entry) == entries[at], "{end}");
            at += 1;
        }
        assert!(at == most || at == most + 1, "{end}");
        most = at;
    }
    assert_eq!(most, entries.len());
    // A predicted row takes a fraction of one that is not: 292 bytes.
    let size = chunks.iter().map(Vec::len).sum::<usize>() + open.len();
    assert!(size < entries.len() * 220, "{size} bytes");
}

#[test]
fn a_chunk_of_the_version_before_is_read() {
    let entries = [
        Owned::Reset(Some(1), String::new(), vec![1; 20]),
        Owned::Step(vec![1], vec![2; 20], Vec::new(), Some(3)),
        Owned::Event("4".to_owned()),
    ];
    let mut chunk = recorded(&entries, 10_000).remove(0);
    chunk.splice(..4, *b"PRC1");
    let body = chunk.len() - 8;
    let checksum = xxhash_rust::xxh64::xxh64(&chunk[..body], 0);
    chunk.splice(body.., checksum.to_le_bytes());
    assert_eq!(read(&[chunk.clone()]).unwrap().0, entries);
    let mut reader = RecordReader::new();
    assert_eq!(reader.last_chunk(&chunk[..body]), Ok(()));
    // A stream of them that was cut where the second had hardly begun has the first.
    let head = |magic: &[u8]| [magic, &1_u32.to_le_bytes(), &3_u64.to_le_bytes(), &1_u64.to_le_bytes()].concat();
    let before = Stream::head(r#"{"type":"header","env_id":"Own-v0"}"#, &[], &[]);
    for (magic, read) in [(b"PRC1", true), (b"PRC2", true), (b"PRC3", false)] {
        let bytes = [&before[..], &chunk, &head(magic)].concat();
        for end in before.len() + chunk.len() + 4..=bytes.len() {
            let found = Stream::read(&bytes[..end]).map(|stream| (stream.chunks.len(), stream.finished));
            assert_eq!(found.ok(), read.then_some((1, false)), "{magic:?} {end}");
        }
    }
    chunk.splice(..4, *b"PRC0");
    assert!(matches!(read(&[chunk]), Err(ChunkError::NotAChunk { chunk: 0 })));
}

#[test]
fn a_record_whose_chunks_were_taken_elsewhere_says_so() {
    let mut recorder = Recorder::with_chunk_bytes(0, 10);
    recorder.event("1");
    recorder.event("2");
    assert!(recorder.take_sealed().is_some());
    let record = recorder.into_record();
    let read = Record::from_chunks(record.chunks().to_vec());
    assert!(matches!(read, Err(ChunkError::Order { chunk: 0, found: 1, .. })), "{read:?}");
}

#[test]
fn a_chunk_that_is_still_written_is_read_up_to_its_last_whole_entry_wherever_it_ends() {
    let mut recorder = Recorder::new(1);
    ["one", "two", "three"].into_iter().for_each(|text| recorder.event(text));
    let (_, open) = recorder.unsealed();
    let mut most = 0;
    for end in 0..=open.len() {
        let mut reader = RecordReader::new();
        if reader.last_chunk(&open[..end]).is_err() {
            assert_eq!(most, 0, "{end}");
            continue;
        }
        while reader.next_entry().unwrap().is_some() {}
        assert!(reader.totals().entries >= most, "{end}");
        most = reader.totals().entries;
    }
    assert_eq!(most, 3);
    assert!(matches!(RecordReader::new().last_chunk(b"other"), Err(ChunkError::NotAChunk { chunk: 0 })));
}
