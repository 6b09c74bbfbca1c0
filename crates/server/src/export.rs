//! `palaestra-server export`: what was stored, as files. At any time, also beside a running server.
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use palaestra_env::catalog::Catalog;
use palaestra_lobby::MatchFacts;
use palaestra_record::{Header, gzip::encoder, write::fits_line, write_jsonl};
use serde_json::json;

use crate::arguments::ExportOptions;
use crate::export_games::export_games;
use crate::export_table::write_table;
use crate::replay::Replay;
use crate::store::{Database, MatchRow, Reader, Which};

pub use crate::export_table::ExportError;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records.
    pub records: usize,
    /// Rows of the table of sessions.
    pub sessions: usize,
    /// Records of games that were played alone.
    pub games: usize,
}

/// Writes `sessions.csv`, `matches.csv` and `records/MATCH.jsonl.gz` into a folder, and of games that were played alone `games.csv` and
/// `games/ID.jsonl.gz`.
///
/// # Errors
/// [`ExportError`] with what kept it from being written; what was written before stays.
pub fn export(options: &ExportOptions, catalog: Catalog) -> Result<Exported, ExportError> {
    let mut reader = Database::new(options.database.as_deref(), &options.data)?.reader()?;
    let records = options.out.join("records");
    std::fs::create_dir_all(&records).map_err(|error| ExportError::Io(records.clone(), error))?;
    let lobby = options.lobby.as_deref();
    let sessions = reader.sessions(lobby)?;
    let matches = reader.matches(Which::All(lobby))?;
    write_table(
        &options.out.join("sessions.csv"),
        "lobby,participant,match,seat,created_ms,ended_ms,played,reason,code,completion_code,requeued,history",
        sessions.iter().map(|row| {
            [
                row.lobby.clone(),
                row.participant.clone(),
                row.match_id.clone().unwrap_or_default(),
                row.seat.map(|seat| seat.to_string()).unwrap_or_default(),
                row.created_ms.to_string(),
                row.ended_ms.to_string(),
                row.played.to_string(),
                row.reason.clone(),
                row.code.clone(),
                row.completion_code.clone().unwrap_or_default(),
                row.requeued.to_string(),
                row.history.clone(),
            ]
        }),
    )?;
    let mut exported = Exported { records: 0, sessions: sessions.len(), games: 0 };
    let mut rows = Vec::new();
    for row in &matches {
        let written = write_record(&mut *reader, catalog, row, &records)?;
        exported.records += usize::from(matches!(written, Written::Record { .. }));
        let (frames, problem) = match written {
            Written::Record { frames, told } => (frames.to_string(), told.map(|told| ("as exported", told))),
            Written::Nothing => ("0".to_owned(), None),
            // Nobody here knows how many there are: what is stored is read with the environment's spaces.
            Written::Unknown(problem) => (String::new(), Some(("no record", problem))),
        };
        // What was found when the match was over, and what this program finds beside it, which may be another version.
        let problem = problem.filter(|(_, problem)| row.difference.as_ref() != Some(problem));
        let problem = problem.map(|(what, problem)| format!("{what}: {problem}"));
        let differences: Vec<String> = row.difference.clone().into_iter().chain(problem).collect();
        let facts = &row.kept.facts;
        rows.push([
            facts.match_id.clone(),
            facts.lobby.clone(),
            facts.env_id.clone(),
            // A name may have spaces, and commas: whoever reads this needs no rule of ours.
            json!(facts.participants).to_string(),
            facts.seed.to_string(),
            facts.created_ms.to_string(),
            row.ended_ms.map(|at| at.to_string()).unwrap_or_default(),
            row.reason.clone().unwrap_or_default(),
            row.code.clone().unwrap_or_default(),
            frames,
            row.verified.map(|verified| verified.to_string()).unwrap_or_default(),
            differences.join("; "),
        ]);
    }
    write_table(
        &options.out.join("matches.csv"),
        "match,lobby,env_id,participants,seed,created_ms,ended_ms,reason,code,frames,verified,difference",
        rows.into_iter(),
    )?;
    if options.database.is_none() && lobby.is_none() {
        exported.games = export_games(&options.data, &options.out)?;
    }
    Ok(exported)
}

/// What there is of a match.
enum Written {
    /// So many frames, and how they are not what was confirmed.
    Record { frames: u32, told: Option<String> },
    /// Nothing was confirmed.
    Nothing,
    /// This program cannot make its environment, and why.
    Unknown(String),
}

/// Writes the record of a match, as far as it is stored. The file is there whole or not at all.
fn write_record(
    reader: &mut dyn Reader,
    catalog: Catalog,
    row: &MatchRow,
    folder: &Path,
) -> Result<Written, ExportError> {
    let facts = &row.kept.facts;
    let batches = reader.batches(&facts.match_id)?;
    // The match's name is the server's own: a letter and hexadecimal digits.
    if batches.is_empty() {
        return Ok(Written::Nothing);
    }
    let mut replay = match Replay::new(catalog, facts) {
        Ok(replay) => replay,
        Err(problem) => return Ok(Written::Unknown(problem)),
    };
    replay.play(&batches, |_, _| {});
    let mut header = Header::new(&facts.env_id, facts.kwargs.clone(), replay.seed);
    header.policy = Some(who_plays(facts, replay.env.spec().agents.len()));
    let told = replay.told();
    header.rest = rest(reader, row, told.as_deref())?;
    // A beginning says that it is one: the match goes on, or there is more that could not be played.
    if row.ended_ms.is_none() || replay.stopped {
        header.unfinish();
    }
    let (frames, spec) = (replay.frames, replay.env.spec().clone());
    let record = replay.recorder.into_record();
    let path = folder.join(format!("{}.jsonl.gz", facts.match_id));
    let half = folder.join(format!("{}.jsonl.gz.part", facts.match_id));
    let io = |error| ExportError::Io(half.clone(), error);
    let mut out = BufWriter::new(File::create(&half).map_err(io)?);
    let mut gzip = encoder(&mut out);
    write_jsonl(&header, &spec, &record, &[], &mut gzip)
        .map_err(|error| ExportError::Record(facts.match_id.clone(), error))?;
    gzip.finish().map_err(io)?;
    out.flush().map_err(io)?;
    drop(out);
    std::fs::rename(&half, &path).map_err(|error| ExportError::Io(path, error))?;
    Ok(Written::Record { frames, told })
}

/// Who plays each agent: people have the first seats.
fn who_plays(facts: &MatchFacts, agents: usize) -> String {
    let people = facts.participants.len();
    let name = |agent| if agent < people { "human".to_owned() } else { facts.name_of(agent) };
    (0..agents).map(name).collect::<Vec<_>>().join(", ")
}

/// What stands in a record's header beside what is needed to play it again. `replayed` is how that differs from what was confirmed.
fn rest(
    reader: &mut dyn Reader,
    row: &MatchRow,
    replayed: Option<&str>,
) -> Result<serde_json::Map<String, serde_json::Value>, ExportError> {
    let facts = &row.kept.facts;
    let sides: serde_json::Map<String, serde_json::Value> = reader
        .facts(&facts.match_id)?
        .into_iter()
        .filter_map(|(seat, json)| Some((seat.to_string(), side(json)?)))
        .collect();
    let events: Vec<serde_json::Value> = reader
        .events(&facts.match_id)?
        .into_iter()
        .filter_map(|(at, json)| {
            let mut event: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).ok()?;
            event.insert("at_ms".to_owned(), at.into());
            Some(event.into())
        })
        .collect();
    let rest = json!({
        "match": {
            "id": facts.match_id, "lobby": facts.lobby, "participants": facts.participants, "seed": facts.seed,
            "fps": facts.fps, "created_ms": facts.created_ms, "ended_ms": row.ended_ms, "reason": row.reason, "code": row.code,
            "verified": row.verified, "difference": row.difference, "replay_difference": replayed,
            "sides": sides, "events": events, "models": facts.models,
        }
    });
    Ok(rest.as_object().cloned().unwrap_or_default())
}

/// What a side has added to the header, three lists and objects deep in it. What no reader would take there is kept as text.
fn side(json: String) -> Option<serde_json::Value> {
    if fits_line(&json, 3) { serde_json::from_str(&json).ok() } else { Some(json.into()) }
}

#[cfg(test)]
mod tests {
    use palaestra_record::{Limits, Reader};

    use super::*;

    #[test]
    fn however_deep_it_is_what_a_side_adds_its_header_is_read() {
        for (depth, kept) in [(1, true), (124, true), (125, false), (127, false)] {
            let added = side(format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth))).unwrap();
            assert_eq!(added.is_object(), kept, "{depth}");
            let header = json!({"type": "header", "env_id": "X-v0", "match": {"sides": {"0": added}}}).to_string();
            assert!(Reader::new(header.as_bytes(), Limits::default()).all(|line| line.is_ok()), "{depth}");
        }
    }
}
