//! The lobbies: from a file, or as pages ask for them.
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use palaestra_env::catalog::Catalog;
use palaestra_lobby::LobbyOpener;
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::{Dropout, Hello, SeatPolicy};
use palaestra_protocol::server::MOST_SEATS;
use palaestra_text::{Shown, check_name};
use serde::Deserialize;

/// What a file of lobbies holds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    lobbies: BTreeMap<String, LobbyConfig>,
}

/// A file of lobbies that cannot be used.
#[derive(Debug)]
pub enum SettingsError {
    /// It cannot be read.
    Io(PathBuf, std::io::Error),
    /// It is not what was expected.
    Form(PathBuf, String),
    /// A lobby in it cannot be.
    Lobby(String, String),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Form(path, problem) => write!(f, "{}: {problem}", path.display()),
            Self::Lobby(lobby, problem) => write!(f, "lobby `{}`: {problem}", Shown(lobby)),
        }
    }
}

impl std::error::Error for SettingsError {}

/// Reads the lobbies of a file: TOML, or JSON where it is named so.
///
/// # Errors
/// [`SettingsError`] with the first thing that is wrong.
pub fn read_lobbies(path: &Path, catalog: Catalog) -> Result<Vec<(String, LobbyConfig)>, SettingsError> {
    let text = std::fs::read_to_string(path).map_err(|error| SettingsError::Io(path.to_owned(), error))?;
    let form = |problem: String| SettingsError::Form(path.to_owned(), problem);
    let file: File = if path.extension().is_some_and(|ending| ending == "json") {
        serde_json::from_str(&text).map_err(|error| form(error.to_string()))?
    } else {
        toml::from_str(&text).map_err(|error| form(error.to_string()))?
    };
    let complete = |(id, config): (String, LobbyConfig)| match named(&id).and_then(|()| completed(config, catalog)) {
        Ok(config) => Ok((id, config)),
        Err(problem) => Err(SettingsError::Lobby(id, problem)),
    };
    file.lobbies.into_iter().map(complete).collect()
}

/// Whether pages can name a lobby so.
fn named(id: &str) -> Result<(), String> {
    check_name(id).map_err(|problem| format!("its name: {problem}"))
}

/// The lobby with what the environment says: its agents, its pace.
pub(crate) fn completed(mut config: LobbyConfig, catalog: Catalog) -> Result<LobbyConfig, String> {
    let env = catalog.make(&config.env_id, &config.kwargs).map_err(|error| error.to_string())?;
    config.agents.clone_from(&env.spec().agents);
    if config.fps == 0.0 {
        config.fps = catalog.entry(&config.env_id).map_or(30.0, |entry| entry.fps.into());
    }
    config.check().map_err(|error| error.to_string())?;
    for policy in config.policies() {
        if matches!(policy, SeatPolicy::Expert { .. }) && !env.has_expert() {
            let have = catalog.entries().filter(|entry| entry.expert.is_some()).map(|entry| entry.id);
            let have = have.collect::<Vec<_>>().join(", ");
            return Err(format!("policy: expected another one than an expert, for only these have an expert: {have}"));
        }
    }
    Ok(config)
}

/// Opens the lobby that a page asks for: any environment that several people can play, for as many as it has agents, or as many as the page
/// says: a policy has the other seats.
pub(crate) fn opener(catalog: Catalog, ice_servers: Vec<serde_json::Value>) -> LobbyOpener {
    Box::new(move |hello: &Hello| {
        let env_id = hello.env_id.clone().ok_or("env_id: expected the environment to be played, found none")?;
        let dropout = hello.dropout.unwrap_or_default();
        let asked = LobbyConfig {
            env_id,
            kwargs: hello.kwargs.clone().unwrap_or_default(),
            size: hello.size.unwrap_or_default(),
            policy: hello.policy.clone().unwrap_or_default(),
            seats: hello.seats.clone().unwrap_or_default(),
            dropout,
            dropout_policy: hello.policy.clone().filter(|_| dropout == Dropout::Continue).unwrap_or_default(),
            spectators: true,
            ice_servers: ice_servers.clone(),
            ..LobbyConfig::default()
        };
        let config = completed(asked, catalog)?;
        let (people, agents) = (config.people(), config.agents.len());
        let able = people >= 2 && agents <= usize::from(MOST_SEATS);
        able.then_some(config).ok_or_else(|| {
            format!("expected two people or more, and at most {MOST_SEATS} agents, found {people} and {agents}")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_lobby::config::MatcherConfig;

    fn read(name: &str, text: &str) -> Result<Vec<(String, LobbyConfig)>, String> {
        let path = std::env::temp_dir().join(format!("palaestra-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let read = read_lobbies(&path, palaestra_envs::CATALOG);
        std::fs::remove_file(&path).unwrap();
        read.map_err(|error| error.to_string())
    }

    #[test]
    fn lobbies_are_read_from_toml_and_from_json() {
        let toml = r#"
            [lobbies.pilot]
            env_id = "slime_volley/SlimeVolley-v0"
            fps = 50
            secret = "s"
            dropout = "continue"
            matcher = { latency = { limit_ms = 120.0 } }
            timeouts = { waiting_ms = 1000 }
            completion_codes = { complete = "A", partner_left = "B" }
        "#;
        let json = r#"{"lobbies": {"pilot": {"env_id": "slime_volley/SlimeVolley-v0"}}}"#;
        let id = palaestra_envs::CATALOG.entries().find(|entry| entry.agents == 2).unwrap().id;
        let toml = toml.replace("slime_volley/SlimeVolley-v0", id);
        let json = json.replace("slime_volley/SlimeVolley-v0", id);
        let lobbies = read("a.toml", &toml).unwrap();
        let (name, config) = &lobbies[0];
        assert_eq!((name.as_str(), config.fps, config.people()), ("pilot", 50.0, 2));
        assert_eq!(config.matcher, MatcherConfig::Latency { limit_ms: 120.0 });
        assert_eq!((config.timeouts.waiting_ms, config.timeouts.grace_ms), (1_000, 30_000));
        assert_eq!(config.completion_codes.len(), 2);
        assert_eq!(read("b.json", &json).unwrap()[0].1.fps, f64::from(palaestra_envs::entry(id).unwrap().fps));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let refused = |text: &str| read("c.toml", text).unwrap_err();
        assert!(
            refused("[lobbies.a]\nenv_id = \"Chess\"")
                .contains("lobby `a`: expected the id of a registered environment")
        );
        assert!(refused("[lobbies.a]\nenv_id = \"CartPole-v1\"\nsize = 2").contains("size: expected at most 1"));
        let nameless = refused("[lobbies.\"a\\u202e\"]\nenv_id = \"Chess\"");
        assert!(nameless.contains("lobby `a\\u202e`: its name: expected characters that can be seen"), "{nameless}");
        assert!(refused("[lobbies.a]\nenviron = 1").contains("environ"));
        assert!(refused("[lobies]").contains("lobies"));
    }

    #[test]
    fn a_page_opens_a_lobby_for_what_several_can_play_and_for_nothing_else() {
        let ice = serde_json::json!({ "urls": "stun:stun.example" });
        let mut open = opener(palaestra_envs::CATALOG, vec![ice.clone()]);
        let hello = |env_id: &str| Hello { env_id: Some(env_id.into()), ..Hello::default() };
        let id = palaestra_envs::CATALOG.entries().find(|entry| entry.agents == 2).unwrap().id;
        let opened = open(&hello(id)).unwrap();
        assert_eq!((opened.people(), opened.ice_servers), (2, vec![ice]));
        let policy = Some(SeatPolicy::Expert { skill: 0.5 });
        let three = "Foraging-8x8-3p-4f-v3";
        let opened = open(&Hello { size: Some(2), policy: policy.clone(), ..hello(three) }).unwrap();
        assert_eq!((opened.people(), opened.agents.len(), Some(opened.policy)), (2, 3, policy.clone()));
        for size in [1, 4] {
            assert!(open(&Hello { size: Some(size), ..hello(three) }).is_err(), "{size}");
        }
        assert!(open(&Hello { policy: policy.clone(), ..hello("SearchRescue-Test-V0") }).is_err());
        let why = |hello: Hello, open: &mut LobbyOpener| open(&hello).unwrap_err();
        let alone = why(hello("CartPole-v1"), &mut open);
        assert!(alone.contains("two people or more"), "{alone}");
        let kwargs = serde_json::json!({ "layout": "nowhere" }).as_object().cloned();
        let wrong = why(Hello { kwargs, ..hello("overcooked_ai/cramped_room") }, &mut open);
        assert!(wrong.contains("layout"), "{wrong}");
        assert!(open(&hello("Chess")).is_err());
        assert!(open(&Hello::default()).is_err());
    }
}
