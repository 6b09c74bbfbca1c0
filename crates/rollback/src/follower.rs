//! Who follows a match by its confirmed frames: a spectator, or the server that replays it.
use crate::actions::Actions;
use crate::chain;
use crate::checkpoint::Checkpoint;
use crate::options::{Dropout, Options, SeatKind};
use crate::seats::{MOST_SEATS, NEVER, SeatSet};
use crate::world::{Outcome, World};

/// Why a frame was not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowError {
    /// Another frame comes next.
    OutOfOrder {
        /// The one that does.
        expected: u32,
    },
    /// An action is outside its seat's space.
    BadAction {
        /// The seat.
        seat: u8,
    },
    /// These are no bytes of a state of this match.
    BadCheckpoint,
}

/// A match as it is confirmed, frame by frame, from its beginning or from a state. Its [`chain`](Self::chain) is that of the peers
/// as long as their worlds are the same as this one.
pub struct Follower {
    match_id: u32,
    seed: u64,
    kinds: Vec<SeatKind>,
    dropout: Dropout,
    frame: u32,
    episode: u32,
    fresh: bool,
    over: bool,
    done: SeatSet,
    until: [u32; MOST_SEATS],
    partial: u64,
    chain: u64,
    scratch: Vec<u8>,
}

impl Follower {
    /// From the match's beginning. Of the options, `match_id`, `seed`, `seats` and `dropout` count.
    pub fn new<W: World>(options: &Options, world: &mut W) -> Self {
        world.reset(0, chain::episode_seed(options.seed, 0));
        Self {
            match_id: options.match_id,
            seed: options.seed,
            kinds: options.seats.clone(),
            dropout: options.dropout,
            frame: 0,
            episode: 0,
            fresh: true,
            over: false,
            done: SeatSet::NONE,
            until: [NEVER; MOST_SEATS],
            partial: 0,
            chain: chain::start(options.match_id, options.seed),
            scratch: Vec::new(),
        }
    }

    /// From a state.
    ///
    /// # Errors
    /// [`FollowError::BadCheckpoint`] for bytes that are none of this match.
    pub fn from_checkpoint<W: World>(options: &Options, bytes: &[u8], world: &mut W) -> Result<Self, FollowError> {
        let checkpoint = Checkpoint::read(bytes).filter(|read| read.match_id == options.match_id);
        let checkpoint = checkpoint.filter(|read| !read.own).ok_or(FollowError::BadCheckpoint)?;
        if !checkpoint.load(world, options.seed) {
            return Err(FollowError::BadCheckpoint);
        }
        Ok(Self {
            match_id: options.match_id,
            seed: options.seed,
            kinds: options.seats.clone(),
            dropout: options.dropout,
            frame: checkpoint.frame,
            episode: checkpoint.episode,
            fresh: checkpoint.fresh,
            over: checkpoint.over,
            done: checkpoint.done,
            until: checkpoint.until,
            partial: checkpoint.partial,
            chain: checkpoint.chain,
            scratch: Vec::new(),
        })
    }

    /// A seat is its person's no more from a frame on, as [`Output::Left`](crate::Output::Left) says.
    pub fn left(&mut self, seat: u8, frame: u32) {
        if let Some(until) = self.until.get_mut(usize::from(seat)) {
            *until = frame;
            self.done.insert(seat);
        }
    }

    /// Plays the frame that comes next, with everybody's confirmed actions; begins an episode first, where the one before is over.
    /// Policies are asked too, so that what they remember stays true; what they played stands in `actions`.
    ///
    /// # Errors
    /// [`FollowError`] for a frame out of order, or actions outside their spaces; nothing has changed then.
    pub fn play<W: World>(&mut self, frame: u32, actions: Actions<'_>, world: &mut W) -> Result<(), FollowError> {
        if frame != self.frame {
            return Err(FollowError::OutOfOrder { expected: self.frame });
        }
        if let Some((seat, _)) = (0_u8..).zip(actions.iter()).find(|(seat, action)| !world.accepts(*seat, action)) {
            return Err(FollowError::BadAction { seat });
        }
        if self.over {
            self.episode += 1;
            world.reset(self.episode, chain::episode_seed(self.seed, self.episode));
        }
        for (seat, kind) in (0_u8..).zip(&self.kinds) {
            let left = self.until.get(usize::from(seat)).is_some_and(|until| *until <= frame);
            if !kind.is_person() || (left && self.dropout == Dropout::Policy) {
                self.scratch.clear();
                world.act(seat, &mut self.scratch);
            }
        }
        self.over = world.step(frame, actions) == Outcome::Over;
        self.fresh = false;
        self.partial = chain::with_actions(self.chain, actions);
        self.chain = chain::with_state(self.partial, world.hash());
        self.frame += 1;
        Ok(())
    }

    /// How many frames have been played.
    pub fn frame(&self) -> u32 {
        self.frame
    }

    /// The episode that is played, from 0.
    pub fn episode(&self) -> u32 {
        self.episode
    }

    /// Whether the latest frame ended its episode.
    pub fn over(&self) -> bool {
        self.over
    }

    /// The hash of all frames so far, as in [`Output::Confirmed`](crate::Output::Confirmed).
    pub fn chain(&self) -> u64 {
        self.chain
    }

    /// Appends the state after the latest frame, for [`Event::Checkpoint`](crate::Event::Checkpoint) and
    /// [`from_checkpoint`](Self::from_checkpoint). An `epoch` above that of the peers resynchronises them; for one who joins it is theirs.
    pub fn checkpoint<W: World>(&self, epoch: u32, world: &W, out: &mut Vec<u8>) {
        self.head(epoch, false, out);
        if !self.fresh {
            world.save(out);
        }
    }

    /// The same without the state, where this world does not know what policies remember: peers that have played go on from their own of the
    /// newest frame that all agree on, and who joins has no use for it.
    pub fn checkpoint_of_peers(&self, epoch: u32, out: &mut Vec<u8>) {
        self.head(epoch, !self.fresh, out);
    }

    fn head(&self, epoch: u32, own: bool, out: &mut Vec<u8>) {
        let checkpoint = Checkpoint {
            match_id: self.match_id,
            epoch,
            frame: self.frame,
            episode: self.episode,
            fresh: self.fresh,
            over: self.over,
            own,
            done: self.done,
            until: self.until,
            partial: self.partial,
            chain: self.chain,
            state: &[],
        };
        checkpoint.write(out);
    }
}
