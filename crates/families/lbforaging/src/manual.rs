//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

pub(crate) const FORAGING: Manual = Manual {
    actions: &[
        m("0", "nothing"),
        m("1", "north"),
        m("2", "south"),
        m("3", "west"),
        m("4", "east"),
        m("5", "load: lift the food beside one, together with all who do so in the same step"),
    ],
    observation: &[
        m("food", "row, column and level of each food; −1, −1, 0 for what is gone or not seen"),
        m("oneself", "row, column and level"),
        m(
            "others",
            "row, column and level of each other player; −1, −1, 0 for whoever is not seen. Without observe_agent_levels players have no level",
        ),
    ],
    reward: "Of food that is lifted: its level times one's own, over the levels of all who lifted it and of all food there was (normalize_reward), so that \
             an episode earns 1 altogether. A vain attempt costs penalty.",
    start: "Players and food at places drawn at random, with levels between their bounds. A new game begins where the last one ended: a player cannot be put \
            on a cell where another still stands, as in the reference.",
    ends: "Terminated when there is no food left, or after 50 steps. max_episode_steps truncates it before.",
    info: "Empty.",
    versions: "The id says size, players and food; 2s: players see two cells far; coop: food takes the three weakest together.",
    source: "lbforaging 2.0.0",
};
