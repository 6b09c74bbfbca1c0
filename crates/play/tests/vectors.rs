//! Messages and rows with what they mean, in `vectors.json`: both languages read the same file. Here it is written and read by Rust,
//! in `scripts/vectors.test.mjs` by the page's JavaScript. After a change: `PALAESTRA_WRITE=1 cargo test -p palaestra-play --test vectors`.
#![allow(clippy::unwrap_used, reason = "a test's own")]
use std::fmt::Write;
use std::path::Path;

use palaestra_env::environment::{Outcome, Phase};
use palaestra_env::returns::Returns;
use palaestra_env::{BoxSpace, DType, Sharing, Space, Spec, Tensor, Value, ValueReader, ValueWriter};
use palaestra_protocol::{
    Body, ErrorCode, Flags, Operation, Reply, ReplyWriter, Request, RequestWriter, RowReader, RowWriter, Stamps,
};
use serde_json::{Value as Json, json};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn bytes_of(text: &Json) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// One agent, numbers only: every step returns the same few bytes.
fn plain() -> Spec {
    let observation = Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, f64::INFINITY, &[2], DType::Float32));
    Spec { max_episode_steps: Some(500), ..Spec::single("Plain-v0", Space::discrete(3), observation) }
}

/// Two agents, and every kind of space.
fn varied() -> Spec {
    let observation = Space::dict([
        ("text", Space::Text { min_length: 0, max_length: 9, charset: Some("aé".into()) }),
        ("some", Space::optional(Space::MultiBinary { n: 2 })),
        ("many", Space::sequence(Space::tuple([Space::Discrete { n: 3, start: -1 }, Space::Bool]))),
        ("grid", Space::Box(BoxSpace::uniform(0.0, 255.0, &[2, 2], DType::Uint8))),
        ("pair", Space::MultiDiscrete { nvec: vec![2, 7] }),
    ]);
    let action = Space::OneOf { spaces: vec![Space::discrete(6), Space::MultiBinary { n: 3 }, Space::None] };
    let (agents, per_agent) = (vec!["agent_0".to_owned(), "agent_1".to_owned()], Sharing::PerAgent);
    Spec {
        agents,
        action_spaces: vec![action; 2],
        observation_spaces: vec![observation.clone(); 2],
        step_info: Space::dict([("lives", Space::discrete(9))]),
        observation: per_agent,
        reward: per_agent,
        ..Spec::single("Varied-v0", Space::None, observation)
    }
}

fn plain_step(step: u8) -> (Returns, Json) {
    let (first, second) = (f32::from(step) * 0.5, -1.0);
    let mut outcome = Outcome::new(1);
    outcome.share(f64::from(step) + 0.25, step == 2, false);
    let observations = vec![Value::Tensor(Tensor::F32(vec![first, second]))];
    let value = json!({
        "observation": [first, second], "reward": f64::from(step) + 0.25,
        "terminated": step == 2, "truncated": false, "info": {},
    });
    (Returns { outcome, observations, info: Value::Dict(vec![]) }, value)
}

fn varied_step(step: u8) -> (Returns, Json) {
    let mut outcome = Outcome::new(2);
    (outcome.rewards, outcome.truncated) = (vec![-1.5, f64::from(step)], vec![false, true]);
    let observation = |text: &str, bits: Option<[u8; 2]>| {
        let some = match bits {
            None => Value::OneOf(0, Box::new(Value::None)),
            Some(bits) => Value::OneOf(1, Box::new(Value::MultiBinary(bits.to_vec()))),
        };
        let many = Value::Sequence(vec![Value::Tuple(vec![Value::Discrete(-1), Value::Bool(true)]); usize::from(step)]);
        let grid = Value::Tensor(Tensor::U8(vec![step, 0, 255, 1]));
        Value::Dict(vec![Value::Text(text.into()), some, many, grid, Value::MultiDiscrete(vec![1, 6])])
    };
    let seen = |text: &str, some: Json| {
        let many = vec![json!([-1, true]); usize::from(step)];
        json!({"text": text, "some": some, "many": many, "grid": [step, 0, 255, 1], "pair": [1, 6]})
    };
    let value = json!({
        "observation": {"agent_0": seen("é", Json::Null), "agent_1": seen("aa", json!([0, 1]))},
        "reward": {"agent_0": -1.5, "agent_1": f64::from(step)},
        "terminated": {"agent_0": false, "agent_1": false},
        "truncated": {"agent_0": false, "agent_1": true},
        "info": {"lives": 4},
    });
    let observations = vec![observation("é", None), observation("aa", Some([0, 1]))];
    (Returns { outcome, observations, info: Value::Dict(vec![Value::Discrete(4)]) }, value)
}

/// As `Env::write_returns` writes them.
fn written(returns: &Returns) -> Vec<u8> {
    let mut out = ValueWriter::new();
    let Outcome { rewards, terminated, truncated } = &returns.outcome;
    for ((reward, terminated), truncated) in rewards.iter().zip(terminated).zip(truncated) {
        out.f64s(&[*reward]);
        out.u8s(&[u8::from(*terminated) | u8::from(*truncated) << 1]);
    }
    returns.observations.iter().for_each(|observation| out.value(observation));
    out.value(&returns.info);
    out.bytes().to_vec()
}

const STAMPS: Stamps = Stamps { received: 1.5, began: 2.0, ended: 2.25 };

fn specs() -> Vec<Json> {
    let space = |kind: &str| json!({"type": kind});
    let varied_value = json!({
        "type": "Dict", "spaces": {
            "text": {"type": "Text", "min_length": 0, "max_length": 9, "charset": "aé"},
            "some": {"type": "OneOf", "spaces": [space("None"), {"type": "MultiBinary", "n": 2}]},
            "many": {"type": "Sequence", "space": {"type": "Tuple", "spaces": [
                {"type": "Discrete", "n": 3, "start": -1}, space("Bool"),
            ]}},
            "grid": {"type": "Box", "low": [0], "high": [255], "shape": [2, 2], "dtype": "uint8"},
            "pair": {"type": "MultiDiscrete", "nvec": [2, 7]},
        },
    });
    vec![
        json!({"spec": hex(&plain().to_bytes()), "id": "Plain-v0", "agents": ["agent_0"], "maxEpisodeSteps": 500,
            "reward": "shared", "actionSpace": {"type": "Discrete", "n": 3, "start": 0}}),
        json!({"spec": hex(&varied().to_bytes()), "id": "Varied-v0", "agents": ["agent_0", "agent_1"],
            "reward": "per_agent", "observationSpace": varied_value}),
    ]
}

fn actions() -> Vec<Json> {
    let vector = |spec: &Spec, action: Json, values: &[Value]| {
        let mut bytes = ValueWriter::new();
        values.iter().for_each(|value| bytes.value(value));
        let mut reader = ValueReader::new(bytes.bytes());
        let read: Vec<Value> = spec.action_spaces.iter().map(|space| reader.read(space).unwrap()).collect();
        assert_eq!((&read[..], reader.left()), (values, 0));
        json!({"spec": hex(&spec.to_bytes()), "action": action, "bytes": hex(bytes.bytes())})
    };
    let one_of = |index, value| Value::OneOf(index, Box::new(value));
    vec![
        vector(&plain(), json!(2), &[Value::Discrete(2)]),
        vector(
            &varied(),
            json!({"agent_0": 5, "agent_1": [1, 0, 1]}),
            &[one_of(0, Value::Discrete(5)), one_of(1, Value::MultiBinary(vec![1, 0, 1]))],
        ),
        vector(
            &varied(),
            json!({"agent_0": null, "agent_1": 0}),
            &[one_of(2, Value::None), one_of(0, Value::Discrete(0))],
        ),
    ]
}

fn requests() -> Vec<Json> {
    let vector = |(number, operation): (usize, &Operation)| {
        let flags = Flags { scene: number % 2 == 1, autoreset: number % 3 == 1, hash: number % 5 == 1 };
        let (id, payload) = (0xdead_0000 + number as u32, [1, 2, 3]);
        let mut writer = RequestWriter::new();
        let bytes = writer.write(*operation, flags, id, &payload);
        assert_eq!(Request::read(bytes), Ok(Request { operation: *operation, flags, id, payload: &payload }));
        json!({"operation": operation.name(), "scene": flags.scene, "autoreset": flags.autoreset, "hash": flags.hash,
            "id": id, "payload": hex(&payload), "bytes": hex(bytes)})
    };
    Operation::ALL.iter().enumerate().map(vector).collect()
}

fn errors() -> Vec<Json> {
    let vector = |code: &ErrorCode| {
        let body = Body::Error { code: *code, message: "found é" };
        let mut writer = ReplyWriter::new();
        let bytes = writer.write(Operation::Step, 7, STAMPS, body);
        assert_eq!(Reply::read(bytes, Flags::default()), Ok(Reply { id: 7, stamps: STAMPS, body }));
        json!({"code": code.name(), "message": "found é", "id": 7, "bytes": hex(bytes)})
    };
    ErrorCode::ALL.iter().map(vector).collect()
}

fn returns() -> Vec<Json> {
    let vector = |spec: &Spec, (returns, value): (Returns, Json)| {
        let bytes = written(&returns);
        assert_eq!(Returns::read(spec, Phase::Step, &bytes), Ok(returns));
        json!({"spec": hex(&spec.to_bytes()), "step": value, "bytes": hex(&bytes)})
    };
    vec![vector(&plain(), plain_step(2)), vector(&varied(), varied_step(0)), vector(&varied(), varied_step(3))]
}

/// Many steps: so many that rows reach over the end of a block.
fn many(spec: &Spec, step: fn(u8) -> (Returns, Json), in_rows: bool) -> Json {
    let steps: Vec<(Returns, Json)> = (0..70).map(|index| step(index % 5)).collect();
    let (mut rows, mut part, mut blocks, mut begin) = (RowWriter::default(), Vec::new(), Vec::new(), 0);
    for (index, (returns, _)) in steps.iter().enumerate() {
        if !in_rows {
            part.extend(written(returns));
            continue;
        }
        rows.write(&written(returns), &mut part);
        if (index + 1) % RowWriter::BLOCK as usize == 0 || index + 1 == steps.len() {
            blocks.push(u32::try_from(part.len() - begin).unwrap().to_le_bytes());
            begin = part.len();
            rows.start();
        }
    }
    if in_rows {
        let mut reader = RowReader::new(&part);
        for (index, (returns, _)) in steps.iter().enumerate() {
            if index % RowWriter::BLOCK as usize == 0 {
                reader.start();
            }
            assert_eq!(reader.read().unwrap(), written(returns), "{index}");
        }
        assert!(!reader.more());
    }
    let rewards: Vec<f64> = steps.iter().flat_map(|(returns, _)| returns.outcome.rewards.clone()).collect();
    let reward_bytes: Vec<[u8; 8]> = rewards.iter().map(|reward| reward.to_le_bytes()).collect();
    let stride = if in_rows { 0 } else { written(&steps[0].0).len() as u32 };
    let agents = spec.agents.len() as u32;
    let body = Body::Many { count: 70, agents, stride, rewards: &reward_bytes, blocks: &blocks, hashes: &[] };
    let mut writer = ReplyWriter::new();
    let head = writer.write(Operation::StepMany, 9, STAMPS, body);
    assert_eq!(Reply::read(head, Flags::default()), Ok(Reply { id: 9, stamps: STAMPS, body }));
    let middle = if in_rows { part.len() - bytes_len(&blocks[1]) } else { 35 * stride as usize };
    let steps: Vec<&Json> = steps.iter().map(|(_, value)| value).collect();
    json!({"spec": hex(&spec.to_bytes()), "head": hex(head), "parts": [hex(&part[..middle]), hex(&part[middle..])],
        "rewards": rewards, "steps": steps})
}

fn bytes_len(block: &[u8; 4]) -> usize {
    u32::from_le_bytes(*block) as usize
}

#[test]
fn the_vectors_are_what_rust_writes_and_reads() {
    let vectors = json!({
        "about": "Written by crates/play/tests/vectors.rs, which says how. Bytes are hexadecimal.",
        "specs": specs(),
        "actions": actions(),
        "requests": requests(),
        "errors": errors(),
        "returns": returns(),
        "many": [many(&plain(), plain_step, false), many(&varied(), varied_step, true)],
    });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors.json");
    if std::env::var_os("PALAESTRA_WRITE").is_some() {
        std::fs::write(&path, serde_json::to_string(&vectors).unwrap() + "\n").unwrap();
    }
    let found: Json = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    // One after another: which of them differs is told by its list.
    for (name, list) in vectors.as_object().unwrap() {
        assert_eq!(found.get(name), Some(list), "{name}: run it again with PALAESTRA_WRITE=1");
    }
    for vector in found["specs"].as_array().unwrap() {
        let spec = Spec::from_bytes(&bytes_of(&vector["spec"])).unwrap();
        assert_eq!(spec.id, vector["id"].as_str().unwrap());
    }
}
