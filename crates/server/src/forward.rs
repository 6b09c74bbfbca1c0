//! A socket whose lobby another process has: what comes on it is passed on to that one, and what comes from there is passed back. The other
//! process sees an ordinary socket, with every limit that there is for one.
use axum::body::Body;
use axum::extract::ws::{self, WebSocket};
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, HOST};
use axum::response::Response;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use hyper_util::rt::TokioIo;
use palaestra_lobby::message::{Code, ServerMessage};
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// Stands in a request that one process passes on to another, so that nothing is passed on twice.
pub(crate) const FORWARDED: &str = "x-palaestra-forwarded";

const CONNECT_LIMIT: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_millis(250);
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
const CLOSE_LIMIT: Duration = Duration::from_secs(2);
const READ_BUFFER: usize = 4 << 10;

/// A socket to the process that has the lobby.
pub(crate) type Link = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens the same path at another process. Tried again after a moment at most, for the lobby may be on its way to another one.
pub(crate) async fn link(address: &str, path: &str, deadline: Instant) -> Option<Link> {
    let mut request = format!("ws://{address}{path}").into_client_request().ok()?;
    request.headers_mut().insert(FORWARDED, HeaderValue::from_static("1"));
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    let connecting = timeout(CONNECT_LIMIT, connect_async_with_config(request, Some(config), true));
    if let Ok(Ok((link, _))) = connecting.await {
        return Some(link);
    }
    tokio::time::sleep_until(deadline.min(Instant::now() + AGAIN)).await;
    None
}

/// Passes messages on, both ways, until either side is closed or the lobby has moved to another process.
pub(crate) async fn run(socket: WebSocket, link: Link, control: bool, moved: impl Future<Output = ()>) {
    let (mut to_browser, from_browser) = socket.split();
    let (mut to_owner, from_owner) = link.split();
    // Each way waits for its own reader only: a slow browser is slow for the process that has the lobby, which closes it.
    let closed = tokio::select! {
        () = pass(from_browser, &mut to_owner, outward) => {
            let _ = timeout(CLOSE_LIMIT, to_owner.close()).await;
            return;
        }
        closed = bring(from_owner, &mut to_browser) => closed,
        // A process that stands still closes nothing.
        () = moved => false,
    };
    if !closed {
        refuse(&mut to_browser, control).await;
    }
}

/// Tells a browser to come back: nobody has the lobby at the moment.
pub(crate) async fn refuse(socket: &mut (impl Sink<ws::Message> + Unpin), control: bool) {
    let code = Code::ServerRestarting;
    let _ = timeout(CLOSE_LIMIT, async {
        if control {
            let error = ServerMessage::error(code, code.message(), true);
            let _ = socket.send(ws::Message::Text(error.text().into())).await;
        }
        let frame = ws::CloseFrame { code: code.close_code(), reason: code.as_str().into() };
        let _ = socket.send(ws::Message::Close(Some(frame))).await;
    })
    .await;
}

async fn pass<A, B, E>(
    mut from: impl Stream<Item = Result<A, E>> + Unpin,
    to: &mut (impl Sink<B> + Unpin),
    how: impl Fn(A) -> Option<B>,
) {
    while let Some(Ok(message)) = from.next().await {
        if let Some(message) = how(message)
            && to.send(message).await.is_err()
        {
            return;
        }
    }
}

/// Gives whether the browser was told why it is closed.
async fn bring(
    mut from: impl Stream<Item = Result<tungstenite::Message, tungstenite::Error>> + Unpin,
    to: &mut (impl Sink<ws::Message> + Unpin),
) -> bool {
    while let Some(Ok(message)) = from.next().await {
        let Some(message) = inward(message) else { continue };
        let last = matches!(message, ws::Message::Close(Some(_)));
        if to.send(message).await.is_err() || last {
            return true;
        }
    }
    false
}

/// Pings and pongs are each connection's own.
fn outward(message: ws::Message) -> Option<tungstenite::Message> {
    match message {
        ws::Message::Text(text) => Some(tungstenite::Message::text(text.as_str())),
        ws::Message::Binary(bytes) => Some(tungstenite::Message::Binary(bytes)),
        ws::Message::Close(frame) => {
            let frame = frame
                .map(|frame| CloseFrame { code: frame.code.into(), reason: Utf8Bytes::from(frame.reason.as_str()) });
            Some(tungstenite::Message::Close(frame))
        }
        ws::Message::Ping(_) | ws::Message::Pong(_) => None,
    }
}

fn inward(message: tungstenite::Message) -> Option<ws::Message> {
    match message {
        tungstenite::Message::Text(text) => Some(ws::Message::Text(text.as_str().into())),
        tungstenite::Message::Binary(bytes) => Some(ws::Message::Binary(bytes)),
        tungstenite::Message::Close(frame) => Some(ws::Message::Close(
            frame.map(|frame| ws::CloseFrame { code: frame.code.into(), reason: frame.reason.as_str().into() }),
        )),
        tungstenite::Message::Ping(_) | tungstenite::Message::Pong(_) | tungstenite::Message::Frame(_) => None,
    }
}

/// What another process answers to a request of the monitor.
pub(crate) async fn get(address: &str, path: &str, token: &str) -> Option<Response> {
    let stream = timeout(CONNECT_LIMIT, TcpStream::connect(address)).await.ok()?.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(async move { drop(connection.await) });
    let request = Request::get(path)
        .header(HOST, address)
        .header(FORWARDED, "1")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .ok()?;
    let answer = timeout(ANSWER_LIMIT, sender.send_request(request)).await.ok()?.ok()?;
    Some(answer.map(Body::new))
}
