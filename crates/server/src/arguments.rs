//! The command line.
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "palaestra-server",
    version,
    about = "Serves the site, puts people together, relays their games, and keeps the records"
)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: ServeOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes what was stored: a record per match, and a table of sessions. At any time, also beside a running server
    Export(ExportOptions),
    /// Fills seats with players that are no people: to try a study, or to load a server
    Bots(BotOptions),
}

/// How the server is run.
#[derive(Clone, Debug, Args)]
pub struct ServeOptions {
    /// The folder of the site
    #[arg(long, value_name = "FOLDER")]
    pub site: Option<PathBuf>,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where the records and the server's key are kept
    #[arg(long, value_name = "FOLDER", default_value = "palaestra-data")]
    pub data: PathBuf,
    /// A Postgres database instead of a file in the data folder: postgres://USER:PASSWORD@HOST:PORT/DATABASE. Several processes on one
    /// database are one server
    #[arg(long, value_name = "URL", env = "PALAESTRA_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Where the other processes on the database reach this one, where it is not the address that it listens on
    #[arg(long, value_name = "HOST:PORT")]
    pub peer: Option<String>,
    /// The lobbies, as TOML or JSON. Without it, a page opens the lobby that it asks for
    #[arg(long, value_name = "FILE")]
    pub lobbies: Option<PathBuf>,
    /// The folder with the models that play in matches, where the server is to compute again what they did, and to bring players back alone:
    /// files whose names end in .onnx, found by their SHA-256
    #[arg(long, value_name = "FOLDER")]
    pub models: Option<PathBuf>,
    /// The address that browsers know the server by, where it is another (behind a proxy): https://example.org
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// The version that pages have to be of, where it is not Palaestra's own: a page that says another one is told to load again
    #[arg(long, value_name = "TEXT")]
    pub site_version: Option<String>,
    /// Another site whose pages may connect; can be given several times
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub origins: Vec<String>,
    /// A STUN or TURN server for the lobbies that name none: "stun:stun.example.org", or as RTCPeerConnection takes it,
    /// {"urls":"turn:…","username":"…","credential":"…"}; can be given several times
    #[arg(long, value_name = "SERVER", value_parser = ice_server)]
    pub ice: Vec<serde_json::Value>,
    /// The monitor's token; without it the server makes one and keeps it with its data
    #[arg(long, value_name = "TOKEN")]
    pub monitor_token: Option<String>,
    /// How much records of games that people play alone may fill, in megabytes; 0 takes none
    #[arg(long, value_name = "MB", default_value_t = 10_000)]
    pub most_games: u64,
    /// The most connections at the same time
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub most_connections: usize,
    /// A header for every answer of the site, as in "content-security-policy: default-src 'self'"; can be given several times
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<String>,
    /// Send no isolation headers
    #[arg(long)]
    pub no_isolation: bool,
}

/// An ICE server, by its address or as `RTCPeerConnection` takes it.
fn ice_server(text: &str) -> Result<serde_json::Value, String> {
    let server = if text.starts_with('{') {
        serde_json::from_str(text).map_err(|error| error.to_string())?
    } else {
        serde_json::json!({ "urls": text })
    };
    let urls = match server.get("urls") {
        Some(serde_json::Value::Array(urls)) => urls.iter().map(serde_json::Value::as_str).collect(),
        Some(url) => vec![url.as_str()],
        None => Vec::new(),
    };
    let known = |url: &str| ["stun:", "stuns:", "turn:", "turns:"].iter().any(|scheme| url.starts_with(scheme));
    if urls.is_empty() || !urls.iter().all(|url| url.is_some_and(known)) {
        return Err("expected addresses that begin with stun:, stuns:, turn: or turns:, found others".to_owned());
    }
    Ok(server)
}

/// Which players come, and where to.
#[derive(Clone, Debug, Args)]
pub struct BotOptions {
    /// The server
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:8080")]
    pub url: String,
    /// The lobby
    #[arg(long, value_name = "LOBBY")]
    pub lobby: String,
    /// How many come
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub count: usize,
    /// What they do: random, idle, expert, or a model's file, whose name ends in .onnx
    #[arg(long, value_name = "POLICY", default_value = "random", value_parser = policy)]
    pub policy: BotPolicy,
    /// What the model's file does not say of itself: a JSON file
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// The folder with the models that have seats in the matches
    #[arg(long, value_name = "FOLDER")]
    pub models: Option<PathBuf>,
    /// With what probability an expert's action is its own, and not a random one
    #[arg(long, value_name = "0…1", default_value_t = 1.0, value_parser = skill)]
    pub skill: f64,
    /// The environment, where the lobby is to be opened for it
    #[arg(long, value_name = "ID")]
    pub env: Option<String>,
    /// How many frames a match has for them; 0: until the server ends it
    #[arg(long, value_name = "FRAMES", default_value_t = 0)]
    pub frames: u32,
    /// How long they stay, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600.0)]
    pub seconds: f64,
    /// Milliseconds between one that comes and the next
    #[arg(long, value_name = "MS", default_value_t = 0.0)]
    pub every: f64,
    /// What their names begin with
    #[arg(long, value_name = "TEXT", default_value = "bot")]
    pub name: String,
    /// The lobby's secret
    #[arg(long, value_name = "TEXT")]
    pub secret: Option<String>,
    /// The version that they say they are of, where it is not Palaestra's own
    #[arg(long, value_name = "TEXT")]
    pub site_version: Option<String>,
    /// Each in a group of its own: in a lobby that matches groups they wait
    #[arg(long)]
    pub apart: bool,
    /// Measure how long packets take, twice a second
    #[arg(long)]
    pub probe: bool,
    /// Threads that play
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub threads: usize,
}

/// What a bot does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BotPolicy {
    /// Any action.
    Random,
    /// The environment's idle action.
    Idle,
    /// What the environment's expert does.
    Expert,
    /// What the model of this file does.
    Model(PathBuf),
}

fn policy(text: &str) -> Result<BotPolicy, String> {
    Ok(match text {
        "random" => BotPolicy::Random,
        "idle" => BotPolicy::Idle,
        "expert" => BotPolicy::Expert,
        file if file.ends_with(".onnx") => BotPolicy::Model(file.into()),
        _ => return Err("expected random, idle, expert, or a file whose name ends in .onnx".to_owned()),
    })
}

fn skill(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "expected a probability from 0 to 1".to_owned())
}

/// What is exported, and where to.
#[derive(Clone, Debug, Args)]
pub struct ExportOptions {
    /// Where the records are kept
    #[arg(long, value_name = "FOLDER", default_value = "palaestra-data")]
    pub data: PathBuf,
    /// A Postgres database instead of a file in the data folder: postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, value_name = "URL", env = "PALAESTRA_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// The folder to write to: sessions.csv, matches.csv and records/, games.csv and games/
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// Only this lobby's
    #[arg(long, value_name = "LOBBY")]
    pub lobby: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ice_servers_are_addresses_or_objects() {
        let line = ["palaestra-server", "--ice", "stun:a.example", "--ice", r#"{"urls":["turn:b"],"username":"u"}"#];
        let ice = CommandLine::try_parse_from(line).unwrap().serve.ice;
        assert_eq!(ice[0], serde_json::json!({ "urls": "stun:a.example" }));
        assert_eq!(ice[1]["username"], "u");
        for wrong in ["http://a.example", "{", "{}", r#"{"urls":[]}"#, r#"{"urls":["turn:a",7]}"#, ""] {
            assert!(ice_server(wrong).is_err(), "{wrong}");
        }
    }
}
