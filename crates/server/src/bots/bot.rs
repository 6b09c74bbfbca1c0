//! One bot: its sockets, and what it answers.
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use palaestra_env::catalog::Catalog;
use palaestra_lobby::message::{
    ClientMessage, Code, Dropout, Hello, LeaveReason, LoadedModel, Matched, PathKind, SeatKind, SeatPath, ServerMessage,
};
use palaestra_protocol::server::{EVERYBODY, FromServer, SERVER_PROTOCOL, ToServer};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::figures::Figures;
use super::hello;
use super::player::Player;
use crate::arguments::BotOptions;
use crate::models::Models;
use crate::rooms::lock;
use crate::version::VERSION;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How often one tries to come back, and after how long.
const TRIES: u32 = 20;
const AGAIN: Duration = Duration::from_millis(500);
const CONNECT_LIMIT: Duration = Duration::from_secs(20);
const READ_BUFFER: usize = 4 << 10;
const PROBE: Duration = Duration::from_millis(500);
const RESTARTING: u16 = Code::ServerRestarting.close_code();
/// A packet of a bot for a bot, and of no peer: when it was sent.
const PROBE_MARK: &[u8] = b"\xffprobe";

struct Bot<'a> {
    options: &'a BotOptions,
    catalog: Catalog,
    hello: Hello,
    began: std::time::Instant,
    figures: &'a Arc<Figures>,
    matched: Option<Matched>,
    /// The models of the match.
    loaded: Vec<LoadedModel>,
    player: Option<Player>,
    /// The hash of the state that the match begins at, once somebody has asked.
    begins_at: Option<u64>,
    said_hello: f64,
    matched_at: f64,
    finished: bool,
}

/// Comes, waits, plays, and goes when the match is over or at `end`.
pub(super) async fn run(
    options: &BotOptions,
    catalog: Catalog,
    index: usize,
    began: std::time::Instant,
    end: Instant,
    figures: &Arc<Figures>,
) {
    let name = format!("{}-{index}", options.name);
    let hello = Hello {
        protocol: SERVER_PROTOCOL.into(),
        lobby: options.lobby.clone(),
        group: options.apart.then(|| name.clone()),
        participant: Some(name),
        secret: options.secret.clone(),
        env_id: options.env.clone(),
        version: options.site_version.clone().or_else(|| Some(VERSION.to_owned())),
        ..Hello::default()
    };
    let mut bot = Bot {
        options,
        catalog,
        hello,
        began,
        figures,
        matched: None,
        loaded: Vec::new(),
        player: None,
        begins_at: None,
        said_hello: f64::NAN,
        matched_at: f64::NAN,
        finished: false,
    };
    for _ in 0..TRIES {
        match bot.once(end).await {
            Some(()) => return,
            None => figures.count("reconnects", 1),
        }
        if Instant::now() >= end {
            return;
        }
        sleep(AGAIN).await;
    }
    figures.count("gave_up", 1);
}

impl Bot<'_> {
    fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64() * 1000.0
    }

    fn instant(&self, at: f64) -> Instant {
        Instant::from_std(self.began + Duration::from_secs_f64((at / 1000.0).max(0.0)))
    }

    /// One control socket, from hello to its end: `Some` where nothing is left to do.
    async fn once(&mut self, end: Instant) -> Option<()> {
        let mut control = connect(&format!("{}/lobby", self.options.url)).await?;
        self.said_hello = self.now();
        say(&mut control, ClientMessage::Hello(self.hello.clone())).await?;
        self.figures.count("said_hello", 1);
        let mut play: Option<Socket> = None;
        let mut probe = Instant::now() + PROBE;
        loop {
            let due = self.player.as_ref().and_then(Player::due).map_or(end, |due| self.instant(due));
            tokio::select! {
                message = control.next() => match message {
                    Some(Ok(Message::Text(text))) => {
                        let message = serde_json::from_str(&text).ok()?;
                        if self.hears(&mut control, &mut play, message).await? {
                            return Some(());
                        }
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                },
                message = of(&mut play) => match message {
                    Some(Ok(Message::Binary(bytes))) => self.play_hears(&mut play, &bytes).await?,
                    Some(Ok(Message::Close(Some(frame)))) if u16::from(frame.code) != RESTARTING => play = None,
                    // It is opened again with the next `matched`.
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                },
                () = sleep_until(due), if self.player.is_some() => {
                    let now = self.now();
                    if let Some(player) = &mut self.player {
                        player.tick(now);
                    }
                }
                () = sleep_until(probe), if self.options.probe && self.player.is_some() => {
                    probe = Instant::now() + PROBE;
                    let packet = [PROBE_MARK, &self.now().to_le_bytes()].concat();
                    send(&mut play, ToServer::Relay { to: EVERYBODY, packet: &packet }.write()).await;
                }
                () = sleep_until(end) => {
                    say(&mut control, ClientMessage::Leave { reason: LeaveReason::Closed }).await;
                    return Some(());
                }
            }
            self.send_out(&mut control, &mut play).await?;
        }
    }

    /// What the game wants sent; and that it is over.
    async fn send_out(&mut self, control: &mut Socket, play: &mut Option<Socket>) -> Option<()> {
        let Some(player) = &mut self.player else { return Some(()) };
        for message in std::mem::take(&mut player.outbox) {
            send(play, message).await;
        }
        let over = player.ended && player.acknowledged >= player.confirmed;
        let (frames, planned) = (player.confirmed, player.planned);
        if let Some(matched) = self.matched.as_ref().filter(|_| over && !self.finished) {
            let match_id = matched.match_id.clone();
            self.finished = true;
            say(control, ClientMessage::Finished { match_id, frames, planned }).await?;
        }
        Some(())
    }

    /// What the control socket brings; true at the end.
    async fn hears(&mut self, control: &mut Socket, play: &mut Option<Socket>, message: ServerMessage) -> Option<bool> {
        match message {
            ServerMessage::Welcome(welcome) => self.hello.token = Some(welcome.token),
            ServerMessage::AreYouThere { .. } => say(control, ClientMessage::Here).await?,
            // The server may have closed the socket behind what is still to be read, such as the record.
            ServerMessage::Ping { t } => drop(say(control, ClientMessage::Pong { t }).await),
            ServerMessage::Matched(matched) => {
                if self.matched.as_ref().is_none_or(|known| known.match_id != matched.match_id) {
                    lock(&self.figures.matched).push(self.now() - self.said_hello);
                    self.figures.count("matched", 1);
                    (self.player, self.begins_at) = (None, None);
                    self.finished = false;
                }
                self.matched_at = self.now();
                *play = Some(connect(&self.play_url(&matched)).await?);
                let match_id = matched.match_id.clone();
                let answer = match loaded(self.options, &matched) {
                    Ok(models) => {
                        self.loaded.clone_from(&models);
                        ClientMessage::Ready { match_id, models }
                    }
                    Err(reason) => ClientMessage::Failed { match_id, reason },
                };
                say(control, answer).await?;
                if let Some(player) = &mut self.player {
                    player.send_again();
                }
                self.matched = Some(*matched);
            }
            ServerMessage::Validate { match_id, attempt, .. } => {
                let Some(matched) = &self.matched else { return Some(false) };
                let others =
                    (0..matched.size).filter_map(|seat| u8::try_from(seat).ok()).filter(|seat| *seat != matched.seat);
                let paths = others.map(|seat| SeatPath { seat, path: PathKind::Relay, rtt_ms: 1.0 }).collect();
                say(control, ClientMessage::Validated { match_id, attempt, paths }).await?;
            }
            ServerMessage::Start { in_ms, input_delay, .. } if self.player.is_none() => {
                self.sit_down(in_ms, input_delay)
            }
            ServerMessage::Requeued { .. } => (self.matched, self.player, *play) = (None, None, None),
            ServerMessage::Ended { code, match_id, .. } => {
                self.figures.count(&format!("ended:{code}"), 1);
                if let Some(player) = &self.player {
                    self.figures.count("frames_confirmed", player.confirmed.into());
                    self.figures.count("frames_acknowledged", player.acknowledged.into());
                }
                return Some(match_id.is_none() || self.player.is_none());
            }
            ServerMessage::Record { verified, .. } => {
                let what = match verified {
                    Some(true) => "records_verified",
                    Some(false) => "records_differ",
                    None => "records_not_replayed",
                };
                self.figures.count(what, 1);
                return Some(true);
            }
            ServerMessage::Error { code, fatal, .. } => {
                self.figures.count(&format!("refused:{code}"), 1);
                if fatal && code != Code::ServerRestarting {
                    return Some(true);
                }
            }
            _ => {}
        }
        Some(false)
    }

    fn sit_down(&mut self, in_ms: u64, input_delay: u8) {
        let now = self.now();
        lock(&self.figures.started).push(now - self.matched_at);
        let Some(matched) = &self.matched else { return };
        let begins = now + in_ms as f64;
        match Player::new(self.catalog, matched, &self.loaded, input_delay, self.options, begins) {
            Ok(mut player) => {
                player.path(now, u8::try_from(matched.size).unwrap_or(u8::MAX), matched.seat);
                self.player = Some(player);
            }
            Err(problem) => {
                eprintln!("palaestra-server bots: {problem}");
                self.figures.count("cannot_play", 1);
            }
        }
    }

    async fn play_hears(&mut self, play: &mut Option<Socket>, bytes: &[u8]) -> Option<()> {
        let now = self.now();
        match FromServer::read(bytes) {
            Ok(FromServer::Relay { packet, .. }) if packet.starts_with(PROBE_MARK) => {
                if let Some(sent) = packet.last_chunk::<8>() {
                    lock(&self.figures.delays).push(now - f64::from_le_bytes(*sent));
                }
            }
            Ok(FromServer::Relay { from, packet }) if self.player.is_none() && hello::is(packet) => {
                if let Some(answer) = self.answer(now, packet) {
                    send(play, ToServer::Relay { to: from, packet: &answer }.write()).await;
                }
            }
            Ok(FromServer::Ping(t)) => send(play, ToServer::Pong(t).write()).await,
            Ok(message) => {
                if let Some(player) = &mut self.player {
                    player.hears(now, message);
                }
            }
            Err(_) => self.figures.count("unreadable", 1),
        }
        Some(())
    }

    /// What a browser's hello is answered with, before the match begins.
    fn answer(&mut self, now: f64, packet: &[u8]) -> Option<Vec<u8>> {
        let matched = self.matched.as_ref()?;
        if self.begins_at.is_none() {
            self.begins_at = hello::begins_at(self.catalog, matched).ok();
        }
        Some(hello::answer(matched, self.begins_at?, now, packet))
    }

    fn play_url(&self, matched: &Matched) -> String {
        let path = &matched.play_url;
        let whole = if path.starts_with('/') { format!("{}{path}", self.options.url) } else { path.clone() };
        format!("{whole}?ticket={}", matched.ticket)
    }
}

/// The models that play in a match, or take the seats of those who leave.
fn loaded(options: &BotOptions, matched: &Matched) -> Result<Vec<LoadedModel>, String> {
    let models = Models::new(options.models.clone());
    let takes_over = matched.dropout == Dropout::Continue;
    let seats = matched.seats.iter().filter_map(|seat| {
        let of_person = (seat.kind == SeatKind::Person && takes_over).then_some(&matched.dropout_policy);
        Some((seat.seat, seat.policy.as_ref().or(of_person)?.model()?))
    });
    seats.map(|(seat, model)| models.load(seat, model)).collect()
}

async fn connect(url: &str) -> Option<Socket> {
    // Thousands wait in one program, and nobody's packets wait for others to go with.
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    let connected = timeout(CONNECT_LIMIT, connect_async_with_config(url, Some(config), true)).await.ok()?;
    connected.ok().map(|(socket, _)| socket)
}

async fn say(socket: &mut Socket, message: ClientMessage) -> Option<()> {
    timeout(CONNECT_LIMIT, socket.send(Message::text(message.text()))).await.ok()?.ok()
}

/// A play socket that is lost is opened again with the next `matched`.
async fn send(play: &mut Option<Socket>, message: Vec<u8>) {
    if let Some(socket) = play {
        let sent = timeout(CONNECT_LIMIT, socket.send(Message::binary(message))).await;
        if !matches!(sent, Ok(Ok(()))) {
            *play = None;
        }
    }
}

/// What a socket brings; for ever nothing where there is none.
async fn of(play: &mut Option<Socket>) -> Option<Result<Message, tokio_tungstenite::tungstenite::Error>> {
    match play {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}
