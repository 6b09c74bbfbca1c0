//! What all bots measured.
use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

use crate::rooms::lock;

/// What was counted and measured, in milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) matched: Mutex<Vec<f64>>,
    pub(crate) started: Mutex<Vec<f64>>,
    pub(crate) delays: Mutex<Vec<f64>>,
    counts: Mutex<BTreeMap<String, u64>>,
}

/// What bots measured, all of them together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// How long they were there, in seconds.
    pub seconds: f64,
    /// From hello to the match, in milliseconds.
    pub match_ms: Percentiles,
    /// From the match to the start, in milliseconds.
    pub start_ms: Percentiles,
    /// From one bot to another through the relay, in milliseconds.
    pub relay_ms: Percentiles,
    /// What happened, and how often: `said_hello`, `frames_confirmed`, `ended:complete`, ….
    pub counts: BTreeMap<String, u64>,
}

/// The middle and the end of a distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Percentiles {
    /// How many were measured.
    pub count: usize,
    /// Half of them were shorter.
    pub p50: f64,
    /// 99 of 100 were shorter.
    pub p99: f64,
    /// The longest.
    pub most: f64,
}

impl Figures {
    pub(crate) fn count(&self, what: &str, much: u64) {
        *lock(&self.counts).entry(what.to_owned()).or_default() += much;
    }

    pub(crate) fn summary(&self, seconds: f64) -> Summary {
        Summary {
            seconds,
            match_ms: percentiles(&lock(&self.matched)),
            start_ms: percentiles(&lock(&self.started)),
            relay_ms: percentiles(&lock(&self.delays)),
            counts: lock(&self.counts).clone(),
        }
    }
}

fn percentiles(values: &[f64]) -> Percentiles {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
        sorted.get(index).copied().unwrap_or_default()
    };
    Percentiles { count: sorted.len(), p50: at(0.5), p99: at(0.99), most: at(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(percentiles(&values), Percentiles { count: 200, p50: 100.0, p99: 198.0, most: 200.0 });
        assert_eq!(percentiles(&[]), Percentiles::default());
    }
}
