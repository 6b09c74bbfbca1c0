//! What a whole record holds, once it is verified.
use std::io::BufRead;

use palaestra_env::{Kwargs, MakeError};
use palaestra_record::{Failure, GUEST, Limits, Player};

use crate::about::About;
use crate::column::{Columns, MOST_COLUMNS, MOST_NAMED};
use crate::error::{ExportError, MOST_STEPS};
use crate::fields::spread;
use crate::flatten::columns;
use crate::names::{ACTION, INFO, METRICS, OBSERVATION, OTHER};
use crate::steps::Steps;

/// What a record holds: verified from its first line to its last, and counted.
#[derive(Clone, Debug)]
pub struct Survey {
    /// How many steps.
    pub steps: u64,
    /// How many resets.
    pub episodes: u64,
    /// Fields of the header that are too large for every row to repeat them, in bytes or in columns, by name.
    pub left_out: Vec<String>,
    /// How it is not what was confirmed in its match, if its header [says so](palaestra_record::Header::replay_difference).
    pub replay_difference: Option<String>,
    /// The first episode, from 0, that is too long for Minari.
    pub(crate) long_episode: Option<u64>,
    /// Of observations, actions, infos, metrics, other fields and the header, in this order.
    pub(crate) columns: [Columns; 6],
}

impl Survey {
    /// The counts alone, once a table knows the columns.
    pub fn without_columns(self) -> Self {
        Self { columns: std::array::from_fn(|_| Columns::new(0)), ..self }
    }

    /// Whether [`Minari`](crate::Minari) takes the episodes, as far as their lengths go.
    ///
    /// # Errors
    /// [`ExportError::LongEpisode`] for one that is longer than Minari reads.
    pub fn fits_minari(&self) -> Result<(), ExportError> {
        self.long_episode.map_or(Ok(()), |episode| Err(ExportError::LongEpisode { episode, limit: MOST_STEPS }))
    }

    /// Replays the whole record in `read`.
    ///
    /// # Errors
    /// [`ExportError`]: it does not replay, or it needs more columns than a table may have.
    pub fn of<P: Player>(
        read: impl BufRead,
        mut make: impl FnMut(&str, &Kwargs) -> Result<P, MakeError>,
        limits: Limits,
    ) -> Result<Self, ExportError> {
        let mut guest = None;
        let found = Self::replayed(
            read,
            |id, kwargs| {
                guest = id.starts_with(GUEST).then(|| id.to_owned());
                make(id, kwargs)
            },
            limits,
        );
        match guest {
            Some(id) if matches!(found, Err(ExportError::Record(Failure::Make(_)))) => Err(ExportError::Guest { id }),
            _ => found,
        }
    }

    fn replayed<P: Player>(
        read: impl BufRead,
        make: impl FnMut(&str, &Kwargs) -> Result<P, MakeError>,
        limits: Limits,
    ) -> Result<Self, ExportError> {
        let mut steps = Steps::new(read, make, limits);
        let (mut counted, mut metrics, mut other) = (0_u64, Columns::new(MOST_NAMED), Columns::new(MOST_NAMED));
        let mut long_episode = None;
        while let Some(step) = steps.advance()? {
            counted = counted.saturating_add(1);
            if step.step >= MOST_STEPS {
                long_episode.get_or_insert(step.episode);
            }
            for (columns, name, fields) in [(&mut metrics, METRICS, step.metrics), (&mut other, OTHER, step.other)] {
                spread(name, fields, &mut |name, kind, _| columns.add(name, kind))?;
            }
        }
        let Some((header, spec)) = steps.about() else {
            return Err(ExportError::Changed { found: "no header".to_owned() });
        };
        let of_spaces = |name, spaces: &mut dyn Iterator<Item = _>| {
            let mut found = Columns::new(MOST_COLUMNS);
            for space in spaces {
                columns(space, name).into_iter().try_for_each(|(name, kind)| found.add(&name, Some(kind)))?;
            }
            Ok::<_, ExportError>(found)
        };
        let (about, mut header_columns) = (About::of(header), Columns::new(MOST_NAMED));
        about.cells(&mut |name, kind, _| header_columns.add(name, kind))?;
        Ok(Self {
            steps: counted,
            episodes: steps.episodes(),
            left_out: about.left_out.clone(),
            replay_difference: header.replay_difference(),
            long_episode,
            columns: [
                of_spaces(OBSERVATION, &mut spec.observation_spaces.iter().take(spec.observations()))?,
                of_spaces(ACTION, &mut spec.action_spaces.iter())?,
                of_spaces(INFO, &mut std::iter::once(&spec.step_info))?,
                metrics,
                other,
                header_columns,
            ],
        })
    }
}
