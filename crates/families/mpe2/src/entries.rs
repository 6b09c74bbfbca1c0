//! The scenarios in the catalog.
use palaestra_env::catalog::{Appearance, Argument, ArgumentKind, Entry};

use super::arguments::{MOST, MOST_CYCLES};
use super::environment::FPS;
use super::keys;
use super::manual;

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

const fn count(name: &'static str, min: i64, default: i64, summary: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Integer { min, max: MOST as i64, default }, summary }
}

const fn flag(name: &'static str, default: bool, summary: &'static str) -> Argument {
    Argument { name, kind: ArgumentKind::Bool { default }, summary }
}

const MAX_CYCLES: Argument = Argument {
    name: "max_cycles",
    kind: ArgumentKind::Integer { min: 1, max: MOST_CYCLES, default: 25 },
    summary: "Steps in a game; ten of them are a second.",
};
const CONTINUOUS: Argument = flag("continuous_actions", false, "Actions are numbers: how hard to push to each side.");
const RESCALING: Argument =
    flag("dynamic_rescaling", true, "Bodies are drawn smaller when the picture has to show more of the world.");
const BENCHMARK: Argument = flag("benchmark_data", false, "Figures for comparing policies, in info after each step.");
const CURRICULUM: Argument =
    flag("curriculum", false, "An easy beginning: no punishment for collisions, or slow hares.");
const TERMINATE: Argument = flag("terminate_on_success", false, "A game ends when the task is done.");
const LOCAL_RATIO: Argument = Argument {
    name: "local_ratio",
    kind: ArgumentKind::Number { default: 0.5 },
    summary: "How much of an agent's reward is its own, from 0 to 1; the rest is everybody's.",
};

/// What is absent by default has no number to show in a form: null, or a number from 1 on.
const AGENT_NEIGHBORS: Argument = Argument {
    name: "num_agent_neighbors",
    kind: ArgumentKind::Object,
    summary: "How many of the nearest agents are seen; null: all.",
};
const LANDMARK_NEIGHBORS: Argument = Argument {
    name: "num_landmark_neighbors",
    kind: ArgumentKind::Object,
    summary: "How many of the nearest landmarks are seen; null: all.",
};

const PLAIN: Entry = Entry {
    fps: FPS,
    idle: keys::IDLE,
    expert: EXPERT,
    ..Entry::new(
        "mpe2/simple_v3",
        "Particle",
        "Bring the disk to the mark and keep it there. It slides, so slow down in time.",
    )
};

/// The family's entries in the catalog.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        keys: keys::ALONE,
        appearances: &[Appearance::new("Blue disk", 0x27607f)],
        arguments: &[MAX_CYCLES, CONTINUOUS, RESCALING, BENCHMARK],
        manual: Some(&manual::SIMPLE),
        ..PLAIN
    },
    Entry {
        id: "mpe2/simple_spread_v3",
        title: "Particles: spread",
        summary: "Cover all marks together, one disk on each, and do not run into each other. Nobody can say who takes which.",
        agents: 3,
        agents_from: &["N"],
        appearances: &[
            Appearance::new("Blue disk", 0x27607f),
            Appearance::new("Green disk", 0x6f8747),
            Appearance::new("Red disk", 0xc4623f),
        ],
        keys: keys::THREE,
        arguments: &[
            count("N", 1, 3, "How many disks, and how many marks."),
            LOCAL_RATIO,
            MAX_CYCLES,
            CONTINUOUS,
            RESCALING,
            BENCHMARK,
            CURRICULUM,
            TERMINATE,
            AGENT_NEIGHBORS,
            LANDMARK_NEIGHBORS,
        ],
        manual: Some(&manual::SPREAD),
        ..PLAIN
    },
    Entry {
        id: "mpe2/simple_tag_v3",
        title: "Particles: tag",
        summary: "The wolves catch the hare, who is faster than they are. Touching it is worth ten points to each of them, and costs \
                  it as many. Outside the field the hare loses points too.",
        agents: 4,
        agents_from: &["num_good", "num_adversaries"],
        appearances: &[
            Appearance::new("Red wolf", 0xc4623f),
            Appearance::new("Plum wolf", 0x8a4a72),
            Appearance::new("Brown wolf", 0x8f5f2a),
            Appearance::new("Green hare", 0x6f8747),
        ],
        keys: keys::TOGETHER,
        arguments: &[
            count("num_good", 0, 1, "How many hares."),
            count("num_adversaries", 0, 3, "How many wolves."),
            count("num_obstacles", 0, 2, "How many rocks."),
            MAX_CYCLES,
            CONTINUOUS,
            RESCALING,
            BENCHMARK,
            CURRICULUM,
            TERMINATE,
            AGENT_NEIGHBORS,
            LANDMARK_NEIGHBORS,
        ],
        manual: Some(&manual::TAG),
        ..PLAIN
    },
    Entry {
        id: "mpe2/simple_adversary_v3",
        title: "Particles: deceive",
        summary: "Green and blue know which mark is the goal, red does not. One of them should be near it, and red far away: whoever \
                  goes straight there gives it away.",
        agents: 3,
        agents_from: &["N"],
        appearances: &[
            Appearance::new("Red spy", 0xc4623f),
            Appearance::new("Green disk", 0x6f8747),
            Appearance::new("Blue disk", 0x27607f),
        ],
        keys: keys::THREE,
        arguments: &[
            count("N", 1, 2, "How many know the goal, and how many marks there are."),
            MAX_CYCLES,
            CONTINUOUS,
            RESCALING,
            BENCHMARK,
            AGENT_NEIGHBORS,
            LANDMARK_NEIGHBORS,
        ],
        manual: Some(&manual::ADVERSARY),
        ..PLAIN
    },
    Entry {
        id: "mpe2/simple_speaker_listener_v4",
        title: "Particles: speak and listen",
        summary: "One of you knows the colour of the goal and can say a word, but not move. The other moves, and has to find out \
                  what the word means.",
        agents: 2,
        appearances: &[Appearance::new("Speaker", 0x8a4a72), Appearance::new("Listener", 0x5b6470)],
        keys: keys::SPEAKER_AND_LISTENER,
        keys_go_with_seats: true,
        part: None,
        idle: keys::IDLE_SPEAKER,
        arguments: &[MAX_CYCLES, CONTINUOUS, RESCALING, BENCHMARK],
        manual: Some(&manual::SPEAKER_LISTENER),
        ..PLAIN
    },
    Entry {
        id: "mpe2/simple_world_comm_v3",
        title: "Particles: hide and tell",
        summary: "Four wolves hunt two hares, who want to eat. In a wood only those see each other who are in it, but for the leader of \
                  the wolves, who sees everybody and can say a letter that all wolves hear.",
        agents: 6,
        agents_from: &["num_good", "num_adversaries"],
        appearances: &[
            Appearance::new("Leader of the wolves", 0xc02f2f),
            Appearance::new("Red wolf", 0xc4623f),
            Appearance::new("Plum wolf", 0x8a4a72),
            Appearance::new("Brown wolf", 0x8f5f2a),
            Appearance::new("Green hare", 0x6f8747),
            Appearance::new("Blue hare", 0x27607f),
        ],
        keys: keys::LED,
        idle: keys::IDLE_LEADER,
        arguments: &[
            count("num_good", 1, 2, "How many hares."),
            count("num_adversaries", 0, 4, "How many wolves; the first leads."),
            count("num_obstacles", 0, 1, "How many rocks."),
            count("num_food", 1, 2, "How many places to eat."),
            count("num_forests", 0, 2, "How many woods."),
            MAX_CYCLES,
            CONTINUOUS,
            RESCALING,
            BENCHMARK,
        ],
        manual: Some(&manual::WORLD_COMM),
        ..PLAIN
    },
];
