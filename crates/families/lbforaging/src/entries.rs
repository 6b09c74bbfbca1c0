//! The family in the catalog: a choice among its 1,920 ids, of the sizes and numbers that studies use. The others can be made all the
//! same, and are these with other arguments.
use palaestra_env::catalog::{ActionValue, Argument, ArgumentKind, Binding, Entry};

use super::arguments::{MOST_CELLS, MOST_FOOD, MOST_PLAYERS, MOST_STEPS};
use super::environment::FPS;
use super::manual;
use super::scene::LOOKS;

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

/// Four keys to walk, and one or two to load.
macro_rules! keys {
    ($up:literal, $left:literal, $down:literal, $right:literal, $load:literal, $also:literal) => {
        &[
            Binding::discrete($up, 1, "up"),
            Binding::discrete($left, 3, "left"),
            Binding::discrete($down, 2, "down"),
            Binding::discrete($right, 4, "right"),
            Binding::discrete($load, 5, "lift"),
            Binding::discrete($also, 5, "lift"),
        ]
    };
}

/// One to four people at one keyboard.
const KEYS: &[&[Binding]] = &[
    keys!("ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight", "Space", "Enter"),
    keys!("KeyW", "KeyA", "KeyS", "KeyD", "KeyE", "ShiftLeft"),
    keys!("KeyI", "KeyJ", "KeyK", "KeyL", "KeyO", "KeyU"),
    keys!("Numpad8", "Numpad4", "Numpad5", "Numpad6", "Numpad0", "NumpadEnter"),
];

const fn integer(name: &'static str, min: i64, max: i64, default: i64, summary: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Integer { min, max, default }, summary }
}

const fn object(name: &'static str, summary: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Object, summary }
}

const fn flag(name: &'static str, default: bool, summary: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Bool { default }, summary }
}

const fn first<T>(items: &'static [T], count: usize) -> &'static [T] {
    let count = if count < items.len() { count } else { items.len() };
    items.split_at(count).0
}

macro_rules! entry {
    ($id:literal, $title:literal, $size:literal, $players:literal, $food:literal, $sight:literal, $coop:literal, $summary:expr) => {
        Entry {
            agents: $players,
            agents_from: &["players"],
            appearances: first(&LOOKS, $players),
            fps: FPS,
            keys: first(KEYS, $players),
            idle: &[ActionValue::Discrete(0)],
            expert: EXPERT,
            arguments: &[
                integer("players", 1, MOST_PLAYERS, $players, "How many players."),
                integer("max_num_food", 1, MOST_FOOD, $food, "How much food there is at most."),
                object("field_size", "Rows and columns, such as [8, 8]."),
                integer(
                    "sight",
                    0,
                    2 * MOST_CELLS,
                    $sight,
                    "How many cells far a player sees; people see the whole field.",
                ),
                flag("force_coop", $coop, "All food takes the three weakest together."),
                object("min_player_level", "The lowest level of a player; a list has one for each."),
                object("max_player_level", "The highest level of a player; a list has one for each."),
                object("min_food_level", "The lowest level of food; a list has one for each."),
                object(
                    "max_food_level",
                    "The highest level of food; null: what the three weakest players can lift together.",
                ),
                integer(
                    "max_episode_steps",
                    1,
                    MOST_STEPS,
                    50,
                    "Steps after which a game is cut off; after 50 it is over anyway.",
                ),
                flag("normalize_reward", true, "All food together is worth one point."),
                flag("observe_agent_levels", true, "Players see each other's levels."),
                Argument {
                    name: "penalty",
                    kind: ArgumentKind::Number { default: 0.0 },
                    summary: "What it costs to lift in vain.",
                },
            ],
            manual: Some(&manual::FORAGING),
            ..Entry::new($id, $title, $summary)
        }
    };
}

const TOGETHER: &str = "Gather all apples before the time is over. Stand beside one and lift. The number on an apple is how strong those \
                        have to be who lift it at the same moment: wait for each other.";
const COOPERATION: &str = "Gather all apples before the time is over. Every apple takes you all: stand beside the same one and lift at the \
                           same moment.";

/// The family's entries in the catalog.
pub(crate) const ENTRIES: &[Entry] = &[
    entry!("Foraging-5x5-2p-1f-v3", "Foraging: 5×5, two players", 5, 2, 1, 5, false, TOGETHER),
    entry!("Foraging-8x8-2p-2f-coop-v3", "Foraging: 8×8, two together", 8, 2, 2, 8, true, COOPERATION),
    entry!(
        "Foraging-2s-8x8-2p-2f-coop-v3",
        "Foraging: 8×8, two together, short-sighted",
        8,
        2,
        2,
        2,
        true,
        COOPERATION
    ),
    entry!("Foraging-8x8-3p-4f-v3", "Foraging: 8×8, three players", 8, 3, 4, 8, false, TOGETHER),
    entry!("Foraging-10x10-3p-3f-v3", "Foraging: 10×10, three players", 10, 3, 3, 10, false, TOGETHER),
    entry!(
        "Foraging-10x10-4p-3f-coop-v3",
        "Foraging: 10×10, four players, three at least",
        10,
        4,
        3,
        10,
        true,
        TOGETHER
    ),
    entry!("Foraging-2s-10x10-4p-4f-v3", "Foraging: 10×10, four players, short-sighted", 10, 4, 4, 2, false, TOGETHER),
    entry!("Foraging-15x15-4p-3f-v3", "Foraging: 15×15, four players", 15, 4, 3, 15, false, TOGETHER),
    entry!("Foraging-15x15-8p-4f-v3", "Foraging: 15×15, eight players", 15, 8, 4, 15, false, TOGETHER),
    entry!(
        "Foraging-2s-19x19-9p-4f-coop-v3",
        "Foraging: 19×19, nine players, short-sighted",
        19,
        9,
        4,
        2,
        true,
        TOGETHER
    ),
];
