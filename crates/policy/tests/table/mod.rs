//! Which model can play which environment, and how it is told to.
#![allow(dead_code, reason = "each test program uses a part")]
pub(crate) mod game;

use std::path::Path;

use palaestra_env::{Env, Kwargs};
use palaestra_policy::{Manifest, ModelPolicy};

/// A model and its seat.
pub(crate) struct Seat {
    pub(crate) model: &'static str,
    pub(crate) env: &'static str,
    pub(crate) kwargs: &'static str,
    pub(crate) agent: usize,
    pub(crate) manifest: &'static str,
    /// Whether its actions can be drawn.
    pub(crate) samples: bool,
}

const RECURRENT: &str =
    r#"{"inputs": {"h_in": {"state": "h_out"}, "c_in": {"state": "c_out"}, "episode_starts": "episode_start"}}"#;

pub(crate) const SEATS: &[Seat] = &[
    Seat { model: "sb3_ppo_mlp", env: "CartPole-v1", kwargs: "{}", agent: 0, manifest: "", samples: false },
    Seat { model: "sb3_recurrent_ppo", env: "CartPole-v1", kwargs: "{}", agent: 0, manifest: RECURRENT, samples: true },
    Seat {
        model: "sb3_recurrent_ppo",
        env: "CartPole-v1",
        kwargs: "{}",
        agent: 0,
        manifest: r#"{"inputs": {"h_in": {"state": "h_out"}, "c_in": {"state": "c_out"}, "episode_starts": "episode_start",
            "obs": {"observation": "", "mean": [0, 0, 0.1, 0], "std": 0.5, "clip": 2}}, "frame_skip": 2, "reaction_delay": 3}"#,
        samples: true,
    },
    Seat {
        model: "sb3_sac_mlp",
        env: "LunarLanderContinuous-v3",
        kwargs: "{}",
        agent: 0,
        manifest: r#"{"output": {"name": "action", "log_std": "log_std", "rescale": true}}"#,
        samples: true,
    },
    Seat {
        model: "cleanrl_c51",
        env: "MountainCar-v0",
        kwargs: "{}",
        agent: 0,
        manifest: r#"{"inputs": {"x": {"stack": 2, "padding": "zero"}}, "output": "q_values"}"#,
        samples: true,
    },
    Seat {
        model: "kitchen_cnn",
        env: "overcooked_ai/cramped_room",
        kwargs: r#"{"observation": "lossless"}"#,
        agent: 1,
        manifest: r#"{"observation": "lossless", "output": "log_probs"}"#,
        samples: true,
    },
    Seat {
        model: "minigrid_cnn",
        env: "MiniGrid-Empty-8x8-v0",
        kwargs: "{}",
        agent: 0,
        manifest: r#"{"inputs": {"image": {"observation": "image"}, "direction": {"observation": "direction"}}}"#,
        samples: true,
    },
];

pub(crate) fn file(model: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../onnx/tests/models");
    std::fs::read(folder.join(format!("{model}.onnx"))).unwrap()
}

impl Seat {
    pub(crate) fn env(&self) -> Env {
        let kwargs: Kwargs = serde_json::from_str(self.kwargs).unwrap();
        palaestra_envs::make(self.env, &kwargs).unwrap()
    }

    pub(crate) fn policy(&self, env: &Env, sample: bool) -> ModelPolicy {
        let mut manifest = Manifest::parse(self.manifest).unwrap_or_else(|error| panic!("{}: {error}", self.model));
        manifest.sample = sample;
        let policy = ModelPolicy::new(env.spec(), self.agent, &file(self.model), &manifest);
        policy.unwrap_or_else(|error| panic!("{}: {error}", self.model))
    }
}
