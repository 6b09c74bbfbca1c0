//! What holds for every environment, in random games of all that a family has, with its defaults and with other arguments: enumerated
//! from the family's entries, so that a new environment is held to it too. A failure names the call of `make`, the seed and the step.

use palaestra_env::catalog::Family;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::cases::{Case, varied};
use crate::contract::{self, Bounds, Game, Memory};

fn games() -> impl Strategy<Value = Game> {
    (any::<u64>(), 0..80_u32, 1..20_u32).prop_map(|(seed, before, after)| Game { seed, before, after })
}

/// Holds every environment to `property`, in a few games each.
fn for_every_environment(family: Family, property: impl Fn(&Case, Game) -> Result<(), String>) {
    let mut failures = Vec::new();
    for case in varied(family) {
        let mut runner = TestRunner::new(Config { cases: 2, failure_persistence: None, ..Config::default() });
        let held = runner.run(&games(), |game| property(&case, game).map_err(TestCaseError::fail));
        failures.extend(held.err().map(|error| format!("{case}: {error}")));
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// A restored state goes on as the saved one did.
///
/// # Panics
/// With what was found, where it is otherwise.
pub fn a_restored_state_goes_on_as_the_saved_one_did(family: Family) {
    for_every_environment(family, contract::restored);
}

/// The same seed and actions give the same bytes.
///
/// # Panics
/// With what was found, where it is otherwise.
pub fn the_same_seed_and_actions_give_the_same_bytes(family: Family, memory: Memory) {
    for_every_environment(family, |case, game| contract::repeated(case, game, memory));
}

/// What is seen lies in its space, and can be drawn.
///
/// # Panics
/// With what was found, where it is otherwise.
pub fn what_is_seen_lies_in_its_space_and_can_be_drawn(family: Family, bounds: Bounds) {
    for_every_environment(family, |case, game| contract::seen(case, game, bounds));
}

/// A bad action is refused and changes nothing.
///
/// # Panics
/// With what was found, where it is otherwise.
pub fn a_bad_action_is_refused_and_changes_nothing(family: Family) {
    for_every_environment(family, contract::refused);
}
