//! The seats of a match: whose play socket is open, and what the others hear of it.
use palaestra_session::State;

use crate::event::{Output, SocketId};
use crate::lobbies::Lobbies;
use crate::message::{Code, PartnerState, ServerMessage};
use crate::timers::TimerKey;

impl Lobbies {
    /// A play socket was opened: the ticket says whose it is.
    pub(crate) fn play_opened(&mut self, socket: SocketId, ticket: &str) {
        let refuse = |code| Output::PlayRefused { socket, code };
        let Some(ticket) = self.signer.read_ticket(ticket) else { return self.out.push(refuse(Code::BadTicket)) };
        let game = self.match_ids.get(&ticket.match_id).copied();
        let Some((game, found)) = game.and_then(|game| Some((game, self.matches.get_mut(&game)?))) else {
            return self.out.push(refuse(Code::MatchOver));
        };
        let match_id = found.id.clone();
        let over = found.over;
        let Some(index) = ticket.seat else {
            let accepted = Output::PlayAccepted { socket, match_id, seat: None };
            return self.out.push(if over { refuse(Code::MatchOver) } else { accepted });
        };
        let Some(seat) = found.seat(index).filter(|seat| seat.person.is_some() && !over) else {
            return self.out.push(refuse(Code::MatchOver));
        };
        if ticket.generation < seat.generation && seat.play.is_some() {
            return self.out.push(refuse(Code::Replaced));
        }
        let old = seat.play.replace(socket);
        let person = seat.person;
        seat.state = PartnerState::Connected;
        if let Some(old) = old {
            self.plays.remove(&old);
            self.out.push(Output::Close { socket: old, code: Code::Replaced });
        }
        self.plays.insert(socket, (game, index));
        self.out.push(Output::PlayAccepted { socket, match_id, seat: Some(index) });
        if let Some(person) = person {
            self.timers.cancel(TimerKey::Grace(person));
        }
        self.tell_partners(game, index, None);
        self.tell_of_leavers(game, index);
        self.begin_when_ready(game);
    }

    /// A play socket is gone. Its seat may be taken again for a while.
    pub(crate) fn play_closed(&mut self, socket: SocketId) {
        let Some((game, index)) = self.plays.remove(&socket) else { return };
        let playing = self.match_state(game) == Some(State::Playing);
        let Some(found) = self.matches.get_mut(&game) else { return };
        if found.over {
            found.lingering.remove(&socket);
            // Nobody is left who could bring more: what became of the record need not wait.
            if found.lingering.is_empty() {
                self.timers.set(TimerKey::Linger(game), self.now);
            }
            return;
        }
        let grace_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.grace_ms);
        let Some(seat) = found.seat(index).filter(|seat| seat.play == Some(socket)) else { return };
        seat.play = None;
        let Some(person) = seat.person else { return };
        let finished = seat.finished.is_some();
        if !finished {
            seat.state = PartnerState::Reconnecting;
        }
        self.witness_again(game);
        if finished {
            // It has confirmed everything, and so is not missed.
            return self.settle_finished(game, index);
        }
        if playing {
            self.timers.set(TimerKey::Grace(person), self.now.saturating_add(grace_ms));
        }
        self.tell_partners(game, index, playing.then_some(grace_ms));
    }

    /// Whether a player's play socket is open.
    pub(crate) fn plays_now(&self, person: u64) -> bool {
        let seat = self.people.get(&person).and_then(|person| person.seat);
        let found = seat.and_then(|(game, seat)| self.matches.get(&game)?.seats.get(usize::from(seat)));
        found.is_some_and(|seat| seat.play.is_some())
    }

    /// Tells the others how a seat is, their Workers and their pages.
    pub(crate) fn tell_partners(&mut self, game: u64, index: u8, grace_left_ms: Option<u64>) {
        let Some(found) = self.matches.get(&game) else { return };
        let Some(seat) = found.seats.get(usize::from(index)) else { return };
        let (match_id, state) = (found.id.clone(), seat.state);
        self.out.push(Output::Peer { match_id: match_id.clone(), seat: index, state: state.into() });
        let message = self.partner_message(game, index, grace_left_ms);
        let others: Vec<u64> =
            found.present().into_iter().filter(|(seat, _)| *seat != index).map(|(_, person)| person).collect();
        for person in others {
            if let Some(message) = message.clone() {
                self.send_person(person, message);
            }
        }
    }

    fn partner_message(&self, game: u64, index: u8, grace_left_ms: Option<u64>) -> Option<ServerMessage> {
        let found = self.matches.get(&game)?;
        let seat = found.seats.get(usize::from(index))?;
        let away = seat.person.and_then(|person| self.people.get(&person)).is_some_and(|person| person.away);
        Some(ServerMessage::Partner {
            match_id: found.id.clone(),
            seat: index,
            state: seat.state,
            away,
            reason: None,
            grace_left_ms,
        })
    }

    /// Tells somebody who came back how all the others are.
    pub(crate) fn tell_of_partners(&mut self, person: u64) {
        let Some((game, own)) = self.people.get(&person).and_then(|person| person.seat) else { return };
        let Some(found) = self.matches.get(&game) else { return };
        let seats = u8::try_from(found.seats.len()).unwrap_or(u8::MAX);
        for index in (0..seats).filter(|index| *index != own) {
            let partner = self.matches.get(&game).and_then(|found| found.seats.get(usize::from(index))?.person);
            let due = partner.and_then(|partner| self.timers.due(TimerKey::Grace(partner)));
            if let Some(message) = self.partner_message(game, index, due.map(|due| due.saturating_sub(self.now))) {
                self.send_person(person, message);
            }
        }
    }
}
