//! The track of both mountain cars.

/// Where the wall stands, which takes all speed.
pub(super) const MIN_POSITION: f64 = -1.2;
/// As far as the car can go.
pub(super) const MAX_POSITION: f64 = 0.6;
/// The greatest speed, both ways.
pub(super) const MAX_SPEED: f64 = 0.07;
