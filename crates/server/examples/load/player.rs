//! Whoever comes to a server as a page does, up to the start of a match, and is no page.
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use palaestra_lobby::message::{ClientMessage, Hello, Matched, PathKind, SeatPath, ServerMessage};
use palaestra_protocol::server::SERVER_PROTOCOL;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How long anything may take that the server has to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) async fn open(address: SocketAddr, path: &str) -> Result<Socket, String> {
    open_narrow(address, path, None).await
}

async fn open_narrow(address: SocketAddr, path: &str, receives: Option<u32>) -> Result<Socket, String> {
    let opening = async {
        let socket = TcpSocket::new_v4()?;
        if let Some(bytes) = receives {
            socket.set_recv_buffer_size(bytes)?;
        }
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        client_async(format!("ws://{address}{path}"), MaybeTlsStream::Plain(stream)).await
    };
    match timeout(PATIENCE, opening).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(error)) => Err(format!("not opened: {error}")),
        Err(_) => Err("not opened in time".to_owned()),
    }
}

pub(crate) fn hello(lobby: &str, participant: &str) -> Hello {
    Hello {
        protocol: SERVER_PROTOCOL.into(),
        lobby: lobby.to_owned(),
        participant: Some(participant.to_owned()),
        ..Hello::default()
    }
}

pub(crate) async fn say(socket: &mut Socket, message: ClientMessage) -> Result<(), String> {
    socket.send(Message::text(message.text())).await.map_err(|error| error.to_string())
}

/// A match that has started: the control socket, the play socket.
pub(crate) struct Playing {
    pub(crate) control: Socket,
    pub(crate) play: Socket,
    pub(crate) matched: Matched,
}

/// Comes into a lobby and plays by the rules until a match has started.
///
/// With `receives` the system keeps so many bytes for the play socket that nobody has read.
pub(crate) async fn playing(address: SocketAddr, hello: Hello, receives: Option<u32>) -> Result<Playing, String> {
    let mut control = open(address, "/lobby").await?;
    say(&mut control, ClientMessage::Hello(hello)).await?;
    let (mut play, mut known) = (None, None::<Matched>);
    loop {
        let next = timeout(PATIENCE, control.next()).await.map_err(|_| "no start in time".to_owned())?;
        let Some(Ok(message)) = next else { return Err("closed before the start".to_owned()) };
        let Message::Text(text) = message else { continue };
        match serde_json::from_str::<ServerMessage>(&text).map_err(|error| error.to_string())? {
            ServerMessage::AreYouThere { .. } => say(&mut control, ClientMessage::Here).await?,
            ServerMessage::Ping { t } => say(&mut control, ClientMessage::Pong { t }).await?,
            ServerMessage::Matched(matched) => {
                let path = format!("{}?ticket={}", matched.play_url, matched.ticket);
                play = Some(open_narrow(address, &path, receives).await?);
                say(&mut control, ClientMessage::Ready { match_id: matched.match_id.clone(), models: Vec::new() })
                    .await?;
                known = Some(*matched);
            }
            ServerMessage::Validate { match_id, attempt, .. } => {
                let seat = known.as_ref().map_or(0, |matched| 1 - matched.seat.min(1));
                let paths = vec![SeatPath { seat, path: PathKind::Relay, rtt_ms: 1.0 }];
                say(&mut control, ClientMessage::Validated { match_id, attempt, paths }).await?;
            }
            ServerMessage::Start { .. } => {
                let (Some(play), Some(matched)) = (play.take(), known.take()) else {
                    return Err("started without a match".to_owned());
                };
                return Ok(Playing { control, play, matched });
            }
            ServerMessage::Ended { code, .. } | ServerMessage::Error { code, .. } => return Err(code.to_string()),
            _ => {}
        }
    }
}

/// Reads what comes until the socket is closed; the close code as text, or that it broke.
pub(crate) async fn closed(socket: &mut Socket) -> String {
    let closing = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return u16::from(frame.code).to_string(),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return "broken off".to_owned(),
                Some(Ok(_)) => {}
            }
        }
    };
    timeout(PATIENCE, closing).await.unwrap_or_else(|_| "still open".to_owned())
}
