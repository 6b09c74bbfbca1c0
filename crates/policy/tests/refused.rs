//! What does not fit between a model, its manifest and an agent is named.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod table;

use palaestra_env::Kwargs;
use palaestra_policy::{Manifest, ModelPolicy};
use table::file;

fn refusal(env: &str, model: &str, manifest: &str) -> String {
    let env = palaestra_envs::make(env, &Kwargs::new()).unwrap();
    let seated =
        Manifest::parse(manifest).and_then(|manifest| ModelPolicy::new(env.spec(), 0, &file(model), &manifest));
    match seated {
        Ok(_) => panic!("{manifest}: expected a refusal"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_manifest_that_says_nonsense_is_refused_by_the_field() {
    let table = [
        ("[1]", "manifest: expected a JSON object, found other text: "),
        (
            r#"{"sampel": true}"#,
            "manifest: expected an argument among inputs, output, mask, sample, frame_skip, reaction_delay, idle, observation, found `sampel`",
        ),
        (r#"{"sample": 1}"#, "manifest: argument `sample`: expected true or false, found 1"),
        (r#"{"frame_skip": 0}"#, "manifest: argument `frame_skip`: expected an integer from 1 to 1000, found 0"),
        (
            r#"{"inputs": {"input": "obs"}}"#,
            "manifest: argument `inputs.input`: expected \"observation\", \"mask\", \"episode_start\", {\"state\": OUTPUT} or {\"observation\": PART, …}, found \"obs\"",
        ),
        (
            r#"{"inputs": {"input": {"std": [1, 0]}}}"#,
            "manifest: argument `std`: expected a number or numbers that are not 0, found [1,0]",
        ),
        (
            r#"{"output": {"kind": "q"}}"#,
            "manifest: argument `kind`: expected action, logits or probabilities, found \"q\"",
        ),
        (r#"{"idle": [0, 1]}"#, "manifest: argument `idle`: expected 1 numbers, found 2"),
    ];
    for (manifest, expected) in table {
        let found = refusal("CartPole-v1", "sb3_ppo_mlp", manifest);
        assert!(found.starts_with(expected), "expected {expected}\n   found {found}");
    }
}

#[test]
fn a_model_that_does_not_fit_is_refused_by_the_input_or_output() {
    let table = [
        (
            "Acrobot-v1",
            "sb3_ppo_mlp",
            "",
            "input `input`: expected a shape of 6 elements, as the observation has, found float [1, 4]",
        ),
        (
            "CartPole-v1",
            "sb3_sac_mlp",
            r#"{"inputs": {"input": {"stack": 3}}}"#,
            "input `input`: expected a shape of 12 elements, as 3 observations have, found float [1, 8]",
        ),
        (
            "CartPole-v1",
            "cleanrl_c51",
            r#"{"output": "q_values"}"#,
            "output `q_values`: expected a number for each choice: 2 elements",
        ),
        (
            "CartPole-v1",
            "sb3_ppo_mlp",
            r#"{"output": "logits"}"#,
            "output `logits`: expected an output of the model: actions, values, log_prob, found none of this name",
        ),
        (
            "CartPole-v1",
            "sb3_ppo_mlp",
            r#"{"sample": true}"#,
            "output `actions`: expected logits, so that actions can be drawn, found the actions alone",
        ),
        (
            "CartPole-v1",
            "sb3_recurrent_ppo",
            "",
            "input `h_in`: expected an entry in the manifest's `inputs`, found none",
        ),
        (
            "CartPole-v1",
            "sb3_ppo_mlp",
            r#"{"inputs": {"obs": "observation"}}"#,
            "input `obs`: expected an input of the model: input, found none of this name",
        ),
        (
            "CartPole-v1",
            "sb3_recurrent_ppo",
            r#"{"inputs": {"h_in": {"state": "h"}, "c_in": {"state": "c_out"}, "episode_starts": "episode_start"}}"#,
            "input `h_in`: expected the name of an output of the model: logits, h_out, c_out, found `h`",
        ),
        (
            "CartPole-v1",
            "sb3_recurrent_ppo",
            r#"{"inputs": {"h_in": {"state": "logits"}, "c_in": {"state": "c_out"}, "episode_starts": "episode_start"}}"#,
            "output `logits`: expected float [1, 1, 16], as input `h_in` is, found float [1, 2]",
        ),
        (
            "MiniGrid-Empty-8x8-v0",
            "minigrid_cnn",
            "",
            "input `image`: expected one of its parts: image, direction, mission",
        ),
        (
            "MiniGrid-Empty-8x8-v0",
            "minigrid_cnn",
            r#"{"inputs": {"image": {"observation": "picture"}}}"#,
            "input `image`: expected a part among image, direction, mission, found `picture`",
        ),
        (
            "CartPole-v1",
            "sb3_ppo_mlp",
            r#"{"inputs": {"input": {"one_hot": true}}}"#,
            "input `input`: expected a Discrete or MultiDiscrete part to make one-hot",
        ),
        (
            "CartPole-v1",
            "sb3_ppo_mlp",
            r#"{"inputs": {"input": {"channels_first": true}}}"#,
            "input `input`: expected a picture of [height, width, channels] for `channels_first`, found one of 1 dimensions",
        ),
        (
            "CartPole-v1",
            "sb3_ppo_mlp",
            r#"{"mask": "action_mask"}"#,
            "manifest: argument `mask`: expected no part of an observation that has none, found `action_mask`",
        ),
    ];
    for (env, model, manifest, expected) in table {
        let found = refusal(env, model, manifest);
        assert!(found.starts_with(expected), "expected {expected}\n   found {found}");
    }
}

#[test]
fn a_byte_order_mark_before_a_manifest_is_passed_over() {
    assert_eq!(Manifest::parse("\u{feff}{\"sample\": true}").map(|manifest| manifest.sample), Ok(true));
    assert_eq!(Manifest::parse("\u{feff}"), Ok(Manifest::new()));
}
