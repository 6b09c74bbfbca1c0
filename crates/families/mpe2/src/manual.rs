//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

const MOVES: &[Meaning] = &[m("0", "rest"), m("1", "left"), m("2", "right"), m("3", "down"), m("4", "up")];

/// What all have alike.
const PARTICLES: Manual = Manual {
    actions: MOVES,
    observation: &[],
    reward: "",
    start: "Everybody at rest, and everything at a place drawn from −1 to 1 in x and y.",
    ends: "Truncated after max_cycles steps. Terminated only with terminate_on_success, where there is that argument.",
    info: "Empty; with benchmark_data the scenario's figures for comparing policies.",
    versions: "With continuous_actions an action is five numbers from 0 to 1: rest (without effect), left, right, down, up. The environments follow \
               the parallel API, parallel_env().",
    source: "mpe2 1.1.1",
};

pub(crate) const SIMPLE: Manual = Manual {
    observation: &[m("0–1", "one's own velocity, x and y"), m("2–3", "the way to the landmark, x and y")],
    reward: "Minus the square of the distance to the landmark.",
    ..PARTICLES
};

pub(crate) const SPREAD: Manual = Manual {
    observation: &[
        m("0–1", "one's own velocity, x and y"),
        m("2–3", "one's own place"),
        m("4–9", "the way to each landmark: two numbers for each, N of them"),
        m("10–13", "the way to each other agent"),
        m("14–17", "what the others say: always 0, two numbers for each"),
    ],
    reward: "Of all: minus the distance from each landmark to the agent nearest to it. One's own: −1 for each agent one touches. local_ratio of one's \
             own and the rest of all.",
    ..PARTICLES
};

pub(crate) const TAG: Manual = Manual {
    observation: &[
        m("0–1", "one's own velocity, x and y"),
        m("2–3", "one's own place"),
        m("4–7", "the way to each obstacle"),
        m("8–13", "the way to each other agent, adversaries first"),
        m(
            "14–15",
            "the velocity of each agent that is chased, oneself apart: adversaries have it, a single chased agent has none",
        ),
    ],
    reward: "An adversary: 10 for each touch of anybody's. Who is chased: −10 for each touch, and up to 10 less beyond 0.9 in x or in y.",
    ..PARTICLES
};

pub(crate) const ADVERSARY: Manual = Manual {
    observation: &[
        m(
            "0–1",
            "of an agent: the way to the goal. The adversary has not got these two: its observation begins with the next",
        ),
        m("2–5", "the way to each landmark"),
        m("6–9", "the way to each other agent"),
    ],
    reward: "The adversary: minus its distance to the goal. The agents: that distance, less the one of the agent nearest to the goal.",
    ..PARTICLES
};

pub(crate) const SPEAKER_LISTENER: Manual = Manual {
    actions: &[m("speaker_0: 0, 1, 2", "the word that is said"), m("listener_0: 0–4", "rest, left, right, down, up")],
    observation: &[
        m("speaker_0: 0–2", "the colour of the landmark to reach"),
        m("listener_0: 0–1", "one's own velocity, x and y"),
        m("listener_0: 2–7", "the way to each of the three landmarks"),
        m("listener_0: 8–10", "the word of the step before: a 1 for the one that was said"),
    ],
    reward: "Both: minus the square of the listener's distance to the landmark.",
    ..PARTICLES
};

pub(crate) const WORLD_COMM: Manual = Manual {
    actions: &[
        m("leadadversary_0: 0–19", "5 · word + move: one of four words, and rest, left, right, down or up"),
        m("others: 0–4", "rest, left, right, down, up"),
    ],
    observation: &[
        m("velocity, place", "one's own, two numbers each"),
        m("landmarks", "the way to each obstacle, each food and each forest"),
        m("others", "the way to each other agent; 0 for one that is hidden in a forest"),
        m(
            "adversaries: the chased",
            "the velocity of each; then for each forest 1 or −1, whether one is in it; then the leader's word, four numbers",
        ),
        m("the chased: forests", "1 or −1 for each; then the velocity of each other one that is chased"),
    ],
    reward: "An adversary: 5 for each touch of anybody's, less a tenth of the distance to the nearest it chases. Who is chased: −5 for each touch, 2 for \
             each food touched, less a twentieth of the distance to the nearest food, and less beyond the edge.",
    ..PARTICLES
};
