//! What every game asks of its match, if it is one of a match: also where nothing else of matches has been loaded.
use palaestra_protocol::Operation;
use palaestra_session::Reason;

use super::core::Game;
use super::matched::MatchTold;
use super::output::{Output, Timer};
use super::patience::Patience;

/// A Worker says something every second; it counts as lost when it has been silent for so long beyond the step timeout.
pub(super) const SILENCE_MS: f64 = 5_000.0;

impl Game {
    pub(super) fn begin_listening(&mut self, now: f64, out: &mut Vec<Output>) {
        if let Some(together) = &mut self.together {
            let silence = Patience::new(now, self.options.step_timeout + SILENCE_MS);
            out.push(Output::SetTimer { timer: Timer::Silence, after: Some(silence.next_look()) });
            together.silence = Some(silence);
        }
    }

    /// The session ends, for whatever reason: the Worker and the server are told, and what there was of waiting is noted.
    pub(super) fn leave(&mut self, now: f64, reason: Reason, out: &mut Vec<Output>) {
        let Some(together) = &mut self.together else { return };
        together.stalls.look(now, false);
        (together.ending, together.silence) = (None, None);
        let (stalls, joined, left) = (together.stalls, together.joined, together.left);
        for timer in [Timer::Settle, Timer::Silence] {
            out.push(Output::SetTimer { timer, after: None });
        }
        if stalls.count > 0 {
            let numbers = [("times", f64::from(stalls.count)), ("ms", stalls.ms)];
            self.recording.note_match(now, "stalled", &numbers);
        }
        if joined {
            self.worker.ask(Operation::Leave, |_| (), out);
        }
        if !left {
            out.push(Output::TellMatch(MatchTold::Leave(reason)));
        }
    }
}
