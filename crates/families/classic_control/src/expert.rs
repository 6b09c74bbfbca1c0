//! Players who keep poles up and swing cars, acrobats and pendulums.
use palaestra_env::Advice;

/// Of the pendulum's angle, up to where it is caught: about 26 degrees.
const CAUGHT: f64 = 0.45;

/// Keeps the pole up and the cart near the middle.
#[inline(never)]
pub(super) fn cart_pole(x: f64, speed: f64, angle: f64, turn: f64, advice: &mut Advice<'_>) {
    advice.discrete(i64::from(angle + 0.3 * turn + 0.04 * x + 0.1 * speed > 0.0));
}

/// Drives the way the car rolls.
#[inline(never)]
pub(super) fn mountain_car(velocity: f64, advice: &mut Advice<'_>) {
    advice.discrete(if velocity >= 0.0 { 2 } else { 0 });
}

/// The same, with all the force there is.
#[inline(never)]
pub(super) fn mountain_car_continuous(velocity: f64, advice: &mut Advice<'_>) {
    advice.numbers(&[1.0_f64.copysign(velocity)]);
}

/// Kicks against the swing of the arms.
#[inline(never)]
pub(super) fn acrobot(arms: f64, advice: &mut Advice<'_>) {
    advice.discrete(if arms < 0.0 { 2 } else { 0 });
}

/// Gives it the energy that it has upright at rest, and catches it there. `angle` is 0 upright, `cosine` its cosine.
#[inline(never)]
pub(super) fn pendulum(angle: f64, cosine: f64, turn: f64, g: f64, advice: &mut Advice<'_>) {
    if angle.abs() < CAUGHT {
        return advice.numbers(&[(-12.0 * angle - 3.0 * turn).clamp(-2.0, 2.0)]);
    }
    let energy = turn * turn / 6.0 + g * cosine / 2.0;
    advice.numbers(&[2.0_f64.copysign(turn * (g / 2.0 - energy))]);
}
