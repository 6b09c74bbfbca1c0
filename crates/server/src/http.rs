//! The routes: the two sockets, the site, and what an operator looks at.
use std::net::IpAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ws::WebSocket;
use axum::extract::{Extension, Query, Request, State, WebSocketUpgrade};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ORIGIN, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use http_body_util::LengthLimitError;
use palaestra_lobby::message::Code;
use serde::Deserialize;
use tokio::time::timeout;

use crate::app::{App, TokenQuery, no_monitor};
use crate::forward::{self, FORWARDED};
use crate::hub::Input;
use crate::role::{Role, Roles};
use crate::senders::sender_of;
use crate::uploads::{MOST_PIECE, Piece};
use crate::{control, monitor, play};

/// What a WebSocket has in memory to read into, in bytes. Thousands wait, and what they say is short.
const READ_BUFFER: usize = 4 << 10;

/// How long a piece of a record may take to come. Pages give up after ten seconds.
const PIECE_LIMIT: Duration = Duration::from_secs(15);

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/lobby", any(lobby))
        .route("/play", any(play_socket))
        .route("/records", post(records))
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .route("/monitor", get(monitor::page))
        .route("/monitor/data", get(monitor::data))
        .route("/monitor/monitor.css", get(monitor::style))
        .route("/monitor/monitor.js", get(monitor::script))
        .fallback(site)
        .with_state(app)
}

async fn lobby(State(app): State<App>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if !app.takes_origin(&headers) {
        return refused_origin(&app);
    }
    let upgrade =
        upgrade.max_message_size(control::MOST_BYTES).max_frame_size(control::MOST_BYTES).read_buffer_size(READ_BUFFER);
    upgrade.on_upgrade(move |socket| app.serve(socket, Wanted::Lobby, is_forwarded(&headers)))
}

/// What a socket is opened for.
enum Wanted {
    Lobby,
    /// The match of this ticket.
    Play(String),
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(FORWARDED)
}

#[derive(Deserialize)]
struct PlayQuery {
    #[serde(default)]
    ticket: String,
}

async fn play_socket(
    State(app): State<App>,
    headers: HeaderMap,
    Query(PlayQuery { ticket }): Query<PlayQuery>,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !app.takes_origin(&headers) {
        return refused_origin(&app);
    }
    let upgrade =
        upgrade.max_message_size(play::MOST_BYTES).max_frame_size(play::MOST_BYTES).read_buffer_size(READ_BUFFER);
    upgrade.on_upgrade(move |socket| app.serve(socket, Wanted::Play(ticket), is_forwarded(&headers)))
}

fn refused_origin(app: &App) -> Response {
    app.metrics.refused.fetch_add(1, Ordering::Relaxed);
    (StatusCode::FORBIDDEN, "expected a page of this site, or of an origin that the server was told of\n")
        .into_response()
}

fn refused_piece(app: &App, status: StatusCode, text: &'static str) -> Response {
    app.metrics.refused.fetch_add(1, Ordering::Relaxed);
    (status, text).into_response()
}

/// Whether a body could not be read because it is longer than it may be.
fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<LengthLimitError>())
}

/// What a page says of a piece of a record beside its bytes.
#[derive(Deserialize)]
struct PieceQuery {
    id: String,
    offset: u64,
    length: usize,
    encoding: String,
}

/// The other end of a request's connection.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Takes a piece of a record, and says how much of it is on disk. No header of the request's own is needed: a page of another site can send
/// its last one while it goes.
async fn records(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    Query(PieceQuery { id, offset, length, encoding }): Query<PieceQuery>,
    body: Body,
) -> Response {
    if !app.takes_origin(&headers) {
        return refused_origin(&app);
    }
    let body = match timeout(PIECE_LIMIT, to_bytes(body, MOST_PIECE)).await {
        Ok(Ok(body)) => body,
        // It would keep its connection for as long as it likes.
        Err(_) => return refused_piece(&app, StatusCode::REQUEST_TIMEOUT, "expected the whole piece sooner\n"),
        Ok(Err(error)) if is_too_long(&error) => {
            return refused_piece(&app, StatusCode::PAYLOAD_TOO_LARGE, "expected a smaller piece\n");
        }
        // Its connection is gone as a rule, and nobody hears this.
        Ok(Err(_)) => return refused_piece(&app, StatusCode::BAD_REQUEST, "expected the whole piece, it broke off\n"),
    };
    let Some(uploads) = app.uploads.clone() else {
        return (StatusCode::NOT_FOUND, "this server takes no records of games that are played alone\n")
            .into_response();
    };
    let from = sender_of(peer, &headers);
    let taken = tokio::task::spawn_blocking(move || {
        let gzipped = encoding == "gzip";
        uploads.take(&Piece { id: &id, offset, length, gzipped, bytes: &body, from })
    });
    let mut answer = match taken.await {
        Ok(Ok(saved)) => ([(CONTENT_TYPE, "application/json")], format!("{{\"saved\":{saved}}}")).into_response(),
        Ok(Err(refused)) => {
            app.metrics.refused.fetch_add(1, Ordering::Relaxed);
            let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::BAD_REQUEST);
            (status, format!("{refused}\n")).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let own = answer.headers_mut();
    own.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    own.insert(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = headers.get(ORIGIN) {
        own.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    answer
}

async fn health(State(app): State<App>) -> Response {
    match app.roles.now() {
        Role::Leads(lead) if lead.writer.broken() => {
            (StatusCode::SERVICE_UNAVAILABLE, "the store cannot be written\n").into_response()
        }
        Role::Leads(_) | Role::Follows(_) => (StatusCode::OK, "ok\n").into_response(),
        Role::Waits => (StatusCode::SERVICE_UNAVAILABLE, "no process has the lobby\n").into_response(),
    }
}

async fn metrics(State(app): State<App>, headers: HeaderMap, Query(query): Query<TokenQuery>) -> Response {
    if !app.is_monitor(&headers, &query) {
        return no_monitor();
    }
    // A process that has not the lobby has figures of its own connections.
    let text = match app.roles.now() {
        Role::Leads(lead) => {
            let figures = lead.hub.ask(Input::Figures).await;
            app.metrics.text(figures.as_ref().map(|figures| (figures, lead.writer.pending())))
        }
        Role::Follows(_) | Role::Waits => app.metrics.text(None),
    };
    ([(CONTENT_TYPE, "text/plain; version=0.0.4"), (CACHE_CONTROL, "no-store")], text).into_response()
}

async fn site(State(app): State<App>, request: Request) -> Response {
    match &app.site {
        Some(site) => site.answer(request).await,
        None => (StatusCode::NOT_FOUND, "there is no site here\n").into_response(),
    }
}

impl App {
    /// Serves a socket where the lobby is: here, or at the process that has it. One that another process passed on is served here.
    async fn serve(self, mut socket: WebSocket, wanted: Wanted, forwarded: bool) {
        let deadline = Roles::deadline();
        let path = match &wanted {
            Wanted::Lobby => "/lobby".to_owned(),
            // A ticket of the server's has nothing in it that would have to be escaped, and no other one is passed on.
            Wanted::Play(ticket) if self.signer.read_ticket(ticket).is_some() => format!("/play?ticket={ticket}"),
            Wanted::Play(_) => "/play".to_owned(),
        };
        while let Some(role) = self.roles.somebody(forwarded, deadline).await {
            match (role, &wanted) {
                (Role::Leads(lead), Wanted::Lobby) => return control::run(socket, *lead).await,
                (Role::Leads(lead), Wanted::Play(ticket)) => return play::run(socket, ticket.clone(), *lead).await,
                (Role::Follows(address), _) => {
                    let link = tokio::select! {
                        link = forward::link(&address, &path, deadline) => link,
                        // One that stands still is not waited for once another has the lobby.
                        () = self.roles.moved_from(&address) => None,
                    };
                    if let Some(link) = link {
                        let moved = self.roles.moved_from(&address);
                        return forward::run(socket, link, matches!(wanted, Wanted::Lobby), moved).await;
                    }
                }
                (Role::Waits, _) => {}
            }
        }
        self.metrics.closed(Code::ServerRestarting);
        forward::refuse(&mut socket, matches!(wanted, Wanted::Lobby)).await;
    }
}
