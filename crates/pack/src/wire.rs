//! How the job and its outcome cross between the page and the Worker: bytes with neither names nor types, for what these
//! messages are made of and nothing else.
//!
//! gloo-worker's own encoding, bincode, can say in many words what is wrong with a message, and brings the printing of every
//! kind of number with it: a seventh of the page's module, for messages that only this project's own modules send.
mod reader;
mod writer;

use std::fmt;

use gloo_worker::Codec;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize, de, ser};
use wasm_bindgen::{JsValue, throw_str};

use reader::Reader;
use writer::Writer;

/// The encoding, for `encoding()` of both ends.
#[derive(Debug)]
pub struct Wire;

impl Codec for Wire {
    fn encode<I: Serialize>(input: I) -> JsValue {
        match to_bytes(&input) {
            Ok(bytes) => Uint8Array::from(&bytes[..]).into(),
            Err(Refused) => throw_str("a message of the packing job could not be written"),
        }
    }

    fn decode<O: for<'de> Deserialize<'de>>(input: JsValue) -> O {
        match from_bytes(&Uint8Array::new(&input).to_vec()) {
            Ok(output) => output,
            Err(Refused) => throw_str("a message of the packing job could not be read"),
        }
    }
}

/// The bytes of a message.
///
/// # Errors
/// [`Refused`] for what is in none: fractions, signed numbers, maps.
pub fn to_bytes(input: &impl Serialize) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    input.serialize(&mut Writer(&mut bytes))?;
    Ok(bytes)
}

/// The message of bytes.
///
/// # Errors
/// [`Refused`] for bytes that are none.
pub fn from_bytes<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, Refused> {
    let mut reader = Reader(bytes);
    let message = T::deserialize(&mut reader)?;
    if reader.0.is_empty() { Ok(message) } else { Err(Refused) }
}

/// It is no message of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a message of the packing job, found something else")
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Refused
    }
}

// All of them: what serde provides would print what it found.
impl de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Refused
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Refused
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Refused
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Refused
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Refused
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Refused
    }
    fn missing_field(_: &'static str) -> Self {
        Refused
    }
    fn duplicate_field(_: &'static str) -> Self {
        Refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Job, Packed, Verdict};
    use serde::Serialize;

    /// As gloo-worker's own messages are made.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Message {
        Loaded,
        Output(usize, Result<Verdict, String>),
    }

    #[test]
    fn every_message_of_the_job_reads_back() {
        let verdicts = [Verdict::Identical { steps: u64::MAX }, Verdict::Different("ünlike".into()), Verdict::NotAsked];
        for verdict in verdicts {
            let packed: Result<Packed, String> = Ok(Packed { bytes: vec![0, 255, 7], verdict: verdict.clone() });
            let read: Result<Packed, String> = from_bytes(&to_bytes(&packed).unwrap()).unwrap();
            assert_eq!(read.map(|packed| (packed.bytes, packed.verdict)), Ok((vec![0, 255, 7], verdict.clone())));
            for message in
                [Message::Loaded, Message::Output(3, Ok(verdict.clone())), Message::Output(0, Err("no".into()))]
            {
                assert_eq!(from_bytes(&to_bytes(&message).unwrap()), Ok(message));
            }
        }
        let job = Job {
            header: "{}".into(),
            family: "toy_text".into(),
            chunks: vec![vec![1; 300], vec![]],
            metrics: vec!["a".into(), String::new()],
            verify: true,
        };
        let read: Job = from_bytes(&to_bytes(&job).unwrap()).unwrap();
        assert_eq!(
            (read.header, read.chunks, read.metrics, read.verify),
            (job.header, job.chunks, job.metrics, job.verify)
        );
    }

    #[test]
    fn bytes_that_are_no_message_are_refused_wherever_they_end_and_reserve_nothing() {
        let whole = to_bytes(&Message::Output(1, Ok(Verdict::Different("text".into())))).unwrap();
        for len in 0..whole.len() {
            assert_eq!(from_bytes::<Message>(&whole[..len]), Err(Refused), "{len}");
        }
        assert_eq!(from_bytes::<Message>(&[whole, vec![0]].concat()), Err(Refused));
        assert_eq!(from_bytes::<Vec<u64>>(&[0xff; 12]), Err(Refused));
        assert_eq!(from_bytes::<Message>(&[9, 0, 0, 0]), Err(Refused));
        assert_eq!(to_bytes(&0.5), Err(Refused));
    }
}
