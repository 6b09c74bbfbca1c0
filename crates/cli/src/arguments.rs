//! The command line.
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use glob::Pattern;
use palaestra_env::Kwargs;

use crate::values::{count, object};

/// Gymnasium-style environments in the browser: the command line.
#[derive(Debug, Parser)]
#[command(name = "palaestra", version, subcommand_required = true, after_help = AFTER_HELP)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
An environment of your own: `npx palaestra new`, `serve` and `build`; see `npx palaestra --help`.

Examples:
  palaestra verify my-study/
  palaestra play CartPole-v1 --seed 7 -o sample.jsonl.gz
  palaestra export --out steps.csv my-study/

Exit status: 0 everything passed, 1 something failed, 2 the command line is wrong.";

/// What is to be done.
#[derive(Debug, PartialEq, Subcommand)]
pub(crate) enum Command {
    /// Replay records and compare every observation, reward and flag
    #[command(
        after_help = "Prints a line for every record, with the first difference of one that fails, and at the end `N \
        passed, N failed`."
    )]
    Verify(VerifyOptions),
    /// Let random players play an environment, and write the record of it
    #[command(
        after_help = "A game in the browser whose seats are all `random` is the same, step for step, with the same seed."
    )]
    Play(PlayOptions),
    /// Replay records that stand one after another, count the episodes that differ, and go on after each
    Compare(CompareOptions),
    /// Hold environments to what Gymnasium's check_env asks for, and more
    #[command(
        after_help = "A line for every question: `ok`, `warn` for what is allowed and seldom meant, `FAIL` for what is against the \
        contract. Spaces, keys, seeds, determinism, save and restore, saved states of strangers, the time limit, the picture, allocation, \
        the cost of a step, and each argument given otherwise."
    )]
    Check(CheckOptions),
    /// Make tables or data sets of records: a row per step and agent, for pandas, R and Minari
    #[cfg(feature = "export")]
    #[command(
        after_help = "Every record is verified first; one that does not replay is named, gives no row, and makes the exit \
        status 1. With --format minari the folder is what MINARI_DATASETS_PATH names. docs/data.md says what the columns are."
    )]
    Export(ExportOptions),
    /// Let experts, models or random players play episodes as fast as they can, on all cores
    #[command(after_help = crate::rollout::AFTER_HELP)]
    Rollout(crate::rollout::RolloutOptions),
    /// List the environments there are: id and title
    Envs,
}

#[derive(Args, Debug, PartialEq)]
pub(crate) struct VerifyOptions {
    /// Records, and folders to be searched for *.jsonl, *.jsonl.gz and *.prs, their subfolders included
    #[arg(required = true, value_name = "FILE-OR-FOLDER")]
    pub(crate) paths: Vec<PathBuf>,
    /// Only files whose name begins with PATTERN; with * or ? in it, whose whole name matches it
    #[arg(long, value_name = "PATTERN", value_parser = pattern)]
    pub(crate) only: Option<Pattern>,
    /// Do not count records of unknown environments as failed: `N passed, N failed, N skipped`
    #[arg(long)]
    pub(crate) skip_unknown: bool,
}

#[derive(Args, Debug, PartialEq)]
pub(crate) struct PlayOptions {
    /// The environment's id: see `palaestra envs`
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Of the environment and the players
    #[arg(long, default_value = "0", value_parser = count, allow_negative_numbers = true)]
    pub(crate) seed: u64,
    /// How many; one episode follows another
    #[arg(long, default_value = "1000", value_parser = count, allow_negative_numbers = true)]
    pub(crate) steps: u64,
    /// The keyword arguments of `make`, as a JSON object
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = object)]
    pub(crate) kwargs: Kwargs,
    /// Where the record goes, gzipped if it ends in .gz; standard output unless given
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Args, Debug, PartialEq)]
pub(crate) struct CompareOptions {
    /// The records; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    pub(crate) path: PathBuf,
    /// A JSON object a line: the steps so far every now and then, at the end the report
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug, PartialEq)]
pub(crate) struct CheckOptions {
    /// Environments: see `palaestra envs`; all of them unless given
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// The keyword arguments of `make`, as a JSON object
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = object)]
    pub(crate) kwargs: Kwargs,
    /// Let warnings count as failures
    #[arg(long)]
    pub(crate) strict: bool,
}

#[cfg(feature = "export")]
#[derive(Args, Debug, PartialEq)]
pub(crate) struct ExportOptions {
    /// Records, and folders to be searched for *.jsonl, *.jsonl.gz and *.prs, their subfolders included
    #[arg(required = true, value_name = "RECORD-OR-FOLDER")]
    pub(crate) paths: Vec<PathBuf>,
    /// csv, jsonl, arrow, parquet or minari; unless given, what the name of the file says, and csv where that has no ending
    #[arg(long, value_parser = format)]
    pub(crate) format: Option<Format>,
    /// The file, or the folder that it goes into; - is standard output, which is where it goes unless given
    #[arg(long, short, value_name = "FILE-OR-FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Replace what is there
    #[arg(long)]
    pub(crate) force: bool,
}

/// What `export` makes.
#[cfg(feature = "export")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    JsonLines,
    Arrow,
    Parquet,
    Minari,
}

#[cfg(feature = "export")]
/// Their names on the command line, which are the ends of their files' names as well; a format's first is what its files get.
const FORMATS: [(&str, Format); 6] = [
    ("csv", Format::Csv),
    ("jsonl", Format::JsonLines),
    ("arrow", Format::Arrow),
    ("feather", Format::Arrow),
    ("parquet", Format::Parquet),
    ("minari", Format::Minari),
];

#[cfg(feature = "export")]
impl Format {
    /// How its files' names end.
    pub(crate) fn extension(self) -> &'static str {
        FORMATS.iter().find(|(_, format)| *format == self).map_or("csv", |(name, _)| name)
    }

    /// The one of files whose names end so, in letters of either case.
    pub(crate) fn of_extension(extension: &str) -> Option<Self> {
        FORMATS.iter().find(|(name, _)| name.eq_ignore_ascii_case(extension)).map(|(_, format)| *format)
    }
}

#[cfg(feature = "export")]
fn format(text: &str) -> Result<Format, String> {
    Format::of_extension(text).ok_or_else(|| "csv, jsonl, arrow, parquet or minari".to_owned())
}

/// A pattern for the whole name, or what a name may go on from.
fn pattern(text: &str) -> Result<Pattern, String> {
    let whole = if text.contains(['*', '?']) { text.to_owned() } else { Pattern::escape(text) + "*" };
    Pattern::new(&whole).map_err(|error| format!("a file name with * and ? for what may be anything ({})", error.msg))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        let words = ["palaestra"].into_iter().chain(line.split_whitespace());
        CommandLine::try_parse_from(words).map(|line| line.command)
    }

    #[test]
    fn the_command_line_is_put_together_without_contradictions() {
        use clap::CommandFactory;
        CommandLine::command().debug_assert();
    }

    #[test]
    fn verify_takes_options_and_paths_in_any_order() {
        let expected = VerifyOptions {
            paths: vec!["a.jsonl".into(), "b".into(), "--only".into()],
            only: Some(Pattern::new("Cart*").unwrap()),
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
    fn of_play_an_id_is_enough_and_every_option_can_be_given() {
        let Ok(Command::Play(options)) = parse("play CartPole-v1") else { panic!("not read") };
        assert_eq!((options.seed, options.steps, options.output), (0, 1_000, None));
        assert!(options.kwargs.is_empty());
        let line = "play --seed 7 X-v0 --steps 30 --kwargs {\"n\":3} -o x.jsonl.gz";
        let Ok(Command::Play(options)) = parse(line) else { panic!("not read") };
        assert_eq!((options.id.as_str(), options.seed, options.steps), ("X-v0", 7, 30));
        assert_eq!(options.kwargs.get("n"), Some(&3.into()));
        assert_eq!(options.output, Some("x.jsonl.gz".into()));
    }

    #[test]
    fn compare_reads_standard_input_unless_told_otherwise() {
        for (line, path, json) in
            [("compare", "-", false), ("compare -", "-", false), ("compare x.jsonl --json", "x.jsonl", true)]
        {
            assert_eq!(parse(line).unwrap(), Command::Compare(CompareOptions { path: path.into(), json }));
        }
    }

    #[test]
    fn export_takes_records_a_format_and_a_place() {
        let line = "export a.jsonl --format parquet b --out x.parquet --force";
        let expected = ExportOptions {
            paths: vec!["a.jsonl".into(), "b".into()],
            format: Some(Format::Parquet),
            out: Some("x.parquet".into()),
            force: true,
        };
        assert_eq!(parse(line).unwrap(), Command::Export(expected));
        assert!(parse("export a --format xml").is_err() && parse("export").is_err());
    }

    #[test]
    fn a_text_without_wildcards_is_a_prefix_and_one_with_them_the_whole_name() {
        for (text, name, expected) in [
            ("CartPole", "CartPole-v1.jsonl", true),
            ("artPole", "CartPole-v1.jsonl", false),
            ("", "anything", true),
            ("a[1]", "a[1].jsonl", true),
            ("*.1.jsonl*", "CartPole-v1.random.1.jsonl.gz", true),
            ("*.1.jsonl", "CartPole-v1.random.1.jsonl.gz", false),
            ("Cart*", "CartPole", true),
            ("*a*b*c", "xxaxxbxxbc", true),
            ("*a*b*c", "xxaxxbxxb", false),
            ("?-v?", "é-v1", true),
            ("?", "", false),
            ("*", "", true),
        ] {
            assert_eq!(pattern(text).unwrap().matches(name), expected, "{text} {name}");
        }
        assert!(pattern("***").is_err());
    }

    #[test]
    fn many_stars_take_no_time() {
        let name = "a".repeat(2_000);
        assert!(!pattern(&("a*".repeat(100) + "b")).unwrap().matches(&name));
    }
}
