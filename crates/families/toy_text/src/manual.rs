//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

pub(crate) const FROZEN_LAKE: Manual = Manual {
    actions: &[m("0", "left"), m("1", "down"), m("2", "right"), m("3", "up")],
    observation: &[m("the number", "the cell one stands on, in reading order: row · columns + column")],
    reward: "1 for reaching the goal, else 0; reward_schedule has other numbers for goal, hole and ice.",
    start: "On the cell S.",
    ends: "Terminated in a hole or at the goal. Truncated after 100 steps (8x8: 200).",
    info: "prob, how likely that step was.",
    versions: "FrozenLake8x8-v1 is FrozenLake-v1 with map_name 8x8. On slippery ice a step goes where it is meant to one time in three, and to \
               either side else.",
    source: "gymnasium 1.4.0, envs/toy_text/frozen_lake.py",
};

pub(crate) const CLIFF_WALKING: Manual = Manual {
    actions: &[m("0", "up"), m("1", "right"), m("2", "down"), m("3", "left")],
    observation: &[m("the number", "the cell one stands on, of 4 rows and 12 columns: row · 12 + column")],
    reward: "−1 for every step, −100 for one over the cliff, which also leads back to the start.",
    start: "At the lower left, cell 36.",
    ends: "Terminated at the lower right, cell 47. Never truncated.",
    info: "prob, how likely that step was.",
    versions: "CliffWalkingSlippery-v1 is CliffWalking-v1 with is_slippery: a step goes where it is meant to, or to either side, each one time \
               in three.",
    source: "gymnasium 1.4.0, envs/toy_text/cliffwalking.py",
};

pub(crate) const TAXI: Manual = Manual {
    actions: &[
        m("0", "drive south"),
        m("1", "drive north"),
        m("2", "drive east"),
        m("3", "drive west"),
        m("4", "pick the passenger up"),
        m("5", "drop the passenger off"),
    ],
    observation: &[m(
        "the number",
        "((row · 5 + column) · 5 + passenger) · 4 + destination: the taxi's cell; the passenger at the stand red 0, green 1, yellow 2, blue \
         3, or in the taxi 4; and the stand to drive to",
    )],
    reward: "−1 for every step, 20 for a delivery, −10 for picking up or dropping off in vain.",
    start: "The taxi anywhere, the passenger at one stand and the destination another.",
    ends: "Terminated when the passenger is delivered. Truncated after 200 steps.",
    info: "prob, how likely that step was; action_mask, a 1 for each action that changes something.",
    versions: "",
    source: "gymnasium 1.4.0, envs/toy_text/taxi.py",
};

pub(crate) const BLACKJACK: Manual = Manual {
    actions: &[m("0", "stick: the dealer draws"), m("1", "hit: another card")],
    observation: &[
        m("[0]", "the player's sum"),
        m("[1]", "the dealer's open card, 1 for an ace to 10"),
        m("[2]", "1 where the player has an ace that counts 11, else 0"),
    ],
    reward: "1 for a game won, −1 for one lost, 0 for a draw; with natural 1.5 for 21 with two cards.",
    start: "Two cards each, from a deck without end.",
    ends: "Terminated when the player sticks or has more than 21.",
    info: "Empty.",
    versions: "sab (the default) has the rules of Sutton and Barto's book: two naturals are a draw, and one has no extra reward.",
    source: "gymnasium 1.4.0, envs/toy_text/blackjack.py",
};
