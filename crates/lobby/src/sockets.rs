//! Control sockets: signs of life, refusals.
use crate::event::{Output, SocketId};
use crate::lobbies::Lobbies;
use crate::message::{Code, ServerMessage};
use crate::socket::Socket;
use crate::timers::TimerKey;

/// How long a socket may say nothing before it says who it is, in milliseconds.
const HELLO_MS: u64 = 10_000;
/// How often a socket is asked for a sign of life.
const PING_MS: u64 = 5_000;
/// How long one may give none.
const IDLE_MS: u64 = 30_000;
/// How long one stays open to hear of its record.
const AFTER_END_MS: u64 = 30_000;

impl Lobbies {
    pub(crate) fn socket_opened(&mut self, socket: SocketId) {
        let opened =
            Socket { person: None, greeted: false, after: None, told_end: None, watches: None, last_heard: self.now };
        self.sockets.insert(socket, opened);
        self.timers.set(TimerKey::Hello(socket), self.now + HELLO_MS);
        self.timers.set(TimerKey::Alive(socket), self.now + PING_MS);
    }

    /// Whatever came is a sign of life. Gives whether there is such a socket.
    pub(crate) fn heard(&mut self, socket: SocketId) -> bool {
        let Some(found) = self.sockets.get_mut(&socket) else { return false };
        found.last_heard = self.now;
        if let Some(person) = found.person
            && self.timers.due(TimerKey::There(person)).is_some()
        {
            self.timers.cancel(TimerKey::There(person));
            self.pool_changed(person);
        }
        true
    }

    pub(crate) fn check_alive(&mut self, socket: SocketId) {
        let Some(found) = self.sockets.get(&socket) else { return };
        if self.now.saturating_sub(found.last_heard) >= IDLE_MS {
            return self.refuse(socket, Code::IdleTimeout, Code::IdleTimeout.message());
        }
        self.send(socket, ServerMessage::Ping { t: self.now as f64 });
        self.timers.set(TimerKey::Alive(socket), self.now + PING_MS);
    }

    pub(crate) fn pong(&mut self, socket: SocketId, t: f64) {
        self.end_was_heard(socket, t);
        let rtt = self.now as f64 - t;
        let Some(person) = self.sockets.get(&socket).and_then(|socket| socket.person) else { return };
        if !(0.0..=60_000.0).contains(&rtt) {
            return;
        }
        if let Some(person) = self.people.get_mut(&person) {
            // The least of the latest is nearest to the truth: what comes late came late for other reasons.
            let nearer = person.rtt_ms.is_none_or(|known| rtt < known);
            person.rtt_ms = Some(person.rtt_ms.filter(|_| !nearer).map_or(rtt, |known| known * 0.8 + rtt * 0.2));
            if !nearer {
                return;
            }
        }
        self.pool_changed(person);
    }

    /// Says why, and closes the socket. Whoever is behind it stays who they are.
    pub(crate) fn refuse(&mut self, socket: SocketId, code: Code, message: &str) {
        self.send(socket, ServerMessage::error(code, message, true));
        self.close(socket, code);
    }

    /// Closes a control socket from this side.
    pub(crate) fn close(&mut self, socket: SocketId, code: Code) {
        if self.sockets.contains_key(&socket) {
            self.out.push(Output::Close { socket, code });
            self.socket_closed(socket);
        }
    }

    /// A control socket is gone. Its participant has a place for some time more.
    pub(crate) fn socket_closed(&mut self, socket: SocketId) {
        for timer in [TimerKey::Hello(socket), TimerKey::Alive(socket), TimerKey::AfterEnd(socket)] {
            self.timers.cancel(timer);
        }
        let Some(Socket { person, watches, .. }) = self.sockets.remove(&socket) else { return };
        watches.into_iter().for_each(|game| self.watches_no_more(game));
        person.into_iter().for_each(|person| self.person_lost_socket(person));
    }

    /// The socket has nobody behind it any more; it may stay open to hear of its record.
    pub(crate) fn session_over(&mut self, socket: SocketId, after: Option<String>) {
        let Some(found) = self.sockets.get_mut(&socket) else { return };
        found.person = None;
        found.after = after;
        self.timers.set(TimerKey::AfterEnd(socket), self.now + AFTER_END_MS);
    }

    /// Everybody is told to come back: the program stops. What is stored brings them to where they were.
    pub(crate) fn restart(&mut self) {
        let sockets: Vec<SocketId> = self.sockets.keys().copied().collect();
        for socket in sockets {
            let code = Code::ServerRestarting;
            self.send(socket, ServerMessage::error(code, code.message(), true));
            self.out.push(Output::Close { socket, code });
        }
        let plays: Vec<SocketId> = self.plays.keys().copied().collect();
        self.out.extend(plays.into_iter().map(|socket| Output::Close { socket, code: Code::ServerRestarting }));
    }
}
