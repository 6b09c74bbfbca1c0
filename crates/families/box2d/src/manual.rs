//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

pub(crate) const LUNAR_LANDER: Manual = Manual {
    actions: &[
        m("0", "nothing"),
        m("1", "fire the left engine, which turns the lander to the left"),
        m("2", "fire the main engine"),
        m("3", "fire the right engine, which turns the lander to the right"),
    ],
    observation: &[
        m("0", "x from the middle of the pad, in half widths of the picture"),
        m("1", "y above the pad, in half heights of the picture"),
        m("2", "velocity in x, scaled"),
        m("3", "velocity in y, scaled"),
        m("4", "angle, in radians, positive to the left"),
        m("5", "angular velocity, scaled by 0.4 of a second"),
        m("6", "1 while the right leg, as one sees it, is on the ground, else 0"),
        m("7", "1 while the left leg is on the ground, else 0"),
    ],
    reward: "What is gained towards the pad, slowness, uprightness and legs on the ground (10 for each leg), less 0.3 for every step of \
             the main engine and 0.03 for one of a side engine; −100 for a crash or for leaving, 100 for coming to rest.",
    start: "Above the middle at the top, with a random push; the ground is drawn anew, but for the pad.",
    ends: "Terminated when the body touches the ground, the lander leaves at a side, or it is at rest. Truncated after 1000 steps.",
    info: "Empty.",
    versions: "LunarLanderContinuous-v3 takes two numbers instead of four actions; continuous: true does the same to LunarLander-v3.",
    source: "gymnasium 1.4.0, envs/box2d/lunar_lander.py, with Box2D 2.3.10",
};

pub(crate) const CONTINUOUS: Manual = Manual {
    actions: &[
        m("0", "main engine: off up to 0, then from half to full power at 1; what is beyond ±1 is clipped"),
        m("1", "side engines: below −0.5 the left one, above 0.5 the right one, from half to full power at ±1"),
    ],
    ..LUNAR_LANDER
};
