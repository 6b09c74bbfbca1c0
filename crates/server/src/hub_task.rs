//! The one task that has the lobby: what is to be done it does without waiting for anybody.
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::ws::Message;
use palaestra_env::catalog::Catalog;
use palaestra_lobby::message::Code;
use palaestra_lobby::{Event, Keep, Lobbies, Output, SocketId};
use palaestra_protocol::server::FromServer;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};

use crate::clock::now_ms;
use crate::history::History;
use crate::hub::{Figures, Hub, Input, Seated};
use crate::judge::Judge;
use crate::metrics::Metrics;
use crate::outgoing::Outgoing;
use crate::rooms::{Room, Rooms};
use crate::store::{Write, Writer};
use crate::witness::witness;

/// The task.
pub(crate) struct HubTask {
    pub(crate) lobbies: Lobbies,
    pub(crate) inputs: mpsc::Receiver<Input>,
    pub(crate) rooms: Rooms,
    pub(crate) writer: Writer,
    pub(crate) judge: Judge,
    pub(crate) hub: Hub,
    pub(crate) catalog: Catalog,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) sockets: HashMap<SocketId, Outgoing>,
}

impl HubTask {
    /// Runs until the program stops.
    pub(crate) async fn run(mut self) {
        loop {
            let due = self.lobbies.next_wakeup();
            let wait = due.map_or(Duration::from_secs(60), |due| Duration::from_millis(due.saturating_sub(now_ms())));
            let input = tokio::select! {
                input = self.inputs.recv() => input,
                () = sleep_until(Instant::now() + wait) => Some(Input::Event(Event::Tick)),
            };
            match input {
                None => return,
                Some(Input::Stop(done)) => {
                    self.handle(Event::Restart);
                    // What the sockets say from now on changes nothing that is stored.
                    let _ = done.send(());
                    return;
                }
                Some(input) => self.take(input),
            }
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Event(event) => {
                if let Event::Closed { socket } | Event::PlayClosed { socket } = event {
                    self.sockets.remove(&socket);
                }
                self.handle(event);
            }
            Input::Opened(socket, outgoing) => {
                self.sockets.insert(socket, outgoing);
                self.handle(Event::Opened { socket });
            }
            Input::Play(socket, ticket, outgoing, answer) => self.play(socket, ticket, outgoing, answer),
            Input::View(answer) => drop(answer.send(self.lobbies.view())),
            Input::Figures(answer) => {
                let figures = Figures { counts: self.lobbies.counts(), people: self.lobbies.people_by_state() };
                drop(answer.send(figures));
            }
            Input::Stop(_) => {}
        }
    }

    fn play(
        &mut self,
        socket: SocketId,
        ticket: String,
        outgoing: Outgoing,
        answer: oneshot::Sender<Result<Seated, Code>>,
    ) {
        let outputs = self.lobbies.handle(now_ms(), Event::PlayOpened { socket, ticket });
        let mut seated = Err(Code::BadTicket);
        let mut rest = Vec::new();
        for output in outputs {
            match output {
                Output::PlayAccepted { socket: accepted, match_id, seat } if accepted == socket => {
                    seated = match self.rooms.get(&match_id) {
                        Some(room) => {
                            if let Some(seat) = seat {
                                let connected = room.sit(seat, socket, outgoing.clone());
                                outgoing.bytes(room.welcome(seat, connected));
                            }
                            self.sockets.insert(socket, outgoing.clone());
                            Ok(Seated { room, seat })
                        }
                        None => Err(Code::MatchOver),
                    };
                }
                Output::PlayRefused { socket: refused, code } if refused == socket => seated = Err(code),
                output => rest.push(output),
            }
        }
        drop(answer.send(seated));
        self.carry_out(rest);
    }

    fn handle(&mut self, event: Event) {
        let outputs = self.lobbies.handle(now_ms(), event);
        self.carry_out(outputs);
    }

    pub(crate) fn carry_out(&mut self, outputs: Vec<Output>) {
        // What one event changes is stored together, and is on its way before anybody is told.
        let mut keeps = Vec::new();
        let mut rest = Vec::with_capacity(outputs.len());
        for output in outputs {
            match output {
                Output::Keep(keep) => keeps.push(keep),
                output => rest.push(output),
            }
        }
        if !keeps.is_empty() {
            for keep in &keeps {
                if let Keep::MatchEnded { code, .. } = keep {
                    self.metrics.match_ended(*code);
                }
            }
            self.writer.write(Write::Keep(keeps), None);
        }
        rest.into_iter().for_each(|output| self.carry_out_one(output));
    }

    fn carry_out_one(&mut self, output: Output) {
        match output {
            Output::Send { socket, message } => {
                if let Some(outgoing) = self.sockets.get(&socket) {
                    outgoing.send(Message::Text(message.text().into()));
                }
            }
            Output::Close { socket, code } | Output::PlayRefused { socket, code } => {
                if let Some(outgoing) = self.sockets.remove(&socket) {
                    self.metrics.closed(code);
                    outgoing.close(code);
                }
            }
            Output::MatchOpened(facts) => {
                if self.rooms.get(&facts.match_id).is_none() {
                    let history = History::new(&facts.match_id);
                    self.rooms.open(facts, history);
                }
            }
            Output::PlayAccepted { .. } | Output::Keep(_) => {}
            Output::Peer { match_id, seat, state } => {
                self.in_room(&match_id, |room| room.to_seats(&FromServer::Peer { seat, state }, |other| other != seat));
            }
            Output::ReportWanted { match_id, leaver, seats, within_ms } => {
                let within_ms = u16::try_from(within_ms).unwrap_or(u16::MAX);
                let wanted = FromServer::ReportWanted { leaver, within_ms };
                if let Some(room) = self.rooms.get(&match_id) {
                    room.to_seats(&wanted, |seat| seats >> seat & 1 == 1);
                    let (hub, catalog) = (self.hub.clone(), self.catalog);
                    // On a thread for such things: the lobby's task makes no environments, and the judge's may be in a long replay.
                    spawn_blocking(move || hub.event_from_thread(witness(&room, leaver, catalog)));
                }
            }
            Output::Pronounced { match_id, leaver, seats, frames, first, inputs } => {
                let pronounced = FromServer::Pronounced { leaver, frames, first, inputs: &inputs };
                self.in_room(&match_id, |room| room.to_seats(&pronounced, |seat| seats >> seat & 1 == 1));
            }
            Output::MatchClosed { match_id } => {
                let room = self.rooms.close(&match_id);
                self.judge.match_over(match_id, room);
            }
        }
    }

    fn in_room(&self, match_id: &str, what: impl FnOnce(&Room)) {
        if let Some(room) = self.rooms.get(match_id) {
            what(&room);
        }
    }
}

impl Room {
    /// The first message of a seat's play socket.
    pub(crate) fn welcome(&self, seat: u8, connected: u8) -> Vec<u8> {
        let frames = crate::rooms::lock(&self.history).frames_of(seat).min(self.stored.load(Ordering::Acquire));
        FromServer::Welcome {
            protocol: palaestra_protocol::server::SERVER_PROTOCOL,
            seat,
            seats: self.seats(),
            epoch: self.epoch.load(Ordering::Acquire),
            frames,
            connected,
        }
        .write()
    }
}
