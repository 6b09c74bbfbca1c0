//! A small world in which any difference spreads: every action and every bit of the state is mixed into all of the next.
use palaestra_rollback::{Actions, Outcome, World};

/// Spreads bits (SplitMix64).
pub(crate) fn mix(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// What is different from match to match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rules {
    /// An episode ends at each step with a probability of one in so many.
    pub(crate) episode: u64,
    /// Actions are 4 floats instead of a byte below 6.
    pub(crate) floats: bool,
    /// There is no idle action: the game waits for everybody's key.
    pub(crate) waits: bool,
    /// Words of the state.
    pub(crate) words: usize,
    /// Places for snapshots.
    pub(crate) snapshots: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    words: Vec<u64>,
    /// What a policy remembers; no part of the hash.
    policy: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Chaos {
    pub(crate) rules: Rules,
    pub(crate) state: State,
    kept: Vec<Option<(u32, State)>>,
    pub(crate) steps: u64,
    /// Where somebody keeps count: every frame that was played, and a number for its actions and the state that they led to.
    pub(crate) log: Option<Vec<(u32, u64)>>,
    /// Bits that flip before the next step.
    pub(crate) flips: u64,
    /// Whatever the core did that it must not do.
    pub(crate) complaints: Vec<String>,
}

pub(crate) const FLOATS: usize = 4;

impl Chaos {
    pub(crate) fn new(rules: Rules) -> Self {
        let state = State { words: vec![0; rules.words], policy: 0 };
        Self {
            rules,
            state,
            kept: vec![None; rules.snapshots as usize],
            steps: 0,
            log: None,
            flips: 0,
            complaints: Vec::new(),
        }
    }

    /// The longest action, in bytes.
    pub(crate) fn longest(rules: &Rules) -> u8 {
        if rules.floats { 4 * FLOATS as u8 } else { 1 }
    }

    /// An action of some number's.
    pub(crate) fn action(rules: &Rules, number: u64) -> Vec<u8> {
        if rules.floats {
            (0..FLOATS as u64).flat_map(|at| ((mix(number ^ at) % 1000) as f32 / 999.0).to_le_bytes()).collect()
        } else {
            vec![(number % 6) as u8]
        }
    }

    /// Flips some bits, as a cosmic ray or a bug would.
    pub(crate) fn corrupt(&mut self, bits: u64) {
        self.state.words[0] ^= bits;
    }
}

impl World for Chaos {
    fn accepts(&self, _seat: u8, action: &[u8]) -> bool {
        if self.rules.floats {
            action.len() == 4 * FLOATS
                && action
                    .chunks(4)
                    .all(|float| (0.0..=1.0).contains(&f32::from_le_bytes([float[0], float[1], float[2], float[3]])))
        } else {
            matches!(action, [action] if *action < 6)
        }
    }

    fn idle(&self, _seat: u8, action: &mut Vec<u8>) -> bool {
        if self.rules.waits {
            return false;
        }
        if self.rules.floats {
            action.extend_from_slice(&[0; 4 * FLOATS])
        } else {
            action.push(0)
        }
        true
    }

    fn act(&mut self, seat: u8, action: &mut Vec<u8>) {
        self.state.policy = mix(self.state.policy ^ self.state.words[0]);
        action.extend(Self::action(&self.rules, self.state.policy ^ u64::from(seat)));
    }

    fn keep(&mut self, frame: u32) {
        let at = frame as usize % self.kept.len();
        match &mut self.kept[at] {
            Some((kept, state)) => {
                *kept = frame;
                state.words.copy_from_slice(&self.state.words);
                state.policy = self.state.policy;
            }
            place => *place = Some((frame, self.state.clone())),
        }
    }

    fn rewind(&mut self, frame: u32) -> bool {
        match &self.kept[frame as usize % self.kept.len()] {
            Some((kept, state)) if *kept == frame => {
                self.state.words.copy_from_slice(&state.words);
                self.state.policy = state.policy;
                true
            }
            other => {
                self.complaints
                    .push(format!("frame {frame} is asked for, kept is {:?}", other.as_ref().map(|(at, _)| at)));
                false
            }
        }
    }

    fn step(&mut self, frame: u32, actions: Actions<'_>) -> Outcome {
        self.steps += 1;
        self.state.words[0] ^= std::mem::take(&mut self.flips);
        let mut all = u64::from(frame);
        for (seat, action) in (0_u8..).zip(actions.iter()) {
            if !self.accepts(seat, action) {
                self.complaints.push(format!("frame {frame}: {action:?} of seat {seat} is no action"));
            }
            for byte in action {
                all = mix(all ^ u64::from(*byte));
            }
        }
        for word in &mut self.state.words {
            all = mix(all ^ *word);
            *word = all;
        }
        if let Some(log) = &mut self.log {
            log.push((frame, all));
        }
        if all % self.rules.episode == 0 { Outcome::Over } else { Outcome::Going }
    }

    fn hash(&self) -> u64 {
        self.state.words.iter().fold(0, |hash, word| mix(hash ^ word))
    }

    fn reset(&mut self, episode: u32, seed: u64) {
        let mut all = mix(seed ^ u64::from(episode));
        for word in &mut self.state.words {
            all = mix(all);
            *word = all;
        }
        self.state.policy = all;
    }

    fn save(&self, state: &mut Vec<u8>) {
        self.state.words.iter().for_each(|word| state.extend_from_slice(&word.to_le_bytes()));
        state.extend_from_slice(&self.state.policy.to_le_bytes());
    }

    fn load(&mut self, state: &[u8]) -> bool {
        if state.len() != 8 * (self.rules.words + 1) {
            return false;
        }
        let mut words = state.chunks(8).map(|word| word.try_into().map_or(0, u64::from_le_bytes));
        self.state.words.iter_mut().zip(&mut words).for_each(|(place, word)| *place = word);
        self.state.policy = words.next().unwrap_or(0);
        true
    }
}
