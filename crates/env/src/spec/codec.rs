//! A spec as bytes, little-endian: so it crosses from the Worker to the page.
//!
//! ```text
//! id text │ agents list of texts │ spaces of actions list │ spaces of observations list │ reset info space │ step info space
//! clips actions u8 │ observation u8 │ reward u8 │ ended u8        0 shared, 1 one per agent
//! most steps of an episode u32, 0 for any number │ steps a second u32 │ width over height f32
//! 0 u8, or 1 u8 │ picture text │ columns u32 │ rows u32
//!
//! text   length in bytes u32 │ UTF-8
//! list   count u32 │ the items
//! space  kind u8 │ fields, in the order of `Space`: numbers as i64, sizes and lengths as u32, bounds as lists of f64
//! ```
//!
//! `crates/page/src/codec/spec.js` reads the same bytes for JavaScript. `serde` would do it in four times the code.
use crate::bytes::Cursor;
use crate::codec::DecodeError;
use crate::space::{BoxSpace, DType, Space};
use crate::spec::{Atlas, Sharing, Spec};

/// Spaces are made by hand and nowhere near this deep.
const DEEPEST: u32 = 60;
/// Nor so many. Each takes much more memory than bytes.
const MOST_SPACES: u32 = 1 << 16;

/// The kinds of spaces, by their numbers.
pub const SPACE_KINDS: [&str; 11] =
    ["Discrete", "Box", "MultiDiscrete", "MultiBinary", "Tuple", "Dict", "Text", "Sequence", "OneOf", "None", "Bool"];

const DISCRETE: u8 = 0;
const BOX: u8 = 1;
const MULTI_DISCRETE: u8 = 2;
const MULTI_BINARY: u8 = 3;
const TUPLE: u8 = 4;
const DICT: u8 = 5;
const TEXT: u8 = 6;
const SEQUENCE: u8 = 7;
const ONE_OF: u8 = 8;
const NONE: u8 = 9;
const BOOL: u8 = 10;

impl Spec {
    /// The spec as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_text(&self.id, &mut out);
        put_count(self.agents.len(), &mut out);
        self.agents.iter().for_each(|agent| put_text(agent, &mut out));
        put_spaces(&self.action_spaces, &mut out);
        put_spaces(&self.observation_spaces, &mut out);
        put_space(&self.reset_info, &mut out);
        put_space(&self.step_info, &mut out);
        let shared = |sharing| u8::from(sharing == Sharing::PerAgent);
        out.extend([self.clips_actions.into(), shared(self.observation), shared(self.reward), shared(self.ended)]);
        out.extend(self.max_episode_steps.unwrap_or(0).to_le_bytes());
        out.extend(self.render_fps.to_le_bytes());
        out.extend(self.aspect.to_le_bytes());
        out.push(self.atlas.is_some().into());
        if let Some(Atlas { image, columns, rows }) = &self.atlas {
            put_text(image, &mut out);
            put_count(usize::from(*columns), &mut out);
            put_count(usize::from(*rows), &mut out);
        }
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`DecodeError`] for any other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let from = &mut Cursor::new(bytes);
        let left = &mut { MOST_SPACES };
        let spec = Self {
            id: text(from)?,
            agents: list(from, text)?,
            action_spaces: list(from, |from| space(from, DEEPEST, left))?,
            observation_spaces: list(from, |from| space(from, DEEPEST, left))?,
            reset_info: space(from, DEEPEST, left)?,
            step_info: space(from, DEEPEST, left)?,
            clips_actions: from.u8()? != 0,
            observation: sharing(from)?,
            reward: sharing(from)?,
            ended: sharing(from)?,
            max_episode_steps: Some(from.u32()?).filter(|most| *most > 0),
            render_fps: from.u32()?,
            aspect: from.f32()?,
            atlas: match from.u8()? {
                0 => None,
                _ => Some(Atlas { image: text(from)?, columns: from.u32()? as u16, rows: from.u32()? as u16 }),
            },
        };
        match from.left() {
            0 => Ok(spec),
            left => Err(DecodeError::Trailing { left }),
        }
    }
}

fn put_count(count: usize, out: &mut Vec<u8>) {
    out.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    put_count(text.len(), out);
    out.extend(text.as_bytes());
}

fn put_numbers<const N: usize>(numbers: impl ExactSizeIterator<Item = [u8; N]>, out: &mut Vec<u8>) {
    put_count(numbers.len(), out);
    numbers.for_each(|number| out.extend(number));
}

fn put_spaces(spaces: &[Space], out: &mut Vec<u8>) {
    put_count(spaces.len(), out);
    spaces.iter().for_each(|space| put_space(space, out));
}

fn put_space(space: &Space, out: &mut Vec<u8>) {
    let kind = match space {
        Space::Discrete { .. } => DISCRETE,
        Space::Box(_) => BOX,
        Space::MultiDiscrete { .. } => MULTI_DISCRETE,
        Space::MultiBinary { .. } => MULTI_BINARY,
        Space::Tuple { .. } => TUPLE,
        Space::Dict { .. } => DICT,
        Space::Text { .. } => TEXT,
        Space::Sequence { .. } => SEQUENCE,
        Space::OneOf { .. } => ONE_OF,
        Space::None => NONE,
        Space::Bool => BOOL,
    };
    out.push(kind);
    match space {
        Space::Discrete { n, start } => [n, start].into_iter().for_each(|number| out.extend(number.to_le_bytes())),
        Space::Box(BoxSpace { low, high, shape, dtype }) => {
            put_numbers(low.iter().map(|bound| bound.to_le_bytes()), out);
            put_numbers(high.iter().map(|bound| bound.to_le_bytes()), out);
            put_numbers(shape.iter().map(|size| u32::try_from(*size).unwrap_or(u32::MAX).to_le_bytes()), out);
            out.push(*dtype as u8);
        }
        Space::MultiDiscrete { nvec } => put_numbers(nvec.iter().map(|n| n.to_le_bytes()), out),
        Space::MultiBinary { n } => put_count(*n, out),
        Space::Tuple { spaces } | Space::OneOf { spaces } => put_spaces(spaces, out),
        Space::Dict { spaces } => {
            put_count(spaces.len(), out);
            for (name, space) in spaces {
                put_text(name, out);
                put_space(space, out);
            }
        }
        Space::Text { min_length, max_length, charset } => {
            put_count(*min_length, out);
            put_count(*max_length, out);
            out.push(charset.is_some().into());
            charset.iter().for_each(|charset| put_text(charset, out));
        }
        Space::Sequence { space } => put_space(space, out),
        Space::None | Space::Bool => {}
    }
}

fn text(from: &mut Cursor<'_>) -> Result<String, DecodeError> {
    let length = from.u32()? as usize;
    let text = std::str::from_utf8(from.take(length)?).map_err(|_| DecodeError::NotUtf8)?;
    Ok(text.to_owned())
}

/// A count is not trusted to reserve memory.
fn list<T>(
    from: &mut Cursor<'_>,
    mut item: impl FnMut(&mut Cursor<'_>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let mut items = Vec::new();
    for _ in 0..from.u32()? {
        items.push(item(from)?);
    }
    Ok(items)
}

fn sharing(from: &mut Cursor<'_>) -> Result<Sharing, DecodeError> {
    Ok(if from.u8()? == 0 { Sharing::Shared } else { Sharing::PerAgent })
}

fn space(from: &mut Cursor<'_>, depth: u32, left: &mut u32) -> Result<Space, DecodeError> {
    let unknown = |index, alternatives| DecodeError::Alternative { index, alternatives };
    let kind = from.u8()?;
    // One that is nested too deep, or one too many, is refused as a kind that there is not.
    let depth = depth.checked_sub(1).ok_or(unknown(kind, 0))?;
    *left = left.checked_sub(1).ok_or(unknown(kind, 0))?;
    Ok(match kind {
        DISCRETE => Space::Discrete { n: from.i64()?, start: from.i64()? },
        BOX => Space::Box(BoxSpace {
            low: list(from, |from| Ok(from.f64()?))?,
            high: list(from, |from| Ok(from.f64()?))?,
            shape: {
                let shape = list(from, |from| Ok(from.u32()? as usize))?;
                // Its lists are nested as deep.
                if shape.len() > DEEPEST as usize {
                    return Err(unknown(kind, 0));
                }
                shape
            },
            dtype: {
                let number = from.u8()?;
                let dtype = DType::ALL.get(usize::from(number)).copied();
                dtype.ok_or(unknown(number, DType::ALL.len()))?
            },
        }),
        MULTI_DISCRETE => Space::MultiDiscrete { nvec: list(from, |from| Ok(from.i64()?))? },
        MULTI_BINARY => Space::MultiBinary { n: from.u32()? as usize },
        TUPLE => Space::Tuple { spaces: list(from, |from| space(from, depth, left))? },
        ONE_OF => Space::OneOf { spaces: list(from, |from| space(from, depth, left))? },
        DICT => Space::Dict { spaces: list(from, |from| Ok((text(from)?, space(from, depth, left)?)))? },
        TEXT => Space::Text {
            min_length: from.u32()? as usize,
            max_length: from.u32()? as usize,
            charset: if from.u8()? == 0 { None } else { Some(text(from)?) },
        },
        SEQUENCE => Space::Sequence { space: Box::new(space(from, depth, left)?) },
        NONE => Space::None,
        BOOL => Space::Bool,
        _ => return Err(unknown(kind, SPACE_KINDS.len())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A spec with every kind of space in it, and nothing at its default.
    fn every_kind() -> Spec {
        let space = Space::dict([
            ("zebra", Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, 255.0, &[2, 2], DType::Int64))),
            ("ant", Space::optional(Space::Text { min_length: 1, max_length: 9, charset: Some("aé".into()) })),
            ("many", Space::sequence(Space::tuple([Space::Discrete { n: 3, start: -1 }, Space::MultiBinary { n: 2 }]))),
            ("rest", Space::tuple([Space::MultiDiscrete { nvec: vec![2, 7] }, Space::Bool, Space::text(3)])),
        ]);
        let mut spec = Spec::single("X-v0", Space::discrete(2), space);
        spec.agents.push("agent_1".into());
        (spec.reward, spec.max_episode_steps, spec.clips_actions) = (Sharing::PerAgent, Some(500), true);
        spec.atlas = Some(Atlas { image: "a.svg".into(), columns: 4, rows: 3 });
        spec
    }

    #[test]
    fn a_spec_reads_back_as_it_was_written() {
        let plain = Spec::single("CartPole-v1", Space::discrete(2), Space::None);
        for spec in [every_kind(), plain] {
            assert_eq!(Spec::from_bytes(&spec.to_bytes()), Ok(spec));
        }
    }

    #[test]
    fn cut_or_damaged_bytes_are_errors_or_other_specs_and_never_a_panic() {
        let whole = every_kind().to_bytes();
        for end in 0..whole.len() {
            assert!(Spec::from_bytes(&whole[..end]).is_err(), "{end}");
        }
        let longer: Vec<u8> = whole.iter().copied().chain([0]).collect();
        assert_eq!(Spec::from_bytes(&longer), Err(DecodeError::Trailing { left: 1 }));
        for at in 0..whole.len() {
            for byte in [0, 3, 7, 11, 255] {
                let mut damaged = whole.clone();
                damaged[at] = byte;
                let _either = Spec::from_bytes(&damaged);
            }
        }
    }

    #[test]
    fn spaces_nested_without_end_are_refused() {
        let mut bytes = Vec::new();
        put_text("X-v0", &mut bytes);
        put_count(0, &mut bytes);
        put_count(1, &mut bytes);
        bytes.extend([SEQUENCE; 1000]);
        assert_eq!(Spec::from_bytes(&bytes), Err(DecodeError::Alternative { index: SEQUENCE, alternatives: 0 }));
    }

    #[test]
    fn a_box_of_sides_without_number_is_refused_and_one_of_any_length_is_not() {
        let spec = |shape: &[usize]| {
            let space = Space::Box(BoxSpace::uniform(0.0, 1.0, shape, DType::Uint8));
            Spec::from_bytes(&Spec::single("X-v0", space, Space::None).to_bytes())
        };
        assert_eq!(spec(&[1; 100_000]), Err(DecodeError::Alternative { index: BOX, alternatives: 0 }));
        let large = spec(&[u32::MAX as usize; 3]).unwrap();
        assert!(matches!(&large.action_spaces[..], [Space::Box(space)] if space.len() == usize::MAX));
    }

    #[test]
    fn spaces_without_number_are_refused() {
        let spec = |many| Spec::single("X-v0", Space::Tuple { spaces: vec![Space::None; many] }, Space::None);
        assert!(Spec::from_bytes(&spec(60_000).to_bytes()).is_ok());
        let many = spec(70_000).to_bytes();
        assert_eq!(Spec::from_bytes(&many), Err(DecodeError::Alternative { index: NONE, alternatives: 0 }));
    }
}
