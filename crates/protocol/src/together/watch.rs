//! What a page says to watch a match.
//!
//! ```text
//! Watch    number u32 │ seed u64 │ fps f64 │ flags u8 (1 scene) │ url │ options
//! ```
//! The address stands behind its length, u32; the options are the rest: a plain value's bytes, or nothing.
use crate::wire::{self, ProtocolError, put_block};

/// The flag of a match that is drawn.
pub const WATCH_DRAWN: u8 = 1;
/// Where the seed is, behind the match's number.
pub const WATCH_SEED: usize = 4;
/// Where the steps a second are.
pub const WATCH_FPS: usize = WATCH_SEED + 8;
/// Where the flags are.
pub const WATCH_FLAGS: usize = WATCH_FPS + 8;
/// Where the address is, behind its length.
pub const WATCH_URL: usize = WATCH_FLAGS + 1;

/// A match that an environment follows by what its players confirmed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch<'a> {
    /// By which states know their match.
    pub number: u32,
    /// The match's seed, from which every episode's comes.
    pub seed: u64,
    /// Steps a second.
    pub fps: f64,
    /// Whether it is drawn.
    pub scene: bool,
    /// The whole address of the play socket, ticket included: `ws:` or `wss:`.
    pub url: &'a str,
    /// The options of every reset, as the players have them: a plain object's bytes, or none.
    pub options: &'a [u8],
}

impl<'a> Watch<'a> {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.seed.to_le_bytes());
        out.extend_from_slice(&self.fps.to_le_bytes());
        out.push(if self.scene { WATCH_DRAWN } else { 0 });
        put_block(self.url.as_bytes(), out);
        out.extend_from_slice(self.options);
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let (number, seed, fps) = (wire::u32(rest)?, wire::u64(rest)?, wire::f64(rest)?);
        let scene = wire::byte(rest)? & WATCH_DRAWN != 0;
        Ok(Self { number, seed, fps, scene, url: wire::text(rest)?, options: rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_back_as_it_was_written_and_every_cut_is_an_error_or_has_fewer_options() {
        for scene in [true, false] {
            let url = "wss://lab.example/play?ticket=m-1.w.0.ab";
            let watch = Watch { number: 7, seed: u64::MAX, fps: 29.97, scene, url, options: &[1, 2] };
            let mut bytes = Vec::new();
            watch.write(&mut bytes);
            assert_eq!(Watch::read(&bytes), Ok(watch));
            let options = bytes.len() - 2;
            (0..options).for_each(|end| assert!(Watch::read(&bytes[..end]).is_err(), "{end}"));
            assert_eq!(Watch::read(&bytes[..options]), Ok(Watch { options: &[], ..watch }));
        }
    }
}
