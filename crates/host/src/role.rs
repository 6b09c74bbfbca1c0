//! What an environment in a Worker is for: a program that asks, or a game.
use palaestra_env::Env;
use palaestra_play::Port;
use palaestra_play::simulation::GivenPolicies;
use palaestra_protocol::{Body, ErrorCode, Failure, Operation, ProtocolError, ReplyWriter, Request, Stamps};
use wasm_bindgen::JsValue;

use crate::player::Player;
use crate::responder::{Answer, Responder};
use crate::rollouts;
use crate::together::Together;
use crate::together::seam::Wake;

/// Answers every request, and plays what is due. It begins with a program's; the request to play makes a game of it.
pub struct Role {
    player: Player,
    reply: ReplyWriter,
    together: Option<(&'static Together, Wake)>,
    /// For the game that is played.
    policies: GivenPolicies,
    /// Whether what answers a program's requests is there: a Worker that is made for a game does without (`scripts/build/families/split.mjs`).
    answers_programs: bool,
    /// Whether what plays episodes by itself is there.
    rolls_out: bool,
}

impl Role {
    /// With an environment that a program asks.
    pub fn new(responder: Responder) -> Self {
        let player = Player::Program(Box::new(responder));
        Self {
            player,
            reply: ReplyWriter::new(),
            together: None,
            policies: Vec::new(),
            answers_programs: true,
            rolls_out: false,
        }
    }

    /// Its game has these policies for the seats that are set up for one.
    pub fn with_policies(self, policies: GivenPolicies) -> Self {
        Self { policies, ..self }
    }

    /// It is for a game: before that is set up, and where it is refused, nothing is answered but that it is to end.
    pub fn only_plays(&mut self) {
        self.answers_programs = false;
    }

    /// It is for a rollout.
    pub fn rolls_out(&mut self) {
        self.rolls_out = true;
    }

    /// Its games can be those of a match; `wake` is called when something has become due.
    pub(crate) fn plays_together(&mut self, together: &'static Together, wake: Wake) {
        self.together = Some((together, wake));
    }

    /// Answers a message that arrived at `received`; `now` is the same clock. Bytes that are no request are answered with
    /// [`ErrorCode::BadMessage`] and id 0, which no request has. What many steps return is given to `put`, part after part. Says
    /// whether the request was to finish: after its reply there is nothing more.
    pub fn answer(
        &mut self,
        message: &[u8],
        received: f64,
        now: &dyn Fn() -> f64,
        put: &mut dyn FnMut(&[u8]),
    ) -> (Answer<'_>, bool) {
        let request = match Request::read(message) {
            Ok(request) => request,
            Err(error) => return (self.no_request(&error), false),
        };
        let close = request.operation == Operation::Close;
        match request.operation {
            Operation::Play => return (self.play(request, received, now), false),
            Operation::Rollout => return (self.roll_out(request, received, now), false),
            Operation::Join | Operation::Watch => return (self.play_together(request, received, now), false),
            _ => {}
        }
        let programs = matches!(self.player, Player::Program(_)) || request.operation == Operation::Rewind;
        if programs && !self.answers_programs {
            return (self.no_program(&request, received, now), close);
        }
        let answer = match &mut self.player {
            Player::Program(responder) => responder.answer(request, received, now, put),
            Player::Game(port) => Answer { reply: port.answer(request, received, now), parts: false },
            Player::Match(game) => Answer { reply: game.answer(request, received, &now), parts: false },
            Player::Rollouts(_) | Player::Nobody => nobody(&mut self.reply, request),
        };
        (answer, close)
    }

    fn play(&mut self, request: Request<'_>, received: f64, now: &dyn Fn() -> f64) -> Answer<'_> {
        let began = now();
        let played = match std::mem::replace(&mut self.player, Player::Nobody) {
            Player::Program(responder) => self.seat(responder.into_env(), request.payload),
            // A match that came to nothing, or is over: another may follow.
            Player::Match(game) if game.is_free() => {
                let (env, policies) = game.into_parts();
                self.policies = policies;
                self.seat(env, request.payload)
            }
            other => {
                self.player = other;
                Err(Failure::new(ErrorCode::OutOfOrder, "play: the environment is played already"))
            }
        };
        self.done(&request, Stamps { received, began, ended: now() }, &played)
    }

    fn seat(&mut self, env: Env, payload: &[u8]) -> Result<(), Failure> {
        match Port::open(env, payload, std::mem::take(&mut self.policies)) {
            Ok(port) => {
                self.player = Player::Game(Box::new(port));
                Ok(())
            }
            Err(refused) => {
                let (env, failure) = *refused;
                self.player = Player::program(env);
                Err(failure)
            }
        }
    }

    /// Has policies play episodes, for a moment, in a Worker that is for this.
    fn roll_out(&mut self, request: Request<'_>, received: f64, now: &dyn Fn() -> f64) -> Answer<'_> {
        if !self.rolls_out {
            return self.no_program(&request, received, now);
        }
        let began = now();
        let went = rollouts::answer(&mut self.player, request.payload, &mut self.policies, now);
        let stamps = Stamps { received, began, ended: now() };
        let body = match &went {
            Ok(progress) => Body::State(progress),
            Err(Failure { code, message }) => Body::Error { code: *code, message },
        };
        Answer { reply: self.reply.write(request.operation, request.id, stamps, body), parts: false }
    }

    /// Has a match played, or followed.
    fn play_together(&mut self, request: Request<'_>, received: f64, now: &dyn Fn() -> f64) -> Answer<'_> {
        let began = now();
        let given = if let Some((together, wake)) = &self.together {
            let give = if request.operation == Operation::Join { together.join } else { together.watch };
            let before = std::mem::replace(&mut self.player, Player::Nobody);
            let (player, given) = give(before, &request, received, Wake::clone(wake));
            self.player = player;
            given
        } else {
            let message = format!("{}: this family has no games for several people", request.operation.name());
            Err(Failure::new(ErrorCode::OutOfOrder, message))
        };
        self.done(&request, Stamps { received, began, ended: now() }, &given)
    }

    /// What can be answered before a game is set up, where programs are not answered.
    fn no_program(&mut self, request: &Request<'_>, received: f64, now: &dyn Fn() -> f64) -> Answer<'_> {
        let answered = if request.operation == Operation::Close {
            Ok(())
        } else {
            let message = format!("{}: expected a request of a game, in a Worker for games", request.operation.name());
            Err(Failure::new(ErrorCode::OutOfOrder, message))
        };
        self.done(request, Stamps { received, began: received, ended: now() }, &answered)
    }

    fn done(&mut self, request: &Request<'_>, stamps: Stamps, done: &Result<(), Failure>) -> Answer<'_> {
        let body = match done {
            Ok(()) => Body::Done,
            Err(Failure { code, message }) => Body::Error { code: *code, message },
        };
        Answer { reply: self.reply.write(request.operation, request.id, stamps, body), parts: false }
    }

    fn no_request(&mut self, error: &ProtocolError) -> Answer<'_> {
        let message = error.to_string();
        let body = Body::Error { code: ErrorCode::BadMessage, message: &message };
        Answer { reply: self.reply.write(Operation::Step, 0, Stamps::default(), body), parts: false }
    }

    /// Gives a game of a match a connection of the page's. Nothing else takes one.
    pub(crate) fn connect(&mut self, given: &JsValue, now: f64) {
        if let Player::Match(game) = &mut self.player {
            game.connect(given, now);
        }
    }

    /// When [`advance`](Self::advance) will have something to do, if no message comes before.
    pub fn due(&self) -> Option<f64> {
        match &self.player {
            Player::Game(port) => port.due(),
            Player::Match(game) => game.due(),
            Player::Program(_) | Player::Rollouts(_) | Player::Nobody => None,
        }
    }

    /// Plays the next tick of a game if it is due, and gives the message that says so.
    pub fn advance(&mut self, now: &dyn Fn() -> f64) -> Option<&[u8]> {
        match &mut self.player {
            Player::Game(port) => port.advance(now),
            Player::Match(game) => game.advance(&now),
            Player::Program(_) | Player::Rollouts(_) | Player::Nobody => None,
        }
    }
}

fn nobody<'a>(reply: &'a mut ReplyWriter, request: Request<'_>) -> Answer<'a> {
    let message = "expected an environment that waits to be asked, found none";
    let body = match request.operation {
        Operation::Close => Body::Done,
        _ => Body::Error { code: ErrorCode::OutOfOrder, message },
    };
    Answer { reply: reply.write(request.operation, request.id, Stamps::default(), body), parts: false }
}

#[cfg(test)]
#[path = "role_tests.rs"]
mod tests;
