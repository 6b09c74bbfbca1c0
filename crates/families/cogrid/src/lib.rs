//! CoGrid's kitchens and a house to search, for two, after cogrid 0.3.2.
//!
//! | id | observation of each agent, float32 | rewards | `max_steps` |
//! |---|---|---|---|
//! | `Overcooked-CrampedRoom-V0`, `-AsymmetricAdvantages-V0`, `-CoordinationRing-V0`, `-ForcedCoordination-V0`, `-CounterCircuit-V0` | 892: both cooks and the pots, ten maps | a soup handed out 20, an onion in a pot 3, a soup on a plate 5, to both | 1000 |
//! | `Overcooked-CrampedMixedKitchen-V0` | 898: the same and the orders | an ordered soup 20, another −20, an ingredient of an ordered soup 3, an expired order −20, to both | 4000 |
//! | `Overcooked-CrampedRoom-LocalView-V0`, `-AsymmetricAdvantages-PartialObs-V0` | 700: 35 maps of everything; 322: of 3 × 3 cells, and the layout | as in the first row, but 3 and 5 to whoever did it | 1000 |
//! | `OvercookedV2-CrampedRoomIndicator-V0`; `-GroundedCoordSimple-V0`, `-GroundedCoordRing-V0`, `-TestTimeSimple-V0`, `-TestTimeWide-V0`, `-DemoCookSimple-V0`, `-DemoCookWide-V0` | 700: 35 maps of everything; 875: of 5 × 5 cells | the wanted soup ±20, its ingredient ±3, on a plate ±5, a button −5, to both | 400 |
//! | `SearchRescue-Test-V0` | 22: both rescuers | none | 1000 |
//!
//! Actions: 0 up, 1 down, 2 left, 3 right, 4 pick up or drop, 5 toggle, 6 nothing. `make` takes `max_steps`, the member of that
//! name of the reference's `config`. As in the reference, a step beyond the end of an episode is allowed, and earns nothing.
//!
//! Where the reference depends on more than its arguments, this is a function of the seed:
//!
//! - `reset(seed)` seeds the environment's generator, which draws the places and the key of each step's own generator. Without
//!   a seed it goes on, as the reference's `reset(seed=None)` does, and the first directions are then those of seed 42, as
//!   there. The reference's `reset()`, which means `reset(seed=42)`, is `reset(Some(42))` here. A first reset without a seed is
//!   one with seed 0.
//! - The wanted soups of the second version come from NumPy's global legacy generator. Here each environment has one of its
//!   own; `reset(seed)` seeds it as `numpy.random.seed(seed)` does, and without a seed it goes on.
//! - Making an environment of the second version changes what the reference's first version does later in the same process.
//!   Here the first version always is as in a fresh process.
//!
//! | file | what it holds |
//! |---|---|
//! | `entries` | the catalog: titles, keys, arguments |
//! | `setup`, `plan` | the environments, a table; a floor plan and its rules |
//! | `thing` | what stands, lies and is carried, and its numbers |
//! | `world`, `save` | what changes during play, and as bytes |
//! | `step`, `reward` | one step, and what it earns |
//! | `features`, `maps`, `rescue`, `numbers` | the observations; a row of float32 |
//! | `scene` | what is drawn |
//! | `environment` | all of it behind [`Environment`] |
#![forbid(unsafe_code)]

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

mod entries;
mod environment;
mod expert;
mod features;
mod manual;
mod maps;
mod numbers;
mod plan;
mod rescue;
mod reward;
mod save;
mod scene;
mod setup;
mod step;
mod thing;
mod world;

/// The family.
pub const FAMILY: Family = Family {
    name: "cogrid",
    title: "Kitchens and rescues for two (cogrid)",
    entries: entries::ENTRIES,
    make,
    artwork: &[palaestra_kitchen::sprites::ARTWORK, scene::RESCUE_ARTWORK],
};

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let setup = setup::SETUPS.iter().find(|setup| setup.id == id)?;
    Some(environment::CoGrid::new(setup, kwargs).map(|environment| Box::new(environment) as Box<dyn Environment>))
}
