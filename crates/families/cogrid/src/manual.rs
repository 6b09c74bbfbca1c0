//! What the numbers of these environments mean.
use palaestra_env::catalog::{Manual, Meaning};

const fn m(at: &'static str, what: &'static str) -> Meaning {
    Meaning::new(at, what)
}

const ACTIONS: &[Meaning] = &[
    m("0", "up"),
    m("1", "down"),
    m("2", "left"),
    m("3", "right"),
    m("4", "pick up or drop"),
    m("5", "toggle: press a button"),
    m("6", "nothing"),
];

const SOURCE: &str = "cogrid 0.3.2";

/// Both cooks and the pots, and ten maps.
pub(crate) const KITCHEN: Manual = Manual {
    actions: ACTIONS,
    observation: &[
        m("0–3", "which way one faces: right, down, left, up"),
        m("4–8", "what one carries: onion, onion soup, plate, tomato, tomato soup"),
        m("9–12", "a counter right, left, below, above"),
        m("13–28", "a pot right, left, below, above that is empty; then that is begun; that cooks; that is ready"),
        m(
            "29–52",
            "two pots of 12 numbers: 1, ready, empty, cooking, begun, onions, tomatoes, timer (−1 unless it cooks), the way from it (2), its place (2)",
        ),
        m("53–54", "the way from the other cook, rows and columns"),
        m("55–56", "one's own row and column"),
        m("57–60", "1 where one can go: right, left, down, up"),
        m("61–121", "the same 61 numbers of the other cook"),
        m(
            "122–891",
            "ten maps of 7 × 11 cells: counters, hatches, onions, onion soups, onion stacks, plates, plate stacks, tomatoes, tomato soups, \
           tomato stacks",
        ),
    ],
    reward: "To both: 20 for a soup handed out, 3 for an onion put into a pot, 5 for a soup put on a plate.",
    start: "The same kitchen each time. Where its layout marks two places, the first cook stands in the first of them and the other in the second; else \
            the seed draws the places. Which way they face it always draws.",
    ends: "Truncated after max_steps steps.",
    info: "Empty.",
    versions: "The id says the kitchen.",
    source: SOURCE,
};

pub(crate) const ORDERS: Manual = Manual {
    observation: &[
        m("0–121", "61 numbers of oneself and 61 of the other cook, as in Overcooked-CrampedRoom-V0"),
        m("122–891", "ten maps of 7 × 11 cells, as there"),
        m("892–897", "two orders of 3 numbers: onion soup, tomato soup, and the share of its time that is left"),
    ],
    reward: "To both: 20 for an ordered soup, −20 for another, 3 for an ingredient of an ordered soup, −20 for an order that waited too long.",
    ..KITCHEN
};

const CELL: Meaning = m(
    "35 numbers of a cell",
    "what stands there (1); oneself and the other, their directions and what they carry (6); its state (1); of a pot: cooking, ready, how full, timer, \
     and its ingredients (8); what oneself and the other carry, as six kinds each (12); the wanted soup at a sign or a pressed button (6); a hatch \
     in the step in which a soup was handed out (1)",
);

/// Maps of everything.
pub(crate) const MAPS: Manual = Manual {
    observation: &[CELL, m("order", "cells row by row, of the whole kitchen")],
    reward: "To whoever did it: 3 for an onion put into a pot, 5 for a soup put on a plate; to both 20 for a soup handed out.",
    ..KITCHEN
};

pub(crate) const NEAR_SIGHT: Manual = Manual {
    observation: &[CELL, m("order", "cells row by row, of 3 × 3 around oneself; then 7 numbers of the layout")],
    ..MAPS
};

/// The second version.
pub(crate) const WANTED: Manual = Manual {
    observation: &[CELL, m("order", "cells row by row, of the whole kitchen")],
    reward: "To both: the wanted soup 20, another −20; its ingredients 3 and −3, on a plate 5 and −5; a button −5.",
    versions: "The id says the kitchen. Which soup is wanted comes from a generator of its own, which reset(seed) seeds as numpy.random.seed(seed) would.",
    ..KITCHEN
};

pub(crate) const WANTED_NEAR: Manual =
    Manual { observation: &[CELL, m("order", "cells row by row, of 5 × 5 around oneself")], ..WANTED };

pub(crate) const RESCUE: Manual = Manual {
    actions: ACTIONS,
    observation: &[
        m("0–3", "which way one faces: right, down, left, up"),
        m("4–5", "one's own row and column"),
        m("6–9", "1 where one can go: right, left, down, up"),
        m("10", "the number of what one carries and 1, or 0"),
        m("11–21", "the same of the other rescuer"),
    ],
    reward: "0.",
    start: "The same house each time, and the same places; the seed draws which way one faces.",
    ends: "Truncated after max_steps steps.",
    info: "Empty.",
    versions: "",
    source: SOURCE,
};
