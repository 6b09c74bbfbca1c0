//! The tools of `palaestra-env-tests`, over all families.
#![allow(dead_code, unused_imports, reason = "each test uses some of them")]
pub(crate) use palaestra_env_tests::{allocations, play};

pub(crate) mod cases {
    pub(crate) use palaestra_env_tests::cases::Case;

    /// One environment, without arguments.
    pub(crate) fn one(id: &str) -> Case {
        let found = plain().into_iter().find(|case| case.id == id);
        found.unwrap_or_else(|| panic!("{id} is not registered"))
    }

    /// Every environment as `make` gives it without arguments.
    pub(crate) fn plain() -> Vec<Case> {
        palaestra_envs::CATALOG.families().copied().flat_map(palaestra_env_tests::cases::plain).collect()
    }

    /// Those, and each again with one argument changed.
    pub(crate) fn varied() -> Vec<Case> {
        palaestra_envs::CATALOG.families().copied().flat_map(palaestra_env_tests::cases::varied).collect()
    }
}
