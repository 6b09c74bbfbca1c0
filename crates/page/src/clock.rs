//! The page's clock.
use web_sys::Performance;

/// `performance`, looked up once.
#[derive(Clone)]
pub(crate) struct Clock {
    performance: Option<Performance>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { performance: web_sys::window().and_then(|window| window.performance()) }
    }

    /// Milliseconds since the page began.
    pub(crate) fn now(&self) -> f64 {
        self.performance.as_ref().map_or(0.0, Performance::now)
    }

    /// What to add to a time of a Worker's clock to have it on this one. Each counts from its own beginning, `time_origin`; `then` is what the Worker's
    /// showed after it was asked at `asked` and before its answer came, which is now.
    pub(crate) fn offset_from(&self, time_origin: f64, then: f64, asked: f64) -> f64 {
        let Some(performance) = &self.performance else { return 0.0 };
        joined(time_origin - performance.time_origin(), asked - then, self.now() - then)
    }

    pub(crate) fn performance(&self) -> Option<&Performance> {
        self.performance.as_ref()
    }
}

/// How far a Worker's clock began after the page's: as their origins say, if that lies between what the two have seen of each other. A browser takes
/// an origin from the system's clock when a context begins, which may have been set since the page began, or gone on while the machine slept and
/// neither of these clocks did.
fn joined(origins: f64, least: f64, most: f64) -> f64 {
    // The answer was on its way for less than it took to begin: of the two bounds it is the closer one.
    if origins < least || origins > most { most } else { origins }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_that_a_sleep_or_a_new_time_has_parted_are_not_believed() {
        // Asked at 900, when it began; it showed 20 then, and its answer came at 925.
        assert_eq!(joined(901.5, 880.0, 905.0), 901.5);
        assert_eq!(joined(60_901.5, 880.0, 905.0), 905.0, "a minute's sleep between the two");
        assert_eq!(joined(-2000.0, 880.0, 905.0), 905.0, "a system's clock that was set back");
        assert_eq!(joined(901.5, f64::NAN, f64::NAN), 901.5);
    }
}
