//! What every request can get at, and who may.
use std::sync::Arc;

use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use palaestra_lobby::token::Signer;
use serde::Deserialize;

use crate::metrics::Metrics;
use crate::role::Roles;
use crate::site::Site;
use crate::uploads::Uploads;

/// What every request can get at.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) roles: Roles,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) signer: Signer,
    pub(crate) monitor_token: Arc<str>,
    /// Whose pages may connect beside the server's own.
    pub(crate) origins: Arc<[String]>,
    pub(crate) site: Option<Site>,
    /// Where records of games that people play alone go, if they are taken.
    pub(crate) uploads: Option<Arc<Uploads>>,
}

#[derive(Deserialize)]
pub(crate) struct TokenQuery {
    token: Option<String>,
}

pub(crate) fn no_monitor() -> Response {
    (StatusCode::UNAUTHORIZED, "expected the monitor's token, as ?token=… or as a bearer\n").into_response()
}

impl App {
    pub(crate) fn is_monitor(&self, headers: &HeaderMap, query: &TokenQuery) -> bool {
        let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let said = query.token.as_deref().or(bearer);
        // A token that is empty would be everybody's.
        said.is_some_and(|said| !said.is_empty() && self.signer.same(said, &self.monitor_token))
    }

    /// Whether a page of this origin may connect: the server's own pages, those it was told of, and programs, which have no origin.
    pub(crate) fn takes_origin(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let own = origin.split_once("://").is_some_and(|(_, authority)| host == Some(authority));
        own || self.origins.iter().any(|known| known == origin)
    }
}
