//! Ends of people who have played that may have been said to nobody: there was no control socket, or one behind which nobody was any
//! more. Whoever comes back with the token is told the end, and not taken for somebody new.
use std::collections::BTreeMap;

use crate::message::ServerMessage;

/// How long an end is kept for somebody to come back, in milliseconds.
const KEPT_MS: u64 = 600_000;
/// So many are kept: of more the oldest go.
const MOST_KEPT: usize = 4_096;

/// Who has played, by lobby and participant.
pub(crate) type Who = (usize, String);

#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) at: u64,
    pub(crate) match_id: String,
    pub(crate) ended: ServerMessage,
    /// What became of the record, once that is known.
    pub(crate) record: Option<ServerMessage>,
}

/// Ends of which nobody has said that they heard them.
#[derive(Debug, Default)]
pub(crate) struct Unheard(BTreeMap<Who, End>);

impl Unheard {
    pub(crate) fn add(&mut self, who: Who, end: End) {
        self.0.retain(|_, found| found.at.saturating_add(KEPT_MS) > end.at);
        if self.0.len() >= MOST_KEPT {
            let oldest = self.0.iter().min_by_key(|(_, found)| found.at).map(|(who, _)| who.clone());
            oldest.into_iter().for_each(|oldest| self.forget(&oldest));
        }
        self.0.insert(who, end);
    }

    pub(crate) fn find(&self, who: &Who, now: u64) -> Option<End> {
        self.0.get(who).filter(|found| found.at.saturating_add(KEPT_MS) > now).cloned()
    }

    /// Whoever answers a ping sent at `t` has heard the end, if it was said before that.
    pub(crate) fn heard(&mut self, who: &Who, t: f64) -> bool {
        let heard = self.0.get(who).is_none_or(|end| t >= end.at as f64);
        if heard {
            self.0.remove(who);
        }
        heard
    }

    pub(crate) fn forget(&mut self, who: &Who) {
        self.0.remove(who);
    }

    pub(crate) fn forget_lobby(&mut self, lobby: usize) {
        self.0.retain(|(of, _), _| *of != lobby);
    }

    /// What became of a match's record.
    pub(crate) fn recorded(&mut self, match_id: &str, record: &ServerMessage) {
        for end in self.0.values_mut().filter(|end| end.match_id == match_id) {
            end.record = Some(record.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Code;

    #[test]
    fn so_many_are_kept_and_the_oldest_go_first() {
        let mut unheard = Unheard::default();
        let of = |number: usize| (0, format!("p{number}"));
        let message = ServerMessage::error(Code::Complete, "", false);
        let mut add = |number: usize, at: u64| {
            let end = End { at, match_id: "m".to_owned(), ended: message.clone(), record: None };
            unheard.add(of(number), end);
            unheard.0.len()
        };
        let most = (0..MOST_KEPT + 10).map(|number| add(number, number as u64)).max();
        assert_eq!(most, Some(MOST_KEPT));
        assert!(unheard.find(&of(9), 10_000).is_none() && unheard.find(&of(10), 10_000).is_some());
        // Those that nobody came for go as well.
        let end = unheard.find(&of(10), 10_000).unwrap();
        unheard.add(of(0), End { at: KEPT_MS + MOST_KEPT as u64 + 10, ..end });
        assert_eq!(unheard.0.len(), 1);
        unheard.forget_lobby(0);
        assert_eq!(unheard.0.len(), 0);
    }
}
