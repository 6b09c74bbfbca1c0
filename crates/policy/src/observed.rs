//! A part of an observation, found in its bytes (the format is `palaestra_env::codec`'s) and read as numbers.
use palaestra_env::codec::fixed_size;
use palaestra_env::{DType, Space};

/// How one element lies in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Number(DType),
    /// A byte: of a MultiBinary, or a bool.
    Flag,
}

impl Element {
    fn size(self) -> usize {
        match self {
            Element::Number(dtype) => dtype.size(),
            Element::Flag => 1,
        }
    }
}

/// A part that has one number after another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) element: Element,
    pub(crate) count: usize,
    /// For integers that can be made one-hot: the smallest, and how many there are, of each.
    pub(crate) choices: Option<Vec<(i64, usize)>>,
    /// Of a Box.
    pub(crate) shape: Vec<usize>,
}

impl Leaf {
    /// The numbers of a space; `None` where it has parts of its own or no fixed size.
    pub(crate) fn of(space: &Space) -> Option<Self> {
        let integers = |choices: Vec<(i64, usize)>| {
            let (element, count) = (Element::Number(DType::Int64), choices.len());
            Self { element, count, choices: Some(choices), shape: vec![count] }
        };
        Some(match space {
            Space::Discrete { n, start } => integers(vec![(*start, usize::try_from(*n).ok()?)]),
            Space::MultiDiscrete { nvec } => {
                integers(nvec.iter().map(|n| usize::try_from(*n).ok().map(|n| (0, n))).collect::<Option<_>>()?)
            }
            Space::Box(space) => {
                let element = Element::Number(space.dtype);
                Self { element, count: space.len(), choices: None, shape: space.shape.clone() }
            }
            Space::MultiBinary { n } => Self { element: Element::Flag, count: *n, choices: None, shape: vec![*n] },
            Space::Bool => Self { element: Element::Flag, count: 1, choices: None, shape: vec![1] },
            _ => return None,
        })
    }

    /// Element number `index` of the leaf's bytes; 0 beyond them.
    pub(crate) fn get(&self, bytes: &[u8], index: usize) -> f64 {
        let size = self.element.size();
        let Some(bytes) = bytes.get(index * size..(index + 1) * size) else { return 0.0 };
        fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
            bytes.first_chunk().copied().unwrap_or([0; N])
        }
        match self.element {
            Element::Flag | Element::Number(DType::Uint8) => f64::from(array::<1>(bytes)[0]),
            Element::Number(DType::Int8) => f64::from(array::<1>(bytes)[0] as i8),
            Element::Number(DType::Float32) => f64::from(f32::from_le_bytes(array(bytes))),
            Element::Number(DType::Float64) => f64::from_le_bytes(array(bytes)),
            Element::Number(DType::Int32) => f64::from(i32::from_le_bytes(array(bytes))),
            Element::Number(DType::Int64) => i64::from_le_bytes(array(bytes)) as f64,
        }
    }
}

/// The members of a space, by their names.
fn members(space: &Space) -> Vec<(String, &Space)> {
    match space {
        Space::Dict { spaces } => spaces.iter().map(|(name, space)| (name.clone(), space)).collect(),
        Space::Tuple { spaces } => spaces.iter().enumerate().map(|(index, space)| (index.to_string(), space)).collect(),
        _ => Vec::new(),
    }
}

/// Where a part lies: before it, at each level, these spaces.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    before: Vec<Space>,
    pub(crate) leaf: Leaf,
}

impl Place {
    /// Finds a part.
    ///
    /// # Errors
    /// What could be named instead.
    pub(crate) fn find(space: &Space, part: &[String]) -> Result<Self, String> {
        let (mut space, mut before) = (space, Vec::new());
        for name in part {
            let members = members(space);
            let Some(found) = members.iter().position(|(known, _)| known == name) else {
                let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
                return Err(match names.len() {
                    0 => "no part of an observation that has none".to_owned(),
                    _ => format!("a part among {}", names.join(", ")),
                });
            };
            before.extend(members[..found].iter().map(|(_, space)| (*space).clone()));
            space = members[found].1;
        }
        match Leaf::of(space) {
            Some(leaf) => Ok(Self { before, leaf }),
            None => {
                let names: Vec<_> = members(space).into_iter().map(|(name, _)| name).collect();
                Err(match names.len() {
                    0 => "a part that is numbers".to_owned(),
                    _ => format!("one of its parts: {}", names.join(", ")),
                })
            }
        }
    }

    /// The part's bytes in an observation.
    pub(crate) fn of<'b>(&self, observation: &'b [u8]) -> &'b [u8] {
        let mut rest = observation;
        for space in &self.before {
            rest = skip(space, rest).unwrap_or_default();
        }
        rest.get(..self.leaf.count * self.leaf.element.size()).unwrap_or_default()
    }
}

/// What follows a member of a space.
fn skip<'b>(space: &Space, bytes: &'b [u8]) -> Option<&'b [u8]> {
    let count =
        |bytes: &'b [u8]| bytes.split_first_chunk().map(|(count, rest)| (u32::from_le_bytes(*count) as usize, rest));
    match space {
        Space::Tuple { spaces } => spaces.iter().try_fold(bytes, |bytes, space| skip(space, bytes)),
        Space::Dict { spaces } => spaces.iter().try_fold(bytes, |bytes, (_, space)| skip(space, bytes)),
        Space::Text { .. } => count(bytes).and_then(|(count, rest)| rest.get(count..)),
        Space::Sequence { space, .. } => {
            let (count, rest) = count(bytes)?;
            // Each member has a byte at least, but for one that is nothing.
            (0..count.min(rest.len())).try_fold(rest, |bytes, _| skip(space, bytes))
        }
        Space::OneOf { spaces } => {
            let (index, rest) = bytes.split_first()?;
            skip(spaces.get(usize::from(*index))?, rest)
        }
        other => bytes.get(fixed_size(other)?..),
    }
}
