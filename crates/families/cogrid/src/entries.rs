//! The environments in the catalog.
use super::manual;
use palaestra_env::catalog::{ActionValue, Appearance, Argument, ArgumentKind, Binding, Entry, InputMode};

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

/// The family's entries in the catalog.
pub(crate) const ENTRIES: &[Entry] = &[
    entry(
        "Overcooked-CrampedRoom-V0",
        "Cramped Room (CoGrid)",
        "Cook onion soups together: three onions into the pot, which then starts by itself, wait, fill a plate and hand it \
         out at the hatch. There is one pot and little room, so keep out of each other's way.",
    ),
    entry(
        "Overcooked-AsymmetricAdvantages-V0",
        "Asymmetric Advantages (CoGrid)",
        "Cook onion soups together, each on your own side of two shared pots. One of you stands near the hatch, the other \
         near the onions: split the work so that each does what is close.",
    ),
    entry(
        "Overcooked-CoordinationRing-V0",
        "Coordination Ring (CoGrid)",
        "Cook onion soups together around a narrow ring. Two cannot pass each other, so agree on a direction.",
    ),
    entry(
        "Overcooked-ForcedCoordination-V0",
        "Forced Coordination (CoGrid)",
        "Cook onion soups together through a wall. One of you has the onions and plates, the other the pots and the hatch: \
         pass things over the counter between you.",
    ),
    entry(
        "Overcooked-CounterCircuit-V0",
        "Counter Circuit (CoGrid)",
        "Cook onion soups together around a long counter. Walking round it takes time: pass onions over the middle.",
    ),
    Entry {
        arguments: &[max_steps(4000)],
        manual: Some(&manual::ORDERS),
        ..entry(
            "Overcooked-CrampedMixedKitchen-V0",
            "Mixed Kitchen (CoGrid)",
            "Cook what is ordered: the tickets say onion or tomato soup, and how long each can wait. A pot takes three of \
             one kind. A soup that nobody ordered costs points, and so does an order that waited too long.",
        )
    },
    Entry {
        manual: Some(&manual::MAPS),
        ..entry(
            "Overcooked-CrampedRoom-LocalView-V0",
            "Cramped Room, Maps (CoGrid)",
            "Cook onion soups together in a small room with one pot. The same as the Cramped Room, but a program sees it as \
             maps, and each of you earns the points for your own onions and plates.",
        )
    },
    Entry {
        manual: Some(&manual::NEAR_SIGHT),
        ..entry(
            "Overcooked-AsymmetricAdvantages-PartialObs-V0",
            "Asymmetric Advantages, Near Sight (CoGrid)",
            "Cook onion soups together, each on your own side of two shared pots. A program sees only the cells around its \
             cook, those in the light square.",
        )
    },
    Entry {
        arguments: FOUR_HUNDRED,
        manual: Some(&manual::WANTED),
        ..entry(
            "OvercookedV2-CrampedRoomIndicator-V0",
            "Cramped Room with a Sign",
            "Cook the soup on the blue sign, onion or tomato: three of one kind. Any other costs points. After every soup \
             another may be wanted, so look again.",
        )
    },
    Entry {
        keys: BUTTON_KEYS,
        arguments: FOUR_HUNDRED,
        manual: Some(&manual::WANTED_NEAR),
        ..entry(
            "OvercookedV2-GroundedCoordSimple-V0",
            "Grounded Coordination",
            "Only one of you is near the sign with the soup that is wanted; the other cooks. The purple button between you \
             shows it to both for a while, at a price. Any other soup costs more.",
        )
    },
    Entry {
        keys: BUTTON_KEYS,
        arguments: FOUR_HUNDRED,
        manual: Some(&manual::WANTED_NEAR),
        ..entry(
            "OvercookedV2-GroundedCoordRing-V0",
            "Grounded Coordination Ring",
            "The signs at the outer walls show the soup that is wanted, the kitchen is in the middle. Send somebody to look, \
             or press a purple button, at a price. Any other soup costs more.",
        )
    },
    Entry {
        arguments: FOUR_HUNDRED,
        manual: Some(&manual::WANTED_NEAR),
        ..entry(
            "OvercookedV2-TestTimeSimple-V0",
            "Test-Time Protocol",
            "One of you is near the sign with the soup that is wanted, the other cooks, and there is no button: find a way \
             to tell each other. Any other soup costs points.",
        )
    },
    Entry {
        arguments: FOUR_HUNDRED,
        manual: Some(&manual::WANTED_NEAR),
        ..entry(
            "OvercookedV2-TestTimeWide-V0",
            "Test-Time Protocol, Two Rooms",
            "One of you has the sign with the soup that is wanted, the other the onions, tomatoes and the hatch; two pots lie \
             between you. Find a way to tell each other what to cook.",
        )
    },
    Entry {
        arguments: FOUR_HUNDRED,
        manual: Some(&manual::WANTED_NEAR),
        ..entry(
            "OvercookedV2-DemoCookSimple-V0",
            "Demonstration Cooking",
            "One of you sees the signs and has the onions and tomatoes, the other has the plates and the hatch: fill the pot \
             between you so that the right soup is handed out.",
        )
    },
    Entry {
        arguments: FOUR_HUNDRED,
        manual: Some(&manual::WANTED_NEAR),
        ..entry(
            "OvercookedV2-DemoCookWide-V0",
            "Demonstration Cooking, Two Rooms",
            "One of you sees the signs in the lower room, the other stands above with the plates and the hatch: one pot lies \
             between you. Cook the soup that is wanted.",
        )
    },
    Entry {
        appearances: RESCUERS,
        manual: Some(&manual::RESCUE),
        // Nothing is scored there.
        expert: None,
        keys: RESCUE_KEYS,
        ..entry(
            "SearchRescue-Test-V0",
            "Search and Rescue (test room)",
            "Walk through a house as two rescuers, take up the medical kit, the pickaxe or the key, and put them down \
             elsewhere. This room is for trying things out: nothing is scored.",
        )
    },
];

const fn entry(id: &'static str, title: &'static str, summary: &'static str) -> Entry {
    Entry {
        id,
        title,
        summary,
        agents: 2,
        agents_from: &[],
        appearances: CHEFS,
        fps: 7,
        keys: KEYS,
        keys_go_with_seats: false,
        manual: Some(&manual::KITCHEN),
        part: None,
        expert: EXPERT,
        input_mode: InputMode::PressedKeys,
        idle: &[ActionValue::Discrete(6)],
        arguments: A_THOUSAND,
    }
}

const fn max_steps(default: i64) -> Argument {
    let kind = ArgumentKind::Integer { min: 1, max: 1_000_000, default };
    Argument { name: "max_steps", kind, summary: "Steps in a round" }
}

const A_THOUSAND: &[Argument] = &[max_steps(1000)];
const FOUR_HUNDRED: &[Argument] = &[max_steps(400)];

const UP: Binding = Binding::discrete("ArrowUp", 0, "Up");
const DOWN: Binding = Binding::discrete("ArrowDown", 1, "Down");
const LEFT: Binding = Binding::discrete("ArrowLeft", 2, "Left");
const RIGHT: Binding = Binding::discrete("ArrowRight", 3, "Right");
const KEY_W: Binding = Binding::discrete("KeyW", 0, "Up");
const KEY_S: Binding = Binding::discrete("KeyS", 1, "Down");
const KEY_A: Binding = Binding::discrete("KeyA", 2, "Left");
const KEY_D: Binding = Binding::discrete("KeyD", 3, "Right");

const fn hands(keys: &'static str) -> Binding {
    Binding::discrete(keys, 4, "Take, put or serve")
}

const fn press(keys: &'static str) -> Binding {
    Binding::discrete(keys, 5, "Press the button")
}

/// Two people at one keyboard: the right half with the space bar, and the left half. Only a button is ever toggled.
const KEYS: &[&[Binding]] = &[
    &[UP, DOWN, LEFT, RIGHT, hands("Space"), hands("Enter")],
    &[KEY_W, KEY_S, KEY_A, KEY_D, hands("KeyE"), hands("ShiftLeft")],
];
const BUTTON_KEYS: &[&[Binding]] = &[
    &[UP, DOWN, LEFT, RIGHT, hands("Space"), press("Enter")],
    &[KEY_W, KEY_S, KEY_A, KEY_D, hands("KeyE"), press("KeyQ")],
];

const fn carry(keys: &'static str) -> Binding {
    Binding::discrete(keys, 4, "Pick up or put down")
}

const RESCUE_KEYS: &[&[Binding]] = &[
    &[UP, DOWN, LEFT, RIGHT, carry("Space"), carry("Enter")],
    &[KEY_W, KEY_S, KEY_A, KEY_D, carry("KeyE"), carry("ShiftLeft")],
];

/// As the picture shows them.
const CHEFS: &[Appearance] = &[Appearance::new("Blue chef", 0x3f7fd6), Appearance::new("Green chef", 0x3a9a5b)];
const RESCUERS: &[Appearance] = &[Appearance::new("Orange robot", 0xe8762c), Appearance::new("Blue robot", 0x2f7fc4)];
