//! A model in a seat: what a lobby says of it, and what a browser found when it had loaded it.
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

/// A model that plays a seat, written as pages write such a seat: `{"onnx": "partner.onnx", "manifest": "partner.json", "sample": true}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSeat {
    /// The model's address, for pages that name none themselves.
    pub onnx: String,
    /// Its manifest, or the address of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Json>,
    /// Whether actions are drawn, where it is not as the manifest says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<bool>,
    /// Ticks for each decision, likewise.
    #[serde(default, rename = "frameSkip", skip_serializing_if = "Option::is_none")]
    pub frame_skip: Option<u32>,
    /// Ticks by which its actions are late, likewise.
    #[serde(default, rename = "reactionDelay", skip_serializing_if = "Option::is_none")]
    pub reaction_delay: Option<u32>,
    /// The file's SHA-256, in hexadecimal digits: a browser that loads another file does not play.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "sha256_if_any")]
    pub sha256: Option<String>,
}

/// A model as a browser has loaded it, for a seat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadedModel {
    /// Which seat.
    pub seat: u8,
    /// The file's SHA-256, in hexadecimal digits.
    #[serde(deserialize_with = "sha256")]
    pub sha256: String,
    /// Its manifest, with what the seat says otherwise.
    pub manifest: Json,
}

/// What a server knows of the actions of models in a record that it has played again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelActions {
    /// It has the models, and each action is what they decide.
    Recomputed,
    /// It has not: they were played as they stand in the record.
    Recorded,
}

/// Bytes of a SHA-256.
const BYTES: usize = 32;

fn sha256<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = text.len() == 2 * BYTES && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if digits {
        return Ok(text);
    }
    let expected = "sha256: expected 64 hexadecimal digits in small letters";
    Err(serde::de::Error::custom(format!("{expected}, found {} characters", text.chars().count())))
}

fn sha256_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    sha256(deserializer).map(Some)
}

impl ModelSeat {
    /// Whether a page that says this of a seat can play where a lobby says `other`: the address is each page's own, and where only one of
    /// them knows the file's SHA-256 the files are compared when they have been loaded.
    pub fn agrees(&self, other: &Self) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
        let rest = |seat: &Self| Self { onnx: String::new(), sha256: None, ..seat.clone() };
        same(&self.sha256, &other.sha256) && rest(self) == rest(other)
    }
}
