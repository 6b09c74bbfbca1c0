//! LunarLander's arguments.
use palaestra_env::{ArgumentError, Arguments, Kwargs, RestoreError, StateReader, StateWriter};

/// What `make` was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Settings {
    pub(super) continuous: bool,
    pub(super) gravity: f64,
    pub(super) enable_wind: bool,
    pub(super) wind_power: f64,
    pub(super) turbulence_power: f64,
}

impl Settings {
    /// # Errors
    /// [`ArgumentError`] for values of another kind, a gravity that the reference refuses, and powers beyond ±1e9. The
    /// reference warns of a wind beyond 20 and a turbulence beyond 2 and goes on; with a wind of 1e36 its float32 physics leaves
    /// the numbers, and no reward is finite any more.
    pub(super) fn new(continuous: bool, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let settings = Self {
            continuous: arguments.bool("continuous", continuous)?,
            gravity: number(&mut arguments, "gravity", -10.0, "a number between -12 and 0", |g| -12.0 < g && g < 0.0)?,
            enable_wind: arguments.bool("enable_wind", false)?,
            wind_power: number(&mut arguments, "wind_power", 15.0, POWER, in_reach)?,
            turbulence_power: number(&mut arguments, "turbulence_power", 1.5, POWER, in_reach)?,
        };
        arguments.finish()?;
        Ok(settings)
    }

    pub(super) fn save(&self, out: &mut StateWriter) {
        out.bool(self.continuous);
        out.bool(self.enable_wind);
        [self.gravity, self.wind_power, self.turbulence_power].into_iter().for_each(|number| out.f64(number));
    }

    /// # Errors
    /// [`RestoreError::Foreign`] if another environment's arguments follow.
    pub(super) fn check(&self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let saved = Self {
            continuous: state.bool("continuous")?,
            enable_wind: state.bool("enable_wind")?,
            gravity: state.f64()?,
            wind_power: state.f64()?,
            turbulence_power: state.f64()?,
        };
        if saved == *self { Ok(()) } else { Err(RestoreError::Foreign) }
    }
}

/// Far beyond any weather, and far within what float32 can square.
const MOST_POWER: f64 = 1e9;
const POWER: &str = "a number from -1e9 to 1e9";

fn in_reach(value: f64) -> bool {
    value.abs() <= MOST_POWER
}

fn number(
    arguments: &mut Arguments<'_>,
    name: &'static str,
    default: f64,
    expected: &str,
    takes: fn(f64) -> bool,
) -> Result<f64, ArgumentError> {
    let given = arguments.parsed(name, expected, |json| json.as_f64().filter(|value| takes(*value)))?;
    Ok(given.unwrap_or(default))
}
