//! The `palaestra` command for the environments that come with Palaestra.
use std::process::ExitCode;

fn main() -> ExitCode {
    palaestra_cli::main(palaestra_envs::CATALOG)
}
