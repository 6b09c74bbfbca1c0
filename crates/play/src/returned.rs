//! What a reset or a step came to, as messages carry it.
use palaestra_env::{Env, Scene, StateWriter, ValueWriter};
use palaestra_protocol::{Body, Flags};

/// Returns, hash and scene of an environment. Every buffer is kept and used again.
#[derive(Default)]
pub struct Returned {
    returns: ValueWriter,
    state: StateWriter,
    scene: Scene,
    hash: Option<u64>,
}

impl Returned {
    /// With empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what the last reset or step of `env` returned, with its hash and its scene if they are asked for.
    pub fn take(&mut self, env: &Env, flags: Flags) {
        self.returns.clear();
        env.write_returns(&mut self.returns);
        self.hash = flags.hash.then(|| self.hash_of(env));
        if flags.scene {
            env.draw(&mut self.scene);
        } else {
            self.scene.clear();
        }
    }

    /// The hash of an environment's state.
    pub fn hash_of(&mut self, env: &Env) -> u64 {
        self.save(env);
        self.state.hash()
    }

    /// An environment's state.
    pub fn save(&mut self, env: &Env) -> &[u8] {
        self.state.clear();
        env.save(&mut self.state);
        self.state.bytes()
    }

    /// What was saved last.
    pub fn saved(&self) -> &[u8] {
        self.state.bytes()
    }

    /// What was taken in last.
    pub fn returns(&self) -> &[u8] {
        self.returns.bytes()
    }

    /// Its hash, if it was asked for.
    pub fn hash(&self) -> Option<u64> {
        self.hash
    }

    /// Its scene; empty if it was not asked for.
    pub fn scene(&self) -> &[u8] {
        self.scene.bytes()
    }

    /// As the body of a reply.
    pub fn body(&self) -> Body<'_> {
        Body::Returns { returns: self.returns(), hash: self.hash, scene: self.scene() }
    }
}
