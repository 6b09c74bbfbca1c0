//! The `palaestra-server` program for the environments that come with Palaestra.
use std::process::ExitCode;

fn main() -> ExitCode {
    palaestra_server::main(palaestra_envs::CATALOG)
}
