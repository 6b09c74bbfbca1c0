//! A table's rows, gathered into columns until they are enough to be written.
use crate::array::Array;
use crate::error::ExportError;
use crate::steps::Step;
use crate::table::{Rows, Table};

/// So many cells are gathered before they are written.
const CELLS: usize = 1 << 18;
/// So many bytes of text.
const TEXT: usize = 16 << 20;

/// The rows of one or many records, batch by batch.
pub(crate) struct Batches {
    table: Table,
    columns: Vec<Array>,
    rows: usize,
    text: usize,
    file: String,
    places: Option<Rows>,
}

impl Batches {
    pub(crate) fn new(table: Table) -> Self {
        let columns = empty(&table);
        Self { table, columns, rows: 0, text: 0, file: String::new(), places: None }
    }

    /// The columns so far, and how many rows they have.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &Array)> {
        self.table.columns().iter().map(|column| column.name.as_str()).zip(&self.columns)
    }

    /// The steps of another record follow, which is called `file`.
    pub(crate) fn record(&mut self, file: &str) {
        (self.file, self.places) = (file.to_owned(), None);
    }

    /// Adds the rows of a step; gives whether a batch is to be [taken](Self::take) now.
    pub(crate) fn step(&mut self, step: &Step<'_>) -> Result<bool, ExportError> {
        let Self { table, columns, file, places, rows, text } = self;
        let places = match places {
            Some(places) => places,
            None => places.insert(Rows::new(table, file, step)?),
        };
        places.of(table, step, |row| {
            *rows += 1;
            for (column, cell) in columns.iter_mut().zip(row) {
                *text += column.add(cell);
            }
            Ok(())
        })?;
        Ok(*rows * columns.len() >= CELLS || *text >= TEXT)
    }

    /// Takes what is gathered: the columns, and how many rows they have.
    pub(crate) fn take(&mut self) -> (Vec<Array>, usize) {
        self.text = 0;
        (std::mem::replace(&mut self.columns, empty(&self.table)), std::mem::take(&mut self.rows))
    }
}

fn empty(table: &Table) -> Vec<Array> {
    table.columns().iter().map(|column| Array::of_kind(column.kind)).collect()
}
