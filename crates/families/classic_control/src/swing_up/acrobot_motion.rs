//! How the two links move.
use std::f64::consts::{FRAC_PI_2, PI};

use palaestra_math::glibc::{cos, sin, square};

/// The greatest speeds of the two links, both ways.
pub(super) const MAX_SPEEDS: [f64; 2] = [4.0 * PI, 9.0 * PI];
const GRAVITY: f64 = 9.8;
/// Seconds a step.
const DT: f64 = 0.2;
/// The reference turns an angle back by whole turns one by one; so far it gets in a moment.
pub(super) const ANGLE_LIMIT: f64 = 1e7;

// Masses, lengths and moments of inertia are 1, centres of mass 0.5 from their joints, and drop out of most products.
const CENTRE: f64 = 0.5;
const MOMENT: f64 = 1.0;

/// Angles of the upper link from hanging down, and of the lower from the upper, counter-clockwise; then their speeds.
pub(super) type State = [f64; 4];

/// Cosine and sine of an angle.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    pub(super) cos: f64,
    pub(super) sin: f64,
}

impl Turn {
    fn by(angle: f64) -> Self {
        Self { cos: cos(angle), sin: sin(angle) }
    }

    /// By the angles of both links.
    pub(super) fn both([theta1, theta2, ..]: State) -> [Self; 2] {
        [theta1, theta2].map(Self::by)
    }
}

/// The rates at which a state changes. `lower` is the turn by the lower link's angle.
fn rates([theta1, theta2, speed1, speed2]: State, lower: Turn, torque: f64) -> State {
    let Turn { cos: cos2, sin: sin2 } = lower;
    let d1 = CENTRE * CENTRE + (1.0 + CENTRE * CENTRE + 2.0 * CENTRE * cos2) + MOMENT + MOMENT;
    let d2 = CENTRE * CENTRE + CENTRE * cos2 + MOMENT;
    let phi2 = CENTRE * GRAVITY * cos(theta1 + theta2 - FRAC_PI_2);
    let phi1 = -CENTRE * square(speed2) * sin2 - 2.0 * CENTRE * speed2 * speed1 * sin2
        + (CENTRE + 1.0) * GRAVITY * cos(theta1 - FRAC_PI_2)
        + phi2;
    let change2 = (torque + d2 / d1 * phi1 - CENTRE * square(speed1) * sin2 - phi2)
        / (CENTRE * CENTRE + MOMENT - square(d2) / d1);
    let change1 = -(d2 * change2 + phi1) / d1;
    [speed1, speed2, change1, change2]
}

/// A step of the classical Runge-Kutta method.
pub(super) fn integrated(state: State, lower: Turn, torque: f64) -> State {
    let along = |rate: &State, time: f64| {
        let state: State = std::array::from_fn(|i| state[i] + time * rate[i]);
        rates(state, Turn::by(state[1]), torque)
    };
    let k1 = rates(state, lower, torque);
    let k2 = along(&k1, DT / 2.0);
    let k3 = along(&k2, DT / 2.0);
    let k4 = along(&k3, DT);
    std::array::from_fn(|i| state[i] + DT / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]))
}

/// Turned back by whole turns, one at a time as the reference does it; each rounds.
pub(super) fn wrapped(mut angle: f64) -> f64 {
    while angle > PI {
        angle -= 2.0 * PI;
    }
    while angle < -PI {
        angle += 2.0 * PI;
    }
    angle
}

/// Whether the free end is above the line.
pub(super) fn above(state: &State) -> bool {
    reaches(cos(state[0]), state)
}

pub(super) fn reaches(cos1: f64, state: &State) -> bool {
    -cos1 - cos(state[1] + state[0]) > 1.0
}
