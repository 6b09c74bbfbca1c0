//! Models that play in matches: files in a folder, found by the SHA-256 that the players' browsers say.
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use palaestra_env::{Kwargs, Spec};
use palaestra_lobby::MatchFacts;
use palaestra_lobby::message::{LoadedModel, ModelSeat};
use palaestra_policy::{Manifest, ModelPolicy};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::rooms::lock;

/// A file as it was when it was hashed.
type Version = (PathBuf, u64, Option<SystemTime>);

/// The models of a folder; without one there are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Models {
    folder: Option<PathBuf>,
    hashes: Arc<Mutex<HashMap<Version, String>>>,
}

impl Models {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, ..Self::default() }
    }

    /// The file with this hash. Files that are new since the last question are read.
    fn find(&self, sha256: &str) -> Option<PathBuf> {
        let files = std::fs::read_dir(self.folder.as_ref()?).ok()?.flatten().map(|entry| entry.path());
        let mut hashes = lock(&self.hashes);
        files.filter(|path| path.extension() == Some(OsStr::new("onnx"))).find(|path| {
            let Ok(found) = std::fs::metadata(path) else { return false };
            let version = (path.clone(), found.len(), found.modified().ok());
            let known = hashes.entry(version).or_insert_with(|| sha256_of(path).unwrap_or_default());
            known.as_str() == sha256
        })
    }

    /// The policy of a match's seat, if its model is there.
    ///
    /// # Errors
    /// Why the model is none for the seat, in words.
    pub(crate) fn policy(&self, spec: &Spec, loaded: &LoadedModel) -> Result<Option<ModelPolicy>, String> {
        let Some(path) = self.find(&loaded.sha256) else { return Ok(None) };
        let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        seated(spec, usize::from(loaded.seat), &bytes, &loaded.manifest).map(Some)
    }

    /// Whether every model of a match is there.
    pub(crate) fn have(&self, facts: &MatchFacts) -> bool {
        facts.models.iter().all(|model| self.find(&model.sha256).is_some())
    }

    /// What a player without a browser loads for a seat: the file with the hash that the match says, or else of the address's name, and its
    /// manifest.
    ///
    /// # Errors
    /// What is not there, in words.
    pub(crate) fn load(&self, seat: u8, model: &ModelSeat) -> Result<LoadedModel, String> {
        let beside = |address: &str| {
            let name = address.rsplit('/').next().unwrap_or_default();
            self.folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.is_file())
        };
        let file = match &model.sha256 {
            Some(sha256) => self.find(sha256),
            None => beside(&model.onnx),
        };
        let missing = |what: &str| format!("seat {seat}: expected {what} in the folder of --models, found none");
        let sha256 = file.and_then(|path| sha256_of(&path)).ok_or_else(|| missing(&model.onnx))?;
        let mut manifest = match &model.manifest {
            None => Kwargs::new(),
            Some(Json::String(address)) => {
                let text = beside(address).and_then(|path| std::fs::read_to_string(path).ok());
                serde_json::from_str(&text.ok_or_else(|| missing(address))?)
                    .map_err(|error| format!("{address}: {error}"))?
            }
            Some(given) => given.as_object().cloned().unwrap_or_default(),
        };
        let said = [
            ("sample", model.sample.map(Json::from)),
            ("frame_skip", model.frame_skip.map(Json::from)),
            ("reaction_delay", model.reaction_delay.map(Json::from)),
        ];
        manifest.extend(said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        Ok(LoadedModel { seat, sha256, manifest: manifest.into() })
    }
}

/// Seats a model's file for an agent, as a manifest says.
///
/// # Errors
/// What does not fit, in words.
pub(crate) fn seated(spec: &Spec, agent: usize, file: &[u8], manifest: &Json) -> Result<ModelPolicy, String> {
    let fields = manifest.as_object().cloned().unwrap_or_default();
    let manifest = Manifest::read(&fields).map_err(|error| error.to_string())?;
    ModelPolicy::new(spec, agent, file, &manifest).map_err(|error| error.to_string())
}

fn sha256_of(path: &Path) -> Option<String> {
    let digest = Sha256::digest(std::fs::read(path).ok()?);
    let mut text = String::new();
    digest.iter().try_for_each(|byte| write!(text, "{byte:02x}")).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn files_are_found_by_their_hash_and_loaded_with_what_a_seat_says() {
        let folder = std::env::temp_dir().join(format!("palaestra-models-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.onnx"), b"abc").unwrap();
        std::fs::write(folder.join("a.json"), r#"{"sample": false, "idle": 1}"#).unwrap();
        let models = Models::new(Some(folder.clone()));
        // FIPS 180-4's example.
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(models.find(sha256), Some(folder.join("a.onnx")));
        assert_eq!(models.find(&"0".repeat(64)), None);
        let seat = json!({"onnx": "models/a.onnx", "manifest": "models/a.json", "sample": true});
        let loaded = models.load(2, &serde_json::from_value(seat).unwrap()).unwrap();
        assert_eq!((loaded.seat, loaded.sha256.as_str()), (2, sha256));
        assert_eq!(loaded.manifest, json!({"sample": true, "idle": 1}));
        let other: ModelSeat = serde_json::from_value(json!({"onnx": "b.onnx"})).unwrap();
        assert!(models.load(2, &other).unwrap_err().contains("expected b.onnx in the folder of --models"));
        std::fs::write(folder.join("a.onnx"), b"other").unwrap();
        assert_eq!(models.find(sha256), None, "a file that was changed is another");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
