//! Percentiles of measured times.
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Of the values that are numbers; NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles {
    /// How many there are.
    pub count: usize,
    /// The median.
    pub p50: f64,
    /// Nineteen of twenty are at most so much.
    pub p95: f64,
    /// Ninety-nine of a hundred are.
    pub p99: f64,
    /// The greatest.
    pub max: f64,
}

impl Percentiles {
    /// Of these values.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.retain(|value| !value.is_nan());
        let values = sorted(values);
        // The nearest rank: a value that was measured, not one between two.
        let rank = |part: f64| {
            let index = (part * values.len() as f64).ceil() as usize;
            values.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
        };
        Self { count: values.len(), p50: rank(0.50), p95: rank(0.95), p99: rank(0.99), max: rank(1.0) }
    }
}

/// In order. A heap's sort is a fifth of the code of a slice's, and the page is a download.
fn sorted(values: Vec<f64>) -> Vec<f64> {
    let values: Vec<Ordered> = values.into_iter().map(Ordered).collect();
    BinaryHeap::from(values).into_sorted_vec().into_iter().map(|value| value.0).collect()
}

/// A number that is compared as [`f64::total_cmp`] does.
struct Ordered(f64);

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values_and_skip_stations_not_passed() {
        let values = (1..=100).map(f64::from).chain([f64::NAN]).collect();
        let found = Percentiles::of(values);
        assert_eq!(found, Percentiles { count: 100, p50: 50.0, p95: 95.0, p99: 99.0, max: 100.0 });
        assert!(Percentiles::of(vec![]).p50.is_nan());
        assert_eq!(Percentiles::of(vec![3.0]).p99, 3.0);
    }
}
