//! What makes one environment of the family different from another.
use palaestra_env::{ArgumentError, Arguments, Kwargs, SeededRng};
use serde_json::Value as Json;

use super::expert::Aim;
use super::grid::{Grid, Place};
use super::placement::{Builder, Stuck};
use super::view::View;
use super::world::{Action, Score, World};

/// A way to build grids, and what its steps do beyond those of every level. What an episode has to remember stands in the
/// [`World`]; a level itself is its arguments and never changes.
pub(super) trait Level: Send {
    /// Builds an episode's grid and puts the agent into it: the reference's `_gen_grid`.
    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck>;

    /// One step.
    fn step(&self, world: &mut World, action: Action, rng: &mut SeededRng) -> Score {
        let _ = rng;
        world.act(action)
    }

    /// What an expert is after, beside goals.
    fn aim(&self, world: &World) -> Aim {
        let _ = world;
        Aim::default()
    }
}

/// What every environment of the family has, but each has otherwise: the arguments of `MiniGridEnv.__init__`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setup {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) max_steps: u32,
    pub(super) view_size: usize,
    pub(super) see_through_walls: bool,
    /// How many of the actions there are, from the first.
    pub(super) actions: i64,
    /// The mission, with places for words.
    pub(super) sentence: &'static str,
    /// The argument that leaves no room where a level cannot be built.
    pub(super) crowding: &'static str,
    /// Whether there is anything to be carried.
    pub(super) hands: bool,
    /// What a person is told on failing.
    pub(super) lost: &'static str,
    /// Draws what the agent sees instead of the whole grid.
    pub(super) agent_pov: bool,
    /// Draws the agent's field of view brighter than the rest.
    pub(super) highlight: bool,
}

/// Whether the agent sees through walls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Always or never: the level says.
    Fixed(bool),
    /// Not unless the arguments say so.
    Argument,
}

impl Setup {
    /// Reads the arguments that every environment of the family takes.
    ///
    /// # Errors
    /// [`ArgumentError`] for values out of range.
    pub(super) fn read(
        arguments: &mut Arguments<'_>,
        (width, height): (i32, i32),
        max_steps: i64,
        sight: Sight,
        sentence: &'static str,
    ) -> Result<Self, ArgumentError> {
        let expected = format!("an odd integer from 3 to {}", View::MOST);
        let odd = |json: &Json| json.as_i64().filter(|size| size % 2 == 1 && (3..=View::MOST).contains(size));
        let see_through_walls = match sight {
            Sight::Fixed(through) => through,
            Sight::Argument => arguments.bool("see_through_walls", false)?,
        };
        Ok(Self {
            width,
            height,
            max_steps: arguments.integer("max_steps", 1..=i64::from(MOST_STEPS), max_steps)? as u32,
            view_size: arguments.parsed("agent_view_size", &expected, odd)?.unwrap_or(7) as usize,
            see_through_walls,
            actions: Action::COUNT,
            sentence,
            crowding: "size",
            hands: false,
            lost: "Out of luck",
            agent_pov: arguments.bool("agent_pov", false)?,
            highlight: arguments.bool("highlight", true)?,
        })
    }

    /// A world for it, empty.
    pub(super) fn world(&self) -> World {
        World::new(Grid::new(self.width, self.height, self.view_size as i32), self.max_steps)
    }
}

/// The greatest number of steps an episode can be allowed.
pub(super) const MOST_STEPS: u32 = 1_000_000_000;

/// Reads the width, height or room size of a grid.
///
/// # Errors
/// [`ArgumentError`] below `least`, or where the grid would be too large.
pub(super) fn size(
    arguments: &mut Arguments<'_>,
    name: &'static str,
    least: i64,
    default: i64,
) -> Result<i32, ArgumentError> {
    arguments.integer(name, least..=i64::from(Grid::MOST), default).map(|size| size as i32)
}

/// Reads a place, `[x, y]`, with its column and row from `least` to `most`; `null` is Python's `None`: anywhere.
///
/// # Errors
/// [`ArgumentError`] for anything else.
pub(super) fn place(
    (arguments, kwargs): (&mut Arguments<'_>, &Kwargs),
    name: &'static str,
    (least, most): (i32, i32),
    default: Option<Place>,
) -> Result<Option<Place>, ArgumentError> {
    let coordinate = |json: &Json| {
        let number = json.as_i64().and_then(|number| i32::try_from(number).ok());
        number.filter(|number| (least..=most).contains(number))
    };
    let read = |json: &Json| match json.as_array()?.as_slice() {
        [x, y] => Some(Place::new(coordinate(x)?, coordinate(y)?)),
        _ => None,
    };
    let expected = format!("[x, y] with both from {least} to {most}, or null");
    let given = arguments.parsed(name, &expected, read)?;
    Ok(if kwargs.contains_key(name) { given } else { default })
}
