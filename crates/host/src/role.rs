//! What an environment in a Worker is for: a program that asks, or a game.
use palaestra_env::Env;
use palaestra_play::Port;
use palaestra_protocol::{Body, ErrorCode, Failure, Operation, ProtocolError, ReplyWriter, Request, Stamps};

use crate::responder::{Answer, Responder};

/// Answers every request, and plays what is due. It begins with a program's; the request to play makes a game of it.
pub struct Role {
    player: Player,
    reply: ReplyWriter,
}

enum Player {
    Program(Box<Responder>),
    Game(Box<Port>),
    /// Between the one and the other.
    Nobody,
}

impl Role {
    /// With an environment that a program asks.
    pub fn new(responder: Responder) -> Self {
        Self { player: Player::Program(Box::new(responder)), reply: ReplyWriter::new() }
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
        if request.operation == Operation::Play {
            return (self.play(request, received, now), false);
        }
        let answer = match &mut self.player {
            Player::Program(responder) => responder.answer(request, received, now, put),
            Player::Game(port) => Answer { reply: port.answer(request, received, now), parts: false },
            Player::Nobody => nobody(&mut self.reply, request),
        };
        (answer, close)
    }

    fn play(&mut self, request: Request<'_>, received: f64, now: &dyn Fn() -> f64) -> Answer<'_> {
        let began = now();
        let played = match std::mem::replace(&mut self.player, Player::Nobody) {
            Player::Program(responder) => match Port::open(responder.into_env(), request.payload) {
                Ok(port) => {
                    self.player = Player::Game(Box::new(port));
                    Ok(())
                }
                Err(refused) => {
                    let (env, failure) = *refused;
                    self.player = program(env);
                    Err(failure)
                }
            },
            other => {
                self.player = other;
                Err(Failure::new(ErrorCode::OutOfOrder, "play: the environment is played already"))
            }
        };
        let stamps = Stamps { received, began, ended: now() };
        let body = match &played {
            Ok(()) => Body::Done,
            Err(Failure { code, message }) => Body::Error { code: *code, message },
        };
        Answer { reply: self.reply.write(Operation::Play, request.id, stamps, body), parts: false }
    }

    fn no_request(&mut self, error: &ProtocolError) -> Answer<'_> {
        let message = error.to_string();
        let body = Body::Error { code: ErrorCode::BadMessage, message: &message };
        Answer { reply: self.reply.write(Operation::Step, 0, Stamps::default(), body), parts: false }
    }

    /// When [`advance`](Self::advance) will have something to do, if no message comes before.
    pub fn due(&self) -> Option<f64> {
        match &self.player {
            Player::Game(port) => port.due(),
            Player::Program(_) | Player::Nobody => None,
        }
    }

    /// Plays the next tick of a game if it is due, and gives the message that says so.
    pub fn advance(&mut self, now: &dyn Fn() -> f64) -> Option<&[u8]> {
        match &mut self.player {
            Player::Game(port) => port.advance(now),
            Player::Program(_) | Player::Nobody => None,
        }
    }
}

fn program(env: Env) -> Player {
    Player::Program(Box::new(Responder::new(env)))
}

fn nobody<'a>(reply: &'a mut ReplyWriter, request: Request<'_>) -> Answer<'a> {
    let body = Body::Error { code: ErrorCode::OutOfOrder, message: "expected an environment, found none" };
    Answer { reply: reply.write(request.operation, request.id, Stamps::default(), body), parts: false }
}
