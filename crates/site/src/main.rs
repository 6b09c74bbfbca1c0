//! `palaestra-site FOLDER`: writes what a site holds of the families that come with Palaestra.
use std::process::ExitCode;

fn main() -> ExitCode {
    palaestra_site::main(palaestra_envs::CATALOG)
}
