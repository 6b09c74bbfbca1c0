//! Models in seats: all browsers have the same, or nobody plays.
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::{Code, Dropout, Hello, LoadedModel, ServerMessage};
use serde_json::{Value as Json, json};

use crate::world::{World, config};

fn lobby(policy: Json) -> LobbyConfig {
    LobbyConfig { size: 2, policy: serde_json::from_value(policy).unwrap(), ..config(3) }
}

fn loaded(seat: u8, digit: &str, manifest: Json) -> LoadedModel {
    LoadedModel { seat, sha256: digit.repeat(64), manifest }
}

/// Two browsers that have loaded this.
fn with(config: LobbyConfig, models: [Vec<LoadedModel>; 2]) -> World {
    let mut world = World::new(config);
    for (index, models) in models.into_iter().enumerate() {
        let browser = world.browser(&format!("p{index}"));
        world.browsers[browser].models = models;
        world.connect(browser);
    }
    world
}

/// What a browser was told, word by word.
fn problem_of(world: &World, browser: usize) -> String {
    let fatal = world.browsers[browser].heard.iter().filter_map(|message| match message {
        ServerMessage::Error { code: Code::WrongModel, message, fatal: true, .. } => Some(message.clone()),
        _ => None,
    });
    fatal.collect()
}

#[test]
fn those_who_have_the_same_model_play_and_it_is_stored_which() {
    let model = loaded(2, "a", json!({"sample": true}));
    let mut world = with(lobby(json!({"onnx": "a.onnx"})), [vec![model.clone()], vec![model.clone()]]);
    assert_eq!(world.playing(), 2);
    let (match_id, _) = world.match_of(0).unwrap();
    let facts = &world.kept_matches[&match_id].facts;
    assert_eq!(facts.models, [model]);
    assert_eq!(facts.name_of(2), format!("onnx a.onnx sha256:{}", "a".repeat(64)));
    // Whoever is loaded again hears which file it was, and looks by itself.
    world.lose(1);
    world.connect(1);
    let told = &world.browsers[1].matched.as_ref().unwrap().seats[2];
    assert_eq!(told.policy.as_ref().unwrap().model().unwrap().sha256, Some("a".repeat(64)));
    // By the lobby's own a page knows which models its `match.policy` is the address of.
    let general = &world.browsers[1].matched.as_ref().unwrap().policy;
    assert_eq!(general.model().unwrap().onnx, "a.onnx");
    world.empty();
}

#[test]
fn where_files_or_manifests_differ_nobody_plays_and_all_hear_why() {
    let plain = || loaded(2, "a", json!({}));
    for (other, word) in
        [(loaded(2, "b", json!({})), "sha256 aaaa"), (loaded(2, "a", json!({"sample": true})), "two that differ")]
    {
        let mut world = with(lobby(json!({"onnx": "a.onnx"})), [vec![plain()], vec![other]]);
        for browser in 0..2 {
            let problem = problem_of(&world, browser);
            assert!(problem.starts_with("agent_2: expected one") && problem.contains(word), "{problem}");
            assert_eq!(world.end_of(browser), Some(Code::WrongModel));
        }
        assert_eq!(world.playing(), 0);
        world.empty();
    }
}

#[test]
fn where_the_lobby_says_which_file_the_one_without_it_goes_and_the_other_waits_on() {
    let config = lobby(json!({"onnx": "a.onnx", "sha256": "a".repeat(64)}));
    let models = [vec![loaded(2, "a", json!({}))], vec![loaded(2, "b", json!({}))]];
    let mut world = with(config, models);
    assert!(problem_of(&world, 1).contains("agent_2: expected the lobby's model with sha256 aaaa"));
    assert_eq!((world.end_of(0), world.end_of(1)), (None, Some(Code::WrongModel)));
    let third = world.browser("p2");
    world.browsers[third].models = vec![loaded(2, "a", json!({}))];
    world.connect(third);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn a_browser_that_says_nothing_of_its_models_does_not_play() {
    let world = with(lobby(json!({"onnx": "a.onnx"})), [vec![loaded(2, "a", json!({}))], vec![]]);
    assert_eq!(problem_of(&world, 1), "expected models for the seats 2, found ");
    let all = vec![loaded(0, "a", json!({})), loaded(1, "a", json!({}))];
    let leavers = LobbyConfig {
        dropout: Dropout::Continue,
        dropout_policy: serde_json::from_value(json!({"onnx": "a.onnx"})).unwrap(),
        ..config(2)
    };
    // A model that takes a leaver's seat has to be there for each of them.
    assert_eq!(with(leavers, [all.clone(), all]).playing(), 2);
}

#[test]
fn pages_that_ask_for_other_models_than_the_lobby_has_are_refused() {
    let refused = |change: fn(&mut Hello)| {
        let seats = [("agent_2".to_owned(), serde_json::from_value(json!("random")).unwrap())];
        let mut config = lobby(json!({"onnx": "a.onnx", "sha256": "a".repeat(64)}));
        config.seats = seats.into_iter().collect();
        let mut world = World::new(config);
        let browser = world.browser("somebody");
        change(&mut world.browsers[browser].hello);
        world.connect(browser);
        world.errors_of(browser)
    };
    assert_eq!(refused(|_| {}), []);
    let elsewhere = |hello: &mut Hello| hello.policy = serde_json::from_value(json!({"onnx": "b.onnx"})).unwrap();
    assert_eq!(refused(elsewhere), [], "an address is each page's own");
    let drawn = |hello: &mut Hello| {
        hello.policy = serde_json::from_value(json!({"onnx": "a.onnx", "sample": true})).unwrap();
    };
    assert_eq!(refused(drawn), [Code::WrongEnvironment]);
    let other = |hello: &mut Hello| {
        hello.policy = serde_json::from_value(json!({"onnx": "a.onnx", "sha256": "b".repeat(64)})).unwrap();
    };
    assert_eq!(refused(other), [Code::WrongEnvironment]);
    let seat = |hello: &mut Hello| hello.seats = serde_json::from_value(json!({"agent_2": "idle"})).unwrap();
    assert_eq!(refused(seat), [Code::WrongEnvironment]);
    let nobody = |hello: &mut Hello| hello.seats = serde_json::from_value(json!({"agent_7": "random"})).unwrap();
    assert_eq!(refused(nobody), [Code::WrongEnvironment]);
    let goes_on = |hello: &mut Hello| hello.dropout = Some(Dropout::Continue);
    assert_eq!(refused(goes_on), [Code::WrongEnvironment]);
    let of_a_person = [("agent_0".to_owned(), serde_json::from_value(json!("random")).unwrap())];
    let config = LobbyConfig { seats: of_a_person.into_iter().collect(), ..lobby(json!("idle")) };
    assert!(config.check().unwrap_err().problem.contains("(agent_2), found agent_0"));
}
