//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

/// Of all but rolling balls.
pub(crate) const MINIGRID: Manual = Manual {
    actions: &[
        m("0", "turn left"),
        m("1", "turn right"),
        m("2", "walk forward"),
        m("3", "pick up what is in front"),
        m("4", "drop what is carried in front"),
        m("5", "toggle: open or close a door, unlock it with its key, open a box"),
        m("6", "done: nothing"),
    ],
    observation: &[
        m(
            "image[i][j][0]",
            "what is seen in column i (from the left) and row j (the agent is in the last one, at the middle): 0 unseen, 1 \
           empty, 2 wall, 3 floor, 4 door, 5 key, 6 ball, 7 box, 8 goal, 9 lava",
        ),
        m("image[i][j][1]", "its colour: 0 red, 1 green, 2 blue, 3 purple, 4 yellow, 5 grey"),
        m("image[i][j][2]", "of a door 0 open, 1 closed, 2 locked; else 0"),
        m("direction", "which way the agent looks: 0 right, 1 down, 2 left, 3 up"),
        m("mission", "what is to be done, in a sentence"),
    ],
    reward: "0, and for success 1 − 0.9 · steps / max_steps.",
    start: "Built at random by the seed; where arguments say a place, the agent stands there.",
    ends: "Terminated at success, or in lava. Truncated after max_steps steps.",
    info: "Empty.",
    versions: "",
    source: "minigrid 3.2.0",
};

pub(crate) const MULTI_ROOM: Manual = Manual {
    versions: "MiniGrid-MultiRoom-N4-S5-v0 has six rooms and v1 four, as the package registers them.",
    ..MINIGRID
};

pub(crate) const ROLLING_BALLS: Manual = Manual {
    actions: &[m("0", "turn left"), m("1", "turn right"), m("2", "walk forward")],
    reward: "0, for success 1 − 0.9 · steps / max_steps, and −1 for running into a ball or a wall.",
    ends: "Terminated at success or at a collision. Truncated after max_steps steps.",
    ..MINIGRID
};
