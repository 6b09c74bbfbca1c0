//! Spaces as plain objects: `{type: "Discrete", n: 2, start: 0}`, with a Dict's spaces as an object in order.
//!
//! One flat struct with every field there is, not serde's tagged enum: that one buffers and re-reads, with code for every
//! field of every variant, and all of it is downloaded by a participant.
use std::fmt;

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::{BoxSpace, DType, Space};

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<Vec<usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dtype: Option<DType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nvec: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    space: Option<Box<Space>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spaces: Option<Spaces>,
}

/// The spaces of a Tuple or OneOf, or of a Dict.
enum Spaces {
    Listed(Vec<Space>),
    Named(Vec<(String, Space)>),
}

impl Fields {
    fn of(kind: &str) -> Self {
        Self { kind: kind.to_owned(), ..Self::default() }
    }

    fn from_space(space: &Space) -> Self {
        match space.clone() {
            Space::Discrete { n, start } => Self { n: Some(n), start: Some(start), ..Self::of("Discrete") },
            Space::Box(BoxSpace { low, high, shape, dtype }) => {
                Self { low: Some(low), high: Some(high), shape: Some(shape), dtype: Some(dtype), ..Self::of("Box") }
            }
            Space::MultiDiscrete { nvec } => Self { nvec: Some(nvec), ..Self::of("MultiDiscrete") },
            Space::MultiBinary { n } => Self { n: i64::try_from(n).ok(), ..Self::of("MultiBinary") },
            Space::Tuple { spaces } => Self { spaces: Some(Spaces::Listed(spaces)), ..Self::of("Tuple") },
            Space::Dict { spaces } => Self { spaces: Some(Spaces::Named(spaces)), ..Self::of("Dict") },
            Space::Text { min_length, max_length, charset } => {
                Self { min_length: Some(min_length), max_length: Some(max_length), charset, ..Self::of("Text") }
            }
            Space::Sequence { space } => Self { space: Some(space), ..Self::of("Sequence") },
            Space::OneOf { spaces } => Self { spaces: Some(Spaces::Listed(spaces)), ..Self::of("OneOf") },
            Space::None => Self::of("None"),
            Space::Bool => Self::of("Bool"),
        }
    }

    /// The space, or the first field it lacks.
    fn into_space(self) -> Result<Space, &'static str> {
        let listed = |spaces| match spaces {
            Some(Spaces::Listed(spaces)) => Ok(spaces),
            _ => Err("spaces"),
        };
        Ok(match &self.kind[..] {
            "Discrete" => Space::Discrete { n: self.n.ok_or("n")?, start: self.start.unwrap_or(0) },
            "Box" => Space::Box(BoxSpace {
                low: self.low.ok_or("low")?,
                high: self.high.ok_or("high")?,
                shape: self.shape.ok_or("shape")?,
                dtype: self.dtype.ok_or("dtype")?,
            }),
            "MultiDiscrete" => Space::MultiDiscrete { nvec: self.nvec.ok_or("nvec")? },
            "MultiBinary" => Space::MultiBinary { n: self.n.and_then(|n| usize::try_from(n).ok()).ok_or("n")? },
            "Tuple" => Space::Tuple { spaces: listed(self.spaces)? },
            "OneOf" => Space::OneOf { spaces: listed(self.spaces)? },
            "Dict" => match self.spaces {
                Some(Spaces::Named(spaces)) => Space::Dict { spaces },
                _ => return Err("spaces"),
            },
            "Text" => Space::Text {
                min_length: self.min_length.unwrap_or(0),
                max_length: self.max_length.ok_or("max_length")?,
                charset: self.charset,
            },
            "Sequence" => Space::Sequence { space: self.space.ok_or("space")? },
            "None" => Space::None,
            "Bool" => Space::Bool,
            _ => return Err("type"),
        })
    }
}

impl Serialize for Space {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fields::from_space(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Space {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Fields::deserialize(deserializer)?.into_space().map_err(D::Error::missing_field)
    }
}

impl Serialize for Spaces {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Spaces::Listed(spaces) => serializer.collect_seq(spaces),
            Spaces::Named(spaces) => serializer.collect_map(spaces.iter().map(|(name, space)| (name, space))),
        }
    }
}

impl<'de> Deserialize<'de> for Spaces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Spaces;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("spaces in a list or by name")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Spaces, A::Error> {
                let mut spaces = Vec::new();
                while let Some(space) = list.next_element()? {
                    spaces.push(space);
                }
                Ok(Spaces::Listed(spaces))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Spaces, A::Error> {
                let mut spaces = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    spaces.push(entry);
                }
                Ok(Spaces::Named(spaces))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
