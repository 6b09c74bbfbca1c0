//! The keyword arguments.
use palaestra_env::{ArgumentError, Arguments};

/// The most agents of a kind, landmarks of a kind, and neighbours that are seen. The reference knows no limit; with four times as
/// many a step of it takes a second.
pub(crate) const MOST: usize = 64;
/// The longest episode.
pub(crate) const MOST_CYCLES: i64 = i32::MAX as i64;

/// What all scenarios take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Common {
    pub(crate) max_cycles: u32,
    pub(crate) continuous_actions: bool,
    pub(crate) dynamic_rescaling: bool,
    pub(crate) benchmark_data: bool,
}

/// Reads arguments, and remembers what was read: a state belongs to an environment with the very same ones.
pub(crate) struct Reader<'a> {
    arguments: Arguments<'a>,
    stamp: Vec<u64>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(arguments: Arguments<'a>) -> Self {
        Self { arguments, stamp: Vec::new() }
    }

    /// What all scenarios take.
    pub(crate) fn common(&mut self) -> Result<Common, ArgumentError> {
        Ok(Common {
            max_cycles: self.integer("max_cycles", 1, MOST_CYCLES, 25)? as u32,
            continuous_actions: self.flag("continuous_actions", false)?,
            dynamic_rescaling: self.flag("dynamic_rescaling", true)?,
            benchmark_data: self.flag("benchmark_data", false)?,
        })
    }

    pub(crate) fn flag(&mut self, name: &'static str, default: bool) -> Result<bool, ArgumentError> {
        let flag = self.arguments.bool(name, default)?;
        self.stamp.push(flag.into());
        Ok(flag)
    }

    /// A number of things.
    pub(crate) fn count(&mut self, name: &'static str, least: usize, default: usize) -> Result<usize, ArgumentError> {
        Ok(self.integer(name, least as i64, MOST as i64, default as i64)? as usize)
    }

    /// How many of the nearest are seen; absent: all are.
    pub(crate) fn neighbours(&mut self, name: &'static str) -> Result<Option<usize>, ArgumentError> {
        let given = self.arguments.json(name).is_some();
        let count = self.count(name, 1, 1)?;
        self.stamp.push(given.into());
        Ok(given.then_some(count))
    }

    /// A number from 0 to 1.
    pub(crate) fn proportion(&mut self, name: &'static str, default: f64) -> Result<f64, ArgumentError> {
        let read = |json: &serde_json::Value| json.as_f64().filter(|number| (0.0..=1.0).contains(number));
        let number = self.arguments.parsed(name, "a number from 0 to 1", read)?.unwrap_or(default);
        self.stamp.push(number.to_bits());
        Ok(number)
    }

    fn integer(&mut self, name: &'static str, least: i64, most: i64, default: i64) -> Result<i64, ArgumentError> {
        let integer = self.arguments.integer(name, least..=most, default)?;
        self.stamp.push(integer as u64);
        Ok(integer)
    }

    /// What was read, once there is nothing left.
    pub(crate) fn finish(self) -> Result<Vec<u64>, ArgumentError> {
        self.arguments.finish()?;
        Ok(self.stamp)
    }
}
