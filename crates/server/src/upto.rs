//! A match followed up to what is on disk: the state that others go on from.
use palaestra_env::Space;
use palaestra_env::catalog::Catalog;
use palaestra_lobby::MatchFacts;
use palaestra_lobby::message::SeatPolicy;
use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter, FromServer, StateWhy, ToServer};
use palaestra_rollback::{Dropout, Follower, SeatKind, World, episode_seed};

use crate::models::Models;
use crate::store::{Reader, StoreError, Which};
use crate::world::{EnvWorld, options, split};

/// A match that is followed.
pub(crate) struct Followed {
    follower: Follower,
    world: EnvWorld,
    spaces: Vec<Space>,
    kinds: Vec<SeatKind>,
    seed: u64,
}

/// Plays what is on disk of a match, and calls `seen` with every frame and the hash that it led to.
pub(crate) fn follow(
    reader: &mut dyn Reader,
    (catalog, models): (Catalog, &Models),
    facts: &MatchFacts,
    mut seen: impl FnMut(u32, u64),
) -> Result<Followed, StoreError> {
    // Which models the browsers have loaded was found after the match had its room.
    let stored = reader.matches(Which::One(&facts.match_id))?.pop().map(|row| row.kept.facts);
    let facts = stored.as_ref().unwrap_or(facts);
    // Frames first: what was pronounced is stored before the frames that were played by it, so that none are read without it.
    let batches = reader.batches(&facts.match_id)?;
    let mut followed = Followed::new((catalog, models), facts, &leavers(reader, &facts.match_id)?)?;
    for batch in batches {
        let mut message = ConfirmedWriter::to_server(batch.first, batch.action_len).into_message();
        message.extend_from_slice(&batch.items);
        let Ok(ToServer::Confirmed(read)) = ToServer::read(&message) else { break };
        read.items().flatten().try_for_each(|item| followed.item(item, &mut seen))?;
    }
    Ok(followed)
}

/// What was pronounced of somebody who left.
pub(crate) struct Leaver {
    pub(crate) seat: u8,
    pub(crate) frames: u32,
    /// What plays the seat from there on; nothing where the match ends.
    policy: Option<SeatPolicy>,
}

fn leavers(reader: &mut dyn Reader, match_id: &str) -> Result<Vec<Leaver>, StoreError> {
    Ok(leavers_of(&reader.events(match_id)?))
}

/// Who left, by the events of a match. What cannot be read says nothing of anybody: one bad row must not keep a server from starting.
pub(crate) fn leavers_of(events: &[(i64, String)]) -> Vec<Leaver> {
    let mut found = Vec::new();
    for (_, json) in events {
        let Ok(event) = serde_json::from_str::<serde_json::Value>(json) else { continue };
        if event.get("event").and_then(serde_json::Value::as_str) != Some("pronounced") {
            continue;
        }
        let number = |name: &str| event.get(name).and_then(serde_json::Value::as_u64);
        let (Some(seat), Some(frames)) = (number("seat"), number("frames")) else { continue };
        let goes_on = event.get("dropout").and_then(serde_json::Value::as_str) == Some("continue");
        let policy = event.get("policy").cloned().and_then(|policy| serde_json::from_value(policy).ok());
        let (Ok(seat), Ok(frames)) = (u8::try_from(seat), u32::try_from(frames)) else { continue };
        found.push(Leaver { seat, frames, policy: policy.filter(|_| goes_on) });
    }
    found
}

impl Followed {
    /// From a match's beginning, for who only watches: without models.
    pub(crate) fn begin(catalog: Catalog, facts: &MatchFacts) -> Result<Self, StoreError> {
        Self::new((catalog, &Models::default()), facts, &[])
    }

    fn new((catalog, models): (Catalog, &Models), facts: &MatchFacts, leavers: &[Leaver]) -> Result<Self, StoreError> {
        let by_policy = leavers.iter().find_map(|leaver| leaver.policy.clone());
        let dropout = if by_policy.is_some() { Dropout::Policy } else { Dropout::Idle };
        let (options, env) = options(catalog, facts, dropout).map_err(StoreError::Form)?;
        let dropout_policy = by_policy.unwrap_or_else(|| facts.dropout_policy.clone());
        let facts = &MatchFacts { dropout_policy, ..facts.clone() };
        let mut world = EnvWorld::new(env, (catalog, models), facts, 0).map_err(StoreError::Form)?;
        let mut follower = Follower::new(&options, &mut world);
        leavers.iter().for_each(|leaver| follower.left(leaver.seat, leaver.frames));
        let spaces = world.env.spec().action_spaces.clone();
        Ok(Self { follower, world, spaces, kinds: options.seats, seed: facts.seed })
    }

    /// Plays what is new in a message of confirmed frames, as spectators get it.
    pub(crate) fn take(&mut self, message: &[u8]) -> Result<(), StoreError> {
        let Ok(FromServer::Confirmed(batch)) = FromServer::read(message) else { return Ok(()) };
        let mut frame = batch.first;
        for item in batch.items().flatten() {
            let before = frame < self.frame();
            frame += u32::from(matches!(item, ConfirmedItem::Step { .. }));
            if !before {
                self.item(item, &mut |_, _| {})?;
            }
        }
        Ok(())
    }

    fn item(&mut self, item: ConfirmedItem<'_>, seen: &mut impl FnMut(u32, u64)) -> Result<(), StoreError> {
        let frame = self.follower.frame();
        match item {
            ConfirmedItem::Step { actions, .. } => {
                let joint = split(&self.spaces, &self.kinds, actions);
                let joint = joint.ok_or_else(|| {
                    StoreError::Form(format!("frame {frame}: expected a joint action, found other bytes"))
                })?;
                let played = self.follower.play(frame, joint.actions(), &mut self.world);
                played.map_err(|error| StoreError::Form(format!("frame {frame}: {error:?}")))?;
                seen(frame, self.world.env.hash());
            }
            // Every reset of a match has the options of its first one, which the pages have agreed on.
            ConfirmedItem::Reset { options, .. } if frame == 0 && !options.is_empty() => {
                self.world.reset_options = serde_json::from_str(options)?;
                self.world.reset(0, episode_seed(self.seed, 0));
            }
            ConfirmedItem::Reset { .. } | ConfirmedItem::Event(_) => {}
        }
        Ok(())
    }

    /// The state is the one before this frame.
    pub(crate) fn frame(&self) -> u32 {
        self.follower.frame()
    }

    /// The first frame at which a model's action is not what it decides, and its seat.
    pub(crate) fn model_differs(&self) -> Option<(u32, u8)> {
        self.world.model_differs
    }

    /// The state as a message, whose bytes are written into `bytes`. Players whose models are not here go on from their own.
    pub(crate) fn message<'a>(&self, why: StateWhy, epoch: u32, bytes: &'a mut Vec<u8>) -> FromServer<'a> {
        bytes.clear();
        if self.world.knows_models || why == StateWhy::Spectator {
            self.follower.checkpoint(epoch, &self.world, bytes);
        } else {
            self.follower.checkpoint_of_peers(epoch, bytes);
        }
        FromServer::State {
            why,
            epoch,
            frame: self.follower.frame(),
            episode: self.follower.episode().saturating_add(1),
            over: self.follower.over(),
            hash: self.world.env.hash(),
            state: bytes,
        }
    }
}

#[cfg(test)]
#[path = "upto_tests.rs"]
mod tests;
