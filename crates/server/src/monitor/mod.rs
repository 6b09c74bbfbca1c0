//! The monitor: lobbies, matches, people, and one match that is watched, as a page and as data. Both want the server's token.
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use palaestra_lobby::LobbyView;

use crate::app::{App, TokenQuery, no_monitor};
use crate::forward::{self, FORWARDED};
use crate::hub::Input;
use crate::role::Role;

/// What the page is made of comes from this server, and so do the site's module and Workers that show a match.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) async fn page(State(app): State<App>, headers: HeaderMap, Query(query): Query<TokenQuery>) -> Response {
    if !app.is_monitor(&headers, &query) {
        return no_monitor();
    }
    let headers =
        [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, include_str!("page.html")).into_response()
}

/// Nothing in it is anybody's secret.
pub(crate) async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("page.css"))
}

/// As [`style`].
pub(crate) async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("page.js"))
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, media_type), (CACHE_CONTROL, "no-cache")], text).into_response()
}

pub(crate) async fn data(State(app): State<App>, headers: HeaderMap, Query(query): Query<TokenQuery>) -> Response {
    if !app.is_monitor(&headers, &query) {
        return no_monitor();
    }
    match app.roles.now() {
        Role::Leads(lead) => view(lead.hub.ask(Input::View).await),
        // Shown where the lobby is.
        Role::Follows(address) if !headers.contains_key(FORWARDED) => {
            let answer = forward::get(&address, "/monitor/data", &app.monitor_token).await;
            answer.unwrap_or_else(|| StatusCode::BAD_GATEWAY.into_response())
        }
        Role::Follows(_) | Role::Waits => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn view(view: Option<Vec<LobbyView>>) -> Response {
    match view.map(|view| serde_json::to_string(&view)) {
        Some(Ok(text)) => ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], text).into_response(),
        Some(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
