//! A step that was sent before its time, until it is due. Knows no clock: times come in.
use palaestra_protocol::{Due, Operation, Request};

/// The longest that a step is held. A page asks some milliseconds ahead; if the two clocks do not agree, the game goes on
/// slowly instead of not at all.
const MOST_AHEAD_MS: f64 = 250.0;

/// What becomes of a message. What is to be answered now or later comes after the step that is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Turn {
    /// It is to be answered.
    Now,
    /// It is a step to be held until this time.
    Later(f64),
    /// It ends everything: what is held is not played any more.
    Close,
    /// It was an amendment: nothing is to be answered, whether it came in time or not.
    Amendment,
}

/// The step that waits, if there is one.
#[derive(Debug, Default)]
pub(crate) struct Held(Option<Step>);

/// A request to be answered at a time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) at: f64,
    /// When the message arrived that has what is to be played.
    pub(crate) received: f64,
    pub(crate) request: Vec<u8>,
    id: u32,
}

impl Held {
    /// Looks at a message that arrived at `received`. An amendment is taken in here: the latest that arrives is what is played.
    pub(crate) fn turn(&mut self, message: &[u8], received: f64) -> Turn {
        match Request::read(message) {
            Ok(Request { operation: Operation::Step, id, due: Some(Due { serial: 1.., .. }), .. }) => {
                if let Some(step) = self.0.as_mut().filter(|step| step.id == id) {
                    *step = Step { at: step.at, received, request: message.to_vec(), id };
                }
                Turn::Amendment
            }
            Ok(Request { operation: Operation::Step, due: Some(Due { at, .. }), .. }) if at > received => {
                Turn::Later(at.min(received + MOST_AHEAD_MS))
            }
            Ok(Request { operation: Operation::Close, .. }) => Turn::Close,
            // What is no request is refused in its turn.
            _ => Turn::Now,
        }
    }

    /// Holds a step whose turn comes at a time.
    pub(crate) fn hold(&mut self, message: &[u8], received: f64, at: f64) {
        let id = Request::read(message).map_or(0, |request| request.id);
        self.0 = Some(Step { at, received, request: message.to_vec(), id });
    }

    /// When the step that is held is due.
    pub(crate) fn due(&self) -> Option<f64> {
        self.0.as_ref().map(|step| step.at)
    }

    /// Takes out what is held.
    pub(crate) fn take(&mut self) -> Option<Step> {
        self.0.take()
    }
}

#[cfg(test)]
mod tests {
    use palaestra_protocol::{Flags, RequestWriter};

    use super::*;

    fn step(id: u32, serial: u16, at: f64, action: u8) -> Vec<u8> {
        RequestWriter::new().write_due(Due { at, serial }, Flags::default(), id, &[action]).to_vec()
    }

    fn other(operation: Operation) -> Vec<u8> {
        RequestWriter::new().write(operation, Flags::default(), 9, &[]).to_vec()
    }

    fn holding(message: &[u8], received: f64) -> Held {
        let mut held = Held::default();
        let Turn::Later(at) = held.turn(message, received) else { panic!("expected a step that is due later") };
        held.hold(message, received, at);
        held
    }

    #[test]
    fn a_step_waits_for_its_time_and_one_that_is_late_does_not() {
        let mut held = Held::default();
        assert_eq!(held.turn(&step(1, 0, 110.0, 0), 100.0), Turn::Later(110.0));
        for at in [100.0, 90.0, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(held.turn(&step(1, 0, at, 0), 100.0), Turn::Now, "{at}");
        }
    }

    #[test]
    fn two_clocks_that_do_not_agree_slow_the_game_down_and_do_not_stop_it() {
        let mut held = Held::default();
        for at in [1.0e9, f64::INFINITY] {
            assert_eq!(held.turn(&step(1, 0, at, 0), 100.0), Turn::Later(100.0 + MOST_AHEAD_MS));
        }
    }

    #[test]
    fn the_latest_amendment_that_arrives_is_what_is_played_and_its_time_stays() {
        let mut held = holding(&step(1, 0, 110.0, 0), 100.0);
        assert_eq!(held.turn(&step(1, 1, 110.0, 5), 103.0), Turn::Amendment);
        assert_eq!(held.turn(&step(1, 2, 500.0, 6), 104.0), Turn::Amendment);
        assert_eq!(held.due(), Some(110.0));
        let played = held.take().unwrap();
        assert_eq!((played.at, played.received), (110.0, 104.0));
        let request = Request::read(&played.request).unwrap();
        assert_eq!((request.due.unwrap().serial, request.payload), (2, &[6][..]));
        assert_eq!(held.take(), None);
    }

    #[test]
    fn an_amendment_of_a_step_that_is_done_changes_nothing() {
        let mut held = Held::default();
        assert_eq!(held.turn(&step(1, 1, 110.0, 5), 109.0), Turn::Amendment);
        assert_eq!(held.take(), None);
        let mut held = holding(&step(2, 0, 120.0, 0), 111.0);
        assert_eq!(held.turn(&step(1, 3, 110.0, 5), 112.0), Turn::Amendment);
        let played = held.take().unwrap();
        assert_eq!(Request::read(&played.request).unwrap().payload, [0]);
    }

    #[test]
    fn everything_else_is_answered_in_its_turn_and_a_close_at_once() {
        let mut held = holding(&step(1, 0, 110.0, 0), 100.0);
        for operation in [Operation::Step, Operation::StepMany, Operation::Save, Operation::Hash] {
            assert_eq!(held.turn(&other(operation), 101.0), Turn::Now, "{operation:?}");
        }
        assert_eq!(held.turn(&[], 101.0), Turn::Now);
        assert_eq!(held.turn(&other(Operation::Close), 101.0), Turn::Close);
    }
}
