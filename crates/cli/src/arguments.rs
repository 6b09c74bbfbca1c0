//! The command line.
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use crate::compare::CompareOptions;
use crate::pattern::Pattern;
use crate::play::PlayOptions;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Gymnasium-style environments in the browser: the command line.

Usage:
  palaestra verify [--only PATTERN] [--skip-unknown] FILE-OR-FOLDER...
  palaestra play ID [--seed SEED] [--steps STEPS] [--kwargs JSON] [--output FILE]
  palaestra compare [--json] [FILE | -]
  palaestra envs
  palaestra --help | --version

Commands:
  verify   Replay records and compare every observation, reward and flag.
           Folders are searched for *.jsonl and *.jsonl.gz, their subfolders included.
           Prints the first difference of every record that fails, and at the end `N passed, N failed`.
  play     Let random players play an environment, and write the record of it.
           A game in the browser whose seats are all `random` is the same, step for step, with the same seed.
  compare  Replay records that stand one after another, count the episodes that differ, and go on after each.
  envs     List the environments there are: id and title.

Options of verify:
  --only PATTERN   Only files whose name begins with PATTERN; with * or ?, whose whole name matches it.
  --skip-unknown   Do not count records of unknown environments as failed: `N passed, N failed, N skipped`.
  --               Everything after it is a file or a folder.

Options of play:
  --seed SEED      Of the environment and the players: 0 unless given.
  --steps STEPS    How many: 1000 unless given. One episode follows another.
  --kwargs JSON    The keyword arguments of `make`, as a JSON object.
  -o, --output FILE  Where the record goes; gzipped if it ends in .gz. Standard output unless given.

Options of compare:
  --json           A JSON object a line: the steps so far every now and then, at the end the report.
  -                Standard input, as without a file.

Exit status: 0 everything passed, 1 something failed, 2 the command line is wrong.
";

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Version,
    Envs,
    Verify(VerifyOptions),
    Play(PlayOptions),
    Compare(CompareOptions),
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct VerifyOptions {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) only: Option<Pattern>,
    pub(crate) skip_unknown: bool,
}

/// A command line that makes no sense.
#[derive(Debug, PartialEq)]
pub(crate) enum Misuse {
    NoCommand,
    UnknownCommand(String),
    UnknownOption(String),
    NoValue(&'static str),
    NoPaths,
    NoEnvironment,
    Value { what: &'static str, expected: &'static str, found: String },
    TooMuch(String),
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misuse::NoCommand => f.write_str("expected a command, found none"),
            Misuse::UnknownCommand(found) => {
                write!(f, "expected the command verify, play, compare or envs, found `{found}`")
            }
            Misuse::UnknownOption(found) => write!(f, "expected --only, --skip-unknown or a file, found `{found}`"),
            Misuse::NoValue(option) => write!(f, "expected a value after {option}, found none"),
            Misuse::NoPaths => f.write_str("verify: expected a file or a folder, found none"),
            Misuse::NoEnvironment => f.write_str("play: expected the id of an environment, found none"),
            Misuse::Value { what, expected, found } => write!(f, "{what}: expected {expected}, found `{found}`"),
            Misuse::TooMuch(found) => write!(f, "expected nothing more, found `{found}`"),
        }
    }
}

impl Command {
    /// Reads the arguments after the program's name.
    pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Self, Misuse> {
        let mut arguments = arguments.peekable();
        let command = arguments.next().ok_or(Misuse::NoCommand)?;
        let simple = match command.to_str() {
            Some("verify") => return verify(arguments),
            Some("compare") => return Ok(CompareOptions::parse(arguments)?.map_or(Command::Help, Command::Compare)),
            Some("play") => return Ok(PlayOptions::parse(arguments)?.map_or(Command::Help, Command::Play)),
            Some("envs") => Command::Envs,
            Some("help" | "--help" | "-h") => Command::Help,
            Some("--version" | "-V") => Command::Version,
            _ => return Err(Misuse::UnknownCommand(lossy(&command))),
        };
        match arguments.next() {
            None => Ok(simple),
            Some(help) if is_help(&help) => Ok(Command::Help),
            Some(more) => Err(Misuse::TooMuch(lossy(&more))),
        }
    }
}

fn verify(mut arguments: impl Iterator<Item = OsString>) -> Result<Command, Misuse> {
    let mut options = VerifyOptions::default();
    let mut only_paths = false;
    while let Some(argument) = arguments.next() {
        // A path may be anything, so only what is text can be an option.
        match argument.to_str().filter(|text| !only_paths && text.len() > 1 && text.starts_with('-')) {
            None => options.paths.push(PathBuf::from(argument)),
            Some("--") => only_paths = true,
            Some("--skip-unknown") => options.skip_unknown = true,
            Some("--only") => {
                let value = arguments.next().ok_or(Misuse::NoValue("--only"))?;
                options.only = Some(Pattern::new(&lossy(&value)));
            }
            Some(_) if is_help(&argument) => return Ok(Command::Help),
            Some(text) => match text.strip_prefix("--only=") {
                Some(value) => options.only = Some(Pattern::new(value)),
                None => return Err(Misuse::UnknownOption(text.to_owned())),
            },
        }
    }
    if options.paths.is_empty() { Err(Misuse::NoPaths) } else { Ok(Command::Verify(options)) }
}

fn is_help(argument: &OsString) -> bool {
    argument == "--help" || argument == "-h"
}

pub(crate) fn lossy(argument: &OsString) -> String {
    argument.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, Misuse> {
        Command::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn verify_takes_options_and_paths_in_any_order() {
        let expected = VerifyOptions {
            paths: vec!["a.jsonl".into(), "b".into(), "--only".into()],
            only: Some(Pattern::new("Cart*")),
            skip_unknown: true,
        };
        for line in [
            "verify --only Cart* --skip-unknown a.jsonl b -- --only",
            "verify a.jsonl --only=Cart* b --skip-unknown -- --only",
        ] {
            match parse(line) {
                Ok(Command::Verify(options)) => assert_eq!(options, expected, "{line}"),
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_command_line_that_makes_no_sense_says_what_was_expected() {
        for (line, expected) in [
            ("", Misuse::NoCommand),
            ("fly", Misuse::UnknownCommand("fly".into())),
            ("verify", Misuse::NoPaths),
            ("verify --fast x", Misuse::UnknownOption("--fast".into())),
            ("verify x --only", Misuse::NoValue("--only")),
            ("envs x", Misuse::TooMuch("x".into())),
        ] {
            assert_eq!(parse(line), Err(expected), "{line}");
        }
    }

    #[test]
    fn help_can_be_asked_for_everywhere() {
        for line in ["--help", "-h", "help", "verify --help", "verify a -h", "envs --help", "play X --help"] {
            assert_eq!(parse(line), Ok(Command::Help), "{line}");
        }
    }
}
