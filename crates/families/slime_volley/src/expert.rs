//! The policy that comes with the games, for either side: it plays what is best of what the reference has. Its memory is the
//! network's seven outputs.
use palaestra_env::{Advice, Value};

use super::buttons::Buttons;
use super::policy::Policy;

/// What a player does next who sees this; `mirrored` where forward and backward have changed places for it.
#[inline(never)]
pub(super) fn press(observation: &[f64; 12], mirrored: bool, advice: &mut Advice<'_>) {
    let mut policy = Policy::remembering(advice.memory);
    let pressed = policy.press(observation);
    let Buttons { forward, backward, jump } = if mirrored { pressed.mirrored() } else { pressed };
    policy.remember(advice.memory);
    let bits = [forward, backward, jump].map(u8::from);
    match &mut *advice.action {
        Value::MultiBinary(slots) => slots.copy_from_slice(&bits),
        // Of several spaces the second is that of the buttons.
        action => *action = Value::OneOf(1, Box::new(Value::MultiBinary(bits.to_vec()))),
    }
}
