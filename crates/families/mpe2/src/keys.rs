//! Keys. A set of them holds what any agent can do, with discrete actions and with continuous ones: what an agent cannot do is left out
//! of its keys.
use palaestra_env::catalog::{ActionValue, Binding};

/// Five numbers for a move, and for the leader four more.
type Move = [f64; 5];
const REST: Move = [0.0; 5];
const LEFT: Move = [0.0, 1.0, 0.0, 0.0, 0.0];
const RIGHT: Move = [0.0, 0.0, 1.0, 0.0, 0.0];
const DOWN: Move = [0.0, 0.0, 0.0, 1.0, 0.0];
const UP: Move = [0.0, 0.0, 0.0, 0.0, 1.0];
const DOWN_LEFT: Move = [0.0, 1.0, 0.0, 1.0, 0.0];
const DOWN_RIGHT: Move = [0.0, 0.0, 1.0, 1.0, 0.0];
const UP_LEFT: Move = [0.0, 1.0, 0.0, 0.0, 1.0];
const UP_RIGHT: Move = [0.0, 0.0, 1.0, 0.0, 1.0];

/// Four keys that move, one after another or, with continuous actions, two at a time.
macro_rules! moves {
    ($up:literal, $left:literal, $down:literal, $right:literal) => {
        [
            Binding::discrete($up, 4, "up"),
            Binding::discrete($left, 1, "left"),
            Binding::discrete($down, 3, "down"),
            Binding::discrete($right, 2, "right"),
            Binding::numbers($up, &UP, "up"),
            Binding::numbers($left, &LEFT, "left"),
            Binding::numbers($down, &DOWN, "down"),
            Binding::numbers($right, &RIGHT, "right"),
            Binding::numbers(concat!($up, "+", $left), &UP_LEFT, "up and left"),
            Binding::numbers(concat!($up, "+", $right), &UP_RIGHT, "up and right"),
            Binding::numbers(concat!($down, "+", $left), &DOWN_LEFT, "down and left"),
            Binding::numbers(concat!($down, "+", $right), &DOWN_RIGHT, "down and right"),
        ]
    };
}

const ARROWS: [Binding; 12] = moves!("ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight");
const LETTERS: [Binding; 12] = moves!("KeyW", "KeyA", "KeyS", "KeyD");
const RIGHT_LETTERS: [Binding; 12] = moves!("KeyI", "KeyJ", "KeyK", "KeyL");
const DIGITS: [Binding; 12] = moves!("Numpad8", "Numpad4", "Numpad5", "Numpad6");

/// Bindings one after another.
const fn joined<const A: usize, const B: usize, const N: usize>(
    one: &[Binding; A],
    other: &[Binding; B],
) -> [Binding; N] {
    let mut all = [one[0]; N];
    let mut next = 0;
    while next < N {
        all[next] = if next < A { one[next] } else { other[next - A] };
        next += 1;
    }
    all
}

/// One person, with either hand.
pub(crate) const ALONE: &[&[Binding]] = &[&joined::<12, 12, 24>(&ARROWS, &LETTERS)];
/// One to four people at one keyboard.
pub(crate) const TOGETHER: &[&[Binding]] = &[&ARROWS, &LETTERS, &RIGHT_LETTERS, &DIGITS];
/// Three people, where there are no more agents.
pub(crate) const THREE: &[&[Binding]] = &[&ARROWS, &LETTERS, &RIGHT_LETTERS];

/// The speaker, whose words are the landmarks' colours, and the listener.
pub(crate) const SPEAKER_AND_LISTENER: &[&[Binding]] = &[
    &[
        Binding::discrete("KeyA", 0, "say “red”"),
        Binding::discrete("KeyS", 1, "say “green”"),
        Binding::discrete("KeyD", 2, "say “blue”"),
        Binding::numbers("KeyA", &[1.0, 0.0, 0.0], "say “red”"),
        Binding::numbers("KeyS", &[0.0, 1.0, 0.0], "say “green”"),
        Binding::numbers("KeyD", &[0.0, 0.0, 1.0], "say “blue”"),
    ],
    &ARROWS,
];

/// A word while standing still, and while moving.
macro_rules! say {
    ($key:literal, $word:literal, $label:literal, $a:literal, $b:literal, $c:literal, $d:literal) => {
        [
            Binding::discrete($key, 5 * $word, $label),
            Binding::discrete(concat!("ArrowUp+", $key), 5 * $word + 4, concat!("up, and ", $label)),
            Binding::discrete(concat!("ArrowLeft+", $key), 5 * $word + 1, concat!("left, and ", $label)),
            Binding::discrete(concat!("ArrowDown+", $key), 5 * $word + 3, concat!("down, and ", $label)),
            Binding::discrete(concat!("ArrowRight+", $key), 5 * $word + 2, concat!("right, and ", $label)),
            Binding::numbers($key, &[0.0, 0.0, 0.0, 0.0, 0.0, $a, $b, $c, $d], $label),
            Binding::numbers(
                concat!("ArrowUp+", $key),
                &[0.0, 0.0, 0.0, 0.0, 1.0, $a, $b, $c, $d],
                concat!("up, and ", $label),
            ),
            Binding::numbers(
                concat!("ArrowLeft+", $key),
                &[0.0, 1.0, 0.0, 0.0, 0.0, $a, $b, $c, $d],
                concat!("left, and ", $label),
            ),
            Binding::numbers(
                concat!("ArrowDown+", $key),
                &[0.0, 0.0, 0.0, 1.0, 0.0, $a, $b, $c, $d],
                concat!("down, and ", $label),
            ),
            Binding::numbers(
                concat!("ArrowRight+", $key),
                &[0.0, 0.0, 1.0, 0.0, 0.0, $a, $b, $c, $d],
                concat!("right, and ", $label),
            ),
        ]
    };
}

/// The leader's moves without a word, with continuous actions.
const SILENT: [Binding; 8] = [
    Binding::numbers("ArrowUp", &[0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], "up"),
    Binding::numbers("ArrowLeft", &[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], "left"),
    Binding::numbers("ArrowDown", &[0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0], "down"),
    Binding::numbers("ArrowRight", &[0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], "right"),
    Binding::numbers("ArrowUp+ArrowLeft", &[0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], "up and left"),
    Binding::numbers("ArrowUp+ArrowRight", &[0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], "up and right"),
    Binding::numbers("ArrowDown+ArrowLeft", &[0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0], "down and left"),
    Binding::numbers("ArrowDown+ArrowRight", &[0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0], "down and right"),
];
/// A is what is said without a key, where something has to be said.
const SAY_B: [Binding; 10] = say!("Digit2", 1, "say B", 0.0, 1.0, 0.0, 0.0);
const SAY_C: [Binding; 10] = say!("Digit3", 2, "say C", 0.0, 0.0, 1.0, 0.0);
const SAY_D: [Binding; 10] = say!("Digit4", 3, "say D", 0.0, 0.0, 0.0, 1.0);
const WORDS: [Binding; 30] = joined(&joined::<10, 10, 20>(&SAY_B, &SAY_C), &SAY_D);
const LEADER: [Binding; 50] = joined(&joined::<12, 8, 20>(&ARROWS, &SILENT), &WORDS);

/// The leader, or whoever else is the first at the keyboard, and others.
pub(crate) const LED: &[&[Binding]] = &[&LEADER, &LETTERS, &RIGHT_LETTERS, &DIGITS];

/// Hands at rest, of whatever kind their actions are.
pub(crate) const IDLE: &[ActionValue] = &[ActionValue::Discrete(0), ActionValue::Box(&REST)];
/// The same where an agent speaks.
pub(crate) const IDLE_SPEAKER: &[ActionValue] =
    &[ActionValue::Discrete(0), ActionValue::Box(&REST), ActionValue::Box(&[0.0; 3])];
pub(crate) const IDLE_LEADER: &[ActionValue] =
    &[ActionValue::Discrete(0), ActionValue::Box(&REST), ActionValue::Box(&[0.0; 9])];
