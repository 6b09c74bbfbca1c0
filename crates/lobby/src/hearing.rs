//! Whether an end was heard: it is kept, told to whoever comes back, and followed by a ping.
use palaestra_session::State;

use crate::event::SocketId;
use crate::lobbies::Lobbies;
use crate::message::{Code, ServerMessage};
use crate::timers::TimerKey;
use crate::unheard::{End, Who};

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
        self.session_over(socket, record.is_none().then_some(match_id));
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
        if self.unheard.heard(who, t) {
            found.told_end = None;
            if found.after.is_none() {
                self.close(socket, Code::Complete);
            }
        }
    }

    /// A socket has nothing more to hear. One that has not said that it heard the end stays open until it does: closed, it could not
    /// say so any more, and whoever comes back would be told the end once more.
    pub(crate) fn all_is_said(&mut self, socket: SocketId) {
        let Some(found) = self.sockets.get_mut(&socket) else { return };
        found.after = None;
        if found.told_end.is_none() {
            self.close(socket, Code::Complete);
        }
    }
}
