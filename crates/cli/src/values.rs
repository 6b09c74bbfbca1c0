//! What several commands read from a word of the command line.
use palaestra_env::Kwargs;

pub(crate) fn count(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "an integer from 0 to 2^64 - 1".to_owned())
}

pub(crate) fn object(text: &str) -> Result<Kwargs, String> {
    serde_json::from_str(text).map_err(|_| "a JSON object, such as {\"map_name\":\"8x8\"}".to_owned())
}
