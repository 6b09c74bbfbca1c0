//! Requests about one environment to replies.
use palaestra_env::{Env, RestoreError, Spec, Value, ValueReader};
use palaestra_play::port::{read_reset, refused};
use palaestra_play::returned::Returned;
use palaestra_protocol::{Body, ErrorCode, Failure, Flags, Operation, ReplyWriter, Request, Stamps};

use crate::actions::{bad_actions, read_actions};
use crate::step_many::{ManySteps, StepManyBuffers};

/// Holds one environment and answers requests about it. Every buffer is kept and used again.
pub struct Responder {
    env: Env,
    actions: Vec<Value>,
    returned: Returned,
    many: StepManyBuffers,
    reply: ReplyWriter,
}

/// A reply to a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer<'a> {
    /// The reply's bytes.
    pub reply: &'a [u8],
    /// The parts that were put out while it was worked at belong to the reply, and follow it.
    pub parts: bool,
}

/// What the work came to, before it is written as a reply.
enum Work {
    Returned,
    ReturnedMany,
    Saved,
    Hashed(u64),
    Done,
}

impl Responder {
    /// Answers for `env`.
    pub fn new(env: Env) -> Self {
        let actions = env.spec().action_spaces.iter().map(Value::blank).collect();
        let many = StepManyBuffers::new(env.spec());
        Self { env, actions, returned: Returned::new(), many, reply: ReplyWriter::new() }
    }

    /// The environment's spec.
    pub fn spec(&self) -> &Spec {
        self.env.spec()
    }

    /// The environment, given away.
    pub fn into_env(self) -> Env {
        self.env
    }

    /// Answers a request that arrived at `received`; `now` is the same clock. What many steps return is given to `put`, part after
    /// part.
    ///
    /// In a Worker that plays a game this and all that only this needs are not there: see `scripts/build/families/split.mjs`.
    #[inline(never)]
    pub fn answer(
        &mut self,
        request: Request<'_>,
        received: f64,
        now: &dyn Fn() -> f64,
        put: &mut dyn FnMut(&[u8]),
    ) -> Answer<'_> {
        let Request { operation, flags, id, payload } = request;
        let began = now();
        let work = self.carry_out(operation, flags, payload, put);
        let stamps = Stamps { received, began, ended: now() };
        if matches!(work, Ok(Work::Returned)) {
            self.returned.take(&self.env, flags);
        }
        let parts = matches!(work, Ok(Work::ReturnedMany));
        let body = match &work {
            Ok(Work::Returned) => self.returned.body(),
            Ok(Work::ReturnedMany) => self.many.body(self.env.spec().agents.len()),
            Ok(Work::Saved) => Body::State(self.returned.saved()),
            Ok(Work::Hashed(hash)) => Body::Hash(*hash),
            Ok(Work::Done) => Body::Done,
            Err(Failure { code, message }) => Body::Error { code: *code, message },
        };
        Answer { reply: self.reply.write(operation, id, stamps, body), parts }
    }

    fn carry_out(
        &mut self,
        operation: Operation,
        flags: Flags,
        payload: &[u8],
        put: &mut dyn FnMut(&[u8]),
    ) -> Result<Work, Failure> {
        match operation {
            Operation::Step => self.step(payload),
            Operation::StepMany => {
                let Self { env, actions, returned, many: buffers, .. } = self;
                ManySteps { env, actions, returned, buffers }.play(payload, flags, put)?;
                Ok(Work::ReturnedMany)
            }
            Operation::Reset => self.reset(payload),
            Operation::Save | Operation::Restore if !self.env.can_save() => {
                let message = "expected an environment that can save its state, found one that cannot";
                Err(Failure::new(ErrorCode::Unsupported, message))
            }
            Operation::Save => {
                self.returned.save(&self.env);
                // An environment in Python has states as long as its author makes them, and none that is longer is taken back.
                let (most, found) = (Env::MOST_STATE_BYTES, self.returned.saved().len());
                if found <= most {
                    return Ok(Work::Saved);
                }
                let error = RestoreError::TooLong { most, found };
                Err(Failure::new(ErrorCode::BadState, error.to_string()))
            }
            Operation::Restore => match self.env.restore(payload) {
                Ok(()) => Ok(Work::Done),
                Err(error) => Err(Failure::new(ErrorCode::BadState, error.to_string())),
            },
            Operation::Hash => Ok(Work::Hashed(self.returned.hash_of(&self.env))),
            Operation::Close => Ok(Work::Done),
            Operation::Play
            | Operation::Grant
            | Operation::Key
            | Operation::Rewind
            | Operation::Join
            | Operation::Start
            | Operation::Control
            | Operation::Leave
            | Operation::Watch
            | Operation::Act
            | Operation::Rollout => {
                let message = format!("expected a request about an environment, found {}", operation.name());
                Err(Failure::new(ErrorCode::OutOfOrder, message))
            }
        }
    }

    fn reset(&mut self, payload: &[u8]) -> Result<Work, Failure> {
        let (seed, options) = read_reset(payload)?;
        self.env.reset(seed, &options).map_err(|error| refused(&error))?;
        Ok(Work::Returned)
    }

    fn step(&mut self, payload: &[u8]) -> Result<Work, Failure> {
        let mut reader = ValueReader::new(payload);
        read_actions(self.env.spec(), &mut reader, &mut self.actions)?;
        reader.finish().map_err(|error| bad_actions(&error))?;
        self.env.step(&self.actions).map_err(|error| refused(&error))?;
        Ok(Work::Returned)
    }
}

#[cfg(test)]
#[path = "responder_tests.rs"]
mod tests;
