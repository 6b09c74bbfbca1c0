//! The servers that help browsers to reach each other, as a page is told of them. A TURN server's secret stays here: a page gets a user name
//! with an end, and the secret's word for it, which the TURN server checks without asking anybody
//! (<https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00>, `use-auth-secret` of coturn).
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value as Json;
use sha1::Sha1;

use crate::config_error::ConfigError;

/// How long credentials are good for, in seconds: a day, as the draft recommends. A page that reconnects in a long match uses them again.
const LASTS_S: u64 = 86_400;

/// The servers with credentials in place of secrets. `user` tells one user from another in the TURN server's log, and is no participant's id.
pub(crate) fn for_page(servers: &[Json], user: &str, now_ms: u64) -> Vec<Json> {
    let told = |server: &Json| {
        let mut told = server.clone();
        let secret = told.as_object_mut().and_then(|server| server.remove("secret"));
        if let (Some(server), Some(secret)) = (told.as_object_mut(), secret.as_ref().and_then(Json::as_str)) {
            let username = format!("{}:{user}", now_ms / 1000 + LASTS_S);
            server.insert("credential".into(), credential(secret, &username).into());
            server.insert("username".into(), username.into());
        }
        told
    };
    servers.iter().map(told).collect()
}

/// The base64 text of HMAC-SHA1 over the user name.
fn credential(secret: &str, username: &str) -> String {
    // Any key is taken: HMAC has no length for it.
    let Ok(mut mac) = <Hmac<Sha1> as KeyInit>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(username.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Whether a lobby can name these servers.
///
/// # Errors
/// [`ConfigError`] for a secret that is no text, or that stands beside credentials.
pub(crate) fn check(servers: &[Json]) -> Result<(), ConfigError> {
    for server in servers {
        let Some(secret) = server.get("secret") else { continue };
        let problem = if secret.as_str().is_none_or(str::is_empty) {
            "ice_servers: expected a secret of letters, found something else"
        } else if server.get("username").or(server.get("credential")).is_some() {
            "ice_servers: expected a secret, or a username and its credential, found both"
        } else {
            continue;
        };
        return Err(ConfigError { problem: problem.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_gets_credentials_with_an_end_and_never_the_secret() {
        let servers = [
            json!({"urls": ["stun:a.example"]}),
            json!({"urls": ["turn:b.example"], "secret": "north"}),
            json!({"urls": "turn:c.example", "username": "u", "credential": "c"}),
        ];
        let told = for_page(&servers, "m-1.0", 1_000_000_000_500);
        assert_eq!((&told[0], &told[2]), (&servers[0], &servers[2]));
        // openssl dgst -sha1 -hmac north -binary | base64
        let expected = json!({
            "urls": ["turn:b.example"], "username": "1000086400:m-1.0", "credential": "e2DCF5aMDen3AzjvyAn6HL1ip3I="
        });
        assert_eq!(told[1], expected);
    }

    #[test]
    fn a_secret_is_a_text_and_stands_alone() {
        assert!(check(&[json!({"urls": "turn:a", "secret": "s"}), json!({"urls": "stun:b"})]).is_ok());
        for wrong in [json!({"secret": ""}), json!({"secret": 7}), json!({"secret": "s", "username": "u"})] {
            assert!(check(std::slice::from_ref(&wrong)).is_err(), "{wrong}");
        }
    }
}
