//! What every game asks of its match, if it is one of a match: also where nothing else of matches has been loaded.
use palaestra_session::Reason;

use super::core::Game;
use super::matched::MatchTold;
use super::output::{Output, Timer};

impl Game {
    /// The session ends, for whatever reason: the Worker and the server are told, and what there was of waiting is noted. Gives the reason:
    /// whoever goes while a match that was played to its end waits for the others has played it to its end.
    pub(super) fn leave(&mut self, now: f64, reason: Reason, out: &mut Vec<Output>) -> Reason {
        let Some(together) = &mut self.together else { return reason };
        together.silence = None;
        let played = together.ending.take().is_some_and(|ending| ending.reason == Reason::Complete);
        let reason = if played && reason != Reason::Error { Reason::Complete } else { reason };
        let (joined, left) = (together.joined, together.left);
        for timer in [Timer::Settle, Timer::Silence] {
            out.push(Output::SetTimer { timer, after: None });
        }
        if joined {
            self.leave_match(now, out);
        }
        if !left {
            out.push(Output::TellMatch(MatchTold::Leave(reason)));
        }
        reason
    }
}
