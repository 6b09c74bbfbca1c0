use std::cell::RefCell;
use std::rc::Rc;

use palaestra_env::policy::{Policy, View};
use palaestra_env::{SeededRng, Value};
use palaestra_envs::CATALOG;
use serde_json::json;

use super::*;
use crate::arguments::BotPolicy;

/// What a policy was asked, in order: nothing for a reset, and for an action what it saw.
type Asked = Rc<RefCell<Vec<Option<Vec<u8>>>>>;

struct Listening(Asked);

impl Policy for Listening {
    fn act(&mut self, view: View<'_>, _: &mut SeededRng, _: &mut Value) {
        let mut seen = ValueWriter::new();
        view.observe(&mut seen);
        self.0.borrow_mut().push(Some(seen.bytes().to_vec()));
    }

    fn reset(&mut self) {
        self.0.borrow_mut().push(None);
    }
}

fn options(policy: BotPolicy) -> BotOptions {
    BotOptions {
        url: String::new(),
        lobby: "main".into(),
        count: 2,
        policy,
        manifest: None,
        models: None,
        skill: 1.0,
        env: None,
        frames: 3 * 6,
        seconds: 40.0,
        every: 0.0,
        name: "bot".into(),
        secret: None,
        site_version: None,
        apart: false,
        probe: false,
        threads: 1,
    }
}

/// Episodes of six frames.
fn matched(seat: u8) -> Matched {
    let seats = [0, 1].map(|seat| json!({"seat": seat, "agent": format!("player_{seat}"), "kind": "person"}));
    let matched = json!({
        "match": "m-1", "number": 1, "seat": seat, "incarnation": 1, "size": 2, "seats": seats, "agents": ["player_0", "player_1"],
        "env_id": "Foraging-8x8-2p-2f-v3", "kwargs": {"max_episode_steps": 6}, "fps": 60.0, "mode": "rollback", "seed": 7, "epoch": 0,
        "input_delay": 2, "dropout": "pause", "play_url": "/play", "ticket": "", "ice_servers": [], "transport": "auto",
        "within_ms": 30_000, "grace_ms": 30_000,
    });
    serde_json::from_value(matched).unwrap()
}

/// Two bots play a match to its end; gives what their policies were asked.
fn played(delay: u8) -> [Asked; 2] {
    let asked = [Asked::default(), Asked::default()];
    let mut players = [0, 1].map(|seat| {
        let mut player = Player::new(CATALOG, &matched(seat), &[], delay, &options(BotPolicy::Random), 0.0).unwrap();
        player.chooser.as_mut().unwrap().policy = Box::new(Listening(Rc::clone(&asked[usize::from(seat)])));
        player.path(0.0, 2, seat);
        player
    });
    for now in (0..4000).map(f64::from) {
        for seat in 0..2_usize {
            if players[seat].due().is_some_and(|due| due <= now) {
                players[seat].tick(now);
            }
            for message in std::mem::take(&mut players[seat].outbox) {
                if let Ok(ToServer::Relay { packet, .. }) = ToServer::read(&message) {
                    players[1 - seat].hears(now, FromServer::Relay { from: seat as u8, packet });
                }
            }
        }
    }
    assert!(players.iter().all(|player| player.ended), "both have played to the end");
    asked
}

#[test]
fn a_policy_is_reset_once_an_episode_and_sees_no_environment_before_its_first_reset() {
    let env = CATALOG.make("Foraging-8x8-2p-2f-v3", &matched(0).kwargs).unwrap();
    for (delay, agent) in [0, 2].into_iter().flat_map(|delay| [(delay, 0), (delay, 1)]) {
        let asked = &played(delay)[agent];
        let asked = asked.borrow();
        let mut made = ValueWriter::new();
        env.observe_as(agent, &mut made);
        assert_eq!(asked[0], None, "delay {delay}: the first thing is a reset");
        assert_eq!(asked.iter().filter(|asked| asked.is_none()).count(), 3, "delay {delay}: {asked:?}");
        assert!(!asked.contains(&Some(made.bytes().to_vec())), "delay {delay}: it saw the environment as made");
        let mut first = CATALOG.make("Foraging-8x8-2p-2f-v3", &matched(0).kwargs).unwrap();
        first.reset(Some(episode_seed(7, 0)), &Default::default()).unwrap();
        let mut begins = ValueWriter::new();
        first.observe_as(agent, &mut begins);
        assert_eq!(asked[1].as_deref(), Some(begins.bytes()), "delay {delay}: then the first state of the episode");
    }
}

#[test]
fn a_model_that_was_trained_with_another_observation_is_refused() {
    let folder = std::env::temp_dir().join(format!("palaestra-bot-manifest-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let manifest = folder.join("manifest.json");
    std::fs::write(&manifest, r#"{"observation": "features"}"#).unwrap();
    let bot = BotOptions { manifest: Some(manifest), ..options(BotPolicy::Model(folder.join("missing.onnx"))) };
    let refused = |observation: Option<&str>| {
        let mut matched = matched(0);
        matched.kwargs.extend(observation.map(|observation| ("observation".to_owned(), observation.into())));
        let env = CATALOG.make(&matched.env_id, &Default::default()).unwrap();
        Chooser::new(&env, &bot, &matched).err().unwrap()
    };
    assert_eq!(refused(None), r#"expected a lobby with "observation": "features", found none"#);
    assert_eq!(refused(Some("lossless")), r#"expected a lobby with "observation": "features", found "lossless""#);
    assert!(!refused(Some("features")).contains("expected a lobby"), "then the file is read");
    std::fs::remove_dir_all(folder).unwrap();
}
