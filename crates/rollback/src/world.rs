//! What the core drives.
use crate::actions::Actions;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The episode goes on.
    Going,
    /// The episode is over.
    Over,
}

/// The game that is played: the same on every peer, to the last bit.
///
/// Frame `f` is the step from state `f` to state `f + 1`; the counter goes through the match, across episodes. The core calls
/// in this order: [`reset`](Self::reset), then for every frame [`keep`](Self::keep), [`act`](Self::act) for each seat that has a
/// policy, and [`step`](Self::step). [`rewind`](Self::rewind) goes back to a kept frame, from where the same order begins again.
///
/// What a step returned belongs into a ring beside the snapshots: when [`Output::Confirmed`](crate::Output::Confirmed) names a
/// frame, its latest `step` was the true one, and at most [`Options::snapshots`](crate::Options::snapshots) frames ago.
pub trait World {
    /// Whether these bytes are an action of the seat's space. Nothing that a peer sent is played unless they are.
    fn accepts(&self, seat: u8, action: &[u8]) -> bool;

    /// Writes the action that a seat plays when nobody acts; `action` is empty. False where there is none and the game waits
    /// for everybody's key (turn-taking games, which are played in lockstep).
    fn idle(&self, seat: u8, action: &mut Vec<u8>) -> bool;

    /// Writes what a seat is thought to play after its latest known action; `action` is empty. The same again, unless the
    /// seat has a rule of its own.
    fn predict(&self, seat: u8, latest: &[u8], action: &mut Vec<u8>) {
        let _ = seat;
        action.extend_from_slice(latest);
    }

    /// Writes the action of a seat that has a policy, on the state as it is; `action` is empty. What the policy remembers
    /// (its generator) is part of the snapshots and of [`save`](Self::save).
    fn act(&mut self, seat: u8, action: &mut Vec<u8>);

    /// Keeps the whole state before the step `frame`, in a ring of [`Options::snapshots`](crate::Options::snapshots) places.
    fn keep(&mut self, frame: u32);

    /// Goes back to the state that was kept for `frame`. False where it cannot.
    fn rewind(&mut self, frame: u32) -> bool;

    /// Plays a frame.
    fn step(&mut self, frame: u32, actions: Actions<'_>) -> Outcome;

    /// A hash of what is played, by which peers compare their states. What policies remember need not be in it: where two differ in that it
    /// shows by the actions that come of it.
    fn hash(&self) -> u64;

    /// Begins an episode, counted from 0; policies begin anew.
    fn reset(&mut self, episode: u32, seed: u64);

    /// Appends the whole state, policies included, for another peer's [`load`](Self::load).
    fn save(&self, state: &mut Vec<u8>);

    /// Takes over a state. False, and nothing changed, for bytes that are none.
    fn load(&mut self, state: &[u8]) -> bool;
}
