//! Why a model is none for a seat.
use std::fmt;

use palaestra_env::ArgumentError;
use palaestra_onnx::LoadError;
use palaestra_text::Shown;

/// Why a model cannot play for an agent.
#[derive(Clone, Debug, PartialEq)]
pub enum PolicyError {
    /// The file is no model that can be run.
    Model(LoadError),
    /// The manifest is no JSON object.
    Json {
        /// What is wrong with it.
        message: String,
    },
    /// A field of the manifest has a value that it does not take.
    Manifest(ArgumentError),
    /// An input of the model cannot be told what the manifest says.
    Input {
        /// The input's name.
        input: String,
        /// What it needs.
        expected: String,
        /// What there is.
        found: String,
    },
    /// An output of the model cannot be what the manifest says.
    Output {
        /// The output's name.
        output: String,
        /// What is needed.
        expected: String,
        /// What there is.
        found: String,
    },
    /// The agent's actions are of a space that no model can choose from.
    Actions {
        /// The kind of space.
        found: &'static str,
    },
}

impl From<LoadError> for PolicyError {
    fn from(error: LoadError) -> Self {
        PolicyError::Model(error)
    }
}

impl From<ArgumentError> for PolicyError {
    fn from(error: ArgumentError) -> Self {
        PolicyError::Manifest(error)
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyError::Model(error) => error.fmt(f),
            PolicyError::Json { message } => write!(f, "manifest: expected a JSON object, found other text: {message}"),
            PolicyError::Manifest(error) => write!(f, "manifest: {error}"),
            PolicyError::Input { input, expected, found } => {
                write!(f, "input `{}`: expected {expected}, found {found}", Shown(input))
            }
            PolicyError::Output { output, expected, found } => {
                write!(f, "output `{}`: expected {expected}, found {found}", Shown(output))
            }
            PolicyError::Actions { found } => {
                let expected = "Discrete, MultiDiscrete, MultiBinary or Box, or of a OneOf with one of these";
                write!(f, "expected actions of {expected}, found {found}")
            }
        }
    }
}

impl std::error::Error for PolicyError {}
