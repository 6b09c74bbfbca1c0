//! The columns of one or many records, and the rows of a step.
use std::collections::HashMap;

use crate::about::About;
use crate::column::{Cell, Column, Columns, Kind, MOST_COLUMNS};
use crate::error::ExportError;
use crate::fields::spread;
use crate::flatten::{cells, columns};
use crate::names::{ACTION, INFO, METRICS, OBSERVATION, OTHER};
use crate::steps::Step;
use crate::survey::Survey;
use crate::text::escaped;

/// The first columns of every row.
const FIRST: [(&str, Kind); 9] = [
    ("file", Kind::Text),
    ("env_id", Kind::Text),
    ("episode", Kind::Int),
    ("step", Kind::Int),
    ("t", Kind::Int),
    ("time", Kind::Float64),
    ("key_time", Kind::Float64),
    ("agent", Kind::Text),
    ("seed", Kind::UInt),
];
/// Those between action and info.
const OUTCOME: [(&str, Kind); 3] = [("reward", Kind::Float64), ("terminated", Kind::Bool), ("truncated", Kind::Bool)];

/// Collects the columns of records until all are known.
#[derive(Clone, Debug)]
pub struct TableBuilder {
    /// Of observations, actions, infos, metrics, other fields and headers, in this order.
    parts: [Columns; PARTS],
}

const PARTS: usize = 6;

impl Default for TableBuilder {
    fn default() -> Self {
        Self { parts: std::array::from_fn(|_| Columns::new(MOST_COLUMNS)) }
    }
}

impl TableBuilder {
    /// The table has the columns of this record too.
    ///
    /// # Errors
    /// [`ExportError::Columns`] where that would be too many columns; the table is then as it was.
    pub fn add(&mut self, survey: &Survey) -> Result<(), ExportError> {
        let new = self.parts.iter().zip(&survey.columns).map(|(own, others)| own.missing(others));
        let count = new.sum::<usize>() + self.parts.iter().map(Columns::len).sum::<usize>();
        if count + FIRST.len() + OUTCOME.len() > MOST_COLUMNS {
            return Err(ExportError::Columns { limit: MOST_COLUMNS });
        }
        self.parts.iter_mut().zip(&survey.columns).try_for_each(|(own, others)| own.merge(others))
    }

    /// The table of all records that were added.
    ///
    /// # Errors
    /// [`ExportError::Columns`], which [`add`](Self::add) has told before.
    pub fn finish(self) -> Result<Table, ExportError> {
        let mut index = Columns::new(MOST_COLUMNS);
        let fixed = |columns: &[(&str, Kind)], index: &mut Columns| {
            columns.iter().try_for_each(|(name, kind)| index.add(name, Some(*kind)))
        };
        let [observations, actions, others @ ..] = &self.parts;
        fixed(&FIRST, &mut index)?;
        index.merge(observations)?;
        index.merge(actions)?;
        fixed(&OUTCOME, &mut index)?;
        others.iter().try_for_each(|columns| index.merge(columns))?;
        Ok(Table { columns: index.finish(), index })
    }
}

/// The columns that the rows of one or many records have: a row per step and agent.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    index: Columns,
}

impl Table {
    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn place(&self, name: &str) -> Result<usize, ExportError> {
        self.index.get(name).ok_or_else(|| ExportError::Changed { found: format!("a column {name}") })
    }

    fn places(&self, names: impl Iterator<Item = String>) -> Result<Vec<usize>, ExportError> {
        names.map(|name| self.place(&name)).collect()
    }
}

/// Where the values of one record stand in a table's rows.
#[derive(Debug)]
pub struct Rows {
    file: String,
    /// The cells that all rows have alike.
    about: Vec<(usize, Cell<'static>)>,
    first: Vec<usize>,
    outcome: Vec<usize>,
    info: Vec<usize>,
    /// Of each agent: its observation's cells, and its action's.
    agents: Vec<(Vec<usize>, Vec<usize>)>,
    /// Places of names that the record chose, which are the same in most steps.
    named: HashMap<String, usize>,
}

impl Rows {
    /// The rows of the record that `step` is of, which is called `file`.
    ///
    /// # Errors
    /// [`ExportError::Changed`] where the table does not know the record's columns.
    pub fn new(table: &Table, file: &str, step: &Step<'_>) -> Result<Self, ExportError> {
        let spec = step.spec;
        let names = |space, name| columns(space, name).into_iter().map(|(name, _)| name);
        let agents = (0..spec.agents.len()).map(|agent| {
            let seen = step.observation_space(agent).map(|space| table.places(names(space, OBSERVATION)));
            let acts = spec.action_spaces.get(agent).map(|space| table.places(names(space, ACTION)));
            Ok((seen.transpose()?.unwrap_or_default(), acts.transpose()?.unwrap_or_default()))
        });
        let fixed = |columns: &[(&str, Kind)]| table.places(columns.iter().map(|(name, _)| (*name).to_owned()));
        let mut about = Vec::new();
        About::of(step.header).cells(&mut |name, _, cell| {
            about.push((table.place(name)?, cell.into_owned()));
            Ok(())
        })?;
        Ok(Self {
            file: escaped(file).into_owned(),
            about,
            first: fixed(&FIRST)?,
            outcome: fixed(&OUTCOME)?,
            info: table.places(names(&spec.step_info, INFO))?,
            agents: agents.collect::<Result<_, ExportError>>()?,
            named: HashMap::new(),
        })
    }

    /// Gives the rows of a step, one per agent, each with a cell for every column.
    ///
    /// # Errors
    /// [`ExportError::Changed`], and those of `write`.
    pub fn of(
        &mut self,
        table: &Table,
        step: &Step<'_>,
        mut write: impl FnMut(&[Cell<'_>]) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let Self { file, about, first, outcome, info, agents, named } = self;
        let mut row: Vec<Cell<'_>> = Vec::new();
        row.resize_with(table.columns.len(), Cell::default);
        let mut found = Vec::new();
        cells(&step.spec.step_info, Some(&step.after.info), &mut found);
        put(&mut row, info, &mut found);
        for (name, fields) in [(METRICS, step.metrics), (OTHER, step.other)] {
            spread(name, fields, &mut |name, _, cell| {
                let place = match named.get(name) {
                    Some(place) => *place,
                    None => *named.entry(name.to_owned()).or_insert(table.place(name)?),
                };
                if let Some(place) = row.get_mut(place) {
                    *place = cell;
                }
                Ok(())
            })?;
        }
        for (place, cell) in about {
            if let Some(place) = row.get_mut(*place) {
                *place = cell.clone();
            }
        }
        for (agent, (seen, acts)) in agents.iter().enumerate() {
            let Some(id) = step.spec.agents.get(agent) else { continue };
            found.extend([
                Cell::Text(file.as_str().into()),
                Cell::Text(escaped(&step.header.env_id)),
                Cell::Int(whole(step.episode)),
                Cell::Int(whole(step.step)),
                Cell::Int(whole(step.t)),
                step.time.map_or(Cell::Empty, Cell::F64),
                step.key_time.map_or(Cell::Empty, Cell::F64),
                Cell::Text(escaped(id)),
                step.seed.map_or(Cell::Empty, Cell::UInt),
            ]);
            put(&mut row, first, &mut found);
            // What another kind of agent sees and does stands in columns that this one has not.
            for place in agents.iter().flat_map(|(seen, acts)| seen.iter().chain(acts)) {
                if let Some(cell) = row.get_mut(*place) {
                    *cell = Cell::Empty;
                }
            }
            if let Some(space) = step.observation_space(agent) {
                cells(space, step.observation(agent), &mut found);
            }
            put(&mut row, seen, &mut found);
            if let Some(space) = step.spec.action_spaces.get(agent) {
                cells(space, step.action(agent), &mut found);
            }
            put(&mut row, acts, &mut found);
            found.extend([
                Cell::F64(step.reward(agent)),
                Cell::Bool(step.terminated(agent)),
                Cell::Bool(step.truncated(agent)),
            ]);
            put(&mut row, outcome, &mut found);
            write(&row)?;
        }
        Ok(())
    }
}

fn put<'a>(row: &mut [Cell<'a>], places: &[usize], found: &mut Vec<Cell<'a>>) {
    for (place, cell) in places.iter().zip(found.drain(..)) {
        if let Some(place) = row.get_mut(*place) {
            *place = cell;
        }
    }
}

/// Counts of steps, which stay far below 2^63.
fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
