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
    /// One record cannot hold them: a plain reset does not lead to where this episode began.
    Remembers {
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
            Self::Remembers { seed } => write!(
                f,
                "--output: expected a folder, for a file for each episode, found one file: this environment remembers more than a reset \
                 forgets, and the episode of seed {seed} would not replay after those before it"
            ),
        }
    }
}

impl std::error::Error for RolloutError {}
