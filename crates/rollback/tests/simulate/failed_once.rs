//! Matches that failed once, as small as they could be made, each by a name.
use palaestra_rollback::{Authority, Dropout, EndReason};

use crate::game::Game;
use crate::plan::{Fault, Network, Plan, What};
use crate::verdict::play;
use crate::world::Rules;

const CALM: Network = Network {
    latency: 40.0,
    asymmetry: 1.0,
    jitter: 0.0,
    loss: 0.0,
    burst: (0.0, 1.0, 0.0),
    duplication: 0.0,
    reordering: 0.0,
};
const RULES: Rules = Rules { episode: u64::MAX, floats: false, waits: false, words: 4, snapshots: 0 };

/// A match of so many people in which nothing goes wrong.
fn plan(seed: u64, people: u8) -> Plan {
    Plan {
        seed,
        people,
        policies: 0,
        rules: RULES,
        fps: 30.0,
        window: 8,
        delays: vec![0; people.into()],
        drifts: vec![0.0; people.into()],
        starts: vec![0.0; people.into()],
        episodes: None,
        most_frames: 100,
        episode_pause: 0.0,
        dropout: Dropout::Idle,
        authority: Authority::Server,
        relayed: false,
        server_gives: true,
        network: CALM,
        faults: Vec::new(),
    }
}

fn fault(at: f64, what: What) -> Fault {
    Fault { at, what }
}

/// Nothing is wrong with it; how it ended for everybody, who came back for the last time.
fn ends(plan: &Plan) -> Vec<EndReason> {
    assert_eq!(play(plan).complaints, Vec::<String>::new());
    let mut game = Game::new(plan);
    game.run();
    game.places.iter().map(|place| place.life().ended.unwrap().0).collect()
}

/// Seat 1 lost its memory, was given a state, and the world that it made of it was changed at once; then seat 0 lost its memory. The
/// state that was given is the only true one there is.
#[test]
fn two_have_forgotten_and_the_state_of_one_was_changed() {
    let forgets = |peer, back| What::Crash { peer, back };
    let plan = Plan {
        rules: Rules { episode: 20, ..RULES },
        window: 2,
        most_frames: 96,
        authority: Authority::Peers,
        network: Network { latency: 100.0, ..CALM },
        faults: vec![
            fault(258.871, forgets(1, 279.102)),
            fault(962.873, What::Corrupt { peer: 1 }),
            fault(998.824, forgets(0, 456.725)),
        ],
        ..plan(100_584, 2)
    };
    assert_eq!(ends(&plan), [EndReason::Complete; 2]);
}

/// Seat 1 confirmed a frame, which ended the match for it; then seat 3 left, of whom seat 0 had forgotten that frame. Nobody reports it,
/// but the server has it.
#[test]
fn who_confirmed_more_of_a_leaver_has_ended_before_the_server_asks() {
    let plan = Plan {
        rules: Rules { episode: 60, words: 300, ..RULES },
        window: 0,
        episodes: Some(4),
        most_frames: 8,
        dropout: Dropout::End,
        server_gives: false,
        network: Network { latency: 180.0, asymmetry: 2.5, jitter: 10.0, ..CALM },
        faults: vec![
            fault(1_307.700, What::Crash { peer: 2, back: f64::INFINITY }),
            fault(2_365.540, What::Pause { peer: 3, ms: 243.827 }),
            fault(2_586.185, What::Crash { peer: 0, back: 250.058 }),
            fault(4_117.348, What::Crash { peer: 3, back: f64::INFINITY }),
        ],
        ..plan(1_018_594, 4)
    };
    let outcome = play(&plan);
    assert_eq!(outcome.complaints, Vec::<String>::new());
    assert_eq!(outcome.seen.partner_left, 2, "seats 0 and 1");
}

/// Seat 2 was cut off from the server while seat 0, the only other one that knew as much, lost its memory: what it confirmed is no part
/// of the match any more.
#[test]
fn who_is_cut_off_with_what_the_others_have_forgotten_is_dropped() {
    let plan = Plan {
        fps: 20.0,
        window: 2,
        episodes: Some(5),
        most_frames: 75,
        episode_pause: 300.0,
        dropout: Dropout::End,
        network: Network { asymmetry: 2.5, ..CALM },
        faults: vec![
            fault(577.195, What::Pause { peer: 1, ms: 1_226.720 }),
            fault(733.992, What::CutServer { peer: 2, ms: 6_216.877 }),
            fault(916.897, What::Crash { peer: 0, back: 41.722 }),
        ],
        ..plan(1_023_799, 3)
    };
    assert_eq!(ends(&plan), [EndReason::PartnerLeft, EndReason::Dropped, EndReason::Dropped]);
}

/// Seat 1 is cut off from the server, and seat 0 plays alone from a state that was changed; then it loses its memory, and the server gives
/// it the state that those frames lead to when nothing is changed.
#[test]
fn who_played_alone_from_a_changed_state_goes_on_from_the_servers() {
    let plan = Plan {
        policies: 1,
        rules: Rules { episode: 60, ..RULES },
        fps: 20.0,
        network: Network { latency: 10.0, ..CALM },
        faults: vec![
            fault(137.695, What::CutServer { peer: 1, ms: f64::INFINITY }),
            fault(1_911.395, What::Corrupt { peer: 0 }),
            fault(3_793.434, What::Crash { peer: 0, back: 382.675 }),
        ],
        ..plan(1_006_521, 2)
    };
    assert_eq!(ends(&plan)[0], EndReason::Complete);
}
