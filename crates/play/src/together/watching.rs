//! A match that is watched, behind messages: an environment follows what the players confirmed, at the game's pace.
//!
//! ```text
//!  play socket ─► state ─► Follower ◄─ Backlog ◄─ confirmed frames ◄─ play socket
//!                             │ a frame when it is due
//!                             └─► Joined, Began, Stepped with its scene ─► page
//! ```
//! Players confirm in batches, twice a second. So a frame is played some time after it came, and what waits is played a little
//! faster or, where much waits, at once. Whoever comes late begins with the state of the present: nothing has to be played for it.
use palaestra_env::{Env, Scene};
use palaestra_protocol::server::{FromServer, SERVER_PROTOCOL, SPECTATOR, ToServer};
use palaestra_protocol::together::{DropoutSetup, Told, Watch};
use palaestra_protocol::{Body, ErrorCode, Failure, Operation, ReplyWriter, Request, SeatSetup, Stamps, read_kwargs};
use palaestra_rollback::{Follower, JointAction, Options, SeatKind, World};

use super::backlog::Backlog;
use super::outbox::{Outbox, Outgoing};
use super::setting::longest;
use super::socket::{Act, Socket};
use super::world::MatchWorld;
use crate::port::malformed;
use crate::simulation::{FPS, GivenPolicies};

/// How long after it came the first frame is played: longer than players take from batch to batch.
pub(super) const BUFFER_MS: f64 = 800.0;
/// How long a lost connection is tried again.
const GRACE_MS: f64 = 60_000.0;
/// The close code of a server that speaks another protocol.
const OTHER_PROTOCOL: u16 = 4005;

/// A match that is watched. What is to be sent is [taken](Self::take) after everything that it was told.
pub struct WatchPort {
    pub(super) world: MatchWorld,
    pub(super) options: Options,
    pub(super) joint: JointAction,
    /// Nobody before the first state.
    pub(super) follower: Option<Follower>,
    pub(super) backlog: Backlog,
    /// When the next frame is due; nothing while none waits.
    pub(super) next: Option<f64>,
    /// The first frame whose state is another than the players'.
    pub(super) differs: Option<u32>,
    /// Why the connection was closed for good: told when all that came has been played.
    closed: Option<(u16, String)>,
    socket: Socket,
    url: String,
    pub(super) scene: bool,
    pub(super) picture: Scene,
    pub(super) out: Outbox,
    reply: ReplyWriter,
    pub(super) over: bool,
}

impl WatchPort {
    /// Makes an environment one that follows a match, as the payload of [`Operation::Watch`] says.
    ///
    /// # Errors
    /// The environment, unchanged, and a [`Failure`] for what does not fit.
    pub fn open(env: Env, payload: &[u8], now: f64) -> Result<Self, Box<(Env, Failure)>> {
        let watch = match Watch::read(payload) {
            Ok(watch) => watch,
            Err(error) => return Err(Box::new((env, malformed(Operation::Watch, &error)))),
        };
        let read = || {
            if !FPS.contains(&watch.fps) {
                return Err(refused("fps: expected ticks per second from 0.1 to 240, found another number".to_owned()));
            }
            let longest = env.spec().action_spaces.iter().map(longest).collect::<Result<Vec<u8>, Failure>>()?;
            let resets = read_kwargs(watch.options).map_err(|error| refused(format!("reset options: {error}")))?;
            Ok((longest, resets))
        };
        let (longest, resets) = match read() {
            Ok(read) => read,
            Err(failure) => return Err(Box::new((env, failure))),
        };
        // Nobody acts here: who plays which seat does not matter.
        let kinds = longest.iter().map(|longest| SeatKind::Person { longest: *longest }).collect();
        let mut options = Options::new(watch.number, watch.seed, kinds, 0);
        options.fps = watch.fps;
        let seats = vec![SeatSetup::Random; longest.len()];
        Ok(Self {
            world: MatchWorld::new(env, &seats, DropoutSetup::Random, watch.seed, resets, (1, GivenPolicies::new()))?,
            joint: JointAction::new(longest),
            options,
            follower: None,
            backlog: Backlog::default(),
            next: None,
            differs: None,
            closed: None,
            socket: Socket::new(now, GRACE_MS),
            url: watch.url.to_owned(),
            scene: watch.scene,
            picture: Scene::default(),
            out: Outbox::default(),
            reply: ReplyWriter::new(),
            over: false,
        })
    }

    /// What is seen.
    pub fn world(&self) -> &MatchWorld {
        &self.world
    }

    /// The environment, given away.
    pub fn into_env(self) -> Env {
        self.world.into_parts().0
    }

    /// Gives away what is to be sent, in order.
    pub fn take(&mut self, take: impl FnMut(Outgoing<'_>)) {
        self.out.each(take);
    }

    /// When [`advance`](Self::advance) will have something to do, if nothing comes before.
    pub fn due(&self) -> Option<f64> {
        [self.next, self.socket.due()].into_iter().flatten().min_by(f64::total_cmp)
    }

    /// Does what is due, and says whether anything was; `now` is the clock of all times.
    pub fn advance(&mut self, now: impl Fn() -> f64) -> bool {
        let at = now();
        if self.due().is_none_or(|due| due > at) {
            return false;
        }
        self.tend(at, |socket, acts| socket.advance(at, |act| acts.push(act)));
        if self.next.is_some_and(|next| next <= at) {
            self.play(at, now);
        }
        true
    }

    /// Answers a request that arrived at `received`; `now` is the same clock. Every request gets its reply.
    pub fn answer(&mut self, request: Request<'_>, received: f64, now: impl Fn() -> f64) -> &[u8] {
        let Request { operation, id, .. } = request;
        let began = now();
        let hash = self.world.hash();
        let message = format!("expected a request of who watches, found {}", operation.name());
        let body = match operation {
            Operation::Hash => Body::Hash(hash),
            Operation::Close | Operation::Leave => {
                self.close();
                Body::Done
            }
            _ => Body::Error { code: ErrorCode::OutOfOrder, message: &message },
        };
        self.reply.write(operation, id, Stamps { received, began, ended: now() }, body)
    }

    /// The play socket is open.
    pub fn socket_opened(&mut self, now: f64) {
        self.socket.opened(now);
    }

    /// The play socket was closed, or could not be opened.
    pub fn socket_closed(&mut self, now: f64, code: u16, reason: &str) {
        let mut acts = Vec::new();
        self.socket.closed(now, code, |act| acts.push(act));
        acts.into_iter().for_each(|act| self.act(now, act, reason));
    }

    /// A message of the server's came on the play socket. One that is none, or that says nothing to who watches, is left alone.
    pub fn server(&mut self, now: f64, message: &[u8]) {
        self.socket.heard(now);
        match FromServer::read(message) {
            Ok(FromServer::Welcome { protocol, seat, epoch, frames, connected, .. }) => {
                if protocol != SERVER_PROTOCOL || seat != SPECTATOR {
                    let out = &mut self.out;
                    self.socket.close(|_| out.disconnect());
                    let text = "expected a server of this protocol, and no seat, found others";
                    return self.act(now, Act::Refused { code: OTHER_PROTOCOL }, text);
                }
                self.socket.welcomed();
                self.out.page(|out| Told::SocketOpen { seat, epoch, frames, connected }.write(out));
            }
            Ok(FromServer::State { frame, state, .. }) => self.state(now, frame, state),
            Ok(FromServer::Confirmed(batch)) if self.follower.is_some() => {
                if self.backlog.take(batch).is_err() {
                    // What is missing, or too much, a newer state makes up for.
                    self.backlog = Backlog::begin_at(self.follower.as_ref().map_or(0, Follower::frame));
                    self.next = None;
                    self.tend(now, |socket, acts| socket.renew(now, |act| acts.push(act)));
                } else if !self.backlog.is_empty() {
                    self.next.get_or_insert(now + BUFFER_MS);
                }
            }
            Ok(FromServer::Ping(t)) => self.out.server(&ToServer::Pong(t).write()),
            _ => {}
        }
    }

    /// The connection does something of its own accord.
    fn tend(&mut self, now: f64, does: impl FnOnce(&mut Socket, &mut Vec<Act>)) {
        let mut acts = Vec::new();
        does(&mut self.socket, &mut acts);
        acts.into_iter().for_each(|act| self.act(now, act, ""));
    }

    /// Does what the life of the socket asks for.
    fn act(&mut self, now: f64, act: Act, text: &str) {
        if let Some(code) = self.out.act(&self.url, now, act, text) {
            self.closed = Some((code, text.to_owned()));
            if self.backlog.is_empty() {
                self.tell_closed();
            }
        }
    }

    /// All that came has been played: whoever closed the connection for good, and why, is told now.
    pub(super) fn tell_closed(&mut self) {
        if let Some((code, text)) = self.closed.take() {
            self.over = true;
            self.out.page(|out| Told::SocketRefused { code, text: &text }.write(out));
        }
    }

    fn close(&mut self) {
        let out = &mut self.out;
        self.socket.close(|_| out.disconnect());
        (self.backlog, self.next, self.over) = (Backlog::default(), None, true);
    }

    /// It cannot be followed any further: the page is told as by a game.
    pub(super) fn fail(&mut self, failure: &Failure) {
        self.close();
        let body = Body::Error { code: failure.code, message: &failure.message };
        let reply = self.reply.write(Operation::Step, 0, Stamps::default(), body);
        self.out.page(|out| {
            out.clear();
            out.extend_from_slice(reply);
        });
    }
}

fn refused(message: String) -> Failure {
    Failure::new(ErrorCode::BadArgument, message)
}
