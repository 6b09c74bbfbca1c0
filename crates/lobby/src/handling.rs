//! What happens to the lobbies, and who sees to it.

use crate::event::{Event, Output, SocketId};
use crate::lobbies::Lobbies;
use crate::message::{ClientMessage, Code, ServerMessage};
use crate::timers::TimerKey;

impl Lobbies {
    /// Takes in what happened, at the time `now` in milliseconds, and gives what is to be done, in order.
    pub fn handle(&mut self, now: u64, event: Event) -> Vec<Output> {
        self.now = self.now.max(now);
        while let Some(timer) = self.timers.take(self.now) {
            self.fired(timer);
        }
        match event {
            Event::Opened { socket } => self.socket_opened(socket),
            Event::Text { socket, text } => self.text(socket, &text),
            Event::Closed { socket } => self.socket_closed(socket),
            Event::PlayOpened { socket, ticket } => self.play_opened(socket, &ticket),
            Event::PlayClosed { socket } => self.play_closed(socket),
            Event::Report { socket, leaver, frames, first, inputs } => {
                self.reported(socket, leaver, frames, first, inputs);
            }
            Event::Witness { match_id, leaver, frames, first, inputs } => {
                self.witnessed(&match_id, leaver, (frames, first, inputs));
            }
            Event::Stored { match_id, frames } => self.stored(&match_id, frames),
            Event::Desync { match_id } => self.desync(&match_id),
            Event::Verified(verified) => self.verified(verified),
            Event::Restart => self.restart(),
            Event::Tick => {}
        }
        while let Some(lobby) = self.dirty.pop_first() {
            self.put_together(lobby);
        }
        std::mem::take(&mut self.out)
    }

    /// When [`Event::Tick`] is due at the latest.
    pub fn next_wakeup(&self) -> Option<u64> {
        self.timers.next()
    }

    fn fired(&mut self, timer: TimerKey) {
        match timer {
            TimerKey::Hello(socket) => self.refuse(socket, Code::HelloTimeout, Code::HelloTimeout.message()),
            TimerKey::Alive(socket) => self.check_alive(socket),
            TimerKey::AfterEnd(socket) => self.close(socket, Code::Complete),
            TimerKey::Waiting(person) => self.end_person(person, Code::WaitingTimeout, None),
            TimerKey::There(person) => self.not_there(person),
            TimerKey::Place(person) => self.end_person(person, Code::NotThere, None),
            TimerKey::Grace(person) => self.grace_over(person),
            TimerKey::Absence(person) => self.absence_over(person),
            TimerKey::Validating(game) => self.validating_over(game),
            TimerKey::Whole(game) => self.end_match(game, Code::MatchTimeout),
            TimerKey::Stalled(game) => self.stalled(game),
            TimerKey::Report(game, leaver) => self.reports_over(game, leaver),
            TimerKey::Finish(game) => self.finish_over(game),
            TimerKey::Linger(game) => self.linger_over(game),
            TimerKey::Tell(lobby) => self.tell_waiting(lobby),
            TimerKey::Pool(lobby) => {
                self.dirty.insert(lobby);
            }
        }
    }

    fn text(&mut self, socket: SocketId, text: &str) {
        if !self.heard(socket) {
            return;
        }
        let message = match ClientMessage::read(text) {
            Ok(message) => message,
            Err(error) => return self.refuse(socket, Code::Malformed, &error.to_string()),
        };
        match message {
            ClientMessage::Hello(hello) => self.hello(socket, hello),
            ClientMessage::Watch(watch) => self.watch(socket, &watch),
            ClientMessage::Here => {}
            ClientMessage::Ping { t } => self.send(socket, ServerMessage::Pong { t }),
            ClientMessage::Pong { t } => self.pong(socket, t),
            message => self.person_says(socket, message),
        }
    }

    /// A message that only somebody sends who has said hello.
    fn person_says(&mut self, socket: SocketId, message: ClientMessage) {
        let Some(found) = self.sockets.get(&socket) else { return };
        let Some(person) = found.person else {
            if found.greeted {
                // It crossed with the end.
                return;
            }
            return self.refuse(socket, Code::Malformed, "expected hello before anything else");
        };
        match message {
            ClientMessage::Signal { to, data } => self.signal(person, to, data),
            ClientMessage::Ready { match_id, models } => self.ready(person, &match_id, models),
            ClientMessage::Validated { match_id, attempt, paths } => {
                self.seat_validated(person, &match_id, attempt, paths);
            }
            ClientMessage::Failed { match_id, reason } => self.seat_failed(person, &match_id, &reason),
            ClientMessage::Away { away } => self.away(person, away),
            ClientMessage::Finished { match_id, frames, planned } => {
                self.finished(person, &match_id, frames, planned);
            }
            ClientMessage::Leave { reason } => self.leave(person, reason),
            // Answered before.
            ClientMessage::Hello(_)
            | ClientMessage::Watch(_)
            | ClientMessage::Here
            | ClientMessage::Ping { .. }
            | ClientMessage::Pong { .. } => {}
        }
    }
}
