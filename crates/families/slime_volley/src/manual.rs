//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

const OBSERVATION: &[Meaning] = &[
    m(
        "0–1",
        "place of one's own slime: x away from the net, y above the court's lower edge (0.15 on the ground), in tenths of the court's units",
    ),
    m("2–3", "its velocity, x and y"),
    m("4–5", "place of the ball, x positive on one's own side"),
    m("6–7", "its velocity"),
    m("8–9", "place of the opponent, x as the opponent sees it"),
    m("10–11", "its velocity"),
];

pub(crate) const SLIME_VOLLEY: Manual = Manual {
    actions: &[
        m("0", "1 to walk towards the net"),
        m("1", "1 to walk away from the net; both cancel each other out"),
        m("2", "1 to jump"),
    ],
    observation: OBSERVATION,
    reward: "1 for a point won, −1 for a point lost; with survival_bonus 0.01 more for every step.",
    start: "Both slimes stand in the middle of their sides, the ball is thrown up over the net in a random direction.",
    ends: "Terminated when either side has lost 5 points, or after t_limit steps.",
    info: "ale.lives and ale.otherLives, the points either side can still lose; otherObs, what the opponent sees.",
    versions: "With atari_mode also Discrete(6): 0 rest, 1 forward, 2 forward and up, 3 up, 4 backward and up, 5 backward. The step that \
               scores shows what the one before it showed, as the reference does.",
    source: "slimevolleygym 0.1.0",
};

pub(crate) const FOR_TWO: Manual = Manual {
    actions: &[
        m(
            "a number",
            "0 rest, 1 forward, 2 forward and up, 3 up, 4 backward and up, 5 backward; forward is towards the net",
        ),
        m("three bits", "forward, backward, up"),
        m("null", "agent_0: the policy that comes with it plays; agent_1: rest"),
    ],
    observation: OBSERVATION,
    reward: "1 for a point won, −1 for a point lost, each agent its own; with survival_reward 0.01 more for every step, to both.",
    start: "Both slimes stand in the middle of their sides, the ball is thrown up over the net in a random direction.",
    ends: "Terminated at the first point. Truncated after max_steps steps.",
    info: "Empty.",
    versions: "agent_0 is the left slime, agent_1 the right one. A random seat draws a number, bits or null with equal chances.",
    source: "slimevb 0.1.1, its NumPy back end",
};
