//! Many steps in one crossing.
use palaestra_env::codec::fixed_size;
use palaestra_env::environment::Phase;
use palaestra_env::returns::size_of_step;
use palaestra_env::{Env, Kwargs, Snapshot, Spec, Value, ValueReader, ValueWriter};
use palaestra_play::port::refused;
use palaestra_play::returned::Returned;
use palaestra_protocol::{Body, ErrorCode, Failure, Flags, MOST_ACTIONS, RowWriter};

use crate::actions::{bad_actions, read_actions};

/// Bytes that many steps may return at once: a page has to hold them all.
const MOST_RETURNED: usize = 64 * 1024 * 1024;

/// Bytes after which the steps so far are put out. They are copied to the page from here, while they are still in the
/// processor's cache.
const PART: usize = 128 * 1024;

/// Where every step returns the same number of bytes and they are at most so many, they are put out as they are: little can be
/// saved, and each step can be found without reading others.
const MOST_PLAIN: usize = 256;

/// What is known of many steps. Every buffer is kept and used again.
#[derive(Default)]
pub(crate) struct StepManyBuffers {
    count: u32,
    /// Whether anything was played, an episode's beginning too.
    played: bool,
    /// How many bytes each step returns, if they are put out as they are.
    stride: Option<u32>,
    rows: RowWriter,
    /// What the present step returns; where steps are put out as they are, those of them that have not been put out yet.
    returns: ValueWriter,
    blocks: Vec<[u8; 4]>,
    rewards: Vec<[u8; 8]>,
    hashes: Vec<[u8; 8]>,
    /// Rows that have not been put out yet, and where the present block of them begins.
    part: Vec<u8>,
    block: usize,
    put: usize,
    /// The state before the first of them.
    before: Snapshot,
}

impl StepManyBuffers {
    pub(crate) fn new(spec: &Spec) -> Self {
        let stride = size_of_step(spec).filter(|size| *size <= MOST_PLAIN).and_then(|size| u32::try_from(size).ok());
        Self { stride: stride.filter(|stride| *stride > 0), ..Self::default() }
    }

    fn clear(&mut self) {
        (self.count, self.played) = (0, false);
        self.blocks.clear();
        self.rewards.clear();
        self.hashes.clear();
        self.returns.clear();
        self.part.clear();
        (self.block, self.put) = (0, 0);
        self.rows.start();
    }

    /// Takes in a step. Gives nothing once they return more than they may.
    fn take(&mut self, env: &Env, put: &mut dyn FnMut(&[u8])) -> Option<()> {
        self.count += 1;
        self.rewards.extend(env.outcome().rewards.iter().map(|reward| reward.to_le_bytes()));
        if self.stride.is_some() {
            // Straight to where it is put out from.
            env.write_returns(&mut self.returns);
            return if self.returns.len() < PART { Some(()) } else { self.put(put) };
        }
        self.returns.clear();
        env.write_returns(&mut self.returns);
        self.rows.write(self.returns.bytes(), &mut self.part);
        if self.count.is_multiple_of(RowWriter::BLOCK) {
            self.end_block();
            return if self.part.len() < PART { Some(()) } else { self.put(put) };
        }
        Some(())
    }

    fn end_block(&mut self) {
        let length = u32::try_from(self.part.len() - self.block).unwrap_or(u32::MAX);
        self.blocks.push(length.to_le_bytes());
        self.block = self.part.len();
        self.rows.start();
    }

    /// Puts out what there is.
    fn put(&mut self, put: &mut dyn FnMut(&[u8])) -> Option<()> {
        let bytes = if self.stride.is_some() { self.returns.bytes() } else { &self.part };
        self.put += bytes.len();
        if self.put > MOST_RETURNED {
            return None;
        }
        if !bytes.is_empty() {
            put(bytes);
        }
        self.returns.clear();
        self.part.clear();
        self.block = 0;
        Some(())
    }

    fn end(&mut self, put: &mut dyn FnMut(&[u8])) -> Option<()> {
        if self.stride.is_none() && self.block < self.part.len() {
            self.end_block();
        }
        self.put(put)
    }

    pub(crate) fn body(&self, agents: usize) -> Body<'_> {
        let Self { count, stride, blocks, rewards, hashes, .. } = self;
        let agents = u32::try_from(agents).unwrap_or(u32::MAX);
        Body::Many { count: *count, agents, stride: stride.unwrap_or(0), rewards, blocks, hashes }
    }
}

/// What carries many steps out: the environment, and what is used for each.
pub(crate) struct ManySteps<'a> {
    pub(crate) env: &'a mut Env,
    pub(crate) actions: &'a mut [Value],
    pub(crate) returned: &'a mut Returned,
    pub(crate) buffers: &'a mut StepManyBuffers,
}

impl ManySteps<'_> {
    /// Every action is looked at once, when it is its turn. A bad one takes back those before it, so that it changes nothing.
    pub(crate) fn play(mut self, payload: &[u8], flags: Flags, put: &mut dyn FnMut(&[u8])) -> Result<(), Failure> {
        self.count(payload)?;
        self.buffers.clear();
        self.env.snapshot(&mut self.buffers.before);
        self.steps(payload, flags, put).map_err(|failure| self.go_back(failure))
    }

    fn steps(&mut self, payload: &[u8], flags: Flags, put: &mut dyn FnMut(&[u8])) -> Result<(), Failure> {
        let mut reader = ValueReader::new(payload);
        // An episode that the last call played to its end goes on as one that ends in the middle of a call.
        let mut over = flags.autoreset && self.env.phase() == Phase::Step && self.env.outcome().over();
        while reader.left() > 0 && (flags.autoreset || !over) {
            if over {
                self.env.reset(None, &Kwargs::new()).map_err(|error| refused(&error))?;
                self.buffers.played = true;
            }
            read_actions(self.env.spec(), &mut reader, self.actions)?;
            over = self.env.step(self.actions).map_err(|error| refused(&error))?.over();
            self.buffers.played = true;
            self.buffers.take(self.env, put).ok_or_else(|| self.too_much())?;
            if flags.hash {
                let hash = self.returned.hash_of(self.env);
                self.buffers.hashes.push(hash.to_le_bytes());
            }
        }
        // Also those that an episode's end leaves unplayed.
        while reader.left() > 0 {
            read_actions(self.env.spec(), &mut reader, self.actions)?;
            self.env.check(self.actions).map_err(|error| refused(&error))?;
        }
        self.buffers.end(put).ok_or_else(|| self.too_much())
    }

    /// Refuses more actions than may be asked for, before the first of them is played.
    fn count(&self, payload: &[u8]) -> Result<(), Failure> {
        let agents = self.actions.len().max(1);
        let spaces = &self.env.spec().action_spaces;
        let size: Option<usize> = spaces.iter().map(fixed_size).sum();
        let steps = match size {
            Some(size) if size > 0 => payload.len() / size,
            _ => {
                let (mut reader, mut steps) = (ValueReader::new(payload), 0);
                while reader.left() > 0 && steps <= MOST_ACTIONS {
                    spaces.iter().try_for_each(|space| reader.skip(space)).map_err(|error| bad_actions(&error))?;
                    steps += 1;
                }
                steps
            }
        };
        if steps.saturating_mul(agents) <= MOST_ACTIONS {
            return Ok(());
        }
        let most = MOST_ACTIONS / agents;
        let message = format!("stepMany: expected at most {most} steps at a time, found more");
        Err(Failure::new(ErrorCode::BadArgument, message))
    }

    /// What they return would be more than a page should hold.
    fn too_much(&self) -> Failure {
        let most = MOST_RETURNED / (1024 * 1024);
        let steps = self.buffers.count.saturating_sub(1);
        let message =
            format!("stepMany: expected steps that return at most {most} MiB together: at most {steps} at a time");
        Failure::new(ErrorCode::BadArgument, message)
    }

    /// Refuses all of them once some may have been played: goes back to before the first.
    fn go_back(&mut self, refusal: Failure) -> Failure {
        let lost = |why: &str| Failure::new(refusal.code, format!("{}; and not taken back: {why}", refusal.message));
        // One that cannot save its state, as some guests, is lost then. Where it looks as it did before, it would say that it is there.
        if self.buffers.played && !self.env.can_save() {
            self.env.forget();
            return lost("expected an environment that can save its state, found one that cannot");
        }
        match self.env.rewind(&self.buffers.before) {
            Ok(()) => refusal,
            Err(error) => lost(&error.to_string()),
        }
    }
}
