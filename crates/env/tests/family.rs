//! The facts of a family: what is told of one whose facts and environments disagree.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::catalog::{
    ActionValue, Appearance, Argument, ArgumentKind, Artwork, Binding, Catalog, Entry, Family, Manual, Meaning,
};
use palaestra_env::{
    ArgumentError, Arguments, Atlas, BoxSpace, DType, Environment, JointAction, Kwargs, MakeError, Outcome,
    RestoreError, Scene, Space, Spec, StateReader, StateWriter, StepError, Tensor, Value, ValueWriter,
};

/// Two agents who do nothing.
struct Idle(Spec);

impl Environment for Idle {
    fn spec(&self) -> &Spec {
        &self.0
    }

    fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        Ok(())
    }

    fn step(&mut self, _: JointAction<'_>, _: &mut Outcome) -> Result<(), StepError> {
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.discrete(0);
    }

    fn draw(&self, _: &mut Scene) {}

    fn save(&self, _: &mut StateWriter) {}

    fn restore(&mut self, _: &mut StateReader<'_>) -> Result<(), RestoreError> {
        Ok(())
    }
}

fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    if !["Idle-v0", "Other-v0"].contains(&id) {
        return None;
    }
    let mut arguments = Arguments::new(kwargs);
    if let Err(error) = arguments.integer("size", 1..=9, 3).and_then(|_| arguments.finish()) {
        return Some(Err(error));
    }
    // The first takes numbers, the second numbers or bits.
    let spaces = [Space::discrete(3), Space::OneOf { spaces: vec![Space::discrete(3), Space::MultiBinary { n: 2 }] }];
    let spec = Spec {
        agents: vec!["agent_0".into(), "agent_1".into()],
        action_spaces: spaces.to_vec(),
        observation_spaces: vec![Space::discrete(1); 2],
        atlas: Some(Atlas { image: "idle.svg".into(), columns: 1, rows: 1 }),
        ..Spec::single("Idle-v0", Space::discrete(3), Space::discrete(1))
    };
    Some(Ok(Box::new(Idle(spec))))
}

const ENTRY: Entry = Entry {
    agents: 2,
    appearances: &[Appearance::new("Red", 0xff0000), Appearance::new("Blue", 0x0000ff)],
    keys: &[&[Binding::discrete("KeyA", 2, "rest")], &[Binding::discrete("KeyB", 0, "rest")]],
    idle: &[ActionValue::Discrete(0)],
    arguments: &[SIZE],
    ..Entry::new("Idle-v0", "Idle", "Nothing happens.")
};
const SIZE: Argument =
    Argument { name: "size", kind: ArgumentKind::Integer { min: 1, max: 9, default: 3 }, summary: "How large." };
const FAMILY: Family =
    Family { name: "idle", title: "Idle", entries: &[ENTRY], make, artwork: &[Artwork::new("idle.svg", b"<svg/>")] };

#[test]
fn a_family_whose_facts_are_true_passes() {
    assert_eq!(FAMILY.check(), Ok(()));
    let bits = Entry {
        keys: const { &[&[Binding::discrete("KeyA", 2, "rest")], &[Binding::bits("KeyB", &[0, 1], "rest")]] },
        keys_go_with_seats: true,
        ..ENTRY
    };
    assert_eq!(of(vec![bits]).check(), Ok(()));
    // Of a set for whoever sits at the keyboard, each agent has what it can do.
    let both = Entry {
        keys: const { &[&[Binding::discrete("KeyA", 2, "rest"), Binding::bits("KeyB", &[0, 1], "rest")]] },
        ..ENTRY
    };
    assert_eq!(of(vec![both]).check(), Ok(()));
}

#[test]
fn an_entry_says_how_many_agents_there_are_with_other_arguments() {
    let kwargs = |size: i64| Kwargs::from_iter([("size".to_owned(), size.into()), ("other".to_owned(), 7.into())]);
    let entry = Entry { agents_from: &["size"], ..ENTRY };
    assert_eq!([1, 2, 3, 5].map(|size| entry.agents_with(&kwargs(size))), [0, 1, 2, 4]);
    assert_eq!((entry.agents_with(&Kwargs::new()), ENTRY.agents_with(&kwargs(9))), (2, 2));
    assert_eq!([i64::MIN, i64::MAX].map(|size| entry.agents_with(&kwargs(size)) > 2), [false, true]);
}

/// The family with other entries, which a test may keep for ever.
fn of(entries: Vec<Entry>) -> Family {
    Family { entries: entries.leak(), ..FAMILY }
}

#[test]
fn a_family_is_told_which_of_its_facts_is_wrong() {
    const BITS: &[&[Binding]] = &[&[Binding::bits("KeyA", &[0, 1], "rest")]];
    const NUMBERS: &[&[Binding]] = &[&[
        Binding::discrete("KeyA", 2, "rest"),
        Binding::numbers("KeyB", &[0.5], "half"),
        Binding::bits("KeyC", &[0, 1], "rest"),
    ]];
    const SIZE_OF_NONE: Argument =
        Argument { name: "size", kind: ArgumentKind::Integer { min: 0, max: 9, default: 0 }, summary: "How large." };
    let wrong = |entry: Entry| of(vec![entry]);
    let manual = |actions: &'static [Meaning], observation: &'static [Meaning]| {
        let manual: &Manual = Box::leak(Box::new(Manual { actions, observation, ..Manual::EMPTY }));
        of(vec![Entry { manual: Some(manual), ..ENTRY }])
    };
    const ZERO: &[Meaning] = &[Meaning::new("0", "nothing")];
    const ONE: &[Meaning] = &[Meaning::new("1", "nothing")];
    const MORE: &[Meaning] = &[Meaning::new("0–4", "nothing")];
    const NAMED: &[Meaning] = &[Meaning::new("agent_0: 0", "nothing"), Meaning::new("1", "nothing")];
    assert_eq!(manual(NAMED, ZERO).check(), Ok(()));
    for (family, told) in [
        (Family { name: "Idle Hands", ..FAMILY }, "expected a name of lower-case letters"),
        (Family { name: "guest", ..FAMILY }, "expected another name: `guest` is that of environments in Python"),
        (wrong(Entry { id: "guest/Idle-v0", ..ENTRY }), "expected an id of another namespace"),
        (Family { entries: &[], ..FAMILY }, "expected entries, found none"),
        (of(vec![ENTRY, ENTRY]), "found a second `Idle-v0`"),
        (Family { artwork: &[], ..FAMILY }, "expected its picture `idle.svg` among the family's artwork"),
        (Family { artwork: const { &[Artwork::new("../idle.svg", b"")] }, ..FAMILY }, "expected a path below art/"),
        (wrong(Entry { id: "Nobody-v0", ..ENTRY }), "found `Nobody-v0`"),
        (wrong(Entry { id: "Other-v0", ..ENTRY }), "expected a spec of this id, found one of `Idle-v0`"),
        (wrong(Entry { agents: 3, ..ENTRY }), "expected 3 agents as the entry says, found 2"),
        (
            wrong(Entry { appearances: const { &[Appearance::new("Red", 0)] }, ..ENTRY }),
            "an appearance per agent or none, found 1",
        ),
        (wrong(Entry { keys: &[&[], &[], &[]], ..ENTRY }), "expected a set of keys per agent, found 3"),
        (wrong(Entry { keys: &[&[]], keys_go_with_seats: true, ..ENTRY }), "expected a set of keys per agent, found 1"),
        // A set for whoever sits at the keyboard has to have a key for every agent.
        (wrong(Entry { keys: BITS, ..ENTRY }), "KeyA: expected an action of agent 0"),
        (wrong(Entry { keys: NUMBERS, ..ENTRY }), "KeyB: expected an action of some agent, found Box([0.5])"),
        (wrong(Entry { idle: &[ActionValue::Discrete(3)], ..ENTRY }), "idle: expected an action of agent 0"),
        (wrong(Entry { agents_from: &["shape"], ..ENTRY }), "agents_from: expected an integer argument, found `shape`"),
        (wrong(Entry { agents_from: &["size"], ..ENTRY }), "expected 3 agents with one more `size`, found 2"),
        (wrong(Entry { fps: 0, ..ENTRY }), "expected a pace of one step a second or more"),
        (wrong(Entry { arguments: &[SIZE, SIZE], ..ENTRY }), "found a second `size`"),
        (manual(&[], ONE), "manual: observation: expected a word on 0, found one on 1"),
        (manual(&[], MORE), "manual: observation: expected words on 1 numbers, found them on 5"),
        (manual(ZERO, ZERO), "manual: actions: expected names of what it has, found numbers only"),
        (wrong(Entry { arguments: &[SIZE_OF_NONE], ..ENTRY }), "argument `size`: expected an integer from 1 to 9"),
    ] {
        let found = family.check().unwrap_err();
        assert!(found.contains(told), "{found} does not say {told}");
    }
}

#[test]
fn two_families_of_a_site_share_neither_name_nor_id() {
    const SAME_NAME: Catalog = Catalog::new(&[&[FAMILY], &[FAMILY]]);
    const SAME_ID: Catalog = Catalog::new(&[&[FAMILY], &[Family { name: "other", ..FAMILY }]]);
    assert!(SAME_NAME.check().unwrap_err().contains("found a second `idle`"));
    assert!(SAME_ID.check().unwrap_err().contains("found a second `Idle-v0`"));
}

#[test]
fn families_of_a_site_may_share_a_picture_and_never_a_place_for_two() {
    const fn drawn(name: &'static str, entries: &'static [Entry], artwork: &'static [Artwork]) -> Family {
        Family { name, entries, artwork, make: make_plain, ..FAMILY }
    }
    const ONE: &[Artwork] = &[Artwork::new("a/one.svg", b"<svg/>")];
    const TWO: &[Artwork] = &[Artwork::new("a/one.svg", b"<svg/>"), Artwork::new("a/two.svg", b"<svg/>")];
    const OTHER: &[Artwork] = &[Artwork::new("a/two.svg", b"<svg/>"), Artwork::new("a/one.svg", b"other")];
    const FIRST: &[Entry] = &[Entry { agents: 2, ..Entry::new("First-v0", "", "") }];
    const SECOND: &[Entry] = &[Entry { agents: 2, ..Entry::new("Second-v0", "", "") }];
    const SAME: Catalog = Catalog::new(&[&[drawn("first_1", FIRST, ONE), drawn("second_2", SECOND, TWO)]]);
    const OTHERS: Catalog = Catalog::new(&[&[drawn("first_1", FIRST, ONE)], &[drawn("second_2", SECOND, OTHER)]]);
    const TWICE: &[Artwork] = &[ONE[0], ONE[0]];
    assert_eq!(SAME.check(), Ok(()));
    assert_eq!(OTHERS.check(), Err("expected one picture at a/one.svg, found two that differ".into()));
    assert!(drawn("first_1", FIRST, TWICE).check().unwrap_err().contains("found a second `a/one.svg`"));
    for path in ["a/.hidden", "/a.svg", "a//b.svg", "a/b c.svg", "a/ü.svg", "", "a/"] {
        let artwork: &[Artwork] = Box::leak(Box::new([Artwork::new(path, b"")]));
        let told = drawn("first_1", FIRST, artwork).check().unwrap_err();
        assert!(told.contains(&format!("expected a path below art/, found `{path}`")), "{told}");
    }
    assert_eq!(drawn("first_1", FIRST, const { &[Artwork::new("a-B_9/c.d.svg", b"")] }).check(), Ok(()));
}

/// Its id is whatever is asked for; `walkers` more walk there, and `more` actions more there are of a flag of that name.
fn make_plain(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let read = || {
        let mut arguments = Arguments::new(kwargs);
        let walkers = arguments.integer("walkers", 1..=9, 1)?;
        let more = arguments.bool("more", false)?;
        arguments.number("scale", 0.5)?;
        arguments.choice("colour", &["red", "blue"], "red")?;
        arguments.text("map")?;
        arguments.json("extra");
        arguments.finish().map(|()| (walkers, if more { 5 } else { 3 }))
    };
    Some(read().map(|(walkers, actions)| -> Box<dyn Environment> {
        let agents = 1 + walkers as usize;
        let names = std::iter::once("guide".to_owned()).chain((0..walkers).map(|walker| format!("walker_{walker}")));
        Box::new(Idle(Spec {
            agents: names.collect(),
            action_spaces: vec![Space::discrete(actions); agents],
            observation_spaces: vec![Space::MultiBinary { n: 6 }; agents],
            ..Spec::single(if agents == 2 { id } else { "Plain-v0" }, Space::discrete(3), Space::discrete(1))
        }))
    }))
}

const ARGUMENTS: &[Argument] = &[
    Argument { name: "walkers", kind: ArgumentKind::Integer { min: 1, max: 9, default: 1 }, summary: "How many." },
    Argument { name: "more", kind: ArgumentKind::Bool { default: false }, summary: "Two actions more." },
    Argument { name: "scale", kind: ArgumentKind::Number { default: 0.5 }, summary: "How large." },
    Argument {
        name: "colour",
        kind: ArgumentKind::Choice { choices: &["red", "blue"], default: "red" },
        summary: "Which.",
    },
];
const PLAIN: Entry = Entry {
    agents: 2,
    agents_from: &["walkers"],
    arguments: ARGUMENTS,
    keys: &[&[Binding::discrete("KeyA", 2, "rest"), Binding::discrete("KeyB", 4, "jump")]],
    appearances: &[Appearance::new("Red", 0xff0000), Appearance::new("Blue", 0x00abcd)],
    ..Entry::new("Plain-v0", "Plain", "Walk.")
};
const PLAINS: Family = Family { name: "plain", title: "Plains", entries: &[PLAIN], make: make_plain, artwork: &[] };

fn plain(entry: Entry) -> Result<(), String> {
    Family { entries: vec![entry].leak(), ..PLAINS }.check()
}

#[test]
fn keys_may_be_for_what_a_flag_makes_of_the_actions_and_arguments_take_their_defaults() {
    assert_eq!(PLAINS.check(), Ok(()));
    let without = plain(Entry { arguments: &ARGUMENTS[..1], ..PLAIN }).unwrap_err();
    assert!(without.contains("KeyB: expected an action of some agent, found Discrete(4)"), "{without}");
    for (name, kind) in [
        ("more", ArgumentKind::Number { default: 1.5 }),
        ("scale", ArgumentKind::Bool { default: true }),
        ("colour", ArgumentKind::Choice { choices: &["green"], default: "green" }),
        ("shape", ArgumentKind::Text),
    ] {
        let arguments = vec![ARGUMENTS[0], Argument { name, kind, summary: "" }].leak();
        let told = plain(Entry { arguments, keys: &[], ..PLAIN }).unwrap_err();
        assert!(told.contains(&format!("`{name}`")), "{name}: {told}");
    }
}

#[test]
fn an_expert_that_an_entry_names_has_to_be_there() {
    let told = plain(Entry { expert: Some("plain::expert"), ..PLAIN }).unwrap_err();
    assert!(told.contains("expected an expert as the entry says, found none"), "{told}");
}

#[test]
fn a_manual_that_goes_by_numbers_speaks_of_each_once_and_in_order() {
    let manual = |observation: &'static [Meaning]| {
        plain(Entry { manual: Some(Box::leak(Box::new(Manual { observation, ..Manual::EMPTY }))), ..PLAIN })
    };
    const WHOLE: &[Meaning] = &[Meaning::new("0", "a"), Meaning::new("1–4", "b"), Meaning::new("5", "c")];
    const GAP: &[Meaning] = &[Meaning::new("0", "a"), Meaning::new("2–5", "b")];
    const TWICE: &[Meaning] = &[Meaning::new("0–2", "a"), Meaning::new("2–5", "b")];
    const BACKWARDS: &[Meaning] = &[Meaning::new("0–2", "a"), Meaning::new("3–1", "b")];
    const SHORT: &[Meaning] = &[Meaning::new("0–4", "a")];
    const WORDS: &[Meaning] = &[Meaning::new("0–x", "a")];
    assert_eq!((manual(WHOLE), manual(WORDS), manual(&[])), (Ok(()), Ok(()), Ok(())));
    for (wrong, told) in [
        (GAP, "expected a word on 1, found one on 2"),
        (TWICE, "expected a word on 3, found one on 2"),
        (BACKWARDS, "expected a word on 3, found one on 3"),
        (SHORT, "expected words on 6 numbers, found them on 5"),
    ] {
        let found = manual(wrong).unwrap_err();
        assert!(found.contains(told), "{found} does not say {told}");
    }
}

/// One agent sees what the id says.
fn make_seen(id: &str, _: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let seen = match id {
        "Numbers-v0" => Space::Box(BoxSpace::uniform(0.0, 1.0, &[3], DType::Float32)),
        "Choices-v0" => Space::MultiDiscrete { nvec: vec![9; 3] },
        "Picture-v0" => Space::Box(BoxSpace::uniform(0.0, 1.0, &[3, 1], DType::Float32)),
        "From1-v0" => Space::Discrete { n: 3, start: 1 },
        _ => Space::discrete(3),
    };
    Some(Ok(Box::new(Idle(Spec::single(id, Space::discrete(2), seen)))))
}

#[test]
fn a_manual_can_go_by_the_numbers_of_any_flat_space() {
    const THREE: &[Meaning] = &[Meaning::new("0", "a"), Meaning::new("1–2", "b")];
    const TWO: &[Meaning] = &[Meaning::new("0", "a"), Meaning::new("1", "b")];
    let told = |id, observation| {
        let manual: &Manual = Box::leak(Box::new(Manual { observation, ..Manual::EMPTY }));
        let entries = vec![Entry { keys: &[], manual: Some(manual), ..Entry::new(id, "Seen", "Something is seen.") }];
        Family { name: "seen", entries: entries.leak(), make: make_seen, artwork: &[], ..FAMILY }.check()
    };
    for id in ["Numbers-v0", "Choices-v0", "Three-v0"] {
        assert_eq!(told(id, THREE), Ok(()), "{id}");
        let short = told(id, TWO).unwrap_err();
        assert!(short.contains("expected words on 3 numbers, found them on 2"), "{id}: {short}");
    }
    for id in ["Picture-v0", "From1-v0"] {
        let found = told(id, THREE).unwrap_err();
        assert!(found.contains("expected names of what it has, found numbers only"), "{id}: {found}");
    }
}

#[test]
fn an_action_of_a_page_is_a_member_of_its_space() {
    let spec = Spec::single("Acts-v0", Space::discrete(3), Space::discrete(1));
    let pair = Space::Box(BoxSpace::uniform(-1.0, 1.0, &[2], DType::Float32));
    let value = ActionValue::Box(&[0.5, -1.0]).value(&spec, &pair).unwrap();
    assert_eq!(value, Value::Tensor(Tensor::F32(vec![0.5, -1.0])));
    assert_eq!(ActionValue::Box(&[0.5]).value(&spec, &pair), None);
    assert_eq!(ActionValue::Discrete(2).value(&spec, &Space::discrete(3)), Some(Value::Discrete(2)));
    assert_eq!(ActionValue::Discrete(3).value(&spec, &Space::discrete(3)), None);
    let either = Space::OneOf { spaces: vec![Space::discrete(3), pair] };
    let second = Value::OneOf(1, Box::new(value));
    assert_eq!(ActionValue::Box(&[0.5, -1.0]).value(&spec, &either), Some(second));
}

#[test]
fn the_registry_says_of_each_environment_what_a_page_has_to_know() {
    const CATALOG: Catalog = Catalog::new(&[&[PLAINS], &[Family { name: "idle", ..FAMILY }]]);
    let registry = serde_json::to_value(CATALOG.registry()).unwrap();
    let ids: Vec<_> = registry.as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["Plain-v0", "Idle-v0"]);
    let entry = &registry[0];
    for (name, expected) in [
        ("family", serde_json::json!("plain")),
        ("familyTitle", serde_json::json!("Plains")),
        ("agents", serde_json::json!(2)),
        ("agentNames", serde_json::json!(["guide", "walker_0"])),
        ("agentKinds", serde_json::json!(["walker_"])),
        ("actionSpaces", vec![Space::discrete(3).to_string(); 2].into()),
        ("observationSpaces", vec![Space::MultiBinary { n: 6 }.to_string(); 2].into()),
        ("fps", serde_json::json!(30)),
        ("inputMode", serde_json::json!("pressed_keys")),
        (
            "appearances",
            serde_json::json!([{ "name": "Red", "colour": "#ff0000" }, { "name": "Blue", "colour": "#00abcd" }]),
        ),
    ] {
        assert_eq!(entry[name], expected, "{name}");
    }
    assert_eq!(registry[1]["agentKinds"], serde_json::json!([]), "nothing says how many there are");
}

#[test]
fn an_id_that_nobody_has_is_told_the_nearest_one() {
    const CATALOG: Catalog = Catalog::new(&[&[FAMILY]]);
    for made in [CATALOG.make("idle-v1", &Kwargs::new()), FAMILY.make_env("idle-v1", &Kwargs::new())] {
        let unknown = MakeError::UnknownId { id: "idle-v1".into(), nearest: Some("Idle-v0") };
        assert_eq!(made.err(), Some(unknown));
    }
    assert!(CATALOG.make("Idle-v0", &Kwargs::new()).is_ok());
    let entry = |id| CATALOG.entry(id).map(|entry| entry.id);
    assert_eq!((entry("Idle-v0"), entry("idle-v1")), (Some("Idle-v0"), None));
}

/// One agent's action and observation space are what the id says.
fn make_nothing(id: &str, _: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let nothing = || Space::tuple([Space::None, Space::MultiBinary { n: 0 }]);
    let (actions, seen) = match id {
        "Nothing-v0" => (nothing(), Space::discrete(1)),
        "NoNumber-v0" => (Space::Box(BoxSpace::uniform(0.0, 1.0, &[2, 0], DType::Float32)), Space::discrete(1)),
        "Nothings-v0" => (Space::sequence(nothing()), Space::discrete(1)),
        "SequencesOfNothings-v0" => (Space::sequence(Space::sequence(nothing())), Space::discrete(1)),
        "SeesNothings-v0" => (Space::discrete(2), Space::dict([("seen", Space::optional(Space::sequence(nothing())))])),
        _ => (Space::optional(nothing()), Space::dict([("seen", nothing()), ("all", Space::sequence(Space::Bool))])),
    };
    Some(Ok(Box::new(Idle(Spec::single(id, actions, seen)))))
}

#[test]
fn actions_and_members_of_a_sequence_that_have_no_bytes_are_refused() {
    let told = |id| {
        let entries = vec![Entry { keys: &[], ..Entry::new(id, "Nothing", "Nothing happens.") }];
        Family { name: "nothing", entries: entries.leak(), make: make_nothing, artwork: &[], ..FAMILY }.check()
    };
    let actions = "expected actions of something, such as Discrete(1), found ";
    let members = "expected a Sequence of something, found one of Tuple(";
    for (id, expected) in [
        ("Nothing-v0", [actions, "Tuple("].concat()),
        ("NoNumber-v0", [actions, "Box(float32, shape (2, 0))"].concat()),
        ("Nothings-v0", members.to_owned()),
        ("SequencesOfNothings-v0", members.to_owned()),
        ("SeesNothings-v0", members.to_owned()),
    ] {
        let found = told(id).unwrap_err();
        assert!(found.contains(&expected), "{found} does not say {expected}");
    }
    // Nothing is a member of other spaces, and may be seen.
    assert_eq!(told("Optional-v0"), Ok(()));
}
