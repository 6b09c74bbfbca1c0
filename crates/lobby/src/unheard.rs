//! Ends of people who have played that may have been said to nobody: there was no control socket, or one behind which nobody was any
//! more. Whoever comes back with the token is told the end, and not taken for somebody new.
use std::collections::BTreeMap;

use palaestra_session::State;

use crate::event::SocketId;
use crate::lobbies::Lobbies;
use crate::message::ServerMessage;
use crate::timers::TimerKey;

/// How long an end is kept for somebody to come back, in milliseconds.
const KEPT_MS: u64 = 600_000;
/// So many are kept: of more the oldest go.
const MOST_KEPT: usize = 4_096;

/// Who has played, by lobby and participant.
pub(crate) type Who = (usize, String);

#[derive(Clone, Debug)]
struct End {
    at: u64,
    match_id: String,
    ended: ServerMessage,
    /// What became of the record, once that is known.
    record: Option<ServerMessage>,
}

/// Ends of which nobody has said that they heard them.
#[derive(Debug, Default)]
pub(crate) struct Unheard(BTreeMap<Who, End>);

impl Unheard {
    fn add(&mut self, who: Who, end: End) {
        self.0.retain(|_, found| found.at.saturating_add(KEPT_MS) > end.at);
        if self.0.len() >= MOST_KEPT {
            let oldest = self.0.iter().min_by_key(|(_, found)| found.at).map(|(who, _)| who.clone());
            oldest.into_iter().for_each(|oldest| self.forget(&oldest));
        }
        self.0.insert(who, end);
    }

    fn find(&self, who: &Who, now: u64) -> Option<End> {
        self.0.get(who).filter(|found| found.at.saturating_add(KEPT_MS) > now).cloned()
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

impl Lobbies {
    /// Keeps an end of somebody who has played, until it is certain that it was heard. A lobby that is played once tells who comes back
    /// in its own way.
    pub(crate) fn keep_end(&mut self, who: Who, match_id: &str, ended: &ServerMessage) {
        if self.lobbies.get(who.0).is_some_and(|lobby| !lobby.config.once) {
            let end = End { at: self.now, match_id: match_id.to_owned(), ended: ended.clone(), record: None };
            self.unheard.add(who, end);
        }
    }

    /// Tells whoever comes back the end that they may not have heard. `false`: there is none.
    pub(crate) fn tell_end(&mut self, socket: SocketId, who: Who) -> bool {
        let Some(End { match_id, ended, record, .. }) = self.unheard.find(&who, self.now) else { return false };
        self.timers.cancel(TimerKey::Hello(socket));
        if let Some(found) = self.sockets.get_mut(&socket) {
            found.greeted = true;
        }
        self.welcome(socket, who.clone(), State::Ended, (true, false));
        self.send(socket, ended);
        self.session_over(socket, Some(match_id));
        self.ask_whether_heard(socket, who);
        // The page closes the socket when it has this: last.
        record.into_iter().for_each(|record| self.send(socket, record));
        true
    }

    /// Sends a ping behind an end: whoever answers it has heard the end.
    pub(crate) fn ask_whether_heard(&mut self, socket: SocketId, who: Who) {
        if let Some(found) = self.sockets.get_mut(&socket) {
            found.told_end = Some(who);
            self.send(socket, ServerMessage::Ping { t: self.now as f64 });
        }
    }

    /// A ping was answered: where it may be the one behind an end, that was heard.
    pub(crate) fn end_was_heard(&mut self, socket: SocketId, t: f64) {
        let Some(found) = self.sockets.get_mut(&socket) else { return };
        let Some(who) = &found.told_end else { return };
        // One that was sent before the end says nothing.
        if self.unheard.0.get(who).is_none_or(|end| t >= end.at as f64) {
            self.unheard.0.remove(who);
            found.told_end = None;
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
