//! The actions of whole games are those of the file that browsers are held to as well.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod table;

#[test]
fn whole_games_have_the_actions_of_the_file() {
    // Where they are meant to change, `examples/actions.rs` writes the file anew.
    let found = table::game::games();
    let expected = include_str!("actions.json");
    let differs = expected.lines().zip(found.lines()).find(|(expected, found)| expected != found);
    assert_eq!(differs, None);
    assert_eq!(found.len(), expected.len());
}
