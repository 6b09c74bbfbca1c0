//! Requests to replies.
use palaestra_env::codec::DecodeError;
use palaestra_env::{Env, EnvError, Kwargs, Scene, Spec, StateWriter, StepError, Value, ValueReader, ValueWriter};
use palaestra_protocol::{Body, ErrorCode, Flags, Operation, ReplyWriter, Request, Stamps};

use crate::many::Many;

/// Holds one environment and answers requests about it. Every buffer is kept and used again.
pub struct Responder {
    pub(crate) env: Env,
    pub(crate) actions: Vec<Value>,
    returns: ValueWriter,
    state: StateWriter,
    pub(crate) many: Many,
    scene: Scene,
    reply: ReplyWriter,
}

/// A reply, and what becomes of the Worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer<'a> {
    /// The reply's bytes.
    pub reply: &'a [u8],
    /// The parts that were put out while it was worked at belong to the reply, and follow it.
    pub parts: bool,
    /// The request was to finish: after this reply there is nothing more.
    pub last: bool,
}

/// What the work came to, before it is written as a reply.
pub(crate) enum Work {
    Returned,
    ReturnedMany,
    Saved,
    Hashed(u64),
    Done,
    Refused(ErrorCode, String),
}

impl Responder {
    /// Answers for `env`.
    pub fn new(env: Env) -> Self {
        let actions = env.spec().action_spaces.iter().map(Value::blank).collect();
        let many = Many::new(env.spec());
        Self {
            env,
            actions,
            returns: ValueWriter::new(),
            state: StateWriter::new(),
            many,
            scene: Scene::new(),
            reply: ReplyWriter::new(),
        }
    }

    /// The environment's spec.
    pub fn spec(&self) -> &Spec {
        self.env.spec()
    }

    /// Answers a request that arrived at `received` at once, also a step that is due later: whoever calls has waited. `now` is
    /// the same clock. Bytes that are no request are answered with [`ErrorCode::BadMessage`] and id 0, which no request has. What many steps return is given to `put`, part after part.
    pub fn answer(
        &mut self,
        request: &[u8],
        received: f64,
        now: impl Fn() -> f64,
        put: impl FnMut(&[u8]),
    ) -> Answer<'_> {
        let request = match Request::read(request) {
            Ok(request) => request,
            Err(error) => {
                let reply = self.refuse(0, ErrorCode::BadMessage, &error.to_string());
                return Answer { reply, parts: false, last: false };
            }
        };
        let Request { operation, flags, id, due, payload } = request;
        let serial = due.map_or(0, |due| due.serial);
        let began = now();
        let work = match operation {
            Operation::Step => self.step(payload),
            Operation::StepMany => self.step_many(payload, flags, put),
            Operation::Save => self.save(),
            Operation::Restore => match self.env.restore(payload) {
                Ok(()) => Work::Done,
                Err(error) => Work::Refused(ErrorCode::BadState, error.to_string()),
            },
            Operation::Hash => Work::Hashed(self.hash()),
            Operation::Close => Work::Done,
            Operation::Reset => {
                Work::Refused(ErrorCode::BadMessage, "expected a reset as an object with its options".into())
            }
        };
        let stamps = Stamps { received, began, ended: now() };
        let parts = matches!(work, Work::ReturnedMany);
        let reply = self.write(operation, id, serial, flags, stamps, work);
        Answer { reply, parts, last: operation == Operation::Close }
    }

    /// Answers a reset, which comes with options of any shape and so not as bytes.
    pub fn reset(
        &mut self,
        id: u32,
        seed: Option<u64>,
        options: &Kwargs,
        flags: Flags,
        received: f64,
        now: impl Fn() -> f64,
    ) -> &[u8] {
        let began = now();
        let work = match self.env.reset(seed, options) {
            Ok(()) => self.returned(),
            Err(error) => refused(&error),
        };
        let stamps = Stamps { received, began, ended: now() };
        self.write(Operation::Reset, id, 0, flags, stamps, work)
    }

    /// An error in reply to a request that could not be read, by its number if that much could be: otherwise 0, which no
    /// request has.
    pub fn refuse(&mut self, id: u32, code: ErrorCode, message: &str) -> &[u8] {
        self.reply.write(Operation::Step, id, 0, Stamps::default(), Body::Error { code, message })
    }

    fn step(&mut self, payload: &[u8]) -> Work {
        let mut reader = ValueReader::new(payload);
        if let Err(error) = self.read_actions(&mut reader).and_then(|()| reader.finish()) {
            return malformed(&error);
        }
        match self.env.step(&self.actions) {
            Ok(_) => self.returned(),
            Err(error) => refused(&error),
        }
    }

    pub(crate) fn read_actions(&mut self, reader: &mut ValueReader<'_>) -> Result<(), DecodeError> {
        let spaces = &self.env.spec().action_spaces;
        spaces.iter().zip(&mut self.actions).try_for_each(|(space, action)| reader.read_into(space, action))
    }

    fn returned(&mut self) -> Work {
        self.returns.clear();
        self.env.write_returns(&mut self.returns);
        Work::Returned
    }

    fn save(&mut self) -> Work {
        self.state.clear();
        self.env.save(&mut self.state);
        Work::Saved
    }

    pub(crate) fn hash(&mut self) -> u64 {
        self.state.clear();
        self.env.save(&mut self.state);
        self.state.hash()
    }

    fn write(&mut self, operation: Operation, id: u32, serial: u16, flags: Flags, stamps: Stamps, work: Work) -> &[u8] {
        let returned = matches!(work, Work::Returned);
        let hash = (returned && flags.hash).then(|| self.hash());
        if returned && flags.scene {
            self.env.draw(&mut self.scene);
        } else {
            self.scene.clear();
        }
        let (returns, scene) = (self.returns.bytes(), self.scene.bytes());
        let body = match &work {
            Work::Returned => Body::Returns { returns, hash, scene },
            Work::ReturnedMany => self.many.body(self.env.spec().agents.len()),
            Work::Saved => Body::State(self.state.bytes()),
            Work::Hashed(hash) => Body::Hash(*hash),
            Work::Done => Body::Done,
            Work::Refused(code, message) => Body::Error { code: *code, message },
        };
        self.reply.write(operation, id, serial, stamps, body)
    }
}

pub(crate) fn malformed(error: &DecodeError) -> Work {
    Work::Refused(ErrorCode::BadMessage, format!("actions: {error}"))
}

pub(crate) fn refused(error: &EnvError) -> Work {
    let code = match error {
        EnvError::NotReset | EnvError::Step(StepError::EpisodeOver) => ErrorCode::OutOfOrder,
        EnvError::ActionCount { .. } | EnvError::Action { .. } | EnvError::Step(StepError::Illegal { .. }) => {
            ErrorCode::BadAction
        }
        EnvError::Option(_) => ErrorCode::BadArgument,
    };
    Work::Refused(code, error.to_string())
}

#[cfg(test)]
#[path = "responder_tests.rs"]
mod tests;
