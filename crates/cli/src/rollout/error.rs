//! Why there are no episodes.
use std::path::PathBuf;
use std::{fmt, io};

use palaestra_env::{EnvError, MakeError};

/// Why there are no episodes.
#[derive(Debug)]
pub(crate) enum RolloutError {
    Make(MakeError),
    Env(EnvError),
    Policy(String),
    File(PathBuf, io::Error),
    /// The thread that played an episode has told why.
    Panicked,
    /// There are records of another run, among which those of this one would stand.
    Exists {
        folder: PathBuf,
        found: String,
    },
    /// One record cannot hold them: a plain reset does not lead to where this episode began.
    Remembers {
        seed: u64,
    },
    /// Played again for its record, it was another than the one that is told.
    Another {
        seed: u64,
    },
}

impl fmt::Display for RolloutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(error) => error.fmt(f),
            Self::Env(error) => error.fmt(f),
            Self::Policy(error) => f.write_str(error),
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Panicked => f.write_str("expected an episode, found a panic: what it says stands above"),
            Self::Exists { folder, found } => write!(
                f,
                "--output: expected none in {}, found {found}: name another folder, or empty it",
                folder.display()
            ),
            Self::Remembers { seed } => write!(
                f,
                "--output: expected a folder, for a file for each episode, found one file: this environment remembers more than a reset \
                 forgets, and the episode of seed {seed} would not replay after those before it"
            ),
            Self::Another { seed } => write!(
                f,
                "--output: expected the episode of seed {seed} to be the same when it is played again for its record, found another: \
                 the environment or a policy remembers more than its state has"
            ),
        }
    }
}

impl std::error::Error for RolloutError {}
