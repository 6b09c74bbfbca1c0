//! A server of a test, and its clients.
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use palaestra_lobby::message::{ClientMessage, Code, Hello, Matched, PathKind, SeatPath, ServerMessage};
use palaestra_protocol::server::{FromServer, SERVER_PROTOCOL, ToServer};
use palaestra_server::{Running, ServeOptions, start};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A folder of a test, which goes with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("palaestra-server-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn options(data: &Path) -> ServeOptions {
    ServeOptions {
        models: None,
        site: None,
        listen: "127.0.0.1:0".parse().unwrap(),
        data: data.to_owned(),
        database: None,
        peer: None,
        lobbies: None,
        public_url: None,
        site_version: None,
        origins: Vec::new(),
        ice: Vec::new(),
        monitor_token: None,
        most_games: 10,
        most_connections: 500,
        headers: Vec::new(),
        no_isolation: false,
    }
}

pub(crate) async fn serve(data: &Path) -> Running {
    start(options(data), palaestra_envs::CATALOG).await.unwrap()
}

/// A server whose lobby `main` is what the text says, in TOML.
pub(crate) async fn serve_lobby(folder: &Path, lobby: &str) -> Running {
    let file = folder.join("lobbies.toml");
    std::fs::write(&file, format!("[lobbies.main]\nenv_id = \"{}\"\n{lobby}\n", env_id())).unwrap();
    let options = ServeOptions { lobbies: Some(file), ..options(&folder.join("data")) };
    start(options, palaestra_envs::CATALOG).await.unwrap()
}

/// The text of a file with one lobby, `main`, that is played once and gives a code for it.
pub(crate) fn once_lobby() -> String {
    format!("[lobbies.main]\nenv_id = \"{}\"\nonce = true\ncompletion_codes = {{ complete = \"DONE1\" }}\n", env_id())
}

/// Something that listens.
pub(crate) trait At {
    fn at(&self) -> SocketAddr;
}

impl At for Running {
    fn at(&self) -> SocketAddr {
        self.address
    }
}

impl At for SocketAddr {
    fn at(&self) -> SocketAddr {
        *self
    }
}

/// An environment for two.
pub(crate) fn env_id() -> &'static str {
    palaestra_envs::CATALOG.entries().find(|entry| entry.agents == 2 && entry.id.contains("Slime")).unwrap().id
}

pub(crate) async fn open(server: &impl At, path: &str) -> Socket {
    let request = format!("ws://{}{path}", server.at()).into_client_request().unwrap();
    timeout(DEADLINE, connect_async(request)).await.expect("a connection in time").unwrap().0
}

/// A page with its Worker.
pub(crate) struct Client {
    pub(crate) control: Socket,
    pub(crate) play: Option<Socket>,
    pub(crate) hello: Hello,
    pub(crate) matched: Option<Matched>,
}

pub(crate) fn hello(participant: &str) -> Hello {
    Hello {
        protocol: SERVER_PROTOCOL.into(),
        lobby: "main".into(),
        participant: Some(participant.into()),
        env_id: Some(env_id().into()),
        ..Hello::default()
    }
}

impl Client {
    pub(crate) async fn new(server: &impl At, participant: &str) -> Self {
        Self::with_hello(server, hello(participant)).await
    }

    pub(crate) async fn with_hello(server: &impl At, hello: Hello) -> Self {
        let mut client =
            Self { control: open(server, "/lobby").await, play: None, hello: hello.clone(), matched: None };
        client.say(ClientMessage::Hello(hello)).await;
        if let ServerMessage::Welcome(welcome) =
            client.hears("welcome", |message| matches!(message, ServerMessage::Welcome(_))).await
        {
            client.hello.token = Some(welcome.token);
            client.hello.participant = Some(welcome.participant);
        }
        client
    }

    /// The same participant on a new control socket.
    pub(crate) async fn again(&mut self, server: &impl At) {
        self.control = open(server, "/lobby").await;
        let hello = self.hello.clone();
        self.say(ClientMessage::Hello(hello)).await;
        self.hears("welcome", |message| matches!(message, ServerMessage::Welcome(welcome) if welcome.resumed)).await;
    }

    pub(crate) async fn say(&mut self, message: ClientMessage) {
        timeout(DEADLINE, self.control.send(Message::text(message.text()))).await.unwrap().unwrap();
    }

    /// Waits for a message, and answers what a page answers meanwhile.
    pub(crate) async fn hears(&mut self, what: &str, wanted: impl Fn(&ServerMessage) -> bool) -> ServerMessage {
        timeout(DEADLINE, async {
            loop {
                let message = self.control.next().await.unwrap_or_else(|| panic!("closed before {what}"));
                let message = match message.unwrap_or_else(|error| panic!("{error} before {what}")) {
                    Message::Text(text) => serde_json::from_str::<ServerMessage>(&text).unwrap(),
                    Message::Close(frame) => panic!("closed with {frame:?} before {what}"),
                    _ => continue,
                };
                if let ServerMessage::Ping { t } = message {
                    // The server may have closed the socket behind what is still to be read.
                    let _ = self.control.send(Message::text(ClientMessage::Pong { t }.text())).await;
                }
                if let ServerMessage::AreYouThere { .. } = message {
                    self.say(ClientMessage::Here).await;
                }
                if let ServerMessage::Matched(matched) = &message {
                    self.matched = Some((**matched).clone());
                }
                if wanted(&message) {
                    return message;
                }
            }
        })
        .await
        .unwrap_or_else(|_| panic!("waited {DEADLINE:?} for {what}"))
    }

    pub(crate) async fn matched(&mut self) -> Matched {
        self.hears("matched", |message| matches!(message, ServerMessage::Matched(_))).await;
        self.matched.clone().unwrap()
    }

    pub(crate) fn match_id(&self) -> String {
        self.matched.as_ref().unwrap().match_id.clone()
    }

    pub(crate) fn seat(&self) -> u8 {
        self.matched.as_ref().unwrap().seat
    }

    /// Opens the play socket and hears its first message: how many frames of this seat are on disk.
    pub(crate) async fn open_play(&mut self, server: &impl At) -> u32 {
        let matched = self.matched.clone().unwrap();
        self.play = Some(open(server, &format!("{}?ticket={}", matched.play_url, matched.ticket)).await);
        let welcome = self.play_hears("welcome", |message| matches!(message, FromServer::Welcome { .. })).await;
        let FromServer::Welcome { seat, seats, frames, .. } = FromServer::read(&welcome).unwrap() else { panic!() };
        assert_eq!((seat, usize::from(seats)), (matched.seat, matched.size));
        frames
    }

    pub(crate) async fn ready(&mut self) {
        let match_id = self.match_id();
        self.say(ClientMessage::Ready { match_id, models: Vec::new() }).await;
    }

    /// Shakes hands when asked to, and waits for the start.
    pub(crate) async fn validate(&mut self) {
        let message = self.hears("validate", |message| matches!(message, ServerMessage::Validate { .. })).await;
        let ServerMessage::Validate { match_id, attempt, .. } = message else { panic!() };
        let matched = self.matched.clone().unwrap();
        let others = (0..matched.size as u8).filter(|seat| *seat != matched.seat);
        let paths = others.map(|seat| SeatPath { seat, path: PathKind::Relay, rtt_ms: 4.0 }).collect();
        self.say(ClientMessage::Validated { match_id, attempt, paths }).await;
    }

    pub(crate) async fn started(&mut self) {
        self.hears("start", |message| matches!(message, ServerMessage::Start { .. })).await;
    }

    pub(crate) async fn send(&mut self, message: &ToServer<'_>) {
        self.send_bytes(message.write()).await;
    }

    /// Sends several messages at once, so that none is looked at before all have arrived.
    pub(crate) async fn send_together<'a>(&mut self, messages: impl IntoIterator<Item = ToServer<'a>>) {
        let play = self.play.as_mut().unwrap();
        for message in messages {
            timeout(DEADLINE, play.feed(Message::binary(message.write()))).await.unwrap().unwrap();
        }
        timeout(DEADLINE, play.flush()).await.unwrap().unwrap();
    }

    pub(crate) async fn send_bytes(&mut self, bytes: Vec<u8>) {
        let play = self.play.as_mut().unwrap();
        timeout(DEADLINE, play.send(Message::binary(bytes))).await.unwrap().unwrap();
    }

    /// Waits for a message of the play socket.
    pub(crate) async fn play_hears(&mut self, what: &str, wanted: impl Fn(&FromServer<'_>) -> bool) -> Vec<u8> {
        hears(self.play.as_mut().unwrap(), what, wanted).await
    }

    /// Waits until so many frames are acknowledged.
    pub(crate) async fn acknowledged(&mut self, frames: u32) {
        self.play_hears(
            "acknowledgement",
            |message| matches!(message, FromServer::Acknowledged(found) if *found >= frames),
        )
        .await;
    }

    pub(crate) async fn finish(&mut self, frames: u32) {
        let match_id = self.match_id();
        self.say(ClientMessage::Finished { match_id, frames, planned: true }).await;
    }

    pub(crate) async fn ended(&mut self) -> Code {
        let ended = self.hears("ended", |message| matches!(message, ServerMessage::Ended { .. })).await;
        let ServerMessage::Ended { code, .. } = ended else { panic!() };
        code
    }
}

/// What became of the record.
pub(crate) async fn record_of(client: &mut Client) -> ServerMessage {
    client.hears("record", |message| matches!(message, ServerMessage::Record { .. })).await
}

pub(crate) async fn hears(socket: &mut Socket, what: &str, wanted: impl Fn(&FromServer<'_>) -> bool) -> Vec<u8> {
    timeout(DEADLINE, async {
        loop {
            match socket.next().await.unwrap_or_else(|| panic!("closed before {what}")) {
                Ok(Message::Binary(bytes)) if wanted(&FromServer::read(&bytes).unwrap()) => return bytes.to_vec(),
                Ok(Message::Close(frame)) => panic!("closed with {frame:?} before {what}"),
                Ok(_) => {}
                Err(error) => panic!("{error} before {what}"),
            }
        }
    })
    .await
    .unwrap_or_else(|_| panic!("waited {DEADLINE:?} for {what}"))
}

/// The number that a socket is closed with.
pub(crate) async fn close_code(socket: &mut Socket) -> u16 {
    timeout(DEADLINE, async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(Message::Close(None))) | Some(Err(_)) | None => return 0,
                Some(Ok(_)) => {}
            }
        }
    })
    .await
    .expect("a close frame in time")
}

/// Both play so many frames to the end, and are told the code of it, and what became of the record: all of it is on disk then.
pub(crate) async fn play_to_the_end(both: &mut [Client; 2], confirmed: Vec<u8>, frames: u32, given: &str) {
    for client in both.iter_mut() {
        client.send_bytes(confirmed.clone()).await;
        client.acknowledged(frames).await;
        client.finish(frames).await;
    }
    for client in both {
        let ended = client.hears("ended", |message| matches!(message, ServerMessage::Ended { .. })).await;
        let ServerMessage::Ended { code, completion_code, .. } = ended else { panic!() };
        assert_eq!((code, completion_code.as_deref()), (Code::Complete, Some(given)));
        record_of(client).await;
    }
}

/// What a page that says this hello is refused with: the code, and the completion code in it.
pub(crate) async fn refusal(server: &impl At, hello: &Hello) -> (Code, Option<String>) {
    let mut client = Client { control: open(server, "/lobby").await, play: None, hello: hello.clone(), matched: None };
    client.say(ClientMessage::Hello(hello.clone())).await;
    let error = client.hears("a refusal", |message| matches!(message, ServerMessage::Error { fatal: true, .. })).await;
    let ServerMessage::Error { code, completion_code, .. } = error else { panic!() };
    assert_eq!(close_code(&mut client.control).await, code.close_code());
    (code, completion_code)
}

/// Two people in a match that has started.
pub(crate) async fn pair(server: &impl At) -> [Client; 2] {
    pair_in(server, "main").await
}

/// Two people in a match of this lobby that has started.
pub(crate) async fn pair_in(server: &impl At, lobby: &str) -> [Client; 2] {
    let of = |participant| Hello { lobby: lobby.into(), ..hello(participant) };
    let mut both = [Client::with_hello(server, of("ann")).await, Client::with_hello(server, of("bob")).await];
    for client in &mut both {
        client.matched().await;
        assert_eq!(client.open_play(server).await, 0);
        client.ready().await;
    }
    let [ann, bob] = &mut both;
    tokio::join!(ann.validate(), bob.validate());
    tokio::join!(ann.started(), bob.started());
    both
}

/// Makes every match in the data of a server that is stopped an hour older than it is: so much more can have been played of it.
pub(crate) fn an_hour_older(data: &Path) {
    let store = rusqlite::Connection::open(data.join("palaestra.sqlite")).unwrap();
    let earlier = "json_extract(kept, '$.facts.created_ms') - 3600000";
    let earlier = format!("UPDATE matches SET kept = json_set(kept, '$.facts.created_ms', {earlier})");
    assert_eq!(store.execute(&earlier, []).unwrap(), 1);
}

/// Both come back to the match that they are in, of which nothing was confirmed yet.
pub(crate) async fn come_back(both: &mut [Client; 2], server: &impl At) {
    for client in both {
        client.again(server).await;
        client.matched().await;
        assert_eq!(client.open_play(server).await, 0);
    }
}
