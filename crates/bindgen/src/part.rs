//! A part of a module, as a build names it, and why it is not to be had.
use std::fmt;

use crate::entrances::{Entrances, without_hash};

/// A part to be split off: the functions whose paths begin with one of `paths`, or end with what follows its `*`, and all that only these
/// lead to.
#[derive(Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    paths: Vec<String>,
    pub(crate) entrances: Entrances,
}

impl Part {
    /// From `NAME=PATH,PATH;ENTRANCE,ENTRANCE`.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('=')?;
        let (paths, entrances) = rest.split_once(';')?;
        let list = |text: &str| -> Vec<String> { text.split(',').map(str::to_owned).collect() };
        let (paths, entrances) = (list(paths), list(entrances));
        let plain = !name.is_empty() && paths.iter().chain(&entrances).all(|path| !path.is_empty());
        plain.then(|| Self { name: name.to_owned(), paths, entrances: Entrances::new(entrances) })
    }

    /// Whether a function's name has a path of the part in it.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.paths.iter().any(|own| name.contains(own.as_str()))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        // A trait's function of a type: `<path::Type as Trait>::function`.
        let path = without_hash(name.trim_start_matches('<'));
        self.paths.iter().any(|own| match own.strip_prefix('*') {
            Some(end) => path.ends_with(end),
            None => path.starts_with(own.as_str()),
        })
    }
}

/// Why a module was not split.
#[derive(Debug)]
pub(crate) enum SplitError {
    Module(String),
    Empty(String),
    Table(String),
    Entered { part: String, found: Vec<String>, expected: String },
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(cause) => write!(f, "expected a module, found {cause}"),
            Self::Empty(part) => write!(f, "{part}: expected functions of these paths, found none"),
            Self::Table(part) => write!(f, "{part}: expected one table of functions, with its size, found another"),
            Self::Entered { part, found, expected } => write!(
                f,
                "{part}: expected a part that is entered by {expected} only, found {}: where the part has not been loaded, each of these is \
                 a trap. Name it among the entrances of the part if it is called only when the part is there, and keep what it was \
                 inlined from a function of its own (#[inline(never)]) if it is not",
                found.join(", ")
            ),
        }
    }
}
