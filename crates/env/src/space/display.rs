//! Spaces as messages to people show them.
use std::fmt;

use palaestra_text::Decimal;

use super::Space;

/// As Gymnasium prints it, shortened where it would run to lines: `Discrete(2)`, `Box(float32, shape (4,))`.
impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f, &|number| Decimal(number).to_string())
    }
}

/// A [`Space::Discrete`], shown as that is: for who knows no other space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discrete {
    /// How many integers.
    pub n: i64,
    /// The first.
    pub start: i64,
}

impl fmt::Display for Discrete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n, start } = self;
        match start {
            0 => write!(f, "Discrete({n}): an integer from 0 to {}", n - 1),
            _ => write!(f, "Discrete({n}, start={start}): an integer from {start} to {}", start + n - 1),
        }
    }
}

impl Space {
    /// What [`Display`](fmt::Display) shows, with bounds as `number` has them: printing fractions takes much code, and a page
    /// can leave it to its browser.
    ///
    /// # Errors
    /// Those of `f`.
    pub fn describe(&self, f: &mut dyn fmt::Write, number: &dyn Fn(f64) -> String) -> fmt::Result {
        match self {
            Space::Discrete { n, start } => write!(f, "{}", Discrete { n: *n, start: *start }),
            Space::Box(space) => {
                let shape: Vec<String> = space.shape.iter().map(usize::to_string).collect();
                write!(f, "Box({}, shape ({})): {} numbers", space.dtype.name(), shape.join(", "), space.len())?;
                if let ([low], [high]) = (&space.low[..], &space.high[..]) {
                    write!(f, " from {} to {}", number(*low), number(*high))?;
                }
                Ok(())
            }
            Space::MultiDiscrete { nvec } => {
                let nvec: Vec<String> = nvec.iter().map(i64::to_string).collect();
                write!(f, "MultiDiscrete([{}])", nvec.join(", "))
            }
            Space::MultiBinary { n } => write!(f, "MultiBinary({n})"),
            Space::Tuple { spaces } => {
                f.write_str("Tuple(")?;
                join(f, spaces.iter(), |f, space| space.describe(f, number))
            }
            Space::Dict { spaces } => {
                f.write_str("Dict(")?;
                join(f, spaces.iter(), |f, (name, space)| {
                    write!(f, "{name}: ")?;
                    space.describe(f, number)
                })
            }
            Space::Text { min_length, max_length, .. } => write!(f, "Text({min_length} to {max_length} characters)"),
            Space::Sequence { space } => {
                f.write_str("Sequence(")?;
                space.describe(f, number)?;
                f.write_str(")")
            }
            Space::OneOf { spaces } => {
                f.write_str("OneOf(")?;
                join(f, spaces.iter(), |f, space| space.describe(f, number))
            }
            Space::None => f.write_str("None"),
            Space::Bool => f.write_str("bool"),
        }
    }
}

fn join<T>(
    f: &mut dyn fmt::Write,
    items: impl Iterator<Item = T>,
    mut show: impl FnMut(&mut dyn fmt::Write, T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        show(f, item)?;
    }
    f.write_str(")")
}
