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

    /// What to add to a time of another context's clock to have it on this one. Each context counts from its own beginning.
    pub(crate) fn offset_from(&self, time_origin: f64) -> f64 {
        self.performance.as_ref().map_or(0.0, |performance| time_origin - performance.time_origin())
    }

    pub(crate) fn performance(&self) -> Option<&Performance> {
        self.performance.as_ref()
    }
}
