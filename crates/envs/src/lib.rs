//! The families of environments that come with Palaestra: the list, and what is made from it. Each is a crate of its own in
//! `crates/families`.
//!
//! ```
//! use palaestra_env::{Kwargs, Value};
//!
//! let mut env = palaestra_envs::make("CartPole-v1", &Kwargs::new())?;
//! env.reset(Some(42), &Kwargs::new())?;
//! let outcome = env.step(&[Value::Discrete(1)])?;
//! assert_eq!(outcome.rewards, [1.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

use palaestra_env::catalog::{Catalog, Entry, Family};
use palaestra_env::{Env, Kwargs, MakeError};

/// The families. A page lists them in this order.
pub const FAMILIES: &[Family] = &[
    palaestra_classic_control::FAMILY,
    palaestra_toy_text::FAMILY,
    palaestra_minigrid::FAMILY,
    palaestra_overcooked::FAMILY,
    palaestra_cogrid::FAMILY,
    palaestra_slime_volley::FAMILY,
    palaestra_box2d::FAMILY,
    palaestra_mpe2::FAMILY,
    palaestra_lbforaging::FAMILY,
];

/// The same as a catalog.
pub const CATALOG: Catalog = Catalog::new(&[FAMILIES]);

/// Makes the environment registered under `id`; see [`Catalog::make`].
///
/// # Errors
/// [`MakeError::UnknownId`] with the nearest id, or [`MakeError::Argument`] for keyword arguments it does not take.
pub fn make(id: &str, kwargs: &Kwargs) -> Result<Env, MakeError> {
    CATALOG.make(id, kwargs)
}

/// The entry of an id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    CATALOG.entry(id)
}

/// The registered id with the fewest differences, if they are few.
pub fn nearest(id: &str) -> Option<&'static str> {
    CATALOG.nearest(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_id_is_told_the_nearest_one() {
        let error = make("Cartpole-v1", &Kwargs::new()).err().unwrap();
        assert_eq!(
            error.to_string(),
            "expected the id of a registered environment, found `Cartpole-v1` (did you mean `CartPole-v1`?)"
        );
        let error = make("Chess", &Kwargs::new()).err().unwrap();
        assert!(!error.to_string().contains("did you mean"), "{error}");
    }

    #[test]
    fn the_families_agree_with_their_environments_and_with_each_other() {
        assert_eq!(CATALOG.check(), Ok(()));
    }

    #[test]
    fn every_folder_of_families_is_on_the_list() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../families");
        let folders = std::fs::read_dir(folder).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
        assert_eq!(folders.count(), FAMILIES.len());
    }
}
