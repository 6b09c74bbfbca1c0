//! Finds out how the numbers of a record's rows follow from one another.
use palaestra_rows::RowWriter;

use super::predictor::{MOST_COLUMNS, Predictor, Term, Terms, bits, change, distance, foretold, place};

/// Rows that are looked at. With half as many, more is found that is chance.
const ROWS: usize = 80;
/// Rows of changing lengths after which nothing more is looked for.
const MOST_ROWS: usize = 800;
/// Columns that are looked at with every row.
const AT_ONCE: usize = 2;
/// Fewer numbers that change than these are worth no predictor.
const FEWEST_COLUMNS: usize = 8;
/// Columns that others may be sums of: those that follow from no other one.
const MOST_BASES: usize = 40;
/// A column that is nearer than so many bits to what was foretold follows from that.
const NEAR: u32 = 6 * PAIRS;
/// By how much a term, and a second one, have to be better than none: otherwise chance would find some.
const TERM: u32 = PAIRS;
const SECOND_TERM: u32 = 2 * PAIRS;
/// Rows and those before them.
const PAIRS: u32 = ROWS as u32 - 1;
/// Terms that are behind the best so far by more bits than three numbers have are given up.
const BEHIND: u32 = 3 * u32::BITS;

/// Collects rows that follow one another until there are enough, then looks at a few of their columns at every row: all of them at once
/// would take a game several frames.
#[derive(Clone, Debug)]
pub(super) struct Learner {
    head: usize,
    rows: Vec<Vec<u8>>,
    seen: usize,
    columns: Option<Columns>,
}

impl Learner {
    pub(super) fn new(head: usize) -> Self {
        Self { head, rows: Vec::new(), seen: 0, columns: None }
    }

    /// Looks at a row. Gives what it came to, once it has.
    pub(super) fn learn(&mut self, row: &[u8]) -> Option<Option<Predictor>> {
        if let Some(columns) = &mut self.columns {
            return if columns.go_on() { None } else { Some(self.predictor()) };
        }
        self.seen += 1;
        if row.len() / size_of::<f32>() > MOST_COLUMNS || self.seen > MOST_ROWS {
            return Some(None);
        }
        if self.rows.first().is_some_and(|first| first.len() != row.len()) {
            self.rows.clear();
        }
        self.rows.push(row.to_vec());
        if self.rows.len() == ROWS {
            self.columns = Some(Columns::of(self.head, &self.rows));
        }
        None
    }

    /// The predictor that was found, if it is worth having: if it writes these rows in three quarters of the bytes.
    fn predictor(&mut self) -> Option<Predictor> {
        let columns = self.columns.as_mut().filter(|columns| columns.looked_at > 0)?;
        let mut predictor = Predictor::new(self.head, std::mem::take(&mut columns.terms));
        let (mut writer, mut plain, mut predicted) = (RowWriter::default(), Vec::new(), Vec::new());
        for row in &self.rows {
            if predictor.fits(writer.last(), row) {
                predictor.put_row(writer.last(), row, &mut predicted);
                writer.write(row, &mut plain);
            } else {
                // The first: it is written as it is either way.
                writer.pass(row);
            }
        }
        (predicted.len() < plain.len() / 4 * 3).then_some(predictor)
    }
}

/// The columns of some rows, and what is known of them so far.
#[derive(Clone, Debug)]
struct Columns {
    /// Each from the first row to the last.
    numbers: Vec<[f32; ROWS]>,
    /// Those that change at all, and how many of them have been looked at.
    changing: Vec<usize>,
    looked_at: usize,
    /// How each is foretold.
    terms: Vec<Terms>,
    /// Those that others may be sums of.
    bases: Vec<usize>,
}

/// How a column is foretold, and how many bits that leaves of it up to each row.
type Best = (Terms, [u32; ROWS]);

impl Columns {
    fn of(head: usize, rows: &[Vec<u8>]) -> Self {
        let mut numbers = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let (columns, _) = row.get(head..).unwrap_or_default().as_chunks();
            numbers.resize(columns.len(), [0.0; ROWS]);
            for (numbers, number) in numbers.iter_mut().zip(columns) {
                numbers.get_mut(index).into_iter().for_each(|place| *place = f32::from_le_bytes(*number));
            }
        }
        let mut found = Self {
            changing: Vec::new(),
            looked_at: 0,
            terms: vec![Terms::default(); numbers.len()],
            bases: Vec::new(),
            numbers,
        };
        found.changing = (0..found.numbers.len()).filter(|column| found.changes(*column)).collect();
        found
    }

    /// Looks at a few columns more. Says whether there were any.
    fn go_on(&mut self) -> bool {
        // The fewer there are, the less there is to gain.
        if self.changing.len() < FEWEST_COLUMNS {
            return false;
        }
        for _ in 0..AT_ONCE {
            let Some(column) = self.changing.get(self.looked_at).copied() else { return false };
            let (terms, [.., cost]) = self.best(column);
            if cost > NEAR && self.bases.len() < MOST_BASES {
                self.bases.push(column);
            }
            self.terms.get_mut(column).into_iter().for_each(|place| *place = terms);
            self.looked_at += 1;
        }
        true
    }

    /// Whether a column is ever another than in the row before.
    fn changes(&self, column: usize) -> bool {
        self.pairs(column).any(|(old, new)| old.to_bits() != new.to_bits())
    }

    /// A column's numbers, each with the one before it.
    fn pairs(&self, column: usize) -> impl Iterator<Item = (f32, f32)> {
        let numbers = self.numbers.get(column).map_or(&[][..], |numbers| numbers);
        numbers.windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// How a column is best foretold.
    fn best(&self, column: usize) -> Best {
        let mut best = (Terms::default(), [u32::MAX; ROWS]);
        self.better(column, Terms::default(), 0, &mut best);
        for first in self.changing.iter().take(self.looked_at) {
            self.try_columns(column, [*first, *first], TERM, &mut best);
        }
        if best.1[ROWS - 1] > NEAR {
            for (place, first) in self.bases.iter().enumerate() {
                for second in self.bases.iter().skip(place + 1) {
                    self.try_columns(column, [*first, *second], SECOND_TERM, &mut best);
                }
            }
        }
        best
    }

    /// Tries one of these columns, where they are the same, or both as terms, added or subtracted.
    fn try_columns(&self, column: usize, [first, second]: [usize; 2], margin: u32, best: &mut Best) {
        for signs in 0..if first == second { 2 } else { 4 } {
            let term = |column, sign| Some(Term { column, minus: signs & sign != 0 });
            self.better(column, [term(first, 1), term(second, 2).filter(|_| first != second)], margin, best);
        }
    }

    /// Takes these terms if they leave so much less than the best so far. Most are given up after a few rows.
    fn better(&self, column: usize, terms: Terms, margin: u32, best: &mut Best) {
        let (mut sum, mut sums) = (0, [0; ROWS]);
        for (row, (old, new)) in self.pairs(column).enumerate() {
            let change_of = |column: usize| match self.numbers.get(column).and_then(|numbers| numbers.get(row..)) {
                Some([old, new, ..]) => change(*old, *new),
                _ => 0.0,
            };
            sum += bits(distance(foretold(old, &terms, change_of), place(new)));
            let (Some(place), Some(before)) = (sums.get_mut(row + 1), best.1.get(row + 1)) else { return };
            *place = sum;
            if sum > before.saturating_add(BEHIND) {
                return;
            }
        }
        if sum < best.1[ROWS - 1].saturating_sub(margin) {
            *best = (terms, sums);
        }
    }
}
