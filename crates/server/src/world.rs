//! An environment as peers play it: what the core of `palaestra-rollback` drives.
use palaestra_env::catalog::Catalog;
use palaestra_env::expert::ExpertPolicy;
use palaestra_env::policy::{Policy, View};
use palaestra_env::{
    Env, Kwargs, SeededRng, Snapshot, Space, StateReader, StateWriter, Value, ValueReader, ValueWriter,
};
use palaestra_lobby::MatchFacts;
use palaestra_lobby::message::SeatPolicy;
use palaestra_policy::ModelPolicy;
use palaestra_rollback::{Actions, Dropout, JointAction, LONGEST_ACTION, Options, Outcome, SeatKind, World};

use crate::models::Models;

/// Episodes begin again after a rollback; no rollback goes back over so many.
const MOST_RESETS: usize = 64;

/// An environment with the seats' policies, and the frames that can be gone back to.
pub(crate) struct EnvWorld {
    pub(crate) env: Env,
    /// What each seat plays when nobody acts, as bytes; nothing where the game waits.
    idle: Vec<Option<Vec<u8>>>,
    policies: Vec<StandIn>,
    /// Whether every model of the match is here.
    pub(crate) knows_models: bool,
    /// What models decided at the frame that is played next.
    decided: Vec<(u8, Vec<u8>)>,
    /// The first frame at which a model's action is not what it decides, and its seat.
    pub(crate) model_differs: Option<(u32, u8)>,
    kept: Vec<Kept>,
    actions: Vec<Value>,
    /// The options of every reset.
    pub(crate) reset_options: Kwargs,
    /// The hash after the reset of the latest episodes, by their numbers.
    pub(crate) resets: std::collections::BTreeMap<u32, u64>,
}

#[derive(Default)]
struct Kept {
    frame: Option<u32>,
    state: Snapshot,
    policies: Vec<u8>,
}

/// The policy of a seat that has no person, or that takes it when its person has left.
struct StandIn {
    name: SeatPolicy,
    rng: SeededRng,
    /// Its memory stands in every seat's state, which is then as long whoever has the seat.
    expert: ExpertPolicy,
    /// Of a model's seat, where the model is here.
    model: Option<ModelPolicy>,
}

/// The options by which a match is played: those that all its peers have in common.
pub(crate) fn options(catalog: Catalog, facts: &MatchFacts, dropout: Dropout) -> Result<(Options, Env), String> {
    let env = catalog.make(&facts.env_id, &facts.kwargs).map_err(|error| error.to_string())?;
    let people = facts.participants.len();
    let kinds = env.spec().action_spaces.iter().enumerate().map(|(seat, space)| {
        let longest = longest(space);
        if seat < people { SeatKind::Person { longest } } else { SeatKind::Policy { longest } }
    });
    let number = palaestra_lobby::number_of(&facts.match_id);
    let mut options = Options::new(number, facts.seed, kinds.collect(), 0);
    options.fps = facts.fps;
    options.dropout = dropout;
    Ok((options, env))
}

/// The length of an action, where all members of its space have the same.
fn longest(space: &Space) -> u8 {
    let most = u8::try_from(LONGEST_ACTION).unwrap_or(u8::MAX);
    match space {
        Space::Text { .. } | Space::Sequence { .. } | Space::OneOf { .. } => most,
        space => {
            let mut writer = ValueWriter::new();
            writer.value(&Value::blank(space));
            u8::try_from(writer.len()).unwrap_or(most)
        }
    }
}

/// The joint action of a confirmed frame, which has each action behind the other, seat by seat.
pub(crate) fn split(spaces: &[Space], kinds: &[SeatKind], mut bytes: &[u8]) -> Option<JointAction> {
    let longest = kinds.iter().map(|kind| match kind {
        SeatKind::Person { longest } | SeatKind::Policy { longest } => *longest,
    });
    let mut joint = JointAction::new(longest);
    for (seat, space) in (0..).zip(spaces) {
        let mut reader = ValueReader::new(bytes);
        reader.skip(space).ok()?;
        let (action, rest) = bytes.split_at_checked(bytes.len() - reader.left())?;
        if !joint.set(seat, action) {
            return None;
        }
        bytes = rest;
    }
    bytes.is_empty().then_some(joint)
}

impl EnvWorld {
    /// An environment of a match with those of its models that are here, and so many frames to go back to.
    ///
    /// # Errors
    /// Why a model is none for its seat, in words.
    pub(crate) fn new(
        env: Env,
        (catalog, models): (Catalog, &Models),
        facts: &MatchFacts,
        snapshots: u32,
    ) -> Result<Self, String> {
        let entry = catalog.entry(&facts.env_id);
        let spec = env.spec();
        let idle = spec.action_spaces.iter().map(|space| {
            let action = entry?.idle.first()?.value(spec, space)?;
            let mut writer = ValueWriter::new();
            writer.value(&action);
            Some(writer.bytes().to_vec())
        });
        let idle: Vec<_> = idle.collect();
        let policies = spec.action_spaces.iter().zip(&idle).enumerate().map(|(agent, (space, idle))| {
            let asked = facts.policy_of(agent).clone();
            // Where no action means nothing, any is played: so do the pages.
            let name = if asked == SeatPolicy::Idle && idle.is_none() { SeatPolicy::Random } else { asked };
            let rng = SeededRng::for_seat(facts.seed, agent);
            let skill = if let SeatPolicy::Expert { skill } = name { skill } else { 1.0 };
            let model = facts.model_of(agent).map(|model| models.policy(spec, model)).transpose()?.flatten();
            Ok(StandIn { name, rng, expert: ExpertPolicy::new(space.clone(), skill), model })
        });
        let policies = policies.collect::<Result<Vec<_>, String>>()?;
        let knows_models = policies.iter().all(|policy| policy.name.model().is_none() || policy.model.is_some());
        Ok(Self {
            policies,
            knows_models,
            decided: Vec::new(),
            model_differs: None,
            idle,
            kept: (0..snapshots).map(|_| Kept::default()).collect(),
            actions: spec.action_spaces.iter().map(Value::blank).collect(),
            reset_options: Kwargs::new(),
            resets: Default::default(),
            env,
        })
    }

    /// The policies' part of a state: what models remember, behind its length, and then of each seat its generator and an expert's memory.
    fn save_policies(&self, out: &mut StateWriter) {
        let mut memories = StateWriter::new();
        self.policies.iter().filter_map(|policy| policy.model.as_ref()).for_each(|model| model.save(&mut memories));
        out.u32(memories.bytes().len() as u32);
        memories.bytes().iter().for_each(|byte| out.u8(*byte));
        for policy in &self.policies {
            out.rng(&policy.rng);
            policy.expert.save(out);
        }
    }

    /// Reads it; gives what follows. Where it is none some of the policies may have been changed.
    fn restore_policies<'a>(&mut self, state: &'a [u8]) -> Option<&'a [u8]> {
        let (length, rest) = state.split_first_chunk()?;
        let (memories, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (mut memories, mut reader) = (StateReader::new(memories), StateReader::new(rest));
        for StandIn { rng, expert, model, .. } in &mut self.policies {
            *rng = reader.rng().ok()?;
            expert.restore(&mut reader).ok()?;
            model.iter_mut().try_for_each(|model| model.restore(&mut memories)).ok()?;
        }
        memories.finish().ok()?;
        rest.get(rest.len() - reader.left()..)
    }

    fn read(&self, seat: u8, bytes: &[u8]) -> Option<Value> {
        let space = self.env.spec().action_spaces.get(usize::from(seat))?;
        let mut reader = ValueReader::new(bytes);
        let action = reader.read(space).ok()?;
        reader.finish().ok()?;
        self.env.spec().takes(space, &action).then_some(action)
    }

    fn place(&mut self, frame: u32) -> Option<&mut Kept> {
        let index = (frame as usize).checked_rem(self.kept.len())?;
        self.kept.get_mut(index)
    }
}

impl World for EnvWorld {
    fn accepts(&self, seat: u8, action: &[u8]) -> bool {
        self.read(seat, action).is_some()
    }

    fn idle(&self, seat: u8, action: &mut Vec<u8>) -> bool {
        let idle = self.idle.get(usize::from(seat)).and_then(Option::as_ref);
        idle.inspect(|idle| action.extend_from_slice(idle)).is_some()
    }

    fn act(&mut self, seat: u8, action: &mut Vec<u8>) {
        let index = usize::from(seat);
        let Some(space) = self.env.spec().action_spaces.get(index) else { return };
        let Some(StandIn { name, rng, expert, model }) = self.policies.get_mut(index) else { return };
        let mut value = Value::blank(space);
        match (&*name, self.idle.get(index).and_then(Option::as_ref)) {
            (SeatPolicy::Idle, Some(idle)) => return action.extend_from_slice(idle),
            (SeatPolicy::Idle, None) => {}
            (SeatPolicy::Random, _) => value.sample_again(space, rng),
            (SeatPolicy::Expert { .. }, _) => expert.act(View::new(&self.env, index), rng, &mut value),
            (SeatPolicy::Model(_), _) => {
                // Without it nobody knows: what it played stands in the confirmed actions.
                let Some(model) = model else { return };
                model.act(View::new(&self.env, index), rng, &mut value);
            }
        }
        let mut writer = ValueWriter::new();
        writer.value(&value);
        if matches!(name, SeatPolicy::Model(_)) {
            self.decided.push((seat, writer.bytes().to_vec()));
        }
        action.extend_from_slice(writer.bytes());
    }

    fn keep(&mut self, frame: u32) {
        let mut policies = StateWriter::new();
        self.save_policies(&mut policies);
        let Some(index) = (frame as usize).checked_rem(self.kept.len()) else { return };
        let Some(kept) = self.kept.get_mut(index) else { return };
        kept.frame = Some(frame);
        kept.policies = policies.into_bytes();
        self.env.snapshot(&mut kept.state);
    }

    fn rewind(&mut self, frame: u32) -> bool {
        let Some(kept) = self.place(frame).filter(|kept| kept.frame == Some(frame)) else { return false };
        let (state, policies) = (std::mem::take(&mut kept.state), std::mem::take(&mut kept.policies));
        let back = self.env.rewind(&state).is_ok();
        if let Some(kept) = self.place(frame) {
            kept.state = state;
        }
        back && self.restore_policies(&policies).is_some()
    }

    fn step(&mut self, frame: u32, actions: Actions<'_>) -> Outcome {
        let differs = self.decided.drain(..).find(|(seat, decided)| actions.get(*seat) != decided);
        self.model_differs = self.model_differs.or(differs.map(|(seat, _)| (frame, seat)));
        for (seat, bytes) in (0..).zip(actions.iter()) {
            if let (Some(action), Some(place)) = (self.read(seat, bytes), self.actions.get_mut(usize::from(seat))) {
                *place = action;
            }
        }
        // Every action was accepted before: what an environment still refuses ends the episode.
        match self.env.step(&self.actions) {
            Ok(outcome) if !outcome.over() => Outcome::Going,
            _ => Outcome::Over,
        }
    }

    fn hash(&self) -> u64 {
        self.env.hash()
    }

    fn reset(&mut self, episode: u32, seed: u64) {
        // The players' environments have taken them.
        let _ = self.env.reset(Some(seed), &self.reset_options);
        self.resets.insert(episode, self.env.hash());
        while self.resets.len() > MOST_RESETS {
            self.resets.pop_first();
        }
        for (agent, policy) in self.policies.iter_mut().enumerate() {
            policy.rng = SeededRng::for_seat(seed, agent);
            policy.expert.reset();
            policy.model.iter_mut().for_each(Policy::reset);
        }
    }

    fn save(&self, state: &mut Vec<u8>) {
        let mut writer = StateWriter::new();
        self.save_policies(&mut writer);
        self.env.save(&mut writer);
        state.extend_from_slice(writer.bytes());
    }

    fn load(&mut self, state: &[u8]) -> bool {
        let mut before = StateWriter::new();
        self.save_policies(&mut before);
        let loaded = self.restore_policies(state).is_some_and(|rest| self.env.restore(rest).is_ok());
        if !loaded {
            let restored = self.restore_policies(before.bytes());
            debug_assert!(restored.is_some(), "what was saved just now is restored");
        }
        loaded
    }
}
