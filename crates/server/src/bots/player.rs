//! A bot's game: a peer with its environment, and what it confirms.
use palaestra_env::catalog::Catalog;
use palaestra_env::{StateWriter, ValueWriter};
use palaestra_lobby::MatchFacts;
use palaestra_lobby::message::{Dropout as LobbyDropout, LoadedModel, Matched, Mode, SeatPolicy};
use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter, FromServer, ToServer};
use palaestra_rollback::{Dropout, EndReason, Event, Output, Peer, episode_seed};

use super::chooser::Chooser;
use crate::arguments::BotOptions;
use crate::models::Models;
use crate::world::{EnvWorld, options};

/// The frames that are played ahead of what is known.
const WINDOW: u32 = 12;
/// A batch is sent with so many frames, or after half a second.
const BATCH: u32 = 64;
const BATCH_MS: f64 = 500.0;
/// What is not acknowledged for so long is sent again.
const AGAIN_MS: f64 = 3_000.0;

/// A peer with its environment.
pub(crate) struct Player {
    peer: Peer,
    world: EnvWorld,
    chooser: Option<Chooser>,
    seed: u64,
    /// Whether the first episode has begun.
    begun: bool,
    episode: Option<u32>,
    /// What is confirmed and not sent yet, and since when.
    batch: Option<ConfirmedWriter>,
    batch_since: f64,
    /// Batches that are sent and not on disk yet, with the frame after each: sent again over a new socket.
    sent: Vec<(u32, Vec<u8>)>,
    /// When something was acknowledged or sent again.
    heard_at: f64,
    pub(crate) confirmed: u32,
    pub(crate) acknowledged: u32,
    pub(crate) ended: bool,
    /// Whether it ended as it was planned.
    pub(crate) planned: bool,
    pub(crate) outbox: Vec<Vec<u8>>,
}

impl Player {
    /// Sits down at a match that begins `in_ms` after `now`.
    pub(crate) fn new(
        catalog: Catalog,
        matched: &Matched,
        loaded: &[LoadedModel],
        delay: u8,
        bot: &BotOptions,
        begins: f64,
    ) -> Result<Self, String> {
        let facts = MatchFacts {
            match_id: matched.match_id.clone(),
            lobby: String::new(),
            env_id: matched.env_id.clone(),
            kwargs: matched.kwargs.clone(),
            participants: vec![String::new(); matched.size],
            seed: matched.seed,
            epoch: matched.epoch,
            fps: matched.fps,
            created_ms: 0,
            policy: SeatPolicy::Idle,
            seats: matched.seats.iter().filter_map(|seat| Some((seat.seat, seat.policy.clone()?))).collect(),
            dropout_policy: matched.dropout_policy.clone(),
            models: loaded.to_vec(),
        };
        let dropout = match matched.dropout {
            LobbyDropout::Continue => Dropout::Policy,
            LobbyDropout::Pause | LobbyDropout::End => Dropout::End,
        };
        let (mut options, env) = options(catalog, &facts, dropout)?;
        options.seat = matched.seat;
        options.incarnation = matched.incarnation;
        options.delay = delay.into();
        options.window = if matched.mode == Mode::Lockstep { 0 } else { WINDOW };
        options.grace = matched.grace_ms as f64;
        options.most_frames = (bot.frames > 0).then_some(bot.frames);
        let chooser = Chooser::new(&env, bot, matched)?;
        let models = Models::new(bot.models.clone());
        let world = EnvWorld::new(env, (catalog, &models), &facts, options.snapshots())?;
        let peer = Peer::new(options, begins).map_err(|error| error.to_string())?;
        Ok(Self {
            peer,
            world,
            chooser,
            seed: matched.seed,
            begun: false,
            episode: None,
            batch: None,
            batch_since: begins,
            sent: Vec::new(),
            heard_at: begins,
            confirmed: 0,
            acknowledged: 0,
            ended: false,
            planned: false,
            outbox: Vec::new(),
        })
    }

    pub(crate) fn due(&self) -> Option<f64> {
        self.peer.due()
    }

    pub(crate) fn tick(&mut self, now: f64) {
        let acts = self.peer.takes_action() && self.peer.due().is_some_and(|due| due <= now);
        let action = acts.then(|| self.choose()).flatten();
        self.handle(now, Event::Tick { action: action.as_deref() });
        if self.batch.is_some() && now - self.batch_since >= BATCH_MS {
            self.flush();
        }
        if now - self.heard_at >= AGAIN_MS {
            self.heard_at = now;
            self.send_again();
        }
    }

    /// What the policy plays next.
    fn choose(&mut self) -> Option<Vec<u8>> {
        let chooser = self.chooser.as_mut()?;
        let env = &mut self.world.env;
        let mut made = StateWriter::new();
        if !self.begun {
            // The peer resets in the tick that takes this action, and has to find the environment as it is made.
            env.save(&mut made);
            let _ = env.reset(Some(episode_seed(self.seed, 0)), &self.world.reset_options);
            chooser.reset();
        }
        let mut bytes = ValueWriter::new();
        bytes.value(chooser.choose(env));
        if !self.begun {
            // It wrote this itself.
            let _ = env.restore(made.bytes());
        }
        Some(bytes.bytes().to_vec()).filter(|bytes| !bytes.is_empty())
    }

    /// Takes in what the server says.
    pub(crate) fn hears(&mut self, now: f64, message: FromServer<'_>) {
        match message {
            FromServer::Relay { from, packet } => self.handle(now, Event::Packet { from, bytes: packet }),
            FromServer::ReportWanted { leaver, .. } => self.handle(now, Event::Leaving { seat: leaver }),
            FromServer::Pronounced { leaver, frames, inputs, .. } => {
                self.handle(now, Event::Pronounced { seat: leaver, until: frames, inputs });
            }
            FromServer::State { state, .. } => self.handle(now, Event::Checkpoint { bytes: state }),
            FromServer::Acknowledged(frames) => {
                self.acknowledged = self.acknowledged.max(frames);
                self.heard_at = now;
                self.sent.retain(|(end, _)| *end > frames);
            }
            _ => {}
        }
    }

    pub(crate) fn path(&mut self, now: f64, seats: u8, own: u8) {
        for seat in (0..seats).filter(|seat| *seat != own) {
            self.handle(now, Event::Path { seat, reliable: true });
        }
    }

    /// What is not on disk is sent again: the socket is another one.
    pub(crate) fn send_again(&mut self) {
        let again: Vec<Vec<u8>> = self.sent.iter().map(|(_, message)| message.clone()).collect();
        self.outbox.extend(again);
    }

    fn handle(&mut self, now: f64, event: Event<'_>) {
        let mut confirmed: Vec<(u32, u32, Vec<u8>, u64)> = Vec::new();
        let (mut outbox, mut ended) = (Vec::new(), None);
        self.peer.handle(now, event, &mut self.world, &mut |output| match output {
            Output::Send { to, bytes } => outbox.push(ToServer::Relay { to, packet: bytes }.write()),
            Output::Report { seat, until, inputs } => {
                outbox.push(ToServer::Report { leaver: seat, frames: until, first: 0, inputs }.write());
            }
            Output::Confirmed { frame, episode, actions, hash, .. } => {
                let joint: Vec<u8> = actions.iter().flatten().copied().collect();
                confirmed.push((frame, episode, joint, hash));
            }
            Output::EpisodeBegan { episode, .. } => {
                self.begun = true;
                // For the first one it has been reset before it chose.
                if let Some(chooser) = self.chooser.as_mut().filter(|_| episode > 0) {
                    chooser.reset();
                }
            }
            // Its world is one that has begun, by a state that was sent.
            Output::Resynced { .. } => self.begun = true,
            Output::Ended { reason, .. } => ended = Some(reason),
            _ => {}
        });
        self.outbox.append(&mut outbox);
        for (frame, episode, joint, hash) in confirmed {
            self.confirm(now, frame, episode, &joint, hash);
        }
        if let Some(reason) = ended {
            self.flush();
            (self.ended, self.planned) = (true, reason == EndReason::Complete);
        }
    }

    fn confirm(&mut self, now: f64, frame: u32, episode: u32, actions: &[u8], hash: u64) {
        if self.batch.is_none() {
            self.batch = Some(ConfirmedWriter::to_server(frame, u16::try_from(actions.len()).unwrap_or_default()));
            self.batch_since = now;
        }
        let Some(batch) = &mut self.batch else { return };
        if self.episode != Some(episode) {
            self.episode = Some(episode);
            let seed = Some(episode_seed(self.seed, episode));
            let hash = self.world.resets.get(&episode).copied().unwrap_or_default();
            let _ = batch.put(ConfirmedItem::Reset { seed, options: "", hash });
        }
        let _ = batch.put(ConfirmedItem::Step { actions, hash });
        self.confirmed = frame.saturating_add(1);
        if batch.steps() >= BATCH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if let Some(batch) = self.batch.take().filter(|batch| !batch.is_empty()) {
            let message = batch.into_message();
            self.sent.push((self.confirmed, message.clone()));
            self.outbox.push(message);
        }
    }
}

#[cfg(test)]
#[path = "player_tests.rs"]
mod tests;
