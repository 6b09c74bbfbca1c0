//! Arguments of `make` and options of `reset`.
use palaestra_env::Kwargs;
use palaestra_env::catalog::{ArgumentKind, Entry};
use palaestra_text::Shown;
use serde_json::{Value as Json, json};

use crate::play::{entry, play};

/// Numbers at the ends of what JSON holds.
const NUMBERS: [f64; 12] = [0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, 1e9, -1e19, 1e38, 1e154, f64::MAX, f64::MIN];
/// Names that reset options of some environments have.
const OPTIONS: [&str; 5] = ["low", "high", "x_init", "y_init", "start"];

/// The first byte chooses the environment. If the second is even, JSON text follows: the arguments, a zero byte, the options.
/// Else pairs of bytes choose an argument (or option) and its value.
pub fn run(bytes: &[u8]) {
    let [which, how, rest @ ..] = bytes else { return };
    let Some(entry) = entry(*which) else { return };
    let (kwargs, options) = if how % 2 == 0 { parsed(rest) } else { chosen(entry, rest) };
    let mut env = match palaestra_envs::make(entry.id, &kwargs) {
        Ok(env) => env,
        Err(error) => return fits_on_a_line(&error.to_string()),
    };
    match env.reset(Some(7), &options) {
        Ok(()) => play(&mut env, 3, 10),
        Err(error) => fits_on_a_line(&error.to_string()),
    }
}

fn fits_on_a_line(told: &str) {
    assert!(!told.contains(char::is_control), "{}", Shown(told));
    assert!(told.len() < 8_000, "{} bytes", told.len());
}

fn parsed(text: &[u8]) -> (Kwargs, Kwargs) {
    let mut parts = text.splitn(2, |byte| *byte == 0);
    let mut object = || parts.next().and_then(|part| serde_json::from_slice(part).ok()).unwrap_or_default();
    (object(), object())
}

fn chosen(entry: &Entry, bytes: &[u8]) -> (Kwargs, Kwargs) {
    let (mut kwargs, mut options) = (Kwargs::new(), Kwargs::new());
    for pair in bytes.as_chunks::<2>().0 {
        let [name, value] = pair.map(usize::from);
        let number = NUMBERS[value % NUMBERS.len()];
        if name >= 0xc0 {
            options.insert(OPTIONS[name % OPTIONS.len()].to_owned(), json!(number));
        } else if let Some(argument) = entry.arguments.get(name % entry.arguments.len().max(1)) {
            let value = match argument.kind {
                ArgumentKind::Bool { .. } => json!(value % 2 == 0),
                ArgumentKind::Integer { min, max, default } => {
                    [json!(min), json!(max), json!(default + 1), json!(number)][value % 4].clone()
                }
                ArgumentKind::Number { .. } => json!(number),
                ArgumentKind::Choice { choices, .. } => json!(choices[value % choices.len()]),
                ArgumentKind::Text | ArgumentKind::Object => {
                    [Json::Null, json!(""), json!({}), json!([])][value % 4].clone()
                }
            };
            kwargs.insert(argument.name.to_owned(), value);
        }
    }
    (kwargs, options)
}
