//! A control socket, from its opening to its end.
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use palaestra_lobby::Event;
use palaestra_lobby::message::{Code, ServerMessage};

use crate::hub::Input;
use crate::lead::Lead;
use crate::limits::Bucket;
use crate::outgoing::{self, is_too_large};

/// The longest message of a page, in bytes.
pub(crate) const MOST_BYTES: usize = 64 << 10;
/// Messages that may wait for a page to take them. A page that waits is told something once a second.
const QUEUE: usize = 256;
const QUEUED_BYTES: usize = 1 << 20;
const MESSAGES_PER_SECOND: f64 = 40.0;
const MESSAGES_SAVED: f64 = 200.0;

pub(crate) async fn run(socket: WebSocket, lead: Lead) {
    let (sink, mut stream) = socket.split();
    let (outgoing, leaving) = outgoing::queue(QUEUE, QUEUED_BYTES);
    let sending = tokio::spawn(leaving.run(sink));
    let id = lead.hub.new_socket();
    let mut bucket = Bucket::new(MESSAGES_PER_SECOND, MESSAGES_SAVED);
    if lead.hub.send(Input::Opened(id, outgoing.clone())).await {
        let refuse = |code: Code, message: &str| {
            let error = ServerMessage::error(code, message, true);
            outgoing.send(Message::Text(error.text().into()));
            lead.metrics.closed(code);
            outgoing.close(code);
        };
        loop {
            let message = tokio::select! {
                message = stream.next() => message,
                () = outgoing.ended() => break,
            };
            let message = match message {
                Some(Ok(message)) => message,
                Some(Err(error)) => {
                    if is_too_large(&error) {
                        refuse(Code::TooLarge, Code::TooLarge.message());
                    }
                    break;
                }
                None => break,
            };
            let text = match message {
                Message::Text(text) => text,
                Message::Close(_) => break,
                Message::Ping(_) | Message::Pong(_) => continue,
                Message::Binary(_) => {
                    refuse(Code::Malformed, "expected text, found bytes");
                    break;
                }
            };
            if !bucket.take(1.0) {
                refuse(Code::TooFast, Code::TooFast.message());
                break;
            }
            if !lead.hub.event(Event::Text { socket: id, text: text.as_str().to_owned() }).await {
                break;
            }
        }
        lead.hub.event(Event::Closed { socket: id }).await;
    }
    drop(outgoing);
    outgoing::hear_out(stream).await;
    let _ = sending.await;
}
