//! A model in a seat of a match: bots load it, play with it and as it, and the server computes again what it did, where it has the file.
use std::path::{Path, PathBuf};
use std::time::Duration;

use palaestra_lobby::message::{ClientMessage, Hello, LoadedModel, ModelActions, ServerMessage};
use palaestra_server::{BotOptions, BotPolicy, ExportOptions, ServeOptions, bots, export, start};
use serde_json::Value as Json;
use sha2::Digest;
use tokio::time::timeout;

use crate::client::{Client, Folder, hello, options, record_of};
use crate::game::Game;

const LOBBY: &str = r#"
[lobbies.main]
env_id = "Foraging-8x8-3p-4f-v3"
fps = 60
size = 2
policy = { onnx = "models/recurrent.onnx", manifest = { inputs = { h_in = { state = "h_out" } } }, sample = true }
"#;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/tests/models")
}

/// Two bots play a match; gives what the server found, and the header of the record.
async fn played(
    lobby: &str,
    policy: BotPolicy,
    on_server: Option<PathBuf>,
    seconds: f64,
) -> (palaestra_server::Summary, Option<Json>) {
    let folder = Folder::new();
    let file = folder.0.join("lobbies.toml");
    std::fs::write(&file, lobby).unwrap();
    let data = folder.0.join("data");
    let serves = ServeOptions { lobbies: Some(file), models: on_server, ..options(&data) };
    let server = start(serves, palaestra_envs::CATALOG).await.unwrap();
    let manifest = folder.0.join("manifest.json");
    std::fs::write(&manifest, r#"{"inputs": {"h_in": {"state": "h_out"}}}"#).unwrap();
    let comes = BotOptions {
        url: format!("ws://{}", server.address),
        lobby: "main".into(),
        count: 2,
        policy,
        manifest: Some(manifest),
        models: Some(models()),
        skill: 1.0,
        env: None,
        frames: 150,
        seconds,
        every: 0.0,
        name: "bot".into(),
        secret: None,
        site_version: None,
        apart: false,
        probe: false,
        threads: 1,
    };
    let playing = tokio::task::spawn_blocking(move || bots(&comes, palaestra_envs::CATALOG));
    let summary = timeout(Duration::from_secs(60), playing).await.expect("bots in time").unwrap().unwrap();
    server.stop().await;
    let out = folder.0.join("out");
    export(&ExportOptions { data, database: None, out: out.clone(), lobby: None }, palaestra_envs::CATALOG).unwrap();
    let record = std::fs::read_dir(out.join("records")).unwrap().next().map(|entry| entry.unwrap().path());
    let header = record.map(|path| {
        let text = std::io::read_to_string(flate2::read::MultiGzDecoder::new(std::fs::File::open(path).unwrap()));
        serde_json::from_str(text.unwrap().lines().next().unwrap()).unwrap()
    });
    (summary, header)
}

fn count(summary: &palaestra_server::Summary, what: &str) -> u64 {
    summary.counts.get(what).copied().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_model_did_is_computed_again_or_said_to_be_as_recorded() {
    let own = models().join("recurrent.onnx");
    for (policy, on_server, found) in
        [(BotPolicy::Model(own), Some(models()), "recomputed"), (BotPolicy::Random, None, "recorded")]
    {
        let (summary, header) = played(LOBBY, policy, on_server, 40.0).await;
        assert_eq!((count(&summary, "ended:complete"), count(&summary, "records_verified")), (2, 2), "{summary:?}");
        let header = header.unwrap();
        let events = header["match"]["events"].as_array().unwrap();
        let verified = events.iter().find(|event| event["event"] == "verified").unwrap();
        assert_eq!(verified["model_actions"], found);
        let model = &header["match"]["models"][0];
        assert_eq!((&model["seat"], &model["manifest"]["sample"]), (&2.into(), &true.into()));
        let sha256 = model["sha256"].as_str().unwrap();
        let named = format!("human, human, onnx models/recurrent.onnx sha256:{sha256}");
        assert_eq!(header["policy"], named.as_str());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_is_not_there_keeps_a_bot_from_playing() {
    let lobby = LOBBY.replace("recurrent.onnx", "missing.onnx");
    // The bot that is left would wait on.
    let (summary, header) = played(&lobby, BotPolicy::Random, None, 4.0).await;
    assert_eq!((count(&summary, "ended:complete"), header), (0, None), "{summary:?}");
    assert!(count(&summary, "ended:validation_failed") > 0, "{summary:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn actions_that_are_not_what_the_model_decides_are_found() {
    let folder = Folder::new();
    let file = folder.0.join("lobbies.toml");
    std::fs::write(&file, LOBBY).unwrap();
    let serves = ServeOptions { lobbies: Some(file), models: Some(models()), ..options(&folder.0.join("data")) };
    let server = start(serves, palaestra_envs::CATALOG).await.unwrap();
    let digest = sha2::Sha256::digest(std::fs::read(models().join("recurrent.onnx")).unwrap());
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let manifest = serde_json::json!({"inputs": {"h_in": {"state": "h_out"}}, "sample": true});
    let mut both = Vec::new();
    for name in ["ann", "bob"] {
        let env_id = Some("Foraging-8x8-3p-4f-v3".to_owned());
        both.push(Client::with_hello(&server, Hello { env_id, ..hello(name) }).await);
    }
    for client in &mut both {
        client.matched().await;
        client.open_play(&server).await;
        let model = LoadedModel { seat: 2, sha256: sha256.clone(), manifest: manifest.clone() };
        let match_id = client.match_id();
        client.say(ClientMessage::Ready { match_id, models: vec![model] }).await;
    }
    for client in &mut both {
        client.validate().await;
    }
    for client in &mut both {
        client.started().await;
    }
    // All agents at random: a history that is true of the environment, and not of the model.
    let message = Game::new(both[0].matched.as_ref().unwrap()).play(60);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(60).await;
        client.finish(60).await;
    }
    both[0].ended().await;
    let told = record_of(&mut both[0]).await;
    let ServerMessage::Record { verified, difference, model_actions, .. } = told else { panic!() };
    assert_eq!((verified, model_actions), (Some(false), Some(ModelActions::Recomputed)));
    assert!(difference.unwrap().contains("seat 2: expected what its model decides"));
    server.stop().await;
}
