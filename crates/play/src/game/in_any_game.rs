//! What every game asks of its match, if it is one of a match: also where nothing else of matches has been loaded.
use palaestra_session::Reason;

use super::core::Game;
use super::matched::MatchTold;
use super::output::{Output, Timer};

impl Game {
    /// The session ends, for whatever reason: the Worker and the server are told, and what there was of waiting is noted.
    pub(super) fn leave(&mut self, now: f64, reason: Reason, out: &mut Vec<Output>) {
        let Some(together) = &mut self.together else { return };
        (together.ending, together.silence) = (None, None);
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
    }
}
