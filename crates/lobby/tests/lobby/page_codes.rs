//! What the page takes the server's codes for (`crates/page/src/match/codes.js`) is what the server means.
use std::path::Path;

use palaestra_lobby::message::Code;

#[test]
fn the_page_knows_every_code_that_ends_a_session_by_its_number() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../page/src/match/codes.js");
    let text = std::fs::read_to_string(path).unwrap();
    let (passing, numbered) = text.split_once("codeOf").unwrap();
    let named = |name: &str| Code::ALL.into_iter().find(|code| code.as_str() == name);
    let listed: Vec<(u16, &str)> = numbered
        .lines()
        .filter_map(|line| line.trim().strip_prefix('[')?.strip_suffix("'],")?.split_once(", '"))
        .map(|(number, name)| (number.parse().unwrap(), name))
        .collect();
    for (number, name) in &listed {
        assert_eq!(named(name).map(Code::close_code), Some(*number), "{name}");
    }
    for code in Code::ALL.into_iter().filter(|code| code.close_code() >= 4100) {
        assert!(listed.contains(&(code.close_code(), code.as_str())), "{code}: it would be tried again for ever");
    }
    let names: Vec<&str> =
        passing.lines().filter_map(|line| line.trim().strip_prefix('\'')?.strip_suffix("',")).collect();
    assert!(names.len() > 3 && names.iter().all(|name| named(name).is_some()), "{names:?}");
}
