//! Rows written and read again, and bytes that nobody wrote.
use proptest::prelude::*;

use super::predictor::{Predictor, Term, Terms};
use super::{RowsIn, RowsOut};
use crate::cursor::{Cursor, Malformed};

/// Agents that move and see one another: of each its reward and flags, then of each where it is and where the others are from there.
struct World {
    state: u64,
    places: Vec<[f64; 2]>,
}

impl World {
    fn new(agents: usize, seed: u64) -> Self {
        let mut world = Self { state: seed | 1, places: vec![[0.0; 2]; agents] };
        world.reset();
        world
    }

    /// A number from -1 to 1.
    fn random(&mut self) -> f64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((self.state >> 32) as i32) / f64::from(1_u32 << 31)
    }

    fn reset(&mut self) {
        for agent in 0..self.places.len() {
            self.places[agent] = [self.random(), self.random()];
        }
    }

    fn step(&mut self) -> Vec<u8> {
        for agent in 0..self.places.len() {
            let moved = [self.random(), self.random()];
            self.places[agent].iter_mut().zip(moved).for_each(|(place, by)| *place += by / 20.0);
        }
        let mut row = vec![0; 9 * self.places.len()];
        for own in &self.places {
            let others = self.places.iter().filter(|other| *other != own);
            let seen = others.flat_map(|other| [other[0] - own[0], other[1] - own[1]]);
            let numbers = own.iter().copied().chain(seen);
            row.extend(numbers.flat_map(|number| (number as f32).to_le_bytes()));
        }
        row
    }
}

/// Writes rows as a recorder does, with a new chunk before each of `starts`. Gives the chunks, and how many rows were predicted.
fn write(agents: usize, rows: &[Vec<u8>], starts: &[usize]) -> (Vec<Vec<u8>>, usize) {
    let (mut out, mut chunks, mut count) = (RowsOut::new(agents), Vec::new(), 0);
    for (index, row) in rows.iter().enumerate() {
        if index == 0 || starts.contains(&index) {
            out.start();
            chunks.push(Vec::new());
        }
        let Some(chunk) = chunks.last_mut() else { continue };
        let mut predictor = Vec::new();
        let predicted = out.predicts(row, &mut predictor);
        chunk.push(u8::from(predicted) + 2 * u8::from(!predictor.is_empty()));
        chunk.extend_from_slice(&predictor);
        out.write(row, predicted, chunk);
        count += usize::from(predicted);
    }
    (chunks, count)
}

fn read(chunk: &[u8]) -> Result<Vec<Vec<u8>>, Malformed> {
    let (mut rows, mut rest, mut read) = (RowsIn::with_most(1 << 20), chunk, Vec::new());
    while let Some((kind, behind)) = rest.split_first() {
        let mut cursor = Cursor::new(behind);
        if kind & 2 != 0 {
            rows.predictor(&mut cursor)?;
        }
        rest = cursor.rest();
        rows.read(kind & 1 != 0, &mut rest)?;
        read.push(rows.bytes().to_vec());
    }
    Ok(read)
}

fn size(chunks: &[Vec<u8>]) -> usize {
    chunks.iter().map(Vec::len).sum()
}

#[test]
fn what_agents_see_of_one_another_is_kept_in_less_than_half() {
    let mut world = World::new(5, 1);
    let rows: Vec<_> = (0..2000)
        .map(|step| {
            if step % 25 == 0 {
                world.reset();
            }
            world.step()
        })
        .collect();
    let (chunks, predicted) = write(5, &rows, &[400, 1100]);
    assert!(predicted > 1800, "{predicted}");
    let found: Vec<_> = chunks.iter().flat_map(|chunk| read(chunk).unwrap_or_default()).collect();
    assert!(found == rows);
    // One column of what each agent sees is its own; every other has been seen before, or is the sum of two.
    let returned = rows.iter().map(Vec::len).sum::<usize>();
    assert!(size(&chunks) < returned / 2, "{} of {returned}", size(&chunks));
}

#[test]
fn rows_that_foretell_nothing_are_written_as_before() {
    let mut world = World::new(4, 3);
    let mut random = || (0..30).flat_map(|_| (world.random() as f32).to_le_bytes()).collect::<Vec<u8>>();
    let rows: Vec<_> = (0..300).map(|_| random()).collect();
    assert_eq!(write(0, &rows, &[]).1, 0);
    // Nor are cells of which one is marked, now here and now there; nor rows too long to look at, whatever is in them.
    let cells = |step: u32| (0..400).flat_map(|cell| u32::from(step / 3 == cell).to_le_bytes()).collect::<Vec<u8>>();
    let mut wide = World::new(17, 4);
    let few = |step: u32| [vec![0; 60], step.to_le_bytes().to_vec()].concat();
    for (agents, rows) in [
        (0, (0..300).map(cells).collect::<Vec<_>>()),
        (0, (0..300).map(few).collect()),
        (17, (0..300).map(|_| wide.step()).collect()),
    ] {
        let (chunks, predicted) = write(agents, &rows, &[]);
        assert_eq!(predicted, 0, "{agents} agents");
        assert!(read(&chunks[0]).is_ok_and(|found| found == rows));
    }
}

#[test]
fn a_row_that_is_cut_anywhere_has_ended() {
    let mut world = World::new(3, 5);
    let rows: Vec<_> = (0..200).map(|_| world.step()).collect();
    let (chunks, predicted) = write(3, &rows, &[120]);
    assert!(predicted > 50);
    let [_, last] = &chunks[..] else { panic!("two chunks") };
    let (mut whole, mut ended) = (0, 0);
    for end in 0..last.len() {
        match read(&last[..end]) {
            Ok(found) => {
                assert!(found == rows[120..120 + found.len()], "{end}");
                whole += 1;
            }
            Err(Malformed::Ended) => ended += 1,
            Err(Malformed::Other) => panic!("{end} of {}", last.len()),
        }
    }
    assert!(whole == 80 && ended > 1000, "{whole} {ended}");
}

#[test]
fn bytes_that_no_recorder_writes_are_refused() {
    let said = |bytes: &[u8]| Predictor::take(&mut Cursor::new(bytes)).err();
    assert!(said(&[0, 2, 0, 1, 0]).is_none());
    // A column that follows from itself, or from one behind it; three terms; a column that is not there; more columns than any row may have.
    for other in [
        &[0, 2, 1, 0, 0][..],
        &[0, 2, 0, 1, 2],
        &[0, 2, 0, 1, 9],
        &[0, 3, 0, 0, 3, 0, 0, 0],
        &[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0],
        &[0, 0x81, 4, 0],
    ] {
        assert!(matches!(said(other), Some(Malformed::Other)), "{other:?}");
    }
    for cut in [&[][..], &[0], &[0, 2, 0], &[0, 2, 0, 1], &[0, 0x80, 4, 0]] {
        assert!(matches!(said(cut), Some(Malformed::Ended)), "{cut:?}");
    }
    let row = |bytes: &[u8]| {
        // Eight bytes of nothing, then two columns.
        let mut rows = RowsIn::with_most(1 << 20);
        rows.read(false, &mut &[8, 0, 0, 0, 1, 0][..])?;
        rows.predictor(&mut Cursor::new(&[0, 2, 0, 1, 0]))?;
        rows.read(true, &mut &*bytes).map(|()| rows.bytes().to_vec())
    };
    // One place further than zero, and what follows from that.
    assert_eq!(row(&[0x01, 2]).ok(), Some([[1, 0, 0, 0], [1, 0, 0, 0]].concat()));
    assert!(matches!(row(&[0x05, 2, 0, 0, 0, 0]), Err(Malformed::Other)), "five bytes of a number");
    let mut rows = RowsIn::default();
    assert!(matches!(rows.read(true, &mut &[0][..]), Err(Malformed::Other)), "nothing predicts it");
    rows.predictor(&mut Cursor::new(&[0, 1, 0])).ok();
    assert!(matches!(rows.read(true, &mut &[0][..]), Err(Malformed::Other)), "no row before it");
    rows.predictor(&mut Cursor::new(&[0xff, 0xff, 0x7f, 1, 0])).ok();
    assert!(matches!(rows.read(true, &mut &[0][..]), Err(Malformed::Other)), "a head longer than the row");
}

fn special() -> impl Strategy<Value = u32> {
    prop_oneof![
        any::<u32>(),
        any::<f32>().prop_map(f32::to_bits),
        prop::sample::select(vec![
            0,
            1 << 31,
            1,
            0x7f80_0000,
            0xff80_0000,
            0x7fc0_0001,
            0xffff_ffff,
            0x7f7f_ffff,
            0xff7f_ffff
        ]),
    ]
}

proptest! {
    #[test]
    fn any_numbers_read_back_to_the_bit(
        agents in 2_usize..5, seed in any::<u64>(), starts in prop::collection::vec(1_usize..300, 0..4),
        changed in prop::collection::vec((0_usize..300, 0_usize..40, special()), 0..80),
        lengths in prop::collection::vec((0_usize..300, 0_usize..90), 0..4),
    ) {
        let mut world = World::new(agents, seed);
        let mut rows: Vec<_> = (0..300).map(|_| world.step()).collect();
        let plain = changed.is_empty() && lengths.is_empty();
        for (row, column, bits) in changed {
            let at = 9 * agents + 4 * column;
            let place = rows[row].get_mut(at..at + 4);
            place.into_iter().for_each(|place| place.copy_from_slice(&bits.to_le_bytes()));
        }
        for (row, length) in lengths {
            rows[row].resize(length, 3);
        }
        let (chunks, predicted) = write(agents, &rows, &starts);
        // Other lengths, and many other numbers, may leave nothing to find.
        prop_assert!(predicted > 100 || agents < 3 || !plain);
        let found: Result<Vec<_>, _> = chunks.iter().map(|chunk| read(chunk)).collect();
        prop_assert!(found.is_ok_and(|found| found.concat() == rows));
    }

    #[test]
    fn any_predictor_reads_any_row_back(
        columns in prop::collection::vec(prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..3), 0..12),
        numbers in prop::collection::vec((special(), special()), 12),
        head in 0_usize..5, behind in 0_usize..4,
    ) {
        let terms = |(index, terms): (usize, &Vec<(prop::sample::Index, bool)>)| {
            let mut given = Terms::default();
            for (term, (column, minus)) in given.iter_mut().zip(terms).filter(|_| index > 0) {
                *term = Some(Term { column: column.index(index), minus: *minus });
            }
            given
        };
        let mut predictor = Predictor::new(head, columns.iter().enumerate().map(terms).collect());
        let row = |fill: u8, pick: fn(&(u32, u32)) -> u32| {
            let numbers = numbers.iter().take(columns.len()).flat_map(|pair| pick(pair).to_le_bytes());
            [vec![fill; head], numbers.collect(), vec![fill; behind]].concat()
        };
        let (last, next) = (row(1, |pair| pair.0), row(2, |pair| pair.1));
        prop_assert!(predictor.fits(&last, &next));
        let mut said = Vec::new();
        predictor.put(&mut said);
        let mut again = Predictor::take(&mut Cursor::new(&said)).ok().ok_or_else(|| TestCaseError::fail("not read"))?;
        let (mut bytes, mut read) = (Vec::new(), last.clone());
        predictor.put_row(&last, &next, &mut bytes);
        let mut rest = &bytes[..];
        prop_assert!(again.take_row(&mut read, &mut rest).is_ok() && rest.is_empty());
        prop_assert_eq!(read, next);
    }
}
