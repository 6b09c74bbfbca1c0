//! Overcooked for two, after overcooked-ai 1.1.0.
//!
//! Facts from its `mdp/overcooked_mdp.py`, `mdp/overcooked_env.py` and `data/layouts`; `old_dynamics`, which 1.1.0 has
//! not yet, from the project's repository at 739950a. Every step is the reference's, number for number: the tests
//! replay its trajectories and people's recorded games.
//!
//! | file | what it holds |
//! |---|---|
//! | `entries` | the catalog: titles, keys, arguments |
//! | `layouts` | the six kitchens; `palaestra-kitchen` reads their floor plans |
//! | `kitchen`, `params`, `arguments` | the rules, from the keyword arguments of `make` |
//! | `recipe` | orders, cooking times, prices |
//! | `state`, `save` | what changes during play, and as bytes |
//! | `action`, `step`, `interact`, `movement` | one step |
//! | `observe`, `lossless`, `features` | the three observations |
//! | `scene` | what is drawn |
//! | `environment` | all of it behind [`Environment`] |
#![forbid(unsafe_code)]

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

mod action;
mod arguments;
mod entries;
mod environment;
mod expert;
mod features;
mod features_reach;
mod interact;
mod kitchen;
mod layouts;
mod lossless;
mod manual;
mod movement;
mod observe;
mod params;
mod recipe;
mod save;
mod scene;
mod state;
mod step;

/// The family.
pub const FAMILY: Family = Family {
    name: "overcooked_ai",
    title: "Overcooked for two (overcooked-ai)",
    entries: entries::ENTRIES,
    make,
    artwork: &[palaestra_kitchen::sprites::ARTWORK],
};

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let layout = layouts::LAYOUTS.iter().find(|layout| layout.id == id)?;
    Some(environment::Overcooked::new(layout, kwargs).map(|environment| Box::new(environment) as Box<dyn Environment>))
}
