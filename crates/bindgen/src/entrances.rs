//! By which of its functions a part of a module is entered.
//!
//! What the rest of the module calls of a part has to be known: each such call is a trap while the part is not there. So they are named, and
//! a build that finds another one fails: somebody may have made a new call, or the compiler may have taken a function apart. What is only called
//! through the table (methods of trait objects, closures) is not named: only the part itself makes what has them.
use std::fmt;

/// The names of functions, as the rest of the module or JavaScript calls them.
#[derive(Debug, PartialEq)]
pub(crate) struct Entrances(Vec<String>);

impl Entrances {
    /// Each is a function's name, or the end of its path; with a `*` at its end, the beginning of names.
    pub(crate) fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    /// Whether a function is one of them.
    pub(crate) fn have(&self, function: &str) -> bool {
        let path = without_hash(function);
        self.0.iter().any(|own| match own.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path.strip_suffix(own.as_str()).is_some_and(|before| before.is_empty() || before.ends_with("::")),
        })
    }
}

impl fmt::Display for Entrances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

/// A function's path without what the compiler tells it from others by: `::h0123456789abcdef`.
pub(crate) fn without_hash(name: &str) -> &str {
    let hash =
        |text: &str| text.len() == 17 && text.starts_with('h') && text[1..].bytes().all(|b| b.is_ascii_hexdigit());
    match name.rsplit_once("::") {
        Some((path, last)) if last.is_ascii() && hash(last) => path,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entrance_is_a_name_the_end_of_a_path_or_the_beginning_of_names() {
        let entrances = Entrances::new(["join", "makeEnv externref shim", "envhandle_*"].map(str::to_owned).to_vec());
        for known in [
            "join",
            "palaestra_play::game::in_match::<impl palaestra_play::game::core::Game>::join::h0123456789abcdef",
            "makeEnv externref shim",
            "envhandle_step externref shim",
        ] {
            assert!(entrances.have(known), "{known}");
        }
        for strange in ["palaestra_play::rejoin", "palaestra_play::join::inner", "makeEnv", "__wbg_envhandle_free", ""]
        {
            assert!(!entrances.have(strange), "{strange}");
        }
        assert_eq!(entrances.to_string(), "join, makeEnv externref shim, envhandle_*");
    }
}
