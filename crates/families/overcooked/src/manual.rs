//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

pub(crate) const KITCHEN: Manual = Manual {
    actions: &[
        m("0", "up"),
        m("1", "down"),
        m("2", "right"),
        m("3", "left"),
        m("4", "stay"),
        m("5", "interact with what one faces: take, put, start the pot, serve"),
    ],
    observation: &[
        m("state: players", "position [x, y], orientation [x, y] and held_object of each"),
        m(
            "state: objects",
            "what lies about and what is in pots: name and position, of a soup its ingredients and cooking_tick",
        ),
        m("state: all_orders, bonus_orders, timestep", "what earns points, what earns more, and the step"),
        m(
            "lossless[x][y][0–9]",
            "1 where the observer stands, the other stands; then four maps of which way each of them faces",
        ),
        m("lossless[x][y][10–15]", "pots, counters, onions, tomatoes, dishes, hatches"),
        m(
            "lossless[x][y][16–21]",
            "onions and tomatoes in a pot that does not cook, then in a soup; steps until it is ready; 1 when it is",
        ),
        m(
            "lossless[x][y][22–25]",
            "dishes, onions and tomatoes that lie or are carried; 1 everywhere in the last 40 steps",
        ),
        m(
            "features 0–45",
            "of oneself: which way one faces (4) and what one holds (4), the ways to the nearest onions, tomatoes, dishes and soup, \
           what one's soup holds, the ways to hatch and counter, two pots of 10 numbers, walls around (4)",
        ),
        m("features 46–91", "the same of the other"),
        m("features 92–95", "the way to the other, and one's own place"),
    ],
    reward: "To both: 20 for a soup that is ordered and served, by the layout's orders. Shaped rewards (3 for an onion in a pot, 3 for a dish, 5 for a soup picked up) are in info only.",
    start: "The same kitchen each time, both players where the layout puts them.",
    ends: "Truncated after horizon steps.",
    info: "After a step sparse and shaped: what each player earned of either kind in it.",
    versions: "The id says the layout. observation chooses among state, lossless and features; old_dynamics starts a pot by itself when it is full.",
    source: "overcooked-ai 1.1.0",
};
