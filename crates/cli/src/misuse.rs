//! What is wrong with a command line, in the words of all other errors: what was expected, and what came.
use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use palaestra_text::nearest;

use crate::arguments::CommandLine;

/// The commands that the npm package of the same name has besides; they are no programs of Rust.
const BESIDE: [&str; 4] = ["new", "serve", "build", "copy-assets"];

/// What `clap` found, told in one line.
pub(crate) fn told(error: &clap::Error, command: Option<&str>) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let argument = || text(ContextKind::InvalidArg).split_whitespace().next().unwrap_or_default().to_owned();
    match (error.kind(), command) {
        (ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, _) => {
            "expected a command, found none".to_owned()
        }
        (ErrorKind::InvalidSubcommand, _) => {
            let found = text(ContextKind::InvalidSubcommand);
            if BESIDE.contains(&found) {
                return format!("{found} is a command of the npm package: npx palaestra {found}");
            }
            let commands = CommandLine::command();
            let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
            let meant = nearest(found, names.iter().chain(&BESIDE).copied());
            let meant = meant.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default();
            let (last, others) = names.split_last().unwrap_or((&"", &[]));
            format!("expected the command {} or {last}, found `{found}`{meant}", others.join(", "))
        }
        (ErrorKind::MissingRequiredArgument, Some("play")) => {
            "play: expected the id of an environment, found none".to_owned()
        }
        (ErrorKind::MissingRequiredArgument, Some("rollout")) => {
            "rollout: expected the id of an environment, found none".to_owned()
        }
        (ErrorKind::MissingRequiredArgument, Some("export")) => {
            "export: expected a record or a folder of records, found none".to_owned()
        }
        (ErrorKind::MissingRequiredArgument, _) => "verify: expected a file or a folder, found none".to_owned(),
        (ErrorKind::UnknownArgument, command) => {
            let found = argument();
            match command {
                Some("verify") => format!("expected --only, --skip-unknown or a file, found `{found}`"),
                Some("play") if found.starts_with('-') => {
                    format!("play: expected --seed, --steps, --kwargs or --output, found `{found}`")
                }
                Some("check") => format!("check: expected --kwargs, --strict or an id, found `{found}`"),
                Some("compare") if found.starts_with('-') => {
                    format!("compare: expected --json or a file, found `{found}`")
                }
                Some("rollout") if found.starts_with('-') => format!(
                    "rollout: expected --policy, --sample, --seed, --episodes, --steps, --max-episode-steps, --kwargs, \
                     --reset-options, --threads, --json or --output, found `{found}`"
                ),
                Some("export") => {
                    format!("export: expected --format, --out, --force or a record, found `{found}`")
                }
                Some(_) => format!("expected nothing more, found `{found}`"),
                None => format!("expected a command, found `{found}`"),
            }
        }
        (ErrorKind::InvalidValue, _) if text(ContextKind::InvalidValue).is_empty() => {
            format!("expected a value after {}, found none", argument())
        }
        (ErrorKind::ValueValidation, _) => {
            let expected = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("{}: expected {expected}, found `{}`", argument(), text(ContextKind::InvalidValue))
        }
        // Whatever else there is, in its own words, without the usage that follows them.
        _ => error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn a_command_line_that_makes_no_sense_says_what_was_expected() {
        for (line, expected) in [
            ("", "expected a command, found none"),
            (
                "fly",
                "expected the command verify, play, compare, check, export, rollout or envs, found `fly` (did you mean `play`?)",
            ),
            (
                "chekc",
                "expected the command verify, play, compare, check, export, rollout or envs, found `chekc` (did you mean `check`?)",
            ),
            ("new", "new is a command of the npm package: npx palaestra new"),
            ("check --fast", "check: expected --kwargs, --strict or an id, found `--fast`"),
            ("--fly", "expected a command, found `--fly`"),
            ("verify", "verify: expected a file or a folder, found none"),
            ("verify --fast x", "expected --only, --skip-unknown or a file, found `--fast`"),
            ("verify x --only", "expected a value after --only, found none"),
            ("verify x --skip-unknown --skip-unknown", "the argument '--skip-unknown' cannot be used multiple times"),
            ("envs x", "expected nothing more, found `x`"),
            ("play", "play: expected the id of an environment, found none"),
            ("play X --seed", "expected a value after --seed, found none"),
            ("play X --seed=-1", "--seed: expected an integer from 0 to 2^64 - 1, found `-1`"),
            ("play X --seed -1", "--seed: expected an integer from 0 to 2^64 - 1, found `-1`"),
            ("play X --kwargs 3", "--kwargs: expected a JSON object, such as {\"map_name\":\"8x8\"}, found `3`"),
            ("play X --fast", "play: expected --seed, --steps, --kwargs or --output, found `--fast`"),
            ("play X Y", "expected nothing more, found `Y`"),
            ("export", "export: expected a record or a folder of records, found none"),
            ("rollout", "rollout: expected the id of an environment, found none"),
            (
                "rollout X --fast",
                "rollout: expected --policy, --sample, --seed, --episodes, --steps, --max-episode-steps, --kwargs, \
                 --reset-options, --threads, --json or --output, found `--fast`",
            ),
            ("export a --fast", "export: expected --format, --out, --force or a record, found `--fast`"),
            ("export a --format xml", "--format: expected csv, jsonl, arrow, parquet or minari, found `xml`"),
            ("compare --fast", "compare: expected --json or a file, found `--fast`"),
            ("compare x y", "expected nothing more, found `y`"),
        ] {
            let words = ["palaestra"].into_iter().chain(line.split_whitespace());
            let error = CommandLine::try_parse_from(words).unwrap_err();
            assert_eq!(
                told(&error, line.split_whitespace().next().filter(|word| !word.starts_with('-'))),
                expected,
                "{line}"
            );
        }
    }
}
