//! Somebody who watches a match, in a test.
use futures_util::{SinkExt, StreamExt};
use palaestra_lobby::message::{ClientMessage, Code, ServerMessage, Watch, Watching};
use palaestra_protocol::server::{ConfirmedItem, FromServer, StateWhy, ToServer};
use tokio_tungstenite::tungstenite::Message;

use crate::client::{At, Socket, hears, open};

/// Asks to watch a match; the code says why it was refused.
pub(crate) async fn watch(server: &impl At, match_id: &str, token: Option<&str>) -> Result<(Socket, Watching), Code> {
    let mut control = open(server, "/lobby").await;
    let watch = Watch { lobby: None, match_id: match_id.to_owned(), token: token.map(str::to_owned) };
    control.send(Message::text(ClientMessage::Watch(watch).text())).await.unwrap();
    let text = control.next().await.unwrap().unwrap().into_text().unwrap();
    match serde_json::from_str(&text).unwrap() {
        ServerMessage::Watching(watching) => Ok((control, *watching)),
        ServerMessage::Error { code, fatal: true, .. } => Err(code),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn open_watching(server: &impl At, watching: &Watching) -> Socket {
    open(server, &format!("{}?ticket={}", watching.play_url, watching.ticket)).await
}

pub(crate) async fn hears_state(play: &mut Socket) -> Vec<u8> {
    hears(play, "state", |message| matches!(message, FromServer::State { why: StateWhy::Spectator, .. })).await
}

/// The frames that come on a socket until there are so many: actions and hashes, from the first on. Nothing is missing; what comes
/// twice is the same.
pub(crate) async fn follow(socket: &mut Socket, first: u32, until: u32) -> Vec<(Vec<u8>, u64)> {
    let mut found: Vec<(Vec<u8>, u64)> = Vec::new();
    while first + (found.len() as u32) < until {
        let bytes = hears(socket, "confirmed", |message| matches!(message, FromServer::Confirmed(_))).await;
        let FromServer::Confirmed(batch) = FromServer::read(&bytes).unwrap() else { panic!() };
        let mut frame = batch.first;
        for item in batch.items().map(Result::unwrap) {
            let ConfirmedItem::Step { actions, hash } = item else { continue };
            if let Some(at) = frame.checked_sub(first) {
                let step = (actions.to_vec(), hash);
                match found.get(at as usize) {
                    Some(known) => assert_eq!(*known, step, "frame {frame}"),
                    None => {
                        assert_eq!(at as usize, found.len(), "frames are missing before {frame}");
                        found.push(step);
                    }
                }
            }
            frame += 1;
        }
    }
    found
}

/// The steps of a batch as a player sends it.
pub(crate) fn steps(message: &[u8]) -> Vec<(Vec<u8>, u64)> {
    let Ok(ToServer::Confirmed(batch)) = ToServer::read(message) else { panic!("no batch") };
    let steps = batch.items().map(Result::unwrap).filter_map(|item| match item {
        ConfirmedItem::Step { actions, hash } => Some((actions.to_vec(), hash)),
        _ => None,
    });
    steps.collect()
}
