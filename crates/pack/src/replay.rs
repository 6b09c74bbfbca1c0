//! The replay, as a one-shot job of gloo-worker that is asked again and again: each answer is a sign of life.
use std::cell::RefCell;

use gloo_worker::Registrable;
use gloo_worker::oneshot::oneshot;
use palaestra_env::{Kwargs, MakeError};
use palaestra_record::{Failure, Header, Limits, Progress, Verifier};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::codec::Objects;
use crate::feed::Feed;
use crate::platform::{Family, Pieces, Platform, message};

/// How long an answer may take, in milliseconds, about.
const ANSWER_MS: f64 = 200.0;
/// Lines between two looks at the clock.
const LINES_AT_ONCE: usize = 20;

/// What is asked of a replay.
#[derive(Debug, Serialize, Deserialize)]
pub enum Question {
    /// To begin with a record.
    Begin {
        /// The record's file, a Blob: JSON Lines, gzipped.
        #[serde(with = "serde_wasm_bindgen::preserve")]
        file: JsValue,
        /// Its header, as JSON.
        header: String,
        /// The module of its environment's family and its parts, each an address, or a Blob.
        #[serde(with = "serde_wasm_bindgen::preserve")]
        modules: js_sys::Array,
    },
    /// To go on.
    GoOn,
}

/// What a replay says.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// It has not come to the end.
    More,
    /// Every step came out the same in every bit.
    Identical {
        /// How many.
        steps: u64,
    },
    /// Something did not; the text says what, where and how.
    Different(String),
    /// There is no replay; the text says why.
    Failed(String),
}

impl Answer {
    fn of(progress: Result<Progress, Failure>) -> Self {
        match progress {
            Ok(Progress::More(_)) => Self::More,
            Ok(Progress::Done(report)) => Self::Identical { steps: report.steps },
            // What cannot be read was not compared: nothing is known to be different.
            Err(failure @ Failure::Malformed(_)) => Self::Failed(failure.to_string()),
            Err(failure) => Self::Different(failure.to_string()),
        }
    }
}

/// A record that is replayed.
struct Begun {
    pieces: Pieces,
    feed: Feed,
    /// Replays so many lines.
    advance: Box<dyn FnMut(usize) -> Result<Progress, Failure>>,
    /// Lines that have come and are not replayed.
    lines: usize,
}

thread_local! {
    static PLATFORM: RefCell<Option<Platform>> = const { RefCell::new(None) };
    static REPLAY: RefCell<Option<Begun>> = const { RefCell::new(None) };
}

/// Answers the questions of the Worker that made this one, with what this one provides.
pub fn register(platform: Platform) {
    PLATFORM.set(Some(platform));
    Replay::registrar().encoding::<Objects>().register();
}

/// Replays a record: one question begins, others go on until the answer is another than [`Answer::More`].
#[oneshot]
pub async fn Replay(question: Question) -> Answer {
    let begun = match question {
        Question::Begin { file, header, modules } => begin(&file, &header, &modules).await.map(Some),
        Question::GoOn => Ok(REPLAY.take()),
    };
    let mut begun = match begun {
        Ok(Some(begun)) => begun,
        Ok(None) => return Answer::Failed("expected a record to begin with, found none".to_owned()),
        Err(reason) => return Answer::Failed(reason),
    };
    let answer = begun.answer().await.unwrap_or_else(Answer::Failed);
    REPLAY.set(Some(begun));
    answer
}

impl Begun {
    async fn answer(&mut self) -> Result<Answer, String> {
        let began = js_sys::Date::now();
        // A clock that was put back is no reason to go on for long.
        while (js_sys::Date::now() - began).abs() < ANSWER_MS {
            let lines = match self.lines {
                0 => match self.pieces.bytes().await? {
                    Some(piece) => {
                        self.lines = self.feed.take(&piece);
                        continue;
                    }
                    None => {
                        self.feed.finish();
                        usize::MAX
                    }
                },
                lines => lines.min(LINES_AT_ONCE),
            };
            match Answer::of((self.advance)(lines)) {
                Answer::More => self.lines = self.lines.saturating_sub(lines),
                answer => return Ok(answer),
            }
        }
        Ok(Answer::More)
    }
}

async fn begin(file: &JsValue, header: &str, modules: &js_sys::Array) -> Result<Begun, String> {
    let platform = PLATFORM.with_borrow(Clone::clone).ok_or("expected a Worker that provides what a replay needs")?;
    let header: Header = serde_json::from_str(header).map_err(|error| format!("header: {error}"))?;
    let family: Family = platform.load(modules).await.map_err(|error| message(&error))?.unchecked_into();
    let mut made = Some(family.player(&header.env_id, &header.kwargs)?);
    // A record has one header, and so needs one player.
    let make = move |id: &str, _: &Kwargs| {
        made.take().ok_or_else(|| MakeError::UnknownId { id: id.to_owned(), nearest: None })
    };
    let (pieces, feed) = (platform.pieces(file).map_err(|error| message(&error))?, Feed::default());
    let limits = Limits::own();
    let mut verifier = Verifier::new(feed.reader(), make, limits);
    let advance = Box::new(move |lines| verifier.advance(lines));
    Ok(Begun { pieces, feed, advance, lines: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a record once all of it was replayed.
    fn said_of(record: &str) -> Answer {
        Answer::of(Verifier::new(record.as_bytes(), palaestra_envs::make, Limits::own()).advance(usize::MAX))
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_said_to_be_different() {
        let header = r#"{"type":"header","env_id":"CartPole-v1"}"#;
        let nothing = r#"{"type":"end","steps":0,"episodes":0,"return":0}"#;
        let reset = r#"{"type":"reset","t":0,"seed":7,"obs":[1,2,3,4]}"#;
        for cut in ["", "{", "{\"type\":\"reset\"}"] {
            let answer = said_of(&if cut.is_empty() { String::new() } else { [header, cut].join("\n") });
            assert!(
                matches!(&answer, Answer::Failed(reason) if reason.starts_with("malformed: ")),
                "{cut}: {answer:?}"
            );
        }
        let answer = said_of(&[header, nothing].join("\n"));
        assert!(matches!(answer, Answer::Identical { steps: 0 }), "{answer:?}");
        let answer = said_of(&[header, reset, nothing].join("\n"));
        assert!(matches!(&answer, Answer::Different(what) if what.contains("obs")), "{answer:?}");
    }
}
