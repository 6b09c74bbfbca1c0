//! How the cart and its pole move, and how far they may.
use palaestra_math::glibc::{cos, sin};

const GRAVITY: f64 = 9.8;
const POLE_MASS: f64 = 0.1;
const TOTAL_MASS: f64 = POLE_MASS + 1.0;
/// From the axle to the pole's middle.
const HALF_LENGTH: f64 = 0.5;
const POLE_MOMENT: f64 = POLE_MASS * HALF_LENGTH;
/// Of a push to either side, in newtons.
pub(super) const FORCE: f64 = 10.0;
/// Seconds a step.
const TAU: f64 = 0.02;
/// Twelve degrees: where the pole has fallen.
pub(super) const ANGLE_LIMIT: f64 = 12.0 * 2.0 * std::f64::consts::PI / 360.0;
/// Where the track ends, on both sides of 0.
pub(super) const TRACK_LIMIT: f64 = 2.4;

/// Places and speeds: metres and radians, positive to the right, and the same a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct State {
    pub(super) x: f64,
    pub(super) x_dot: f64,
    pub(super) theta: f64,
    pub(super) theta_dot: f64,
}

impl State {
    pub(super) fn after(self, force: f64) -> Self {
        let Self { x, x_dot, theta, theta_dot } = self;
        let (sin_theta, cos_theta) = (sin(theta), cos(theta));
        let push = (force + POLE_MOMENT * (theta_dot * theta_dot) * sin_theta) / TOTAL_MASS;
        let theta_acc = (GRAVITY * sin_theta - cos_theta * push)
            / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cos_theta * cos_theta) / TOTAL_MASS));
        let x_acc = push - POLE_MOMENT * theta_acc * cos_theta / TOTAL_MASS;
        Self {
            x: x + TAU * x_dot,
            x_dot: x_dot + TAU * x_acc,
            theta: theta + TAU * theta_dot,
            theta_dot: theta_dot + TAU * theta_acc,
        }
    }

    pub(super) fn off_the_track(&self) -> bool {
        self.x < -TRACK_LIMIT || self.x > TRACK_LIMIT
    }

    pub(super) fn pole_down(&self) -> bool {
        self.theta < -ANGLE_LIMIT || self.theta > ANGLE_LIMIT
    }
}
