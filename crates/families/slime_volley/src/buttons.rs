//! What a player can press.
use palaestra_env::Value;

/// Towards the net, away from it, up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Buttons {
    pub(super) forward: bool,
    pub(super) backward: bool,
    pub(super) jump: bool,
}

impl Buttons {
    /// How many there are.
    pub(super) const COUNT: usize = 3;
    /// The actions of a Discrete space: nothing, forward, forward and up, up, backward and up, backward.
    pub(super) const ACTIONS: i64 = 6;

    /// What an action of any of these spaces presses; nothing for Python's None.
    pub(super) fn of(action: &Value) -> Option<Self> {
        match action {
            Value::OneOf(_, action) => Self::of(action),
            Value::Discrete(action) => Some(Self::from_action(*action)),
            Value::MultiBinary(bits) => Some(Self::from_bits(bits)),
            _ => None,
        }
    }

    fn from_bits(bits: &[u8]) -> Self {
        let pressed = |index: usize| bits.get(index).is_some_and(|bit| *bit > 0);
        Self { forward: pressed(0), backward: pressed(1), jump: pressed(2) }
    }

    fn from_action(action: i64) -> Self {
        Self { forward: matches!(action, 1 | 2), backward: matches!(action, 4 | 5), jump: (2..=4).contains(&action) }
    }

    /// As if forward and backward had changed places.
    pub(super) fn mirrored(self) -> Self {
        Self { forward: self.backward, backward: self.forward, jump: self.jump }
    }

    /// -1 towards the net, 1 away from it; both buttons or neither are 0.
    pub(super) fn direction(self) -> i8 {
        i8::from(self.backward) - i8::from(self.forward)
    }
}

#[cfg(test)]
mod tests {
    use super::Buttons;

    #[test]
    fn the_six_actions_are_the_reference_s() {
        let pressed = (0..Buttons::ACTIONS).map(Buttons::from_action);
        let bits = [[0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1], [0, 1, 1], [0, 1, 0]];
        assert!(pressed.eq(bits.iter().map(|bits| Buttons::from_bits(bits))));
    }
}
