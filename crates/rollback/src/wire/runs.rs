//! A seat's actions at consecutive frames. A person holds a key for many frames, so they are written as runs:
//!
//! ```text
//! (frames varint │ length u8 │ action)…
//! ```
use super::reader::{Reader, put_varint};

/// Appends the actions of `count` frames, which `action` gives by their place.
pub(crate) fn put_runs<'a>(out: &mut Vec<u8>, count: u32, action: impl Fn(u32) -> &'a [u8]) {
    let mut at = 0;
    while at < count {
        let bytes = action(at);
        let mut frames = 1;
        while at + frames < count && action(at + frames) == bytes {
            frames += 1;
        }
        put_varint(out, frames.into());
        out.push(bytes.len() as u8);
        out.extend_from_slice(bytes);
        at += frames;
    }
}

/// Reads the actions of exactly `count` frames and gives each to `take`, with its place. `None` where these are none.
pub(crate) fn read_runs<'a>(reader: &mut Reader<'a>, count: u32, mut take: impl FnMut(u32, &'a [u8])) -> Option<()> {
    let mut at = 0;
    while at < count {
        let frames = reader.varint32()?;
        let length = reader.u8()?;
        let action = reader.bytes(length.into())?;
        if frames == 0 || frames > count - at {
            return None;
        }
        (at..at + frames).for_each(|place| take(place, action));
        at += frames;
    }
    Some(())
}
