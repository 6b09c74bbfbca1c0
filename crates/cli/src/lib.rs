//! The `palaestra` command: verify records by replay, export them, play at random, check and list the environments.
//!
//! Which environments there are is for the program to say: the one here has those that come with Palaestra, and the build makes
//! one that has a family of somebody else's.
#![forbid(unsafe_code)]

mod arguments;
#[cfg(test)]
mod brief;
mod caught;
mod check;
mod compare;
#[cfg(feature = "export")]
mod export;
mod files;
mod misuse;
mod output;
mod play;
mod rollout;
mod values;
mod verify;

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Command, CommandLine};
use clap::Parser;
use output::{FAILED, MISUSED, Output, complain};
use palaestra_env::catalog::Catalog;
use palaestra_record::WriteError;
use play::PlayError;

/// Does what the command line says, with the environments of `catalog`, and gives the exit status.
pub fn main(catalog: Catalog) -> ExitCode {
    let mut out = Output::new(io::stdout().lock());
    let ran = match CommandLine::try_parse() {
        Ok(line) => run(line.command, catalog, &mut out),
        // Help and version are asked for, and no error.
        Err(error) if error.exit_code() == 0 => write!(out.raw(), "{error}").map(|()| 0),
        Err(error) => {
            let command = std::env::args_os().nth(1).map(|word| word.to_string_lossy().into_owned());
            complain(&misuse::told(&error, command.as_deref()));
            complain("Try `palaestra --help`.");
            return ExitCode::from(MISUSED);
        }
    };
    match ran.and_then(|code| out.flush().map(|()| code)) {
        Ok(code) => ExitCode::from(code),
        // Whoever reads has seen enough, as `head` does. That everything passed was not told, so it is no success.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(FAILED),
        Err(error) => {
            complain(&format!("the output cannot be written: {error}"));
            ExitCode::from(FAILED)
        }
    }
}

fn run(command: Command, catalog: Catalog, out: &mut Output<impl Write>) -> io::Result<u8> {
    match command {
        Command::Envs => list(catalog, out).map(|()| 0),
        Command::Verify(options) => verify::run(&options, catalog, out),
        Command::Compare(options) => compare::run(&options, catalog, out),
        Command::Check(options) => check::run(&options, catalog, out),
        #[cfg(feature = "export")]
        Command::Export(options) => export::run(&options, catalog, out),
        Command::Rollout(options) => rollout::run(&options, catalog, out),
        Command::Play(options) => match play::run(&options, catalog, out) {
            Ok(()) => Ok(0),
            Err(PlayError::Write(WriteError::Io(error))) => Err(error),
            Err(error) => {
                complain(&error.to_string());
                Ok(FAILED)
            }
        },
    }
}

fn list(catalog: Catalog, out: &mut Output<impl Write>) -> io::Result<()> {
    let width = catalog.entries().map(|entry| entry.id.chars().count()).max().unwrap_or_default();
    catalog.entries().try_for_each(|entry| out.line(&format!("{:width$}  {}", entry.id, entry.title)))
}
