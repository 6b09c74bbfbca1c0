//! Why a file is refused. Every message says what was expected and what came, and names the node or the value.
use std::fmt;

use crate::limits;
use crate::show::{show, show_all};

/// Why a file is no model that can be run.
#[derive(Clone, Debug, PartialEq)]
pub enum LoadError {
    /// The bytes are no ONNX file: they end too early, or hold what protocol buffers do not.
    Malformed {
        /// The message of the format that could not be read.
        message: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The file or its graph asks for more than [`limits`] allow.
    TooLarge {
        /// Of what.
        what: &'static str,
        /// How much is allowed.
        most: u64,
        /// How much was asked for.
        found: u64,
    },
    /// The file's operator set is not among [`limits::OPERATOR_SETS`]; absent where the file names none.
    OperatorSet {
        /// The version.
        found: Option<i64>,
    },
    /// The graph has no output.
    NoOutput,
    /// Two values have one name.
    Duplicate {
        /// The name.
        value: String,
    },
    /// An output of the graph is computed nowhere.
    MissingOutput {
        /// The output's name.
        output: String,
    },
    /// Something is wrong with a tensor that the file holds, or with an input or output of the graph.
    Value {
        /// The name.
        name: String,
        /// What is wrong.
        fault: Fault,
    },
    /// Something is wrong with a node.
    Node {
        /// Its operator, with its domain if it is not ONNX's own.
        operator: String,
        /// Its name; where it has none, the name of its first output.
        node: String,
        /// What is wrong.
        fault: Fault,
    },
}

/// What is wrong with a node or a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// No operator of this name can be run.
    UnsupportedOperator,
    /// The operator can be run, but an output that the graph uses is not computed.
    UnsupportedOutput {
        /// The output's name.
        output: String,
    },
    /// An attribute has a value that cannot be honoured.
    Attribute {
        /// The attribute's name.
        attribute: &'static str,
        /// What can be.
        expected: &'static str,
        /// What came.
        found: String,
    },
    /// An element type that cannot be held.
    ElementType {
        /// What can be.
        expected: &'static str,
        /// The type's name, or its number in the format.
        found: String,
    },
    /// An input has another shape than the operator needs.
    Shape {
        /// What it needs.
        expected: String,
        /// What came.
        found: String,
    },
    /// An input is not there.
    MissingInput {
        /// Which, from 0.
        index: usize,
    },
    /// An input has the name of no value.
    Dangling {
        /// The name.
        value: String,
    },
    /// An input is computed only by a later node, or by the node itself: nodes must be sorted, and no circle can be.
    Cycle {
        /// The name.
        value: String,
    },
    /// An input decides about shapes and is known only when the model runs.
    NotConstant {
        /// Which, from 0.
        index: usize,
    },
    /// A number is NaN, or one of several is +∞.
    NonFinite {
        /// Which element.
        element: usize,
    },
    /// The elements lie in another file.
    External,
    /// The elements are not as many as the shape says.
    Elements {
        /// How many the shape says.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// It takes more elements or operations than [`limits`] allow.
    TooLarge {
        /// Of what.
        what: &'static str,
        /// How much is allowed.
        most: u64,
    },
}

impl Fault {
    /// A wrong shape, or list of sizes. Never inlined: it stands in many places, and is needed in none but once.
    #[cold]
    #[inline(never)]
    pub(crate) fn shape(expected: &str, found: &[usize]) -> Box<Self> {
        Box::new(Fault::Shape { expected: expected.to_owned(), found: show(found) })
    }

    /// Several shapes that do not go together.
    #[cold]
    #[inline(never)]
    pub(crate) fn shapes(expected: &str, found: &[&[usize]]) -> Box<Self> {
        Box::new(Fault::Shape { expected: expected.to_owned(), found: show_all(found) })
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Malformed { message, problem } => {
                write!(f, "expected an ONNX file, found a {message} with {problem}")
            }
            LoadError::TooLarge { what, most, found } => write!(f, "expected at most {most} {what}, found {found}"),
            LoadError::OperatorSet { found } => {
                let (first, last) = (limits::OPERATOR_SETS.start(), limits::OPERATOR_SETS.end());
                write!(f, "expected ONNX's operator set {first} to {last}, found ")?;
                match found {
                    Some(found) => write!(f, "{found}"),
                    None => f.write_str("none"),
                }
            }
            LoadError::NoOutput => f.write_str("expected a graph with outputs, found none"),
            LoadError::Duplicate { value } => {
                write!(f, "expected one value of the name `{}`, found two", Name(value))
            }
            LoadError::MissingOutput { output } => {
                write!(f, "output `{}`: expected a node that computes it, found none", Name(output))
            }
            LoadError::Value { name, fault } => write!(f, "`{}`: {fault}", Name(name)),
            LoadError::Node { operator, node, fault } => {
                write!(f, "operator {} (node `{}`): {fault}", Name(operator), Name(node))
            }
        }
    }
}

impl std::error::Error for LoadError {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::UnsupportedOperator => f.write_str("this operator is not supported"),
            Fault::UnsupportedOutput { output } => {
                write!(f, "its output `{}` is not supported", Name(output))
            }
            Fault::Attribute { attribute, expected, found } => {
                write!(f, "attribute `{attribute}`: expected {expected}, found {}", Name(found))
            }
            Fault::ElementType { expected, found } => write!(f, "expected elements of {expected}, found {found}"),
            Fault::Shape { expected, found } => write!(f, "expected {expected}, found {found}"),
            Fault::MissingInput { index } => write!(f, "expected input {index}, found none"),
            Fault::Dangling { value } => {
                write!(f, "expected inputs that the graph has, found `{}`, which nothing computes", Name(value))
            }
            Fault::Cycle { value } => write!(
                f,
                "expected nodes in the order of their computation, found input `{}` computed only after it",
                Name(value)
            ),
            Fault::NotConstant { index } => {
                write!(
                    f,
                    "expected input {index} to be known when the model is loaded, found one that depends on inputs"
                )
            }
            Fault::NonFinite { element } => write!(f, "expected finite numbers, found another in place {element}"),
            Fault::External => f.write_str("expected its numbers in this file, found them kept in another"),
            Fault::Elements { expected, found } => {
                write!(f, "expected {expected} elements by its shape, found {found}")
            }
            Fault::TooLarge { what, most } => write!(f, "expected at most {most} {what} in all, found more"),
        }
    }
}

/// A name from a file: short, and without characters that change a terminal or a line.
struct Name<'a>(&'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Longer names are cut.
        const MOST: usize = 80;
        let shown = self.0.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c });
        shown.into_iter().try_for_each(|c| fmt::Write::write_char(f, c))?;
        if self.0.chars().nth(MOST).is_some() { f.write_str("…") } else { Ok(()) }
    }
}
