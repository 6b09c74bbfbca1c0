//! Spaces as Minari writes them down, and as it reads them: JSON with Python's names for the infinities.
//!
//! Minari has no Sequence, no OneOf, no `None` and no `bool`. A member of the first two is text: its JSON, as records have it.
//! `None` is a Discrete space of one, `bool` one of two. An array without elements Minari writes and does not read (NumPy cannot tell how
//! many there are of them): it is text, too.
use palaestra_env::{BoxSpace, DType, Space};
use palaestra_text::json::{put_integer, put_list, put_text, write_number};

/// The characters of JSON, which a Text of Gymnasium has to name.
const PRINTABLE: &str =
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/// The text of a space.
pub(crate) fn text(space: &Space) -> String {
    let mut out = Vec::new();
    put(space, &mut out);
    // Made of texts and of nothing else.
    String::from_utf8(out).unwrap_or_default()
}

fn put(space: &Space, out: &mut Vec<u8>) {
    let integers =
        |values: &[i64], out: &mut Vec<u8>| put_list(values.iter(), out, |value, out| put_integer(*value, out));
    match space {
        space if is_void(space) => put_json_space(out),
        Space::Discrete { n, start } => put_discrete(*n, *start, out),
        Space::Bool => put_discrete(2, 0, out),
        Space::None => put_discrete(1, 0, out),
        Space::Box(space) => put_box(space, out),
        Space::MultiDiscrete { nvec } => {
            out.extend_from_slice(br#"{"type":"MultiDiscrete","dtype":"int64","nvec":"#);
            integers(nvec, out);
            out.extend_from_slice(br#","start":"#);
            integers(&vec![0; nvec.len()], out);
            out.push(b'}');
        }
        Space::MultiBinary { n } => out.extend(format!(r#"{{"type":"MultiBinary","n":{n}}}"#).bytes()),
        Space::Tuple { spaces } => {
            out.extend_from_slice(br#"{"type":"Tuple","subspaces":"#);
            put_list(spaces.iter(), out, put);
            out.push(b'}');
        }
        Space::Dict { spaces } => {
            out.extend_from_slice(br#"{"type":"Dict","subspaces":{"#);
            for (index, (name, space)) in spaces.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                put_text(name, out);
                out.push(b':');
                put(space, out);
            }
            out.extend_from_slice(b"}}");
        }
        Space::Text { min_length, max_length, charset } => {
            put_text_space(*min_length, *max_length, charset.as_deref().unwrap_or(PRINTABLE), out);
        }
        Space::Sequence { .. } | Space::OneOf { .. } => put_json_space(out),
    }
}

fn put_discrete(n: i64, start: i64, out: &mut Vec<u8>) {
    out.extend(format!(r#"{{"type":"Discrete","dtype":"int64","start":{start},"n":{n}}}"#).bytes());
}

/// Of what is text since Minari has not, or reads not, its space.
fn put_json_space(out: &mut Vec<u8>) {
    put_text_space(0, i32::MAX as usize, PRINTABLE, out);
}

/// Whether a member is an array without elements.
pub(crate) fn is_void(space: &Space) -> bool {
    match space {
        Space::Box(space) => space.is_empty(),
        Space::MultiDiscrete { nvec } => nvec.is_empty(),
        Space::MultiBinary { n } => *n == 0,
        _ => false,
    }
}

fn put_text_space(min: usize, max: usize, charset: &str, out: &mut Vec<u8>) {
    out.extend(format!(r#"{{"type":"Text","max_length":{max},"min_length":{min},"charset":"#).bytes());
    put_text(charset, out);
    out.push(b'}');
}

fn put_box(space: &BoxSpace, out: &mut Vec<u8>) {
    let shape: Vec<String> = space.shape.iter().map(usize::to_string).collect();
    let (dtype, shape_text) = (space.dtype.name(), shape.join(","));
    out.extend(format!(r#"{{"type":"Box","dtype":"{dtype}","shape":[{shape_text}]"#).bytes());
    for (name, upper) in [("low", false), ("high", true)] {
        out.extend(format!(r#","{name}":"#).bytes());
        let bound = |index: usize| {
            let (low, high) = space.bounds(index);
            if upper { high } else { low }
        };
        put_bounds(space, &space.shape, 0, &bound, out);
    }
    out.push(b'}');
}

fn put_bounds(space: &BoxSpace, shape: &[usize], offset: usize, bound: &dyn Fn(usize) -> f64, out: &mut Vec<u8>) {
    match shape {
        [] => put_bound(space.dtype, bound(offset), out),
        [size, inner @ ..] => {
            let stride: usize = inner.iter().product();
            put_list(0..*size, out, |index, out| put_bounds(space, inner, offset + index * stride, bound, out));
        }
    }
}

/// As NumPy reads it into an array of this type.
fn put_bound(dtype: DType, bound: f64, out: &mut Vec<u8>) {
    let bound = if dtype == DType::Float32 { f64::from(bound as f32) } else { bound };
    match (dtype, bound) {
        (DType::Float32 | DType::Float64, f64::INFINITY) => out.extend_from_slice(b"Infinity"),
        (DType::Float32 | DType::Float64, f64::NEG_INFINITY) => out.extend_from_slice(b"-Infinity"),
        (DType::Float32 | DType::Float64, bound) if bound.is_nan() => out.extend_from_slice(b"NaN"),
        (DType::Float32 | DType::Float64, bound) => write_number(bound, out),
        // An integer has no infinity: the cast gives the last of its numbers.
        (DType::Uint8, bound) => put_integer((bound as u8).into(), out),
        (DType::Int8, bound) => put_integer((bound as i8).into(), out),
        (DType::Int32, bound) => put_integer((bound as i32).into(), out),
        (DType::Int64, bound) => put_integer(bound as i64, out),
    }
}

/// Whether Minari takes a part of it for a picture, as its `is_image_space` does.
pub(crate) fn has_pictures(space: &Space) -> bool {
    match space {
        Space::Box(space) => {
            let whole = space.low.iter().all(|low| *low == 0.0) && space.high.iter().all(|high| *high == 255.0);
            let large = matches!(space.shape[..], [rows, columns] | [rows, columns, _] if rows >= 32 && columns >= 32);
            space.dtype == DType::Uint8 && whole && large
        }
        Space::Tuple { spaces } => spaces.iter().any(has_pictures),
        Space::Dict { spaces } => spaces.iter().any(|(_, space)| has_pictures(space)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_reads_as_minari_writes_it() {
        let bounds = BoxSpace::vector(&[-4.8, f64::NEG_INFINITY], &[4.8, f64::INFINITY], DType::Float32);
        let grid = BoxSpace::uniform(0.0, 255.0, &[2, 1], DType::Uint8);
        for (space, expected) in [
            (Space::discrete(2), r#"{"type":"Discrete","dtype":"int64","start":0,"n":2}"#),
            (
                Space::Box(bounds),
                r#"{"type":"Box","dtype":"float32","shape":[2],"low":[-4.800000190734863,-Infinity],"high":[4.800000190734863,Infinity]}"#,
            ),
            (Space::Box(grid), r#"{"type":"Box","dtype":"uint8","shape":[2,1],"low":[[0],[0]],"high":[[255],[255]]}"#),
            (
                Space::tuple([Space::MultiBinary { n: 3 }, Space::Bool]),
                r#"{"type":"Tuple","subspaces":[{"type":"MultiBinary","n":3},{"type":"Discrete","dtype":"int64","start":0,"n":2}]}"#,
            ),
        ] {
            assert_eq!(text(&space), expected);
        }
    }

    #[test]
    fn what_minari_takes_for_a_picture_is_known() {
        let picture = |size| Space::Box(BoxSpace::uniform(0.0, 255.0, &[size, size, 3], DType::Uint8));
        assert!(has_pictures(&Space::dict([("image", picture(32))])));
        assert!(!has_pictures(&picture(7)));
    }
}
