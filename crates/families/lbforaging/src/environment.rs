//! The game as an environment.
use palaestra_env::{
    Advice, ArgumentError, Arguments, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, SeededRng,
    Sharing, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::arguments::{LONGEST, MOST_LEVEL, Registered, SHARERS, Settings};
use super::field::{Cell, Field, Food, Player};
use super::{expert, observe, scene};

/// The reference's pace.
pub(crate) const FPS: u32 = 5;
/// Nothing, north, south, west, east, load.
const ACTIONS: i64 = 6;

/// `Foraging-…-v3`.
pub(crate) struct Foraging {
    spec: Spec,
    settings: Settings,
    field: Field,
    rng: SeededRng,
    steps: u32,
}

impl Foraging {
    /// # Errors
    /// [`ArgumentError`] for arguments that it does not take.
    pub(crate) fn new(id: &str, registered: Registered, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let settings = Settings::read(registered, kwargs)?;
        let players = settings.players;
        let seen = observe::space(&settings);
        let spec = Spec {
            agents: (0..players).map(|player| format!("agent_{player}")).collect(),
            action_spaces: vec![Space::discrete(ACTIONS); players],
            observation_spaces: vec![seen.clone(); players],
            observation: Sharing::PerAgent,
            reward: Sharing::PerAgent,
            ended: Sharing::Shared,
            max_episode_steps: settings.cut_after,
            render_fps: FPS,
            aspect: scene::aspect(&settings),
            ..Spec::single(id, Space::discrete(ACTIONS), seen)
        };
        let field = Field::new(&settings);
        Ok(Self { spec, settings, field, rng: SeededRng::new(0), steps: 0 })
    }
}

impl Environment for Foraging {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.field.start(&self.settings, &mut self.rng);
        self.steps = 0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let actions = (0..self.settings.players).map(|player| action.discrete(player));
        self.field.step(&self.settings, actions, &mut outcome.rewards);
        self.steps = self.steps.saturating_add(1);
        // Also where it is over because of the time the reference says so: terminated.
        outcome.terminated.fill(self.field.food.is_empty() || LONGEST <= self.steps);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        observe::write(&self.settings, &self.field, agent, out);
    }

    fn draw(&self, scene: &mut Scene) {
        scene::draw(scene, &self.settings, &self.field, self.steps);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        expert::errand(&self.field, &self.settings, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        self.settings.stamp().for_each(|number| out.u64(number));
        let Field { players, food, spawned, placed, .. } = &self.field;
        let mut thing = |[row, column]: Cell, level: i64| {
            out.u32(row as u32);
            out.u32(column as u32);
            out.u32(level as u32);
        };
        players.iter().for_each(|player| thing(player.cell, player.level));
        food.iter().for_each(|food| thing(food.cell, food.level));
        // Always as long, however much is left.
        (food.len()..self.settings.food).for_each(|_| thing([0; 2], 0));
        out.u32(*spawned as u32);
        out.bool(*placed);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let settings = &self.settings;
        for number in settings.stamp() {
            if state.u64()? != number {
                return Err(RestoreError::Foreign);
            }
        }
        let mut thing = |field: &'static str, least: usize, most: i64| -> Result<(Cell, i64), RestoreError> {
            let cell = [state.below(settings.rows, field)?, state.below(settings.columns, field)?];
            let level = state.below(most as usize + 1, field)?;
            if level < least { Err(RestoreError::Invalid { field }) } else { Ok((cell, level as i64)) }
        };
        for player in &mut self.field.players {
            let (cell, level) = thing("player", 1, settings.highest[0])?;
            *player = Player { cell, level };
        }
        self.field.food.clear();
        let mut ended = false;
        for _ in 0..settings.food {
            let (cell, level) = thing("food", 0, settings.highest[1])?;
            if level == 0 {
                ended = true;
                if cell != [0; 2] {
                    return Err(RestoreError::Invalid { field: "food" });
                }
                continue;
            }
            // In order, nowhere at an edge, not under a player.
            let [row, column] = cell;
            let inside = row > 0 && column > 0 && row + 1 < settings.rows && column + 1 < settings.columns;
            let later = self.field.food.last().is_none_or(|last| last.cell < cell);
            let free = self.field.players.iter().all(|player| player.cell != cell);
            if ended || !(inside && later && free) {
                return Err(RestoreError::Invalid { field: "food" });
            }
            self.field.food.push(Food { cell, level });
        }
        let left: i64 = self.field.food.iter().map(|food| food.level).sum();
        let most = settings.food * SHARERS * MOST_LEVEL as usize;
        self.field.spawned = state.below(most + 1, "spawned")? as i64;
        if self.field.spawned < left {
            return Err(RestoreError::Invalid { field: "spawned" });
        }
        self.field.placed = state.bool("placed")?;
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
