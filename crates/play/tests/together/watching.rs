//! Who watches a match: the very steps of its players, at the game's pace, from wherever it came in.
use palaestra_play::together::{Outgoing, WatchPort};
use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter, FromServer, SPECTATOR, StateWhy, ToServer};
use palaestra_protocol::together::{Event, Watch};
use palaestra_protocol::{Body, Failure, Flags, Operation, Reply, Request};

use crate::player::{Began, Entry};
use crate::table::{Game, Plan, Table, plan};

const URL: &str = "wss://relay/play?ticket=m-1.w.0.ab";

/// A page that watches, and what it was told.
struct Watcher {
    port: WatchPort,
    now: f64,
    entries: Vec<Entry>,
    /// When each step came, and whether it was drawn.
    came: Vec<(f64, bool)>,
    began: Vec<Began>,
    shown: Vec<u32>,
    told: Vec<String>,
    errors: Vec<String>,
    sent: Vec<Vec<u8>>,
    connects: usize,
    disconnects: usize,
}

impl Watcher {
    fn try_new(plan: &Plan, watch: &Watch<'_>) -> Result<Self, Failure> {
        let mut payload = Vec::new();
        watch.write(&mut payload);
        let port = WatchPort::open(plan.game.env(), &payload, 1_000.0).map_err(|refused| refused.1)?;
        Ok(Self {
            port,
            now: 1_000.0,
            entries: Vec::new(),
            came: Vec::new(),
            began: Vec::new(),
            shown: Vec::new(),
            told: Vec::new(),
            errors: Vec::new(),
            sent: Vec::new(),
            connects: 0,
            disconnects: 0,
        })
    }

    /// That has connected and was welcomed.
    fn new(plan: &Plan) -> Self {
        let mut watcher = Self::try_new(plan, &watch(plan)).unwrap();
        watcher.run(1.0);
        watcher.connected();
        watcher
    }

    fn connected(&mut self) {
        assert!(self.connects > 0);
        self.port.socket_opened(self.now);
        let welcome = FromServer::Welcome {
            protocol: palaestra_protocol::server::SERVER_PROTOCOL,
            seat: SPECTATOR,
            seats: 2,
            epoch: 0,
            frames: 0,
            connected: 3,
        };
        self.hears(&welcome.write());
    }

    fn hears(&mut self, message: &[u8]) {
        self.port.server(self.now, message);
        self.collect();
    }

    fn collect(&mut self) {
        let Self { port, now, entries, came, began, shown, told, errors, sent, connects, disconnects } = self;
        port.take(|outgoing| match outgoing {
            Outgoing::Page(message) if !Event::is(message) => {
                let Body::Error { message, .. } = Reply::read(message, Flags::default()).unwrap().body else {
                    panic!()
                };
                errors.push(message.to_owned());
            }
            Outgoing::Page(message) => match Event::read(message).unwrap() {
                Event::Stepped(step) => {
                    assert_eq!((step.times.began, step.times.ended), (*now, *now), "it is played as it is told");
                    assert!(step.times.due <= *now, "no frame is played before its time: {:?}", step.times);
                    let (actions, returns) = (step.actions.to_vec(), step.returns.to_vec());
                    entries.push(Entry { frame: step.frame, actions, returns, hash: step.hash.unwrap() });
                    came.push((*now, !step.scene.is_empty()));
                }
                Event::Began(found) => {
                    assert!(!found.scene.is_empty(), "the first picture of an episode");
                    let returns = found.returns.to_vec();
                    began.push(Began(found.episode, found.frame, found.seed, returns, found.hash.unwrap()));
                }
                Event::Shown(found) => {
                    assert!(!found.scene.is_empty());
                    assert_eq!(found.times.began, *now, "it is the present's picture");
                    shown.push(found.frame);
                }
                Event::Told(found) => told.push(format!("{found:?}")),
                Event::Vitals(_) => panic!("there are none"),
            },
            Outgoing::Server(message) => sent.push(message.to_vec()),
            Outgoing::Packet { .. } | Outgoing::Direct { .. } | Outgoing::Part { .. } => {
                panic!("who watches sends no packets")
            }
            Outgoing::Connect { url } => {
                assert_eq!(url, URL);
                *connects += 1;
            }
            Outgoing::Disconnect => *disconnects += 1,
        });
    }

    /// Lets time pass, a millisecond at a time.
    fn run(&mut self, ms: f64) {
        let until = self.now + ms;
        while self.now < until {
            self.now += 1.0;
            let now = self.now;
            for turn in 0.. {
                assert!(turn < 100, "it never ends: {:?} at {now}", self.port.due());
                if !self.port.advance(|| now) {
                    break;
                }
            }
            self.collect();
        }
    }

    fn tells(&self, what: &str) -> usize {
        self.told.iter().filter(|told| told.starts_with(what)).count()
    }
}

fn watch(plan: &Plan) -> Watch<'static> {
    Watch { number: 77, seed: plan.seed, fps: plan.fps, scene: true, url: URL, options: &[] }
}

/// A match that has been played.
fn played(plan: Plan) -> Table {
    let mut table = Table::new(plan);
    table.begin();
    table.run(18_000.0);
    table.check();
    assert!(table.page(0).ended.is_some());
    table
}

fn kitchen() -> Table {
    played(plan(Game::Catalog("overcooked_ai/cramped_room"), 5))
}

/// Frames of a match as the server passes them on.
fn confirmed(table: &Table, first: u32, frames: u32) -> Vec<u8> {
    let stored = &table.relay.stored[0][first as usize..(first + frames) as usize];
    let mut writer = ConfirmedWriter::from_server(first, stored[0].1.len() as u16);
    for (reset, actions, hash) in stored {
        if let Some((seed, hash)) = reset {
            assert!(writer.put(ConfirmedItem::Reset { seed: Some(*seed), options: "", hash: *hash }));
        }
        assert!(writer.put(ConfirmedItem::Step { actions, hash: *hash }));
    }
    writer.into_message()
}

/// The state before a frame.
fn state(table: &Table, frame: u32) -> Vec<u8> {
    let state = table.true_state(frame, 0);
    let why = StateWhy::Spectator;
    FromServer::State { why, epoch: 0, frame, episode: 1, over: false, hash: 0, state: &state }.write()
}

/// All that is left, in the batches and at the times in which players confirm it.
fn follow(watcher: &mut Watcher, table: &Table, from: u32) {
    let all = table.relay.stored[0].len() as u32;
    let mut first = from;
    while first < all {
        let frames = 15.min(all - first);
        watcher.run(500.0);
        watcher.hears(&confirmed(table, first, frames));
        first += frames;
    }
    watcher.run(3_000.0);
}

#[test]
fn who_watches_from_the_beginning_has_the_steps_of_those_who_play_at_their_pace() {
    for id in ["overcooked_ai/cramped_room", "Overcooked-CrampedRoom-V0", "slimevb/SlimeVolleyEnv"] {
        let table = played(plan(Game::Catalog(id), 5));
        let mut watcher = Watcher::new(&table.plan);
        watcher.hears(&state(&table, 0));
        follow(&mut watcher, &table, 0);
        assert_eq!(watcher.entries, table.page(0).entries, "{id}");
        assert_eq!(watcher.began, table.page(0).began, "{id}");
        assert_eq!((watcher.errors.len(), watcher.tells("Differs")), (0, 0), "{:?}", watcher.told);
        // Evenly, though they came in batches.
        let gaps = watcher.came.windows(2).map(|pair| pair[1].0 - pair[0].0);
        let uneven: Vec<f64> = gaps.filter(|gap| !(29.0..=35.0).contains(gap)).collect();
        assert!(uneven.is_empty(), "{id}: {uneven:?}");
        assert!(watcher.came.iter().all(|(_, drawn)| *drawn), "every step is drawn");
    }
}

#[test]
fn who_comes_late_begins_with_the_state_of_the_present() {
    let table = kitchen();
    for from in [1, 137, 299] {
        let mut watcher = Watcher::new(&table.plan);
        watcher.hears(&state(&table, from));
        assert_eq!((&watcher.shown[..], watcher.tells("Joined")), (&[from][..], 1), "it is seen at once");
        follow(&mut watcher, &table, from);
        assert_eq!(watcher.entries, table.page(0).entries[from as usize..]);
    }
}

#[test]
fn frames_that_come_before_the_state_break_nothing_and_what_is_due_is_done_at_that_moment() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.hears(&confirmed(&table, 137, 15));
    assert_eq!((watcher.connects, watcher.disconnects, watcher.entries.len()), (1, 0, 0));
    watcher.hears(&state(&table, 137));
    watcher.hears(&confirmed(&table, 137, 15));
    let due = watcher.port.due().unwrap();
    assert!(!watcher.port.advance(|| due - 0.001));
    assert!(watcher.port.advance(|| due));
    watcher.now = due;
    watcher.collect();
    assert_eq!(watcher.entries, table.page(0).entries[137..138]);
}

#[test]
fn several_episodes_begin_with_the_players_resets() {
    let table = played(Plan { steps: None, episodes: Some(3), ..plan(Game::Crowd(3), 41) });
    let frames = table.relay.stored[0].len() as u32;
    for from in [0, 1, frames / 2] {
        let mut watcher = Watcher::new(&table.plan);
        watcher.hears(&state(&table, from));
        follow(&mut watcher, &table, from);
        assert_eq!(watcher.entries, table.page(0).entries[from as usize..], "from {from}");
        let began = table.page(0).began.iter().filter(|began| began.1 >= from);
        assert_eq!(watcher.began, began.cloned().collect::<Vec<_>>(), "from {from}");
    }
}

#[test]
fn what_came_is_played_before_the_end_is_told() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.hears(&state(&table, 250));
    watcher.hears(&confirmed(&table, 250, 50));
    watcher.port.socket_closed(watcher.now, 4012, "match_over");
    watcher.run(1_000.0);
    assert_eq!(watcher.tells("SocketRefused"), 0);
    watcher.run(3_000.0);
    assert_eq!(watcher.entries, table.page(0).entries[250..]);
    assert_eq!(watcher.told.last().unwrap(), "SocketRefused { code: 4012, text: \"match_over\" }");
    assert_eq!(watcher.port.due(), None, "it rests");
}

#[test]
fn far_behind_it_plays_at_once_and_draws_only_what_is_seen() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.hears(&state(&table, 0));
    // A laptop that slept for ten seconds.
    watcher.hears(&confirmed(&table, 0, 300));
    watcher.run(900.0);
    assert!(watcher.entries.len() > 270, "{}", watcher.entries.len());
    assert!(watcher.came.iter().filter(|(_, drawn)| *drawn).count() < 10);
    watcher.run(2_000.0);
    assert_eq!(watcher.entries, table.page(0).entries);
}

#[test]
fn a_slow_game_is_seen_and_its_end_is_told() {
    let table = kitchen();
    for fps in [1.2, 1.0, 0.2, 0.1] {
        let period = 1_000.0 / fps;
        let mut watcher = Watcher::new(&Plan { fps, ..table.plan.clone() });
        watcher.hears(&state(&table, 200));
        // At its pace each step is seen.
        for frame in 200..204 {
            watcher.hears(&confirmed(&table, frame, 1));
            watcher.run(period);
        }
        assert_eq!(watcher.came.iter().filter(|(_, drawn)| *drawn).count(), 4, "{fps} frames per second");
        // Far behind the latest is, and then the end is told.
        watcher.hears(&confirmed(&table, 204, 10));
        watcher.port.socket_closed(watcher.now, 4012, "match_over");
        watcher.run(4.0 * period);
        assert_eq!(watcher.entries, table.page(0).entries[200..214]);
        assert!(watcher.came.last().unwrap().1, "{fps} frames per second: {:?}", watcher.came);
        assert_eq!(watcher.told.last().unwrap(), "SocketRefused { code: 4012, text: \"match_over\" }", "{fps}");
        assert_eq!((watcher.tells("SocketRefused"), watcher.port.due()), (1, None));
    }
}

#[test]
fn a_little_behind_it_plays_a_little_faster_until_it_is_not() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.hears(&state(&table, 0));
    // Three seconds and a third at once, of which it keeps at most a second and a half for batches that are late.
    watcher.hears(&confirmed(&table, 0, 100));
    watcher.run(6_000.0);
    let gaps: Vec<f64> = watcher.came.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    let mean = |gaps: &[f64]| gaps.iter().sum::<f64>() / gaps.len() as f64;
    assert_eq!(watcher.came.len(), 100);
    assert!((mean(&gaps[..40]) - 30.0).abs() < 1.0, "{}", mean(&gaps[..40]));
    assert!((mean(&gaps[60..]) - 33.3).abs() < 1.0, "{}", mean(&gaps[60..]));
}

#[test]
fn a_lost_connection_comes_back_and_loses_what_it_has_to() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.hears(&state(&table, 0));
    watcher.hears(&confirmed(&table, 0, 60));
    watcher.run(1_000.0);
    watcher.port.socket_closed(watcher.now, 1006, "");
    watcher.run(200.0);
    assert_eq!((watcher.connects, watcher.tells("SocketLost")), (2, 1));
    watcher.connected();
    // Of a state that it is not behind it has no use.
    watcher.hears(&state(&table, 60));
    watcher.hears(&confirmed(&table, 45, 45));
    watcher.run(4_000.0);
    assert_eq!(watcher.entries, table.page(0).entries[..90]);
    watcher.port.socket_closed(watcher.now, 1012, "server_restarting");
    watcher.run(200.0);
    watcher.connected();
    watcher.hears(&state(&table, 200));
    watcher.hears(&confirmed(&table, 200, 100));
    watcher.run(5_000.0);
    assert_eq!(watcher.entries[90..], table.page(0).entries[200..]);
    assert_eq!(watcher.shown, [0, 200]);
}

#[test]
fn a_server_that_says_nothing_is_asked_and_then_left() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.run(4_500.0);
    assert!(matches!(ToServer::read(&watcher.sent[0]), Ok(ToServer::Ping(_))));
    watcher.run(9_000.0);
    assert_eq!((watcher.disconnects, watcher.connects), (1, 2));
    // Nobody answers for a minute: it says so, and rests.
    watcher.run(70_000.0);
    assert_eq!(watcher.tells("SocketRefused"), 1);
    assert_eq!(watcher.port.due(), None);
}

#[test]
fn frames_that_do_not_join_are_made_up_for_by_a_newer_state() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.hears(&state(&table, 10));
    watcher.hears(&confirmed(&table, 12, 20));
    assert_eq!((watcher.disconnects, watcher.connects), (1, 2));
    watcher.connected();
    watcher.hears(&state(&table, 40));
    watcher.hears(&confirmed(&table, 40, 20));
    watcher.run(2_000.0);
    assert_eq!(watcher.entries, table.page(0).entries[40..60]);
}

#[test]
fn states_that_are_not_the_players_are_told_once() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.hears(&state(&table, 0));
    let mut message = confirmed(&table, 0, 60);
    // The last byte of the last hash.
    *message.last_mut().unwrap() ^= 1;
    watcher.hears(&message);
    watcher.hears(&confirmed(&table, 60, 60));
    watcher.run(6_000.0);
    assert_eq!(watcher.entries, table.page(0).entries[..120]);
    assert_eq!(watcher.told.iter().filter(|told| *told == "Differs { seats: 0, frame: 59 }").count(), 1);
}

#[test]
fn what_is_not_of_this_match_ends_it_and_bytes_that_are_none_change_nothing() {
    let table = kitchen();
    let mut watcher = Watcher::new(&table.plan);
    watcher.hears(&state(&table, 0));
    for garbage in [&[][..], &[66], &[69, 3, 0], &[255; 40], b"text"] {
        watcher.hears(garbage);
    }
    watcher.hears(&confirmed(&table, 0, 15));
    watcher.run(2_000.0);
    assert_eq!((watcher.entries.len(), watcher.errors.len()), (15, 0));
    let mut writer = ConfirmedWriter::from_server(15, 16);
    assert!(writer.put(ConfirmedItem::Step { actions: &[255; 16], hash: 1 }));
    watcher.hears(&writer.into_message());
    watcher.run(2_000.0);
    assert!(watcher.errors[0].contains("frame 15"), "{:?}", watcher.errors);
    assert_eq!((watcher.port.due(), watcher.disconnects), (None, 1));

    let mut watcher = Watcher::new(&table.plan);
    let mut of_another = state(&table, 20);
    let byte = of_another.len() - 9;
    of_another[byte] ^= 1;
    watcher.hears(&of_another);
    assert!(watcher.errors[0].contains("expected a state of the match"), "{:?}", watcher.errors);
    watcher.run(2_000.0);
    assert_eq!(watcher.connects, 1, "it does not try again");
}

#[test]
fn a_match_that_does_not_fit_is_refused_and_every_request_is_answered() {
    let plan = plan(Game::Crowd(2), 1);
    let refused = |watch: Watch<'_>| Watcher::try_new(&plan, &watch).err().map(|failure| failure.message);
    assert_eq!(refused(watch(&plan)), None);
    assert!(refused(Watch { fps: f64::NAN, ..watch(&plan) }).unwrap().contains("fps"));
    assert!(refused(Watch { options: &[1, 2, 3], ..watch(&plan) }).unwrap().contains("reset options"));
    assert!(WatchPort::open(plan.game.env(), &[1, 2], 0.0).is_err());
    let mut watcher = Watcher::new(&plan);
    for operation in Operation::ALL {
        let request = Request { operation, flags: Flags::default(), id: 9, payload: &[7, 7] };
        let reply = watcher.port.answer(request, 0.0, || 0.0);
        let done = !matches!(Reply::read(reply, Flags::default()).unwrap().body, Body::Error { .. });
        assert_eq!(done, matches!(operation, Operation::Hash | Operation::Close | Operation::Leave), "{operation:?}");
    }
    watcher.run(100.0);
    assert_eq!((watcher.port.due(), watcher.disconnects), (None, 1));
}
