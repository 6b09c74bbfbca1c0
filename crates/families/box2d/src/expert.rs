//! The pilot that comes with the reference: `heuristic` of gymnasium 1.4.0's `box2d/lunar_lander.py`.
use palaestra_env::Advice;

/// What the pilot does who sees this.
#[inline(never)]
pub(super) fn fly(seen: [f64; 8], continuous: bool, advice: &mut Advice<'_>) {
    let [x, y, x_speed, y_speed, angle, turn, left, right] = seen;
    // It leans towards the pad and against its speed, and hovers higher the further away it is.
    let lean = (x * 0.5 + x_speed).clamp(-0.4, 0.4);
    let height = 0.55 * x.abs();
    let mut to_turn = (lean - angle) * 0.5 - turn;
    let mut to_rise = (height - y) * 0.5 - y_speed * 0.5;
    if left + right > 0.0 {
        (to_turn, to_rise) = (0.0, -y_speed * 0.5);
    }
    if continuous {
        return advice.numbers(&[to_rise * 20.0 - 1.0, -to_turn * 20.0].map(|engine| engine.clamp(-1.0, 1.0)));
    }
    advice.discrete(match () {
        () if to_rise > to_turn.abs() && to_rise > 0.05 => 2,
        () if to_turn < -0.05 => 3,
        () if to_turn > 0.05 => 1,
        () => 0,
    });
}
