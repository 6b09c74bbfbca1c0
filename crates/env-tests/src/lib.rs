//! Tests that hold a family of environments to the contract of [`Environment`](palaestra_env::Environment). They are all that the
//! environments that come with Palaestra are held to, but for what is peculiar to each:
//!
//! ```ignore
//! // tests/family.rs
//! palaestra_env_tests::contract!(my_family::FAMILY);
//! palaestra_env_tests::golden!(my_family::FAMILY);
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`contract`](mod@contract) | what holds whatever the arguments, the seed and the actions, in one game |
//! | `properties` | that, in random games of all that a family has |
//! | [`findings`] | all of this told of one environment, in words: `palaestra check` |
//! | [`no_alloc`] | a warm step allocates nothing |
//! | [`hostile_states`] | saved states that were cut, altered or made up |
//! | [`golden`](mod@golden) | records of a reference, replayed |
//! | [`cases`] | every environment of a family, with its defaults and with other arguments |
//! | [`play`] | playing, and everything that can be seen of an environment at one moment |
//! | [`allocations`] | an allocator that counts: that of every program that has this crate in it |
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
#![allow(clippy::print_stdout, reason = "a test says how much it has compared")]

pub mod allocations;
pub mod cases;
pub mod contract;
pub mod findings;
pub mod golden;
pub mod hostile_states;
pub mod no_alloc;
pub mod play;
#[cfg(feature = "proptest")]
pub mod properties;

pub use contract::{Bounds, Memory};

/// The tests of the contract, for a family. With [`Memory::OutlivesSeeds`] its environments may remember beyond a seeded reset, and with
/// [`Bounds::LeftWithArguments`] show real numbers beyond their space where arguments are given.
#[macro_export]
macro_rules! contract {
    ($family:expr) => {
        $crate::contract!($family, $crate::Memory::None);
    };
    ($family:expr, $memory:expr) => {
        $crate::contract!($family, $memory, $crate::Bounds::Kept);
    };
    ($family:expr, $memory:expr, $bounds:expr) => {
        #[test]
        fn the_facts_of_the_family_agree_with_its_environments() {
            assert_eq!($family.check(), Ok(()));
        }

        #[test]
        fn a_restored_state_goes_on_as_the_saved_one_did() {
            $crate::properties::a_restored_state_goes_on_as_the_saved_one_did($family);
        }

        #[test]
        fn the_same_seed_and_actions_give_the_same_bytes() {
            $crate::properties::the_same_seed_and_actions_give_the_same_bytes($family, $memory);
        }

        #[test]
        fn what_is_seen_lies_in_its_space_and_can_be_drawn() {
            $crate::properties::what_is_seen_lies_in_its_space_and_can_be_drawn($family, $bounds);
        }

        #[test]
        fn a_bad_action_is_refused_and_changes_nothing() {
            $crate::properties::a_bad_action_is_refused_and_changes_nothing($family);
        }

        #[test]
        fn a_warm_step_allocates_nothing() {
            $crate::no_alloc::a_warm_step_allocates_nothing($family);
        }

        #[test]
        fn a_damaged_state_is_refused_or_is_a_state() {
            $crate::hostile_states::a_damaged_state_is_refused_or_is_a_state($family);
        }

        #[test]
        fn a_damaged_state_is_refused_or_is_a_state_with_any_arguments() {
            $crate::hostile_states::a_damaged_state_is_refused_or_is_a_state_with_any_arguments($family);
        }
    };
}

/// The test that every record in the crate's `tests/golden` replays to the last number.
#[macro_export]
macro_rules! golden {
    ($family:expr) => {
        #[test]
        fn every_record_replays_to_the_last_number() {
            let folder = ::std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
            $crate::golden::every_record_replays($family, &folder);
        }
    };
}
