//! What the page asks of a game of a match.
use palaestra_protocol::together::{Control, EndReason, Start, Told};
use palaestra_protocol::{Act, Body, ErrorCode, Failure, Key, Motion, Operation, ProtocolError, Request, Stamps};
use palaestra_rollback::{Event, Options, Peer, World};

use super::port::MatchPort;
use super::setting::delay;
use crate::keyboard::Stroke;
use crate::port::malformed;
use crate::simulation::seats::play;

/// The longest that a start may lie ahead.
const LONGEST_START_MS: f64 = 60_000.0;

/// What a request came to.
enum Done {
    Nothing,
    Hash(u64),
}

impl MatchPort {
    /// Answers a request that arrived at `received`; `now` is the same clock. Every request gets its reply.
    pub fn answer(&mut self, request: Request<'_>, received: f64, now: impl Fn() -> f64) -> &[u8] {
        let Request { operation, id, payload, flags: _ } = request;
        let began = now();
        let done = self.carry_out(operation, payload, received);
        let stamps = Stamps { received, began, ended: now() };
        let body = match &done {
            Ok(Done::Nothing) => Body::Done,
            Ok(Done::Hash(hash)) => Body::Hash(*hash),
            Err(Failure { code, message }) => Body::Error { code: *code, message },
        };
        self.reply.write(operation, id, stamps, body)
    }

    fn carry_out(&mut self, operation: Operation, payload: &[u8], now: f64) -> Result<Done, Failure> {
        let bad = |error: ProtocolError| malformed(operation, &error);
        match operation {
            Operation::Key => self.key(Key::read(payload).map_err(bad)?, now),
            Operation::Act => self.input(Act::read(payload).map_err(bad)?, now)?,
            Operation::Start => self.begin(Start::read(payload).map_err(bad)?, now)?,
            Operation::Control => self.control(Control::read(payload).map_err(bad)?, now)?,
            Operation::Leave => self.leave(now),
            // The last word: what was confirmed is sent now or never.
            Operation::Close => self.history.advance(now, true, |message| self.out.server(message)),
            // It crossed with the message that made this a match: nobody grants here.
            Operation::Grant => {}
            Operation::Hash => return Ok(Done::Hash(self.world.hash())),
            Operation::Step
            | Operation::StepMany
            | Operation::Save
            | Operation::Restore
            | Operation::Reset
            | Operation::Play
            | Operation::Rewind
            | Operation::Join
            | Operation::Watch
            | Operation::Rollout => {
                let message = format!("expected a request of a match, found {}", operation.name());
                return Err(Failure::new(ErrorCode::OutOfOrder, message));
            }
        }
        Ok(Done::Nothing)
    }

    fn key(&mut self, key: Key, now: f64) {
        self.message = (key.sent, now);
        match key.motion {
            Motion::Down => {
                let stroke = self.played.then_some(Stroke { at: key.at, sent: key.sent });
                self.keyboard.press(key.code, stroke);
            }
            Motion::Up => self.keyboard.release(key.code),
            Motion::AllUp => self.keyboard.release_all(),
        }
    }

    /// The person at this browser acts at the next tick; the others' seats are theirs.
    fn input(&mut self, act: Act<'_>, now: f64) -> Result<(), Failure> {
        if usize::from(act.agent) != usize::from(self.options.seat) {
            let message =
                format!("act: expected this browser's own agent {}, found agent {}", self.options.seat, act.agent);
            return Err(Failure::new(ErrorCode::BadArgument, message));
        }
        play(&mut self.keyboard, self.world.env.spec(), act)?;
        self.message = (act.sent, now);
        Ok(())
    }

    fn begin(&mut self, start: Start, now: f64) -> Result<(), Failure> {
        if self.peer.is_some() || self.ended_at.is_some() {
            return Err(Failure::new(ErrorCode::OutOfOrder, "start: the match has begun already"));
        }
        if !(0.0..=LONGEST_START_MS).contains(&start.in_ms) {
            let message = "start: expected milliseconds from 0 to 60000, found another number";
            return Err(Failure::new(ErrorCode::BadArgument, message));
        }
        self.options.delay = delay(start.input_delay);
        let make = if self.resumes { Peer::join } else { Peer::new };
        let options: Options = self.options.clone();
        let peer = make(options, now + start.in_ms);
        let peer = peer.map_err(|error| Failure::new(ErrorCode::BadArgument, format!("start: {error}")))?;
        self.start(peer, now);
        for seat in self.options.people().iter() {
            self.path(now, seat);
        }
        if let Some(state) = self.early_state.take() {
            self.hear(now, Event::Checkpoint { bytes: &state });
        }
        self.hear_of_leavers(now);
        for (from, packet) in std::mem::take(&mut self.early) {
            self.hear(now, Event::Packet { from, bytes: &packet });
        }
        self.tell(now);
        Ok(())
    }

    fn control(&mut self, control: Control<'_>, now: f64) -> Result<(), Failure> {
        match control {
            Control::Validate { attempt, relay } => {
                if self.peer.is_some() {
                    return Err(Failure::new(ErrorCode::OutOfOrder, "validate: the match has begun already"));
                }
                if relay {
                    self.paths.relay_only().iter().for_each(|seat| self.out.part(seat));
                    self.look_at_paths(now);
                }
                self.handshake.begin(now, attempt);
            }
            Control::Socket { url } => {
                url.clone_into(&mut self.url);
                let mut acts = Vec::new();
                self.socket.renew(now, |act| acts.push(act));
                acts.into_iter().for_each(|act| self.act(now, act, ""));
                self.history.disconnected();
            }
            // With the socket open the server says it there, with the leaver's inputs; where that broke without a word, on the next one.
            Control::Pronounced { .. } if self.socket.is_open() => {}
            Control::Pronounced { seat, frames } => {
                self.hear(now, Event::Pronounced { seat, until: frames, inputs: &[] });
                self.tell(now);
            }
        }
        Ok(())
    }

    fn leave(&mut self, now: f64) {
        if self.peer.is_some() {
            self.hear(now, Event::Leave);
            self.tell(now);
        } else if self.ended_at.is_none() {
            self.ended_at = Some(now);
            self.paths.end();
            self.handshake.end();
            self.out.page(|out| Told::Ended { reason: EndReason::Left, frames: 0 }.write(out));
            self.close_socket();
        }
    }
}
