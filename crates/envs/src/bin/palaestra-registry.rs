//! Prints the registry as JSON, which the site serves beside the page's module: the module itself holds none of it.
use std::io::{self, Write};

fn main() -> io::Result<()> {
    let entries: Vec<_> = palaestra_envs::catalog().collect();
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &entries)?;
    out.write_all(b"\n")
}
