//! What becomes of the core's outputs: packets, pictures and confirmed steps, and what the page is told.
use palaestra_protocol::server::{PeerState, ToServer};
use palaestra_protocol::together::{Began, EndReason, Shown, Told, Vitals};
use palaestra_protocol::{Body, ErrorCode, Failure, Operation, Stamps, Stepped};
use palaestra_rollback::{Event, Peer};

use super::frames::Frame;
use super::note::{Note, note};
use super::port::MatchPort;

impl MatchPort {
    /// The core hears of something. What it wants told is [told](Self::tell) afterwards.
    pub(super) fn hear(&mut self, now: f64, event: Event<'_>) {
        let Self { peer: Some(peer), world, out, injected, notes, paths, .. } = self else { return };
        peer.handle(now, event, world, &mut |output| notes.extend(note(output, now, (injected, paths, out))));
    }

    /// Tells the page and the server what the core wanted told.
    pub(super) fn tell(&mut self, now: f64) {
        let mut shown = None;
        for note in std::mem::take(&mut self.notes) {
            match note {
                Note::Step { frame, predicted } => shown = Some((frame, predicted)),
                Note::Confirmed { frame, episode, actions, hash } => {
                    self.confirmed(now, frame, episode, &actions, hash)
                }
                Note::Began { episode, frame, seed } => {
                    self.played = true;
                    self.joined(episode, frame);
                    self.began(episode, frame, seed);
                }
                // The step that ended it says so to the page.
                Note::Over => {
                    self.played = false;
                    self.keyboard.over();
                }
                Note::Report { seat, until, inputs } => {
                    let report = ToServer::Report { leaver: seat, frames: until, first: 0, inputs: &inputs };
                    self.out.server(&report.write());
                }
                Note::Stalled(by) => self.stalled_by(by),
                Note::Peer(seat, state) => self.peer_is(seat, state),
                Note::Told(told) => {
                    if matches!(told, Told::Desync { .. }) {
                        self.differs = true;
                        self.asking.at_once(now);
                    }
                    self.out.page(|out| told.write(out));
                }
                Note::Resynced(told) => {
                    let joins = self.resumes && !self.has_state;
                    (self.has_state, self.differs) = (true, false);
                    if joins {
                        self.played = true;
                    } else {
                        self.out.page(|out| told.write(out));
                    }
                }
                Note::Ended(reason, frames) => self.end(now, reason, frames),
            }
        }
        if let Some((frame, predicted)) = shown {
            // A guess that is put right while the game stands still is no step forward.
            if frame >= self.shown {
                self.shown = frame.saturating_add(1);
                self.stalled_by(0);
            }
            self.show(frame, predicted);
        }
    }

    /// The game waits for others, or goes on.
    fn stalled_by(&mut self, by: u8) {
        if std::mem::replace(&mut self.stalled, by) != by {
            self.out.page(|out| Told::Stalled { by }.write(out));
        }
    }

    /// A browser is reached, or not.
    pub(super) fn peer_is(&mut self, seat: u8, state: PeerState) {
        let Some(known) = self.peers.get_mut(usize::from(seat)) else { return };
        if known.replace(state) != Some(state) {
            self.out.page(|out| Told::Peer { seat, state }.write(out));
        }
    }

    fn show(&mut self, frame: u32, predicted: u32) {
        let Some(Frame { times, .. }) = self.world.frames.get(frame) else { return };
        let times = *times;
        self.scene.clear();
        if self.flags.scene {
            self.world.env.draw(&mut self.scene);
        }
        let shown = Shown { frame: frame.saturating_add(1), predicted, times, scene: self.scene.bytes() };
        self.out.page(|out| shown.write(out));
    }

    /// Whoever came back begins with this frame.
    fn joined(&mut self, episode: u32, frame: u32) {
        if self.joined_at.is_none() {
            self.joined_at = Some(frame);
            self.history.begin_at(frame);
            self.out.page(|out| Told::Joined { episode, frame }.write(out));
        }
    }

    fn began(&mut self, episode: u32, frame: u32, seed: u64) {
        let began = &self.world.began;
        self.history.reset(frame, seed, began.hash);
        let scene = if self.flags.scene { began.returned.scene() } else { &[] };
        let (returns, hash) = (began.returned.returns(), Some(began.hash));
        let event = Began { episode, frame, seed, returns, hash, scene };
        self.out.page(|out| event.write(out));
    }

    fn confirmed(&mut self, now: f64, frame: u32, episode: u32, actions: &[u8], hash: u64) {
        if self.joined_at.is_none() {
            self.joined(episode, frame);
            let began = &self.world.began;
            if began.frame == Some(frame) && began.episode == episode {
                self.began(episode, frame, began.seed);
            }
        }
        let slowed = self.peer.as_ref().map_or(0.0, slowed);
        let Some(kept) = self.world.frames.get(frame).filter(|kept| kept.hash == hash) else {
            let message = format!("expected the step of frame {frame} to be kept, found another");
            return self.fail(now, &Failure::new(ErrorCode::BadState, message));
        };
        let step = Stepped {
            frame: frame.saturating_add(1),
            confirmed: true,
            times: kept.times,
            slowed,
            actions,
            returns: &kept.returns,
            hash: Some(hash),
            scene: &[],
        };
        self.out.page(|out| step.write(out));
        if let Some((from, to)) = self.history.step(now, actions, hash) {
            self.out.page(|out| Told::RecordCut { from, to }.write(out));
        }
        if let Some((_, failure)) = self.world.refused.take_if(|(refused, _)| *refused <= frame) {
            self.fail(now, &failure);
        }
    }

    /// The match is over here.
    pub(super) fn end(&mut self, now: f64, reason: EndReason, frames: u32) {
        if self.ended_at.is_none() {
            self.ended_at = Some(now);
            self.paths.end();
            self.history.advance(now, true, |message| self.out.server(message));
            self.out.page(|out| Told::Ended { reason, frames }.write(out));
        }
    }

    /// How the match is.
    pub(super) fn tell_vitals(&mut self) {
        let Some(peer) = &self.peer else { return };
        let stats = peer.stats();
        let mut paths = self.paths.seat_paths();
        for (path, ping) in paths.iter_mut().zip(stats.ping) {
            if ping > 0.0 {
                path.rtt_ms = ping;
            }
        }
        let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let vitals = Vitals {
            input_delay: u8::try_from(peer.options().delay).unwrap_or(u8::MAX),
            seats: u8::try_from(peer.options().seats.len()).unwrap_or(u8::MAX),
            paths,
            rollbacks: count(stats.rollbacks),
            rolled_back: count(stats.rolled_back),
            deepest: stats.deepest,
            depth: self.depth,
            predicted: count(stats.predicted),
            stalls: count(stats.stalls),
            ahead: stats.ahead,
        };
        self.out.page(|out| vitals.write(out));
    }

    /// The game cannot be played on: the page is told as by a game alone.
    fn fail(&mut self, now: f64, failure: &Failure) {
        let body = Body::Error { code: failure.code, message: &failure.message };
        let reply = self.reply.write(Operation::Step, 0, Stamps::default(), body);
        self.out.page(|out| {
            out.clear();
            out.extend_from_slice(reply);
        });
        self.history.advance(now, true, |message| self.out.server(message));
        (self.failed, self.ended_at) = (true, Some(now));
        self.peer = None;
    }
}

/// Milliseconds by which a match was slower than its pace: it waited for others.
fn slowed(peer: &Peer) -> f64 {
    peer.stats().stalls as f64 * 1000.0 / peer.options().fps
}
