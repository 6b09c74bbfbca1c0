//! A game behind messages: bytes in, bytes out. Knows no clock: times come in.
use palaestra_env::{Env, EnvError, Kwargs, StepError, ValueWriter};
use palaestra_protocol::{
    Act, Body, ErrorCode, Failure, Flags, Grant, Key, Operation, ProtocolError, ReplyWriter, Request, Reset, Setup,
    Stamps, Stepped, read_kwargs,
};

use crate::returned::Returned;
use crate::simulation::{GivenPolicies, Simulation};

/// A [`Simulation`] that is told what to do by requests, and tells of its steps by events. Every buffer is kept and used again.
pub struct Port {
    simulation: Simulation,
    setup: Setup,
    flags: Flags,
    returned: Returned,
    actions: ValueWriter,
    reply: ReplyWriter,
    event: Vec<u8>,
}

impl Port {
    /// Seats everybody at an environment, as the payload of [`Operation::Play`] says, and the policies that were given.
    ///
    /// # Errors
    /// The environment, unchanged, and a [`Failure`] for a setup that does not fit it.
    pub fn open(env: Env, payload: &[u8], given: GivenPolicies) -> Result<Self, Box<(Env, Failure)>> {
        let setup = match Setup::read(payload) {
            Ok(setup) => setup,
            Err(error) => return Err(Box::new((env, malformed(Operation::Play, &error)))),
        };
        Self::new(env, setup, given)
    }

    /// Seats everybody at an environment, as a setup says, and the policies that were given.
    ///
    /// # Errors
    /// The environment, unchanged, and a [`Failure`] for a setup that does not fit it.
    pub fn new(env: Env, setup: Setup, given: GivenPolicies) -> Result<Self, Box<(Env, Failure)>> {
        let simulation = Simulation::with_policies(env, &setup, given)?;
        let (returned, actions, reply) = (Returned::new(), ValueWriter::new(), ReplyWriter::new());
        Ok(Self { simulation, flags: setup.flags, setup, returned, actions, reply, event: Vec::new() })
    }

    /// The environment, how its seats were set up, and the policies that came from outside, given away: the game becomes one of a match.
    pub fn into_parts(self) -> (Env, Setup, GivenPolicies) {
        let (env, given) = self.simulation.into_parts(&self.setup);
        (env, self.setup, given)
    }

    /// What it plays.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// Answers a request that arrived at `received`; `now` is the same clock. Every request gets its reply.
    pub fn answer(&mut self, request: Request<'_>, received: f64, now: impl Fn() -> f64) -> &[u8] {
        let Request { operation, id, payload, flags: _ } = request;
        let began = now();
        let done = self.carry_out(operation, payload, received);
        // As a program's reset and every step: the time of what the environment does, not of writing what it returned.
        let stamps = Stamps { received, began, ended: now() };
        if matches!(done, Ok(Done::Began)) {
            self.returned.take(self.simulation.env(), self.flags);
        }
        let body = match &done {
            Ok(Done::Nothing) => Body::Done,
            Ok(Done::Began) => self.returned.body(),
            Ok(Done::Hash(hash)) => Body::Hash(*hash),
            Err(Failure { code, message }) => Body::Error { code: *code, message },
        };
        self.reply.write(operation, id, stamps, body)
    }

    fn carry_out(&mut self, operation: Operation, payload: &[u8], now: f64) -> Result<Done, Failure> {
        let bad = |error: ProtocolError| malformed(operation, &error);
        match operation {
            Operation::Reset => {
                let (seed, options) = read_reset(payload)?;
                self.simulation.reset(now, seed, &options).map_err(|error| refused(&error))?;
                Ok(Done::Began)
            }
            Operation::Grant => {
                self.simulation.grant(now, Grant::read(payload).map_err(bad)?);
                Ok(Done::Nothing)
            }
            Operation::Key => {
                self.simulation.key(now, Key::read(payload).map_err(bad)?);
                Ok(Done::Nothing)
            }
            Operation::Act => {
                self.simulation.act(now, Act::read(payload).map_err(bad)?)?;
                Ok(Done::Nothing)
            }
            Operation::Rewind => self.rewind(payload),
            Operation::Hash => Ok(Done::Hash(self.returned.hash_of(self.simulation.env()))),
            Operation::Close => Ok(Done::Nothing),
            Operation::Step
            | Operation::StepMany
            | Operation::Save
            | Operation::Restore
            | Operation::Play
            | Operation::Join
            | Operation::Start
            | Operation::Control
            | Operation::Leave
            | Operation::Watch
            | Operation::Rollout => {
                let message = format!("expected a request of a game, found {}", operation.name());
                Err(Failure::new(ErrorCode::OutOfOrder, message))
            }
        }
    }

    /// No page asks for it: a Worker that is made for a game does without (`scripts/build/families/split.mjs`).
    #[inline(never)]
    fn rewind(&mut self, payload: &[u8]) -> Result<Done, Failure> {
        let frames = payload
            .try_into()
            .map_err(|_| Failure::new(ErrorCode::BadMessage, "rewind: expected a number of frames in 4 bytes"))?;
        self.simulation.rewind(u32::from_le_bytes(frames))?;
        Ok(Done::Hash(self.returned.hash_of(self.simulation.env())))
    }

    /// When [`advance`](Self::advance) will have something to do, if no request comes before.
    pub fn due(&self) -> Option<f64> {
        self.simulation.due()
    }

    /// Plays the next tick if it is due, and gives the message that says so. A joint action that the environment refuses ends
    /// the game: the message is an error then.
    pub fn advance(&mut self, now: impl Fn() -> f64) -> Option<&[u8]> {
        let played = match self.simulation.advance(now())? {
            Ok(played) => played,
            Err(error) => {
                let Failure { code, message } = refused(&error);
                let body = Body::Error { code, message: &message };
                return Some(self.reply.write(Operation::Step, 0, Stamps::default(), body));
            }
        };
        let times = palaestra_protocol::StepTimes { ended: now(), ..played.times };
        self.returned.take(self.simulation.env(), self.flags);
        self.actions.clear();
        self.simulation.actions().iter().for_each(|action| self.actions.value(action));
        let step = Stepped {
            frame: played.frame,
            confirmed: true,
            times,
            slowed: self.simulation.slowed(),
            actions: self.actions.bytes(),
            returns: self.returned.returns(),
            hash: self.returned.hash(),
            scene: self.returned.scene(),
        };
        step.write(&mut self.event);
        Some(&self.event)
    }
}

/// What a request came to.
enum Done {
    Nothing,
    Began,
    Hash(u64),
}

/// A payload that cannot be read.
pub fn malformed(operation: Operation, error: &ProtocolError) -> Failure {
    Failure::new(ErrorCode::BadMessage, format!("{}: {error}", operation.name()))
}

/// The seed and the options of a reset.
///
/// # Errors
/// [`Failure`] for a payload, or options in it, that cannot be read.
pub fn read_reset(payload: &[u8]) -> Result<(Option<u64>, Kwargs), Failure> {
    let Reset { seed, options } = Reset::read(payload).map_err(|error| malformed(Operation::Reset, &error))?;
    let options = read_kwargs(options)
        .map_err(|error| Failure::new(ErrorCode::BadArgument, format!("reset options: {error}")))?;
    Ok((seed, options))
}

/// What an environment refused, as it crosses.
pub fn refused(error: &EnvError) -> Failure {
    let code = match error {
        EnvError::NotReset | EnvError::Step(StepError::EpisodeOver) => ErrorCode::OutOfOrder,
        EnvError::ActionCount { .. } | EnvError::Action { .. } | EnvError::Step(StepError::Illegal { .. }) => {
            ErrorCode::BadAction
        }
        EnvError::Option(_) => ErrorCode::BadArgument,
    };
    Failure::new(code, error.to_string())
}
