//! A play socket, from its opening to its end. Packets go from here to the other seats' queues; the lobby's task sees none of them.
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use palaestra_lobby::message::Code;
use palaestra_lobby::{Event, SocketId};
use palaestra_protocol::server::{EVERYBODY, FromServer, STATES_PER_SECOND, STATES_SAVED, ToServer};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::hub::{Input, Seated};
use crate::intake;
use crate::lead::Lead;
use crate::limits::Bucket;
use crate::outgoing::{self, Outgoing, is_too_large};
use crate::refused::Refused;
use crate::watching;

/// The longest message of a Worker, in bytes.
pub(crate) const MOST_BYTES: usize = 64 << 10;
/// Messages that may wait for a Worker to take them, and their bytes: all that seven others may have saved up, and a state.
const QUEUE: usize = 4_608;
const QUEUED_BYTES: usize = 6 << 20;
/// The same for whoever watches: half a minute of what is confirmed, and a state.
const WATCHER_QUEUE: usize = 256;
const WATCHER_BYTES: usize = 2 << 20;
const MESSAGES_PER_SECOND: f64 = 600.0;
const BYTES_PER_SECOND: f64 = 512.0 * 1024.0;
const SAVED_SECONDS: f64 = 1.0;
const PING: Duration = Duration::from_secs(5);
const IDLE: Duration = Duration::from_secs(30);

pub(crate) async fn run(socket: WebSocket, ticket: String, lead: Lead) {
    let (sink, stream) = socket.split();
    let watches = lead.signer.read_ticket(&ticket).is_some_and(|ticket| ticket.seat.is_none());
    let (most, most_bytes) = if watches { (WATCHER_QUEUE, WATCHER_BYTES) } else { (QUEUE, QUEUED_BYTES) };
    let (outgoing, leaving) = outgoing::queue(most, most_bytes);
    let sending = tokio::spawn(leaving.run(sink));
    let id = lead.hub.new_socket();
    let mut stream = stream;
    let seated = lead.hub.ask(|answer| Input::Play(id, ticket, outgoing.clone(), answer)).await;
    match seated {
        Some(Ok(seated)) => {
            let states = tokio::sync::Mutex::new(Bucket::new(STATES_PER_SECOND, STATES_SAVED));
            let code =
                Socket { id, seated, outgoing: outgoing.clone(), states, lead: lead.clone() }.run(&mut stream).await;
            if let Some(code) = code {
                lead.metrics.closed(code);
                outgoing.close(code);
            }
        }
        Some(Err(code)) => outgoing.close(code),
        None => outgoing.close(Code::ServerRestarting),
    }
    drop(outgoing);
    outgoing::hear_out(stream).await;
    let _ = sending.await;
}

struct Socket {
    id: SocketId,
    seated: Seated,
    outgoing: Outgoing,
    states: tokio::sync::Mutex<Bucket>,
    lead: Lead,
}

impl Socket {
    /// Hears what comes, until the socket is closed or has to be: the code says why.
    async fn run(self, stream: &mut (impl StreamExt<Item = Result<Message, axum::Error>> + Unpin)) -> Option<Code> {
        if self.seated.seat.is_none() {
            self.outgoing.bytes(watching::welcome(&self.seated.room));
            if let Err(code) = self.lead.watching.arrive(&self.seated.room, self.id, &self.outgoing) {
                self.lead.hub.event(Event::PlayClosed { socket: self.id }).await;
                return Some(code);
            }
        }
        let mut messages = Bucket::new(MESSAGES_PER_SECOND, MESSAGES_PER_SECOND * SAVED_SECONDS);
        let mut bytes = Bucket::new(BYTES_PER_SECOND, BYTES_PER_SECOND * SAVED_SECONDS);
        let mut pings = interval_at(Instant::now() + PING, PING);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        let code = loop {
            let message = tokio::select! {
                message = stream.next() => message,
                () = self.outgoing.ended() => break None,
                _ = pings.tick() => {
                    if heard.elapsed() >= IDLE {
                        break Some(Code::IdleTimeout);
                    }
                    self.outgoing.bytes(FromServer::Ping(heard.elapsed().as_secs_f64() * 1000.0).write());
                    continue;
                }
            };
            heard = Instant::now();
            match message {
                Some(Ok(Message::Binary(found))) => {
                    if !(messages.take(1.0) && bytes.take(found.len() as f64)) {
                        break Some(Code::TooFast);
                    }
                    if let Err(code) = self.message(&found).await {
                        break Some(code);
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_))) => break Some(Code::Malformed),
                Some(Err(error)) if is_too_large(&error) => break Some(Code::TooLarge),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
            }
        };
        self.seated.room.leave(self.id);
        self.lead.hub.event(Event::PlayClosed { socket: self.id }).await;
        code
    }

    async fn message(&self, bytes: &[u8]) -> Result<(), Code> {
        let message = ToServer::read(bytes).map_err(|_| Code::Malformed)?;
        match (message, self.seated.seat) {
            (ToServer::Ping(t), _) => {
                self.outgoing.bytes(FromServer::Pong(t).write());
            }
            (ToServer::Pong(_), _) => {}
            (ToServer::AskState, Some(seat)) => {
                // A state costs the server a replay.
                if !self.states.lock().await.take(1.0) {
                    return Err(Code::TooFast);
                }
                self.lead.judge.bring(&self.seated.room, seat, self.id);
            }
            (ToServer::Desync { epoch }, Some(seat)) => {
                if !self.states.lock().await.take(1.0) {
                    return Err(Code::TooFast);
                }
                self.lead.judge.desync(Arc::clone(&self.seated.room), (seat, self.id), epoch);
            }
            (_, None) => return Err(Code::Malformed),
            (ToServer::Relay { to, packet }, Some(seat)) => {
                if to == seat || (to != EVERYBODY && to >= self.seated.room.seats()) {
                    return Err(Code::Malformed);
                }
                self.lead.metrics.packets.fetch_add(1, Ordering::Relaxed);
                self.lead.metrics.packet_bytes.fetch_add(packet.len() as u64, Ordering::Relaxed);
                self.seated.room.relay(seat, to, packet);
            }
            (ToServer::Confirmed(batch), Some(seat)) => {
                intake::make_room(&self.lead).await;
                intake::confirmed(&self.lead, &self.seated.room, seat, batch).map_err(Refused::code)?;
            }
            (ToServer::Facts(json), Some(seat)) => {
                intake::make_room(&self.lead).await;
                intake::facts(&self.lead.writer, &self.seated.room, seat, json).map_err(|()| Code::Malformed)?;
            }
            (ToServer::Report { leaver, frames, first, inputs }, Some(_)) => {
                let inputs = inputs.to_vec();
                self.lead.hub.event(Event::Report { socket: self.id, leaver, frames, first, inputs }).await;
            }
        }
        Ok(())
    }
}
