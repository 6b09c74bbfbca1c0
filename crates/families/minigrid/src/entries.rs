//! The grid worlds in the catalog.
use super::manual;
use palaestra_env::catalog::{Argument, ArgumentKind, Binding, Entry, InputMode};

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

/// The family's entries in the catalog.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        keys: &[WALK],
        arguments: &[SIZE_8, START_POS, START_DIR, max_steps(256), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-Empty-8x8-v0",
            "Empty Room",
            "Turn and walk to the green square in the far corner. The fewer steps, the better.",
        )
    },
    Entry {
        keys: &[WALK],
        arguments: &[SIZE_6, START_POS, START_DIR, max_steps(144), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-Empty-Random-6x6-v0",
            "Empty Room, random start",
            "Turn and walk to the green square in the corner, from wherever you wake up. The fewer steps, the better.",
        )
    },
    Entry {
        keys: &[ALL],
        arguments: &[DOOR_KEY_SIZE, SEE_THROUGH, max_steps(640), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-DoorKey-8x8-v0",
            "Door and Key",
            "Pick up the key, open the locked door with it, and walk to the green square behind. The fewer steps, the \
             better.",
        )
    },
    Entry {
        keys: &[WALK],
        arguments: &[AGENT_POS, GOAL_POS, SEE_THROUGH, max_steps(100), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-FourRooms-v0",
            "Four Rooms",
            "Walk to the green square through the gaps between four rooms. There are 100 steps, and turning counts too.",
        )
    },
    Entry {
        keys: &[DOORS],
        arguments: MULTI_ROOM_6,
        manual: Some(&manual::MULTI_ROOM),
        ..entry(
            "MiniGrid-MultiRoom-N4-S5-v0",
            "Six Rooms",
            "Open one door after another and walk to the green square in the last of six rooms. There are 120 steps.",
        )
    },
    Entry {
        keys: &[DOORS],
        arguments: MULTI_ROOM_4,
        manual: Some(&manual::MULTI_ROOM),
        ..entry(
            "MiniGrid-MultiRoom-N4-S5-v1",
            "Four Rooms in a Chain",
            "Open one door after another and walk to the green square in the last of four rooms. There are 80 steps.",
        )
    },
    Entry {
        keys: &[WALK],
        arguments: &[LAVA_GAP_SIZE, OBSTACLE_TYPE, max_steps(196), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-LavaGapS7-v0",
            "Lava Gap",
            "Find the gap in the lava and walk through it to the green square. A step into the lava is the last.",
        )
    },
    Entry {
        keys: &[ALL],
        arguments: &[ROOM_SIZE, NUM_ROWS, OBJ_TYPE, max_steps(270), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-KeyCorridorS3R2-v0",
            "Key Corridor",
            "Pick up the ball. It is behind the locked door, and the key to that is in one of the rooms across the \
             corridor. Put the key down before you take the ball: you can carry one thing.",
        )
    },
    Entry {
        keys: &[ALL],
        arguments: &[max_steps(288), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-Unlock-v0",
            "Unlock",
            "Pick up the key and open the locked door. The fewer steps, the better.",
        )
    },
    Entry {
        keys: &[WALK],
        manual: Some(&manual::ROLLING_BALLS),
        arguments: &[SIZE_8, START_POS, START_DIR, N_OBSTACLES, max_steps(256), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-Dynamic-Obstacles-8x8-v0",
            "Rolling Balls",
            "Walk to the green square without touching a ball or a wall. The balls roll whenever you turn or walk.",
        )
    },
    Entry {
        keys: &[WALK],
        arguments: &[MEMORY_SIZE, RANDOM_LENGTH, max_steps(405), VIEW_SIZE, AGENT_POV, HIGHLIGHT],
        ..entry(
            "MiniGrid-MemoryS9-v0",
            "Memory",
            "Remember what lies in the first room. At the end of the hallway, go to the one of two objects that is the \
             same.",
        )
    },
];

/// What all have alike. The keys' own repetition does nothing: every stroke is one step, and steps are what counts.
const fn entry(id: &'static str, title: &'static str, summary: &'static str) -> Entry {
    Entry {
        id,
        title,
        summary,
        agents: 1,
        agents_from: &[],
        appearances: &[],
        fps: 12,
        keys: &[],
        keys_go_with_seats: false,
        manual: Some(&manual::MINIGRID),
        part: None,
        expert: EXPERT,
        input_mode: InputMode::SingleKeystroke,
        // The world stands still until a key is struck.
        idle: &[],
        arguments: &[],
    }
}

const LEFT: Binding = Binding::discrete("ArrowLeft", 0, "turn left");
const RIGHT: Binding = Binding::discrete("ArrowRight", 1, "turn right");
const FORWARD: Binding = Binding::discrete("ArrowUp", 2, "walk forward");
const KEY_A: Binding = Binding::discrete("KeyA", 0, "turn left");
const KEY_D: Binding = Binding::discrete("KeyD", 1, "turn right");
const KEY_W: Binding = Binding::discrete("KeyW", 2, "walk forward");
const TOGGLE: Binding = Binding::discrete("Space", 5, "open or close");
const PICK_UP: Binding = Binding::discrete("KeyE", 3, "pick up");
const DROP: Binding = Binding::discrete("KeyQ", 4, "put down");

const WALK: &[Binding] = &[LEFT, RIGHT, FORWARD, KEY_A, KEY_D, KEY_W];
const DOORS: &[Binding] = &[LEFT, RIGHT, FORWARD, TOGGLE, KEY_A, KEY_D, KEY_W];
const ALL: &[Binding] = &[LEFT, RIGHT, FORWARD, TOGGLE, PICK_UP, DROP, KEY_A, KEY_D, KEY_W];

const fn integer(name: &'static str, min: i64, max: i64, default: i64, summary: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Integer { min, max, default }, summary }
}

const fn switch(name: &'static str, default: bool, summary: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Bool { default }, summary }
}

const fn object(name: &'static str, summary: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Object, summary }
}

const fn choice(
    name: &'static str,
    choices: &'static [&'static str],
    default: &'static str,
    summary: &'static str,
) -> Argument {
    Argument { name, kind: ArgumentKind::Choice { choices, default }, summary }
}

const SIZE: &str = "Cells across and down, the walls included.";
const SIZE_8: Argument = integer("size", 3, 255, 8, SIZE);
const SIZE_6: Argument = integer("size", 4, 255, 6, SIZE);
const DOOR_KEY_SIZE: Argument = integer("size", 5, 255, 8, SIZE);
const LAVA_GAP_SIZE: Argument = integer("size", 5, 255, 7, SIZE);
const MEMORY_SIZE: Argument = integer("size", 5, 255, 9, "Cells across and down, an odd number.");
const START_POS: Argument = object("agent_start_pos", "Where you start, [x, y]; null for anywhere.");
const START_DIR: Argument =
    integer("agent_start_dir", 0, 3, 0, "Where you look at first: 0 right, 1 down, 2 left, 3 up.");
const AGENT_POS: Argument = object("agent_pos", "Where you start, [x, y]; null for anywhere.");
const GOAL_POS: Argument = object("goal_pos", "Where the green square is, [x, y]; null for anywhere.");

/// The default is that of the other arguments' defaults.
const fn max_steps(default: i64) -> Argument {
    integer(
        "max_steps",
        1,
        1_000_000_000,
        default,
        "Steps after which it is over; unless given, more in a larger world.",
    )
}

const VIEW_SIZE: Argument = integer("agent_view_size", 3, 63, 7, "Cells across and down that you see, an odd number.");
const SEE_THROUGH: Argument = switch("see_through_walls", false, "You see what is behind walls and doors.");
const AGENT_POV: Argument = switch("agent_pov", false, "Show only what you see from where you are, not the whole map.");
const HIGHLIGHT: Argument = switch("highlight", true, "Show what you see brighter than the rest of the map.");
const OBSTACLE_TYPE: Argument =
    choice("obstacle_type", &["lava", "wall"], "lava", "What the strip with the gap is of.");
const ROOM_SIZE: Argument = integer("room_size", 3, 85, 3, "Cells across and down of a room, its walls included.");
const NUM_ROWS: Argument = integer("num_rows", 1, 127, 2, "Rooms on each side of the corridor.");
const OBJ_TYPE: Argument = choice("obj_type", &["ball", "box", "key"], "ball", "What is to be picked up.");
const N_OBSTACLES: Argument =
    integer("n_obstacles", 0, 1_000_000, 4, "Balls; half the size where that would be too many.");
const RANDOM_LENGTH: Argument = switch("random_length", false, "The hallway is of a random length.");
const MAX_ROOM_SIZE: Argument = integer("maxRoomSize", 4, 255, 5, "The greatest size of a room, its walls included.");
const WIDTH: Argument = integer("width", 4, 255, 25, "Cells across.");
const HEIGHT: Argument = integer("height", 5, 255, 25, "Cells down.");

const MULTI_ROOM_6: &[Argument] = &multi_room(6);
const MULTI_ROOM_4: &[Argument] = &multi_room(4);

const fn multi_room(rooms: i64) -> [Argument; 10] {
    let least = integer("minNumRooms", 1, 100, rooms, "The fewest rooms.");
    let most = integer("maxNumRooms", 1, 100, rooms, "The most rooms.");
    let steps = max_steps(20 * rooms);
    [least, most, MAX_ROOM_SIZE, WIDTH, HEIGHT, SEE_THROUGH, steps, VIEW_SIZE, AGENT_POV, HIGHLIGHT]
}
