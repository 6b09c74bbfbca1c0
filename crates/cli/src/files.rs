//! Which files are meant.
use std::io;
use std::path::{Path, PathBuf};

use glob::Pattern;

/// What the names of records end with: JSON Lines, gzipped or not, and the streams that a receiver joins of pieces.
const RECORDS: [&str; 3] = [".jsonl", ".jsonl.gz", ".prs"];

/// A file to verify, or a path that leads to none and why.
#[derive(Debug)]
pub(crate) enum Found {
    File(PathBuf),
    Problem { path: PathBuf, reason: String },
}

impl Found {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Found::File(path) | Found::Problem { path, .. } => path,
        }
    }
}

/// The files among `paths` and, for folders, all records below them whose names fit `only`; sorted, each once.
pub(crate) fn find(paths: &[PathBuf], only: Option<&Pattern>) -> Vec<Found> {
    let mut found = Vec::new();
    for path in paths {
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => {
                let before = found.len();
                search(path.clone(), &mut found);
                if found.len() == before {
                    found.push(problem(path, "expected *.jsonl, *.jsonl.gz or *.prs files in the folder, found none"));
                }
            }
            Ok(_) => found.push(Found::File(path.clone())),
            Err(error) => found.push(unreadable(path, &error)),
        }
    }
    found.retain(|found| match found {
        Found::File(path) => only.is_none_or(|only| only.matches(&name(path))),
        Found::Problem { .. } => true,
    });
    found.sort_by(|a, b| a.path().cmp(b.path()));
    found.dedup_by(|a, b| a.path() == b.path());
    found
}

fn search(folder: PathBuf, found: &mut Vec<Found>) {
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        let entries = match folder.read_dir() {
            Ok(entries) => entries,
            Err(error) => {
                found.push(unreadable(&folder, &error));
                continue;
            }
        };
        for entry in entries {
            let (path, kind) = match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
                Ok(entry) => entry,
                Err(error) => {
                    found.push(unreadable(&folder, &error));
                    continue;
                }
            };
            // A link to a file counts; a link to a folder may lead back up and round for ever.
            if kind.is_dir() {
                folders.push(path);
            } else if is_record(&name(&path)) && !path.is_dir() {
                found.push(Found::File(path));
            }
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_record(name: &str) -> bool {
    RECORDS.iter().any(|ending| name.ends_with(ending))
}

fn unreadable(path: &Path, error: &io::Error) -> Found {
    problem(path, &format!("expected a readable file or folder: {error}"))
}

fn problem(path: &Path, reason: &str) -> Found {
    Found::Problem { path: path.to_owned(), reason: reason.to_owned() }
}
