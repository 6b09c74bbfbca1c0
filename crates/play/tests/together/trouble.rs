//! Leavers, lost connections, whoever comes back, bytes of nobody.
use palaestra_env::SeededRng;
use palaestra_protocol::server::{FromServer, SERVER_PROTOCOL, StateWhy};
use palaestra_protocol::together::{Control, DropoutSetup, NetworkSetup};
use palaestra_protocol::{Motion, Operation};
use palaestra_rollback::write_report;

use crate::player::Entry;
use crate::table::{Game, Plan, Table, plan};

fn told(table: &Table, seat: usize, about: &str) -> bool {
    table.page(seat).told.iter().any(|told| told.contains(about))
}

#[test]
fn a_lost_connection_comes_back_and_nothing_is_missing() {
    let mut table = Table::new(Plan { steps: Some(600), ..plan(Game::Catalog("slimevb/SlimeVolleyEnv"), 1) });
    table.begin();
    for round in 0..4 {
        table.run(1_500.0);
        table.relay.cut(round % 2, Some([1006, 1012, 4009, 4002][usize::from(round)]));
        table.collect(0);
    }
    table.run(30_000.0);
    assert_eq!(table.reasons(), vec![Some("complete"); 2]);
    table.check();
    assert!(told(&table, 0, "SocketLost") && told(&table, 1, "SocketLost"));
    assert_eq!((table.page(0).entries.len(), table.relay.stored[0].len()), (600, 600));
}

#[test]
fn what_was_not_on_disk_is_sent_again() {
    let mut table = Table::new(Plan { steps: Some(500), ..plan(Game::Crowd(2), 2) });
    table.plan.steps = None;
    table.relay.slow_disk = true;
    table.begin();
    table.run(4_000.0);
    // The server was killed before it had written anything.
    table.relay.stored[0].clear();
    table.relay.cut(0, Some(1012));
    table.relay.slow_disk = false;
    table.run(25_000.0);
    table.check();
    let stored: Vec<usize> = table.relay.stored.iter().map(Vec::len).collect();
    assert_eq!(stored, vec![table.page(0).entries.len(); 2]);
}

#[test]
fn whoever_is_refused_is_told_and_tries_no_more() {
    let mut table = Table::new(plan(Game::Crowd(2), 3));
    table.begin();
    table.run(1_000.0);
    table.relay.cut(0, Some(4010));
    table.run(3_000.0);
    assert!(told(&table, 0, "SocketRefused { code: 4010"), "{:?}", table.page(0).told);
    assert!(!table.relay.connected[0]);
    table.check();
    // Before the match has begun as well, and then nothing is left to do.
    let mut table = Table::new(plan(Game::Crowd(2), 3));
    table.run(300.0);
    table.relay.cut(0, Some(4010));
    table.run(300.0);
    assert!(told(&table, 0, "SocketRefused { code: 4010"), "{:?}", table.page(0).told);
    assert_eq!(table.players[0].as_ref().unwrap().port.due(), None);
}

#[test]
fn a_server_of_another_protocol_or_for_another_seat_is_left() {
    for (protocol, seat) in [(SERVER_PROTOCOL + 1, 0), (SERVER_PROTOCOL, 1)] {
        let mut table = Table::new(plan(Game::Crowd(2), 14));
        table.begin();
        let (seats, epoch, frames, connected) = (2, 1, 0, 3);
        let welcome = FromServer::Welcome { protocol, seat, seats, epoch, frames, connected };
        let now = table.now.get();
        table.players[0].as_mut().unwrap().port.server(now, &welcome.write());
        table.run(3_000.0);
        assert!(told(&table, 0, "SocketRefused { code: 4005"), "{protocol}, {seat}: {:?}", table.page(0).told);
        assert!(!table.relay.connected[0], "{protocol}, {seat}: it is closed, and not opened again");
    }
}

#[test]
fn a_page_pronounces_a_leaver_only_where_the_server_cannot() {
    let mut table = Table::new(Plan { steps: None, ..plan(Game::Crowd(2), 15) });
    table.begin();
    table.run(3_000.0);
    table.players[1] = None;
    table.relay.cut(1, None);
    table.run(2_000.0);
    let frames = table.page(0).entries.len() as u32;
    let pronounce = |table: &mut Table| {
        table.players[0].as_mut().unwrap().control(Control::Pronounced { seat: 1, frames });
        table.run(1_000.0);
    };
    pronounce(&mut table);
    assert_eq!(table.page(0).ended, None, "the play socket is open: the server says it there");
    table.relay.cut(0, Some(4010));
    table.run(1_000.0);
    pronounce(&mut table);
    assert_eq!(table.page(0).ended.as_deref(), Some("partner_left"), "{:?}", table.page(0).told);
    assert_eq!(table.page(0).entries.len() as u32, frames);
    table.check();
}

#[test]
fn a_leaver_among_three_is_pronounced_and_a_policy_goes_on() {
    for dropout in [DropoutSetup::Random, DropoutSetup::Idle] {
        let plan = Plan { dropout, steps: Some(400), ..plan(Game::Crowd(3), 4) };
        let mut table = Table::new(plan);
        table.begin();
        table.run(4_000.0);
        table.players[2].as_mut().unwrap().ask(Operation::Leave, &[]).unwrap();
        table.run(200.0);
        table.relay.gone(2);
        table.run(30_000.0);
        table.check();
        assert_eq!(table.reasons(), [Some("complete"), Some("complete"), Some("left")]);
        assert!(told(&table, 0, "Left { seat: 2"), "{:?}", table.page(0).told);
        assert_eq!(table.page(0).entries.len(), 400);
    }
}

#[test]
fn who_plays_alone_and_steps_slowly_hears_of_what_comes_meanwhile() {
    for fps in [30.0, 240.0] {
        let plan = Plan { dropout: DropoutSetup::Idle, steps: None, fps, ..plan(Game::Crowd(2), 17) };
        let mut table = Table::new(plan);
        table.begin();
        table.run(2_000.0);
        table.players[1].as_mut().unwrap().ask(Operation::Leave, &[]).unwrap();
        table.run(200.0);
        table.relay.gone(1);
        table.run(500.0);
        assert!(told(&table, 0, "Left { seat: 1"), "{:?}", table.page(0).told);
        let port = &mut table.players[0].as_mut().unwrap().port;
        let clock = std::rc::Rc::clone(&table.now);
        for round in 0..50 {
            let before = port.peer().unwrap().frame();
            let due = loop {
                // Each step takes two ticks.
                let looked = std::cell::Cell::new(false);
                let step = || clock.set(clock.get() + if looked.replace(true) { 2_000.0 / fps } else { 0.0 });
                let advanced = port.advance(|| {
                    step();
                    clock.get()
                });
                let due = port.due().unwrap();
                if !advanced || due > clock.get() {
                    break due;
                }
                assert!(port.peer().unwrap().frame() < before + 10, "{fps} fps: it plays on and hears nobody");
            };
            assert!(round < 10 || due <= clock.get() + 1.0, "it rests no longer than it has to");
            clock.set(due);
        }
        table.collect(0);
    }
}

#[test]
fn a_guess_that_is_put_right_while_the_game_stands_still_does_not_say_that_it_goes_on() {
    let mut table = Table::new(Plan { steps: None, latency: 150.0, ..plan(Game::Crowd(3), 16) });
    table.begin();
    table.run(3_000.0);
    table.plays.fill(false);
    table.players[2] = None;
    table.relay.cut(2, None);
    // Nobody guesses what the other does.
    for round in 0..60 {
        for player in table.players.iter_mut().flatten() {
            let (pressed, released) = if round % 2 == 0 { (3, 4) } else { (4, 3) };
            player.key(pressed, Motion::Down);
            player.key(released, Motion::Up);
        }
        table.run(34.0);
    }
    for seat in 0..2 {
        let stalls: Vec<_> = table.page(seat).told.iter().filter(|told| told.contains("Stalled")).collect();
        assert_eq!(stalls.last().map(|told| told.as_str()), Some("Stalled { by: 4 }"), "seat {seat}: {stalls:?}");
    }
    let before = table.page(0).told.len();
    table.relay.gone(2);
    table.run(3_000.0);
    assert!(table.page(0).told[before..].iter().all(|told| !told.contains("by: 4")));
    table.check();
}

#[test]
fn an_expert_takes_a_leaver_s_seat_at_every_browser_alike() {
    // Their experts remember what they pressed and where they stood: that goes back with the game, and to who comes back.
    for (seed, id, policies) in
        [(41, "slimevb/SlimeVolleyEnv", 0), (42, "Foraging-8x8-3p-4f-v3", 0), (43, "Foraging-8x8-3p-4f-v3", 1)]
    {
        let dropout = DropoutSetup::Expert { skill: 0.7 };
        let plan =
            Plan { dropout, policies, latency: 80.0, jitter: 40.0, steps: Some(400), ..plan(Game::Catalog(id), seed) };
        let mut table = Table::new(plan);
        table.begin();
        table.run(3_000.0);
        let last = table.players.len() - 1;
        table.players[last].as_mut().unwrap().ask(Operation::Leave, &[]).unwrap();
        table.run(200.0);
        table.relay.gone(last as u8);
        table.run(22_000.0);
        table.check();
        assert_eq!(table.reasons().first(), Some(&Some("complete")), "{id}: {:?}", table.page(0).told);
        assert_eq!(table.page(0).entries.len(), 400, "{id}");
    }
}

#[test]
fn who_comes_back_to_a_game_of_experts_goes_on_as_the_others() {
    let plan = Plan {
        dropout: DropoutSetup::Expert { skill: 0.7 },
        policies: 1,
        steps: Some(500),
        ..plan(Game::Catalog("Foraging-8x8-3p-4f-v3"), 44)
    };
    let mut table = Table::new(plan);
    table.begin();
    table.run(3_000.0);
    table.players[1] = None;
    table.relay.cut(1, None);
    table.run(1_500.0);
    table.lives[1] = 2;
    table.relay.stored[1] = table.relay.stored[0].clone();
    let mut back = table.player(1, true);
    back.start(0.0, 2);
    table.players[1] = Some(back);
    table.run(22_000.0);
    assert_eq!(table.reasons(), vec![Some("complete"); 2], "{:?} {:?}", table.page(0).told, table.page(1).told);
    table.check();
}

#[test]
fn a_match_of_two_ends_with_the_leavers_last_frame() {
    let mut table = Table::new(Plan { steps: None, ..plan(Game::Catalog("overcooked_ai/cramped_room"), 5) });
    table.begin();
    table.run(4_000.0);
    // The tab is closed without a word.
    table.players[1] = None;
    table.relay.cut(1, None);
    table.run(2_000.0);
    table.relay.gone(1);
    table.run(15_000.0);
    table.check();
    assert_eq!(table.reasons(), [Some("partner_left")]);
    assert!(table.page(0).entries.len() > 80);
    assert_eq!(table.relay.stored[0].len(), table.page(0).entries.len());
}

#[test]
fn a_page_that_is_loaded_again_takes_its_seat_and_the_game_goes_on() {
    for seed in 6..9 {
        let mut table = Table::new(Plan { steps: Some(500), ..plan(Game::Crowd(2), seed) });
        table.begin();
        table.run(3_000.0 + 100.0 * seed as f64);
        table.players[1] = None;
        table.relay.cut(1, None);
        table.run(1_500.0);
        table.lives[1] = 2;
        table.relay.stored[1] = table.relay.stored[0].clone();
        let mut back = table.player(1, true);
        back.start(0.0, 2);
        table.players[1] = Some(back);
        table.run(30_000.0);
        assert_eq!(table.reasons(), vec![Some("complete"); 2], "{:?} {:?}", table.page(0).told, table.page(1).told);
        assert!(told(&table, 1, "Joined"), "{:?}", table.page(1).told);
        table.check();
        assert_eq!(table.page(0).entries.len(), 500);
        assert_eq!(table.page(0).entries.last(), table.page(1).entries.last());
    }
}

#[test]
fn who_comes_back_to_an_empty_match_asks_the_server_for_its_state_until_there_is_one() {
    let mut table = Table::new(Plan { steps: None, ..plan(Game::Crowd(2), 9) });
    table.begin();
    table.run(3_000.0);
    for seat in 0..2 {
        table.players[usize::from(seat)] = None;
        table.relay.cut(seat, None);
    }
    table.run(1_000.0);
    table.lives[1] = 2;
    let mut back = table.player(1, true);
    back.start(0.0, 2);
    table.players[1] = Some(back);
    table.run(7_000.0);
    assert!((2..=4).contains(&table.relay.asked_state.len()), "again and again: {:?}", table.relay.asked_state);
    // For as long as there is nobody who could answer, and not so often that the server would not have it.
    table.run(22_000.0);
    assert!((4..=6).contains(&table.relay.asked_state.len()), "ever more seldom: {:?}", table.relay.asked_state);
    assert!(
        table.relay.connected[1] && table.relay.refused.is_empty(),
        "{:?} {:?}",
        table.relay.refused,
        table.page(1).told
    );
    assert!(!told(&table, 1, "SocketLost"));
    assert!(table.relay.asked_state.iter().all(|seat| *seat == 1));
    assert_eq!(table.relay.desyncs, [], "nothing differs from anything");
}

#[test]
fn a_state_that_is_there_before_the_start_is_gone_on_from() {
    let mut table = Table::new(Plan { steps: None, ..plan(Game::Crowd(2), 9) });
    table.begin();
    table.run(3_000.0);
    let frames = table.page(0).entries.len() as u32;
    let state = table.true_state(frames, 1);
    for seat in 0..2 {
        table.players[usize::from(seat)] = None;
        table.relay.cut(seat, None);
    }
    table.run(1_000.0);
    table.lives[1] = 2;
    table.players[1] = Some(table.player(1, true));
    table.run(500.0);
    let back = table.players[1].as_mut().unwrap();
    let (why, now) = (StateWhy::Asked, table.now.get());
    let message = FromServer::State { why, epoch: 1, frame: frames, episode: 1, over: false, hash: 0, state: &state };
    back.port.server(now, &message.write());
    back.start(0.0, 2);
    table.run(5_000.0);
    assert!(table.relay.asked_state.is_empty(), "it has one");
}

#[test]
fn a_state_of_any_frame_takes_no_longer_to_go_on_from() {
    let mut table = Table::new(Plan { steps: None, ..plan(Game::Crowd(2), 9) });
    table.begin();
    table.run(3_000.0);
    table.relay.cut(1, None);
    table.lives[1] = 2;
    let mut back = table.player(1, true);
    back.start(0.0, 2);
    // That an episode begins there is said in a few bytes: anybody can make them up.
    let frame = (1_u32 << 31) - 1_000;
    let mut state = vec![1, 77, 0, 0, 0, 1];
    state.extend([0, 1, 2, 3].map(|place| (frame >> (7 * place)) as u8 | 128));
    state.extend([(frame >> 28) as u8, 5, 1, 0]);
    state.extend([0; 16]);
    let message =
        FromServer::State { why: StateWhy::Asked, epoch: 1, frame, episode: 5, over: false, hash: 0, state: &state };
    let (began, now) = (std::time::Instant::now(), table.now.get());
    back.port.server(now, &message.write());
    table.players[1] = Some(back);
    table.run(2_000.0);
    let played = table.players[1].as_ref().unwrap().port.peer().unwrap().frame();
    assert!(played > frame, "{played}: {:?}", table.page(1).told);
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[test]
fn what_was_pronounced_before_the_state_came_is_known_with_its_inputs_after_it() {
    for before_the_start in [true, false] {
        let plan = Plan { dropout: DropoutSetup::Idle, steps: Some(300), ..plan(Game::Crowd(2), 9) };
        let mut table = Table::new(plan);
        table.begin();
        table.run(3_000.0);
        let frames = table.relay.stored.iter().map(|stored| stored.len() as u32).min().unwrap();
        let state = table.true_state(frames, 1);
        for seat in 0..2 {
            table.players[usize::from(seat)] = None;
            table.relay.cut(seat, None);
            table.relay.stored[usize::from(seat)].truncate(frames as usize);
        }
        table.run(1_000.0);
        table.lives[0] = 2;
        table.players[0] = Some(table.player(0, true));
        table.run(500.0);
        let now = table.now.get();
        let back = table.players[0].as_mut().unwrap();
        // It had reported three frames more than are on disk, and has forgotten them.
        let mut inputs = Vec::new();
        let acted: Vec<Vec<u8>> = (1..4_i64).map(|action| action.to_le_bytes().to_vec()).collect();
        write_report(frames, &acted, &mut inputs);
        let said = FromServer::Pronounced { leaver: 1, frames: frames + 3, first: frames, inputs: &inputs };
        let why = StateWhy::Asked;
        let hash = 0;
        let brought = FromServer::State { why, epoch: 1, frame: frames, episode: 1, over: false, hash, state: &state };
        if before_the_start {
            back.port.server(now, &said.write());
            back.port.server(now, &brought.write());
            back.start(0.0, 2);
        } else {
            back.start(0.0, 2);
            back.port.server(now, &said.write());
            back.port.server(now, &brought.write());
        }
        table.run(20_000.0);
        let page = table.page(0);
        assert_eq!(page.ended.as_deref(), Some("complete"), "{before_the_start}: {:?}", page.told);
        let other = |entry: &Entry| entry.actions[8..].to_vec();
        let theirs: Vec<Vec<u8>> = page.entries.iter().take(4).map(other).collect();
        assert_eq!(theirs, [1_i64, 2, 3, 0].map(|action| action.to_le_bytes().to_vec()));
    }
}

#[test]
fn states_that_differ_are_found_and_the_servers_state_puts_them_right() {
    let mut table = Table::new(Plan { steps: Some(260), ..plan(Game::Crowd(2), 12) });
    table.damage(1, 70);
    table.begin();
    table.run(6_000.0);
    assert!(told(&table, 0, "Desync") && told(&table, 1, "Desync"), "{:?}", table.page(0).told);
    let frames = table.page(0).entries.len() as u32;
    assert!(frames < 90, "nothing is confirmed that differs");
    let stored = table.relay.stored.iter().map(|stored| stored.len() as u32).min().unwrap();
    assert_eq!(stored, frames, "what was confirmed is on disk");
    let asked: Vec<_> =
        table.relay.desyncs.iter().map(|(seat, epoch, stored)| (*seat, *epoch, *stored as u32)).collect();
    assert!(
        (0..2).all(|seat| asked.contains(&(seat, 1, frames))),
        "each tells the server, after all it confirmed: {asked:?}"
    );
    assert!((4..=8).contains(&asked.len()), "and again: {asked:?}");
    let state = table.true_state(frames, 2);
    let (why, now) = (StateWhy::Resynchronise, table.now.get());
    let message = FromServer::State { why, epoch: 2, frame: frames, episode: 1, over: false, hash: 0, state: &state };
    for player in table.players.iter_mut().flatten() {
        player.port.server(now, &message.write());
    }
    table.run(15_000.0);
    assert!((0..2).all(|seat| told(&table, seat, "Resynced { epoch: 2")), "{:?}", table.page(0).told);
    assert!(table.relay.desyncs.len() <= asked.len() + 2, "and no more once it is put right");
    assert_eq!(table.reasons(), vec![Some("complete"); 2], "{:?}", table.page(1).told);
    table.check();
    assert_eq!(table.page(1).entries.len(), 260);
}

#[test]
fn a_step_that_the_environment_refuses_ends_the_game_once_all_have_chosen_it() {
    let mut table = Table::new(Plan { latency: 300.0, steps: None, episodes: Some(60), ..plan(Game::Crowd(2), 13) });
    table.refuse(3);
    table.begin();
    let key = |table: &mut Table, seat: usize, motion| table.players[seat].as_mut().unwrap().key(3, motion);
    key(&mut table, 1, Motion::Down);
    table.run(3_000.0);
    // It lets go, and the other presses before it can know: what it guesses meanwhile is refused, and never comes about.
    key(&mut table, 1, Motion::Up);
    table.run(100.0);
    key(&mut table, 0, Motion::Down);
    table.run(3_000.0);
    let depth = table.players[0].as_ref().unwrap().port.peer().unwrap().stats().deepest;
    assert!(depth > 0, "it guessed wrong");
    assert!((0..2).all(|seat| table.page(seat).errors.is_empty()), "{:?}", table.page(0).errors);
    key(&mut table, 1, Motion::Down);
    table.run(3_000.0);
    let chosen = 3_i64.to_le_bytes().repeat(2);
    for seat in 0..2 {
        let page = table.page(seat);
        assert_eq!(page.errors, ["action of agent 0: expected another, found what all chose"], "seat {seat}");
        let refused: Vec<_> = page.entries.iter().filter(|entry| entry.actions == chosen).collect();
        assert_eq!(refused, [page.entries.last().unwrap()], "seat {seat}: the last step, and none before it");
        assert_eq!(page.entries, table.page(0).entries);
        assert_eq!(table.relay.stored[seat].len(), page.entries.len(), "all of it is on disk");
    }
}

#[test]
fn a_hidden_page_plays_its_idle_action_and_freezes_nobody() {
    let mut table = Table::new(Plan { steps: Some(300), ..plan(Game::Crowd(2), 9) });
    table.plays[1] = false;
    table.begin();
    table.run(14_000.0);
    assert_eq!(table.reasons(), vec![Some("complete"); 2]);
    table.check();
    let idle = 0_i64.to_le_bytes();
    assert!(table.page(0).entries.iter().all(|entry| entry.actions[8..] == idle));
}

#[test]
fn bytes_of_nobody_do_no_harm() {
    let mut table = Table::new(Plan { steps: Some(200), ..plan(Game::Crowd(2), 10) });
    table.begin();
    let mut rng = SeededRng::new(10);
    let mut real: Vec<Vec<u8>> = vec![
        FromServer::Acknowledged(u32::MAX).write(),
        FromServer::Pronounced { leaver: 7, frames: u32::MAX, first: 9, inputs: &[255; 40] }.write(),
        FromServer::Differs { seats: 255, frame: u32::MAX }.write(),
        FromServer::ReportWanted { leaver: 200, within_ms: 0 }.write(),
        FromServer::Relay { from: 250, packet: &[1; 90] }.write(),
    ];
    for round in 0..400 {
        table.run(20.0);
        let now = table.now.get();
        let port = &mut table.players[0].as_mut().unwrap().port;
        let mut bytes: Vec<u8> = (0..rng.choice(120)).map(|_| rng.choice(256) as u8).collect();
        port.server(now, &bytes);
        port.packet(now, rng.choice(256) as u8, &bytes);
        bytes.splice(0..0, [72]);
        bytes.resize(42, 0);
        port.packet(now, 1, &bytes);
        if let Some(message) = real.get_mut(round % 20).filter(|_| round > 40) {
            port.server(now, message);
            let at = rng.choice(message.len());
            message[at] = rng.choice(256) as u8;
            // Whose socket this is stays: another seat's would be a reason to close it.
            message[0] = message[0].max(65);
        }
    }
    let page = table.page(1);
    let frames = page.entries.iter().map(|entry| entry.frame);
    assert!(frames.eq(1..=page.entries.len() as u32), "the other side's record has no gap");
}

#[test]
fn it_can_be_ended_at_any_moment() {
    let mut rng = SeededRng::new(11);
    for round in 0..60 {
        let mut table = Table::new(plan(Game::Crowd(2), 100 + round));
        if round % 3 > 0 {
            table.begin();
        }
        table.run(rng.uniform(0.0, 3_000.0));
        let player = table.players[0].as_mut().unwrap();
        if round % 2 == 0 {
            player.ask(Operation::Leave, &[]).unwrap();
        }
        player.ask(Operation::Close, &[]).unwrap();
        table.collect(0);
        table.run(100.0);
        table.players[0] = None;
        table.relay.cut(0, None);
        table.relay.gone(0);
        table.run(4_000.0);
        table.check();
        let ended = table.page(1).ended.is_some() || round % 3 == 0;
        assert!(ended, "round {round}: {:?}", table.page(1).told);
    }
}

#[test]
fn who_goes_as_soon_as_nobody_needs_it_takes_no_frame_along() {
    for delay_ms in [0.0, 200.0, 500.0] {
        for loss in [0.0, 0.2] {
            // What seat 0 says is late or lost: it has the whole match before the other one has.
            let slow = NetworkSetup { delay_ms, jitter_ms: 20.0, loss, duplicate: 0.0, reorder: 0.0, seed: 9 };
            let game = plan(Game::Catalog("slimevb/SlimeVolleyEnv"), 90);
            let mut table = Table::new(Plan { network: Some(slow), network_of: Some(0), ..game });
            table.begin();
            let mut gone = false;
            for _ in 0..1_500 {
                table.run(20.0);
                if !gone && table.page(0).released {
                    gone = true;
                    // The page ends the Worker.
                    table.relay.cut(0, None);
                    table.players[0] = None;
                    table.relay.gone(0);
                }
            }
            assert!(gone, "it is released");
            let other = table.page(1);
            assert_eq!((other.ended.as_deref(), other.entries.len()), (Some("complete"), 300), "{delay_ms} ms, {loss}");
            assert_eq!(table.relay.stored[0], table.relay.stored[1]);
        }
    }
}
