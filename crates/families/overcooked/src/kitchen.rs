//! Everything about a kitchen that does not change while it is played.
use palaestra_env::{ArgumentError, Arguments, Kwargs, StateWriter};
use palaestra_kitchen::{Grid, Position, Tile};
use palaestra_text::json::shortened;

use super::arguments::{invalid, within_mdp_params};
use super::layouts::Layout;
use super::params::{MdpParams, Shaping};
use super::recipe::Book;

/// The longest episode; at seven steps a second more than a day.
const LONGEST_HORIZON: i64 = 1_000_000;

/// What an agent is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// The reference's `OvercookedState.to_dict()`, one for both.
    State,
    /// The reference's `lossless_state_encoding`, one per agent.
    Lossless,
    /// The reference's `featurize_state`, one per agent.
    Features,
}

/// A kitchen with its rules.
#[derive(Clone, Debug)]
pub(super) struct Kitchen {
    pub(super) id: &'static str,
    pub(super) grid: Grid,
    pub(super) starts: [Position; 2],
    pub(super) book: Book,
    pub(super) shaping: Shaping,
    /// A pot of three starts to cook by itself, and only so, as in the human experiments before 2020.
    pub(super) old_dynamics: bool,
    /// Steps in an episode.
    pub(super) horizon: u32,
    pub(super) view: View,
    /// Tells the saved states of one kitchen from those of another.
    pub(super) fingerprint: u64,
}

impl Kitchen {
    /// Reads the arguments of `make` over what a layout says.
    ///
    /// # Errors
    /// [`ArgumentError`] for what the reference refuses, and for what it would fail at later.
    pub(super) fn new(layout: &Layout, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let grid =
            Grid::parse(arguments.text("layout")?.filter(|text| !text.trim().is_empty()).unwrap_or(layout.grid))?;
        let horizon = arguments.integer("horizon", 1..=LONGEST_HORIZON, 400)?;
        let view = match arguments.choice("observation", &["state", "lossless", "features"], "state")? {
            "lossless" => View::Lossless,
            "features" => View::Features,
            _ => View::State,
        };
        let nothing = Kwargs::new();
        let given = arguments.parsed("mdp_params", "an object", |json| json.as_object())?.unwrap_or(&nothing);
        let mut merged = given.clone();
        for shorthand in ["old_dynamics", "cook_time"] {
            if let Some(json) = arguments.json(shorthand) {
                if given.get(shorthand).is_some_and(|member| !member.is_null()) {
                    let expected = format!("it once: also mdp_params.{shorthand} is given");
                    return Err(invalid(shorthand, &expected, shortened(json)));
                }
                merged.insert(shorthand.to_owned(), json.clone());
            }
        }
        arguments.finish()?;

        let params = MdpParams::read(layout, &merged).map_err(within_mdp_params)?;
        let starts = params.starts.unwrap_or(grid.starts);
        if starts.iter().any(|start| grid.tile(*start) != Tile::Floor) || starts[0] == starts[1] {
            let found = format!("{:?}", starts.map(|start| (start.x, start.y)));
            return Err(invalid("mdp_params.start_player_positions", "two different places on the floor", found));
        }
        let mut kitchen = Self {
            id: layout.id,
            grid,
            starts,
            book: params.book,
            shaping: params.shaping,
            old_dynamics: params.old_dynamics,
            horizon: horizon as u32,
            view,
            fingerprint: 0,
        };
        kitchen.fingerprint = kitchen.fingerprint();
        Ok(kitchen)
    }

    /// A hash over all that decides how a state goes on. What is shown of it is not part of that.
    fn fingerprint(&self) -> u64 {
        let mut out = StateWriter::new();
        out.u8(self.grid.width());
        self.grid.cells().for_each(|(_, tile)| out.u8(tile as u8));
        self.starts.iter().for_each(|start| [start.x, start.y].iter().for_each(|side| out.u8(*side)));
        out.u8(self.book.max_ingredients());
        for recipe in self.book.all() {
            out.i64(self.book.time(recipe).into());
            out.f64(self.book.delivery(recipe));
            out.bool(self.book.orders().contains(&recipe));
            out.bool(self.book.bonus().contains(&recipe));
        }
        self.shaping.all().iter().for_each(|reward| out.f64(*reward));
        out.bool(self.old_dynamics);
        out.u32(self.horizon);
        out.hash()
    }
}
