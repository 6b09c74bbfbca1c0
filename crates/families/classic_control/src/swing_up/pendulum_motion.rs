//! How the pendulum moves, and what that costs.
use std::f64::consts::{PI, TAU};

use palaestra_math::glibc::{sin, square, square_f32};

/// The greatest speed, both ways.
pub(super) const MAX_SPEED: f64 = 8.0;
/// The greatest torque, both ways.
pub(super) const MAX_TORQUE: f64 = 2.0;
/// Seconds a step.
const DT: f64 = 0.05;

/// Radians, 0 upright, and radians a second; positive counter-clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct State {
    pub(super) theta: f64,
    pub(super) theta_dot: f64,
}

impl State {
    /// Python keeps a float32 that meets a plain number narrow; it widens only where it meets the state.
    pub(super) fn after(self, torque: f32, g: f64) -> Self {
        let push = f64::from(3.0 * torque);
        let theta_dot = self.theta_dot + (3.0 * g / 2.0 * sin(self.theta) + push) * DT;
        let theta_dot = theta_dot.clamp(-MAX_SPEED, MAX_SPEED);
        Self { theta: self.theta + theta_dot * DT, theta_dot }
    }

    pub(super) fn cost(self, torque: f32) -> f64 {
        square(normalised(self.theta)) + 0.1 * square(self.theta_dot) + f64::from(0.001_f32 * square_f32(torque))
    }
}

/// The same angle from -π up to π, by Python's remainder, which has the divisor's sign.
pub(super) fn normalised(angle: f64) -> f64 {
    let rest = (angle + PI) % TAU;
    if rest < 0.0 { rest + TAU - PI } else { rest - PI }
}
