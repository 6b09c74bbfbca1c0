//! The attacks on sockets: each is told how it was ended.
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use palaestra_lobby::message::{ClientMessage, Hello};
use palaestra_protocol::server::{EVERYBODY, FromServer, PeerState, ToServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::player::{PATIENCE, Playing, closed, hello, open, playing, say};

/// A bare connection that says so much, and waits.
pub(crate) async fn silent(address: SocketAddr, says: &'static str) -> String {
    let Ok(Ok(mut stream)) = timeout(PATIENCE, TcpStream::connect(address)).await else {
        return "not connected".to_owned();
    };
    let _ = stream.write_all(says.as_bytes()).await;
    let mut all = Vec::new();
    match timeout(PATIENCE, stream.read_to_end(&mut all)).await {
        Ok(_) => "closed".to_owned(),
        Err(_) => "still open".to_owned(),
    }
}

/// A page of a site that the server does not know.
pub(crate) async fn stranger(address: SocketAddr) -> String {
    let mut request = format!("ws://{address}/lobby").into_client_request().unwrap();
    request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    match connect_async(request).await {
        Ok(_) => "taken".to_owned(),
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => answer.status().as_u16().to_string(),
        Err(error) => error.to_string(),
    }
}

/// What is said on a control socket: after hello, or instead of it.
pub(crate) async fn control(address: SocketAddr, greets: Option<Hello>, says: Vec<Message>) -> String {
    let mut socket = match open(address, "/lobby").await {
        Ok(socket) => socket,
        Err(problem) => return problem,
    };
    if let Some(hello) = greets {
        let _ = say(&mut socket, ClientMessage::Hello(hello)).await;
    }
    for message in says {
        // The server may have closed it before the last one.
        let _ = socket.feed(message).await;
    }
    let _ = socket.flush().await;
    closed(&mut socket).await
}

/// A play socket with a ticket that the server has not signed.
pub(crate) async fn forged(address: SocketAddr, ticket: &str) -> String {
    match open(address, &format!("/play?ticket={ticket}")).await {
        Ok(mut socket) => closed(&mut socket).await,
        Err(problem) => problem,
    }
}

/// What a player does to its partner, or to the server, once a match has started.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Foul {
    /// Packets of any bytes, and its partner's own sent back, for some seconds.
    Packets,
    /// Messages that are none.
    Malformed,
    /// A message longer than any.
    Oversized,
    /// More packets than anybody needs.
    Flood,
    /// Frames that nobody played.
    Frames,
    /// A report on a partner who is there, and what only the server says.
    OutOfTurn,
}

/// Plays foul against the bot of this number.
pub(crate) async fn foul(address: SocketAddr, number: usize, foul: Foul) -> String {
    let group = Some(format!("partner-{number}"));
    let mut at = match playing(address, Hello { group, ..hello("hostile", &format!("foul-{number}")) }, None).await {
        Ok(at) => at,
        Err(problem) => return problem,
    };
    match foul {
        Foul::Packets => packets(&mut at).await,
        Foul::Flood => {
            for _ in 0..4_000 {
                if at.play.feed(binary(&ToServer::Relay { to: EVERYBODY, packet: &[7; 60] })).await.is_err() {
                    break;
                }
            }
            let _ = at.play.flush().await;
        }
        Foul::Malformed => drop(at.play.send(Message::binary(vec![99, 1, 2])).await),
        Foul::Oversized => drop(at.play.send(Message::binary(vec![1; 70_000])).await),
        Foul::Frames => {
            let far = [&[2][..], &1_000_000_u32.to_le_bytes(), &[0, 0, 3, 2, 0], b"{}"].concat();
            let _ = at.play.send(Message::binary(far)).await;
        }
        Foul::OutOfTurn => {
            let report =
                ToServer::Report { leaver: 1 - at.matched.seat.min(1), frames: u32::MAX, first: 0, inputs: &[0; 100] };
            let _ = at.play.send(binary(&report)).await;
            let _ = at.play.send(Message::binary(FromServer::Acknowledged(9).write())).await;
        }
    }
    closed(&mut at.play).await
}

fn binary(message: &ToServer<'_>) -> Message {
    Message::binary(message.write())
}

/// Any bytes, changed packets and the partner's own, for five seconds, within what a socket may send; then it goes.
async fn packets(at: &mut Playing) {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from(at.matched.number);
    let mut draw = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let mut heard: Vec<Vec<u8>> = Vec::new();
    for _ in 0..500 {
        while let Ok(Some(Ok(message))) = timeout(Duration::from_millis(1), at.play.next()).await {
            if let Message::Binary(bytes) = message
                && let Ok(FromServer::Relay { packet, .. }) = FromServer::read(&bytes)
            {
                heard.push(packet.to_vec());
            }
        }
        let mut packet = match heard.get(draw() as usize % heard.len().max(1)) {
            Some(known) if draw() % 4 > 0 => known.clone(),
            _ => (0..draw() % 200).map(|_| draw() as u8).collect(),
        };
        if draw() % 3 > 0 && !packet.is_empty() {
            let place = draw() as usize % packet.len();
            packet[place] = draw() as u8;
        }
        let _ = at.play.send(binary(&ToServer::Relay { to: EVERYBODY, packet: &packet })).await;
        sleep(Duration::from_millis(9)).await;
    }
    let _ = say(&mut at.control, ClientMessage::Leave { reason: Default::default() }).await;
}

/// Takes nothing of what its partner, a friend, sends as fast as the server lets it. The friend hears that it was cut off.
pub(crate) async fn slow(address: SocketAddr, number: usize) -> String {
    let hello =
        |role: &str| Hello { group: Some(format!("slow-{number}")), ..hello("hostile", &format!("{role}-{number}")) };
    let slow = playing(address, hello("slow"), Some(4096));
    let (slow, fast) = tokio::join!(slow, playing(address, hello("fast"), None));
    let (Ok(_slow), Ok(mut fast)) = (slow, fast) else { return "not matched".to_owned() };
    let cut_off = async {
        let packet = vec![7; 8 << 10];
        loop {
            if fast.play.send(binary(&ToServer::Relay { to: EVERYBODY, packet: &packet })).await.is_err() {
                return "broken off".to_owned();
            }
            while let Ok(heard) = timeout(Duration::from_millis(17), fast.play.next()).await {
                let Some(Ok(Message::Binary(bytes))) = heard else { return "broken off".to_owned() };
                if let Ok(FromServer::Peer { state: PeerState::Reconnecting, .. }) = FromServer::read(&bytes) {
                    return "cut off".to_owned();
                }
            }
        }
    };
    timeout(PATIENCE, cut_off).await.unwrap_or_else(|_| "still open".to_owned())
}

/// Somebody who waits and answers nothing that the server asks.
pub(crate) async fn mute(address: SocketAddr, name: &str) -> String {
    let group = Some(name.to_owned());
    let stays = Hello { group, ..hello("waiting", name) };
    control(address, Some(stays), Vec::new()).await
}
