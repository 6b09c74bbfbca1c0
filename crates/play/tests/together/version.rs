//! What pages, servers and peers say to each other is the same for as long as its version is.
use palaestra_env::StateWriter;
use palaestra_protocol::server::SERVER_PROTOCOL;
use palaestra_protocol::together::DropoutSetup;

use crate::table::{Game, Plan, Table, plan};

/// A server of one build gives states to pages of another, and peers give them to each other. A state that is written otherwise is one of
/// another version: raise `SERVER_PROTOCOL`, and write here what is new.
#[test]
fn a_state_of_a_match_is_written_as_it_was_in_this_version() {
    let dropout = DropoutSetup::Random;
    let mut table = Table::new(Plan { dropout, steps: Some(60), ..plan(Game::Crowd(2), 1) });
    table.begin();
    table.run(6_000.0);
    table.check();
    let state = table.true_state(24, 1);
    let mut written = StateWriter::new();
    state.iter().for_each(|byte| written.u8(*byte));
    assert_eq!((SERVER_PROTOCOL, state.len(), written.hash()), (4, 319, 0xe355_4158_ff88_bbf6));
}
