//! __TITLE__: catch what falls from the tree before it reaches the ground.
//!
//! This file is the whole game. Change anything in it while `npx palaestra serve` runs: the page loads again with what you
//! wrote. The numbers at the top are a good place to begin.
use palaestra_env::catalog::{ActionValue, Argument, ArgumentKind, Artwork, Binding, Entry, Family, Manual, Meaning};
use palaestra_env::scene::Style;
use palaestra_env::{
    ArgumentError, Arguments, Atlas, Colour, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, SeededRng,
    Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

/// The name under which the game is made: `make('__ID__')`. Raise the number when you change what happens in the game, so that nobody
/// compares the scores of two different games.
const ID: &str = "__ID__";

/// The field, in cells.
const COLUMNS: usize = 12;
const ROWS: usize = 12;
/// How many cells the basket covers.
const BASKET: usize = 3;
/// An episode is cut off after so many steps.
const MOST_STEPS: u32 = 600;

/// The pictures of the game, side by side in one file: sprite 0 is the basket, sprite 1 the fruit.
const PICTURE: Artwork = Artwork::new("__CRATE__.svg", include_bytes!("../art/__CRATE__.svg"));
const BASKET_SPRITE: u16 = 0;
const FRUIT_SPRITE: u16 = 1;

/// What a page has to know before anybody plays: names for people, keys, pace, arguments. `palaestra` looks for this constant.
pub const FAMILY: Family = Family {
    name: "__FAMILY__",
    title: "__TITLE__",
    entries: &[Entry {
        // Steps a second: one step is one row of falling.
        fps: 8,
        // The keys that are held down at a step say which action it is. The numbers are those of `step` below.
        keys: &[&[Binding::discrete("ArrowLeft", 1, "left"), Binding::discrete("ArrowRight", 2, "right")]],
        // The action while no key is held.
        idle: &[ActionValue::Discrete(0)],
        arguments: &[Argument {
            name: "misses",
            kind: ArgumentKind::Integer { min: 1, max: 9, default: 3 },
            summary: "How many may reach the ground before the episode ends.",
        }],
        manual: Some(&MANUAL),
        ..Entry::new(ID, "__TITLE__", "Catch what falls from the tree with the basket.")
    }],
    make,
    artwork: &[PICTURE],
};

/// What the numbers mean, for those who read them: `descriptions()` gives it to pages, and the tests hold it to the spaces below.
const MANUAL: Manual = Manual {
    actions: &[
        Meaning::new("0", "stay"),
        Meaning::new("1", "a cell to the left"),
        Meaning::new("2", "a cell to the right"),
    ],
    observation: &[
        Meaning::new("0", "first column that the basket covers, from 0"),
        Meaning::new("1", "column of the fruit, from 0"),
        Meaning::new("2", "row of the fruit, from 0 at the top"),
    ],
    reward: "1 for a fruit that is caught, 0 otherwise.",
    start: "The basket in the middle, a fruit in a random column of the topmost row.",
    ends: "Terminated when as many have reached the ground as `misses` says. Truncated after 600 steps.",
    ..Manual::EMPTY
};

/// Makes the game from its name and its arguments; `None` for a name that is not ours.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    (id == ID).then(|| Game::new(kwargs).map(|game| Box::new(game) as Box<dyn Environment>))
}

/// Everything there is to know of a game that is being played.
struct Game {
    spec: Spec,
    /// How many misses end the episode.
    misses: u32,
    /// The only source of chance. The same seed gives the same game, on every machine and in every browser.
    rng: SeededRng,
    /// The first column that the basket covers.
    basket: usize,
    /// The column and the row of the fruit.
    fruit: [usize; 2],
    /// How many have reached the ground in this episode.
    missed: u32,
}

impl Game {
    fn new(kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let misses = arguments.integer("misses", 1..=9, 3)? as u32;
        // Refuses an argument that was given and not read: a misspelt one would go unnoticed.
        arguments.finish()?;
        // Actions: 0 stays, 1 goes left, 2 goes right.
        let actions = Space::discrete(3);
        // What a player sees: where the basket is, and the column and the row of the fruit.
        let seen = Space::MultiDiscrete { nvec: vec![(COLUMNS - BASKET + 1) as i64, COLUMNS as i64, ROWS as i64] };
        let spec = Spec {
            max_episode_steps: Some(MOST_STEPS),
            // The width of the picture over its height.
            aspect: 1.0,
            atlas: Some(Atlas { image: PICTURE.path.to_owned(), columns: 2, rows: 1 }),
            ..Spec::single(ID, actions, seen)
        };
        Ok(Self { spec, misses, rng: SeededRng::new(0), basket: 0, fruit: [0, 0], missed: 0 })
    }

    /// Lets a fruit hang in a column of the topmost row.
    fn hang(&mut self) {
        self.fruit = [self.rng.choice(COLUMNS), 0];
    }
}

impl Environment for Game {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Begins an episode. With a seed the chance begins anew as well; without one it goes on.
    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.basket = (COLUMNS - BASKET) / 2;
        self.missed = 0;
        self.hang();
        Ok(())
    }

    /// One step: the basket moves by a cell, the fruit falls by one.
    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        match action.discrete(0) {
            1 => self.basket = self.basket.saturating_sub(1),
            2 => self.basket = (self.basket + 1).min(COLUMNS - BASKET),
            _ => {}
        }
        self.fruit[1] += 1;
        let mut reward = 0.0;
        if self.fruit[1] == ROWS - 1 {
            if (self.basket..self.basket + BASKET).contains(&self.fruit[0]) {
                reward = 1.0;
            } else {
                self.missed += 1;
            }
            self.hang();
        }
        // The reward, whether the game is lost or won, and whether it is cut off (the time limit sees to that by itself).
        outcome.share(reward, self.missed >= self.misses, false);
        Ok(())
    }

    /// What a player sees, in the order of the space above.
    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.i64s(&[self.basket as i64, self.fruit[0] as i64, self.fruit[1] as i64]);
    }

    /// The picture. Places and sizes are fractions of its width and height; y points down.
    fn draw(&self, scene: &mut Scene) {
        let (width, height) = (1.0 / COLUMNS as f32, 1.0 / ROWS as f32);
        scene.background(Colour::rgb(0xdcecf5));
        scene.rectangle(&Style::fill(Colour::rgb(0x7fa66a)), [0.0, 1.0 - height / 2.0, 1.0, height / 2.0]);
        // A thing with an id is moved smoothly from step to step. The next fruit is another thing: it jumps to the top.
        let style = Style::fill(Colour::WHITE);
        let next = u32::from(self.fruit[1] == 0);
        let [column, row] = self.fruit.map(|cell| cell as f32);
        scene.sprite(&style.id(2 + next), FRUIT_SPRITE, [column * width, row * height, width, height], 0.0);
        let basket = [self.basket as f32 * width, 1.0 - 2.0 * height, BASKET as f32 * width, 2.0 * height];
        scene.sprite(&style.id(1).depth(1), BASKET_SPRITE, basket, 0.0);
        // What is left to miss, in the corner.
        for left in self.missed..self.misses {
            let x = 1.0 - (left as f32 + 1.0) * width / 2.0;
            scene.circle(&Style::fill(Colour::rgb(0xb5483a)), [x, height / 3.0], height / 6.0);
        }
    }

    /// Everything that the future depends on. What you add to `Game`, save here and restore below, in the same order.
    fn save(&self, out: &mut StateWriter) {
        out.u32(self.misses);
        out.rng(&self.rng);
        out.u32(self.basket as u32);
        self.fruit.iter().for_each(|cell| out.u32(*cell as u32));
        out.u32(self.missed);
    }

    /// Reads what `save` wrote. The bytes may come from a stranger: what the game cannot be in is refused.
    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        if state.u32()? != self.misses {
            return Err(RestoreError::Foreign);
        }
        self.rng = state.rng()?;
        self.basket = state.below(COLUMNS - BASKET + 1, "basket")?;
        self.fruit = [state.below(COLUMNS, "column")?, state.below(ROWS - 1, "row")?];
        self.missed = state.below(self.misses as usize + 1, "missed")? as u32;
        Ok(())
    }
}
