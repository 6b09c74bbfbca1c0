//! The policy: a model with its memory.
use palaestra_env::policy::View;
use palaestra_env::{Policy, RestoreError, SeededRng, Space, Spec, StateReader, StateWriter, Value, ValueWriter};
use palaestra_onnx::Model;

use crate::decide::Decision;
use crate::error::PolicyError;
use crate::feed::{Feed, Moment};
use crate::manifest::{Manifest, Observed, Source};
use crate::numbers::{choices, kind, member, width, within, write};
use crate::observed::Place;

/// A model that plays for one agent. All it remembers (recurrent states, stacked observations, actions that are yet to come) is
/// forgotten when an episode begins, and stands in its saved state.
pub struct ModelPolicy {
    model: Model,
    feeds: Vec<Feed>,
    decision: Decision,
    /// What it plays: the agent's actions, or one of the kinds of which they are a OneOf, by its number.
    actions: Space,
    alternative: Option<usize>,
    mask_at: Option<Place>,
    mask: Vec<bool>,
    frame_skip: u32,
    /// What it plays before its first action comes.
    idle: Vec<f64>,
    memory: Memory,
    observation: ValueWriter,
}

/// What the next actions depend on beside the model's own states.
struct Memory {
    /// Whether it has decided in this episode.
    begun: bool,
    /// Ticks until it decides again.
    wait: u32,
    /// Its latest decision.
    decided: Vec<f64>,
    /// Decisions that are yet to be played, a tick each, in a ring.
    delayed: Vec<f64>,
    /// The tick in the ring that is played next.
    next: u32,
}

impl ModelPolicy {
    /// Seats a model as a manifest says.
    ///
    /// # Errors
    /// [`PolicyError`] that names what in the file or in the manifest does not fit the agent.
    pub fn new(spec: &Spec, agent: usize, file: &[u8], manifest: &Manifest) -> Result<Self, PolicyError> {
        let model = Model::load(file)?;
        let none = Space::None;
        let observations = spec.observation_spaces.get(agent).unwrap_or(&none);
        let actions = spec.action_spaces.get(agent).unwrap_or(&none);
        let (kinds, several) = match actions {
            Space::OneOf { spaces } => (spaces.as_slice(), true),
            one => (std::slice::from_ref(one), false),
        };
        // Of several kinds of actions it plays the first that its output can be.
        let (mut seated, mut refused) = (None, None);
        for (number, kind) in kinds.iter().enumerate().filter(|(_, kind)| width(kind).is_ok()) {
            match Seated::new(&model, manifest, observations, kind) {
                Ok(found) => {
                    seated = Some((number, kind, found));
                    break;
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        let Some((number, actions, seated)) = seated else {
            return Err(refused.unwrap_or_else(|| PolicyError::Actions { found: kind(actions) }));
        };
        let (alternative, actions) = (several.then_some(number), actions.clone());
        let Seated { feeds, decision, mask_at } = seated;
        let (width, choices) = (width(&actions)?, choices(&actions));
        let given = manifest.idle.clone().unwrap_or_else(|| vec![0.0; width]);
        if given.len() != width {
            let (expected, found) = (format!("{width} numbers"), given.len().to_string());
            return Err(palaestra_env::ArgumentError::Invalid { name: "idle".to_owned(), expected, found }.into());
        }
        let idle: Vec<f64> = given.iter().enumerate().map(|(index, number)| within(&actions, index, *number)).collect();
        let delayed = idle.repeat(manifest.reaction_delay as usize);
        let memory = Memory { begun: false, wait: 0, decided: idle.clone(), delayed, next: 0 };
        let (mask, frame_skip) = (vec![true; choices], manifest.frame_skip.max(1));
        let observation = ValueWriter::new();
        Ok(Self { model, feeds, decision, actions, alternative, mask_at, mask, frame_skip, idle, memory, observation })
    }

    /// Writes the action for a tick, of which the agent sees `observation`, encoded by its space.
    pub fn decide(&mut self, observation: &[u8], rng: &mut SeededRng, action: &mut Value) {
        if self.memory.wait == 0 {
            self.think(observation, rng);
            self.memory.wait = self.frame_skip;
        }
        self.memory.wait -= 1;
        let action = member(self.alternative, &self.actions, action);
        let Memory { decided, delayed, next, .. } = &mut self.memory;
        let width = decided.len();
        let start = *next as usize * width;
        match delayed.get_mut(start..start + width) {
            // What was decided that many ticks ago is played, and takes what is decided now into its place.
            Some(oldest) if width > 0 && !oldest.is_empty() => {
                write(&self.actions, oldest, action);
                oldest.copy_from_slice(decided);
                *next = if start + 2 * width > delayed.len() { 0 } else { *next + 1 };
            }
            _ => write(&self.actions, decided, action),
        }
    }

    fn think(&mut self, observation: &[u8], rng: &mut SeededRng) {
        if let Some(place) = &self.mask_at {
            let bytes = place.of(observation);
            self.mask
                .iter_mut()
                .enumerate()
                .for_each(|(index, allowed)| *allowed = place.leaf.get(bytes, index) != 0.0);
        }
        let moment = Moment { observation, mask: &self.mask, first: !self.memory.begun };
        self.feeds.iter_mut().for_each(|feed| feed.tell(&mut self.model, &moment));
        self.model.run();
        self.decision.decide(&self.model, &self.actions, &self.mask, rng, &mut self.memory.decided);
        let decided = self.memory.decided.iter_mut().enumerate();
        decided.for_each(|(index, number)| *number = within(&self.actions, index, *number));
        self.feeds.iter().for_each(|feed| feed.carry(&mut self.model));
        self.memory.begun = true;
    }

    /// Forgets everything: an episode begins.
    pub fn forget(&mut self) {
        let Memory { begun, wait, decided, delayed, next } = &mut self.memory;
        (*begun, *wait, *next) = (false, 0, 0);
        decided.copy_from_slice(&self.idle);
        if !self.idle.is_empty() {
            delayed.chunks_exact_mut(self.idle.len()).for_each(|numbers| numbers.copy_from_slice(&self.idle));
        }
        self.feeds.iter_mut().for_each(|feed| feed.forget(&mut self.model));
    }

    fn read(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let begun = state.bool("begun")?;
        let wait = state.below(self.frame_skip as usize, "wait")? as u32;
        let Memory { decided, delayed, .. } = &mut self.memory;
        let width = decided.len().max(1);
        let ticks = (delayed.len() / width).max(1);
        for (index, number) in decided.iter_mut().chain(delayed).enumerate() {
            *number = Some(state.f64()?)
                .filter(|number| !number.is_nan())
                .ok_or(RestoreError::Invalid { field: "action" })?;
            *number = within(&self.actions, index % width, *number);
        }
        let next = state.below(ticks, "next")? as u32;
        (self.memory.begun, self.memory.wait, self.memory.next) = (begun, wait, next);
        self.feeds.iter_mut().try_for_each(|feed| feed.restore(&mut self.model, state))
    }
}

impl Policy for ModelPolicy {
    fn act(&mut self, view: View<'_>, rng: &mut SeededRng, action: &mut Value) {
        let mut observation = std::mem::take(&mut self.observation);
        observation.clear();
        view.observe(&mut observation);
        self.decide(observation.bytes(), rng, action);
        self.observation = observation;
    }

    fn reset(&mut self) {
        self.forget();
    }

    fn save(&self, out: &mut StateWriter) {
        let Memory { begun, wait, decided, delayed, next } = &self.memory;
        out.bool(*begun);
        out.u32(*wait);
        decided.iter().chain(delayed).for_each(|number| out.f64(*number));
        out.u32(*next);
        self.feeds.iter().for_each(|feed| feed.save(&self.model, out));
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        // What is half read is of no use: it begins anew, as the episode does.
        self.read(state).inspect_err(|_| self.forget())
    }
}

/// How a model plays actions of one kind.
struct Seated {
    feeds: Vec<Feed>,
    decision: Decision,
    mask_at: Option<Place>,
}

impl Seated {
    fn new(model: &Model, manifest: &Manifest, observations: &Space, actions: &Space) -> Result<Self, PolicyError> {
        let choices = choices(actions);
        let unknown = manifest.inputs.keys().find(|name| !model.inputs().iter().any(|port| port.name == **name));
        if let Some(input) = unknown {
            let names: Vec<_> = model.inputs().iter().map(|port| port.name.as_str()).collect();
            let expected = format!("an input of the model: {}", names.join(", "));
            return Err(PolicyError::Input { input: input.clone(), expected, found: "none of this name".to_owned() });
        }
        let mut feeds = Vec::new();
        let whole = Source::Observation(Observed::default());
        let sees = manifest.inputs.values().any(|source| matches!(source, Source::Observation(_)));
        let mut left_out = 0;
        for (input, port) in model.inputs().iter().enumerate() {
            let source = manifest.inputs.get(&port.name).unwrap_or_else(|| {
                left_out += 1;
                &whole
            });
            if left_out > usize::from(!sees) {
                let (expected, found) = ("an entry in the manifest's `inputs`".to_owned(), "none".to_owned());
                return Err(PolicyError::Input { input: port.name.clone(), expected, found });
            }
            feeds.push(Feed::new(model, input, source, observations, choices)?);
        }
        let mask_at = manifest.mask.as_ref().map(|part| mask_place(observations, part, choices)).transpose()?;
        let states: Vec<usize> = feeds.iter().filter_map(Feed::state).collect();
        let decision = Decision::new(model, manifest, actions, &states)?;
        Ok(Self { feeds, decision, mask_at })
    }
}

/// Where the mask lies in the observation: one number for each choice.
fn mask_place(space: &Space, part: &[String], choices: usize) -> Result<Place, PolicyError> {
    let wrong = |expected, found| {
        let name = "mask".to_owned();
        PolicyError::Manifest(palaestra_env::ArgumentError::Invalid { name, expected, found })
    };
    let place = Place::find(space, part).map_err(|expected| wrong(expected, format!("`{}`", part.join("."))))?;
    let found = place.leaf.count;
    if found != choices {
        return Err(wrong(format!("a number for each of {choices} choices"), found.to_string()));
    }
    Ok(place)
}
