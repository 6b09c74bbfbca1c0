//! Records of games that people played alone, as files.
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use palaestra_record::{Stream, gzip::encoder, write_stream};
use serde_json::{Map, Value};

use crate::export_table::{ExportError, write_table};
use crate::uploads::{ENDING, FOLDER};

/// Writes `games.csv` and `games/ID.jsonl.gz` into `out`, of what there is in the data folder; gives how many records. One that is none is left
/// out, and named in the table with the reason.
pub(crate) fn export_games(data: &Path, out: &Path) -> Result<usize, ExportError> {
    let (from, to) = (data.join(FOLDER), out.join(FOLDER));
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| ExportError::Io(path, error)
    };
    let entries = match std::fs::read_dir(&from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(ExportError::Io(from, error)),
    };
    std::fs::create_dir_all(&to).map_err(io(&to))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(io(&from))?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    paths.sort();
    let (mut rows, mut written) = (Vec::new(), 0);
    for path in &paths {
        let id = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes = std::fs::read(path).map_err(io(path))?;
        let size = bytes.len();
        let row = match Stream::read(&bytes) {
            Ok(stream) => {
                let text = |name: &str| own(&stream.header.rest, name);
                // What was cut off has no reason of its own.
                let reason = if stream.header.unfinished() { "unfinished".to_owned() } else { text("reason") };
                let facts = [stream.header.env_id.clone(), text("participant"), reason];
                let (steps, episodes, finished) = (stream.totals.steps, stream.totals.episodes, stream.finished);
                let problem = write_game(&to, &id, stream)?;
                written += usize::from(problem.is_empty());
                let [env_id, participant, reason] = facts;
                let counts = [steps, episodes].map(|count| count.to_string());
                let [steps, episodes] = counts;
                [id, env_id, participant, steps, episodes, reason, finished.to_string(), size.to_string(), problem]
            }
            Err(error) => {
                let none = String::new;
                [id, none(), none(), none(), none(), none(), none(), size.to_string(), error.to_string()]
            }
        };
        rows.push(row);
    }
    let head = "id,env_id,participant,steps,episodes,reason,finished,bytes,problem";
    write_table(&out.join("games.csv"), head, rows.into_iter())?;
    Ok(written)
}

/// What a header says of its own side: a match's record has that under `local`.
fn own(header: &Map<String, Value>, name: &str) -> String {
    let local = || header.get("local")?.get(name);
    header.get(name).or_else(local).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Writes a record's file, whole or not at all; gives what is wrong with the record, or nothing.
fn write_game(folder: &Path, id: &str, stream: Stream) -> Result<String, ExportError> {
    let path = folder.join(format!("{id}.jsonl.gz"));
    let half = folder.join(format!("{id}.jsonl.gz.part"));
    let io = |error| ExportError::Io(half.clone(), error);
    let mut out = BufWriter::new(File::create(&half).map_err(io)?);
    let mut gzip = encoder(&mut out);
    match write_stream(stream, &mut gzip) {
        Ok(()) => {}
        Err(palaestra_record::WriteError::Io(error)) => return Err(io(error)),
        Err(error) => {
            drop(gzip);
            std::fs::remove_file(&half).map_err(io)?;
            return Ok(error.to_string());
        }
    }
    gzip.finish().map_err(io)?;
    out.flush().map_err(io)?;
    drop(out);
    std::fs::rename(&half, &path).map_err(|error| ExportError::Io(path, error))?;
    Ok(String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_participant_of_a_match_is_found_where_its_record_has_it() {
        let header = |json: Value| json.as_object().cloned().unwrap();
        let alone = header(serde_json::json!({ "participant": "p-07", "reason": "complete" }));
        let local = serde_json::json!({ "participant": "p-08", "reason": "partner_left" });
        let together = header(serde_json::json!({ "local": local, "match": { "id": "m-1" } }));
        for (header, participant, reason) in [(alone, "p-07", "complete"), (together, "p-08", "partner_left")] {
            assert_eq!((own(&header, "participant").as_str(), own(&header, "reason").as_str()), (participant, reason));
        }
        assert_eq!(own(&header(serde_json::json!({ "local": null, "reason": 7 })), "reason"), "");
    }
}
