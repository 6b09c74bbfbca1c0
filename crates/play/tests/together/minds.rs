//! Policies from outside in the seats of a match: a recurrent model, whose memory has to be the same at every side whatever was played again.
use palaestra_env::policy::View;
use palaestra_env::{
    Kwargs, Policy, RestoreError, SeededRng, Spec, StateReader, StateWriter, Value, ValueReader, ValueWriter,
};
use palaestra_policy::{Manifest, ModelPolicy};
use palaestra_protocol::server::{FromServer, StateWhy};
use palaestra_protocol::together::DropoutSetup;

use crate::recurrent::{MANIFEST, recurrent};
use crate::table::{Game, Plan, Table, plan};

const FORAGE: Game = Game::Catalog("Foraging-8x8-3p-4f-v3");

fn model(spec: &Spec, seed: u64, agent: usize) -> Box<dyn Policy> {
    Box::new(ModelPolicy::new(spec, agent, &recurrent(seed), &Manifest::parse(MANIFEST).unwrap()).unwrap())
}

/// The same model at every side.
fn same(spec: &Spec, _: u8, agent: usize) -> Box<dyn Policy> {
    model(spec, 1, agent)
}

fn told(table: &Table, seat: usize, about: &str) -> bool {
    table.page(seat).told.iter().any(|told| told.contains(about))
}

/// A line on which much is guessed, and played again.
fn bad_line(game: Game, seed: u64) -> Plan {
    Plan {
        latency: 60.0,
        jitter: 40.0,
        loss: 0.15,
        policies: 1,
        minds: Some(same),
        steps: Some(400),
        ..plan(game, seed)
    }
}

/// What the model does in a game that is played once, forwards: what stands in the record of the match.
fn computed(table: &Table, agent: usize) -> (Vec<Value>, Vec<Value>) {
    let mut env = table.plan.game.env();
    let spec = env.spec().clone();
    let mut policy = model(&spec, 1, agent);
    let (mut rng, mut found, mut decided) = (SeededRng::new(0), Vec::new(), Vec::new());
    let page = table.page(0);
    for (frame, entry) in page.entries.iter().enumerate() {
        if let Some(began) = page.began.iter().find(|began| began.1 == frame as u32) {
            env.reset(Some(began.2), &Kwargs::new()).unwrap();
            policy.reset();
            rng = SeededRng::for_seat(began.2, agent);
        }
        let mut action = Value::blank(&spec.action_spaces[agent]);
        policy.act(View::new(&env, agent), &mut rng, &mut action);
        let mut reader = ValueReader::new(&entry.actions);
        let joint: Vec<Value> = spec.action_spaces.iter().map(|space| reader.read(space).unwrap()).collect();
        decided.push(action);
        found.push(joint[agent].clone());
        env.step(&joint).unwrap();
    }
    (found, decided)
}

#[test]
fn a_recurrent_model_has_one_history_whatever_is_played_again() {
    for seed in 50..53 {
        let mut table = Table::new(bad_line(FORAGE, seed));
        table.begin();
        table.run(45_000.0);
        assert_eq!(table.reasons(), vec![Some("complete"); 2], "{:?} {:?}", table.page(0).told, table.page(1).told);
        table.check();
        assert_eq!(table.page(0).entries, table.page(1).entries);
        let rolled_back = table.players.iter().flatten().map(|player| player.port.peer().unwrap().stats().rolled_back);
        assert!(rolled_back.min() > Some(100), "it was played again, many times");
        let (found, decided) = computed(&table, 2);
        assert_eq!(found, decided, "seed {seed}: as in a game that is never rewound");
        assert!(decided.iter().any(|action| *action != decided[0]), "it acts");
    }
}

#[test]
fn another_model_at_one_side_is_noticed() {
    fn other(spec: &Spec, side: u8, agent: usize) -> Box<dyn Policy> {
        model(spec, 1 + u64::from(side), agent)
    }
    let mut table = Table::new(Plan { minds: Some(other), ..bad_line(FORAGE, 54) });
    table.begin();
    table.run(8_000.0);
    assert!(told(&table, 0, "Desync") && told(&table, 1, "Desync"), "{:?}", table.page(0).told);
    assert!(table.page(0).entries.len() < 60, "nothing is confirmed that differs");
}

/// A policy that decides by all it has seen, which it remembers; or forgets, when it is rewound.
struct Brooding {
    mind: u64,
    forgets: bool,
}

impl Policy for Brooding {
    fn act(&mut self, view: View<'_>, rng: &mut SeededRng, action: &mut Value) {
        let mut seen = ValueWriter::new();
        view.observe(&mut seen);
        let mixed = |mind: u64, byte: &u8| (mind ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        self.mind = seen.bytes().iter().fold(self.mind ^ u64::from(rng.next_u32()), mixed);
        *action = Value::Discrete((self.mind >> 40) as i64 % 5);
    }

    fn reset(&mut self) {
        self.mind = 0;
    }

    fn save(&self, out: &mut StateWriter) {
        (0..9).for_each(|_| out.u64(self.mind));
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let mind = (0..9).try_fold(0, |_, _| state.u64())?;
        self.mind = if self.forgets { 0 } else { mind };
        Ok(())
    }
}

fn brooding(_: &Spec, _: u8, _: usize) -> Box<dyn Policy> {
    Box::new(Brooding { mind: 0, forgets: false })
}

fn forgetful(_: &Spec, side: u8, _: usize) -> Box<dyn Policy> {
    Box::new(Brooding { mind: 0, forgets: side == 1 })
}

#[test]
fn a_memory_that_one_side_does_not_bring_back_is_noticed() {
    let mut table = Table::new(Plan { minds: Some(forgetful), ..bad_line(Game::Crowd(3), 55) });
    table.begin();
    table.run(10_000.0);
    assert!(told(&table, 0, "Desync") && told(&table, 1, "Desync"), "{:?}", table.page(0).told);
}

#[test]
fn who_comes_back_gets_what_the_model_remembers_from_the_others() {
    let mut table = Table::new(Plan { steps: Some(500), ..bad_line(FORAGE, 56) });
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
    table.run(60_000.0);
    assert_eq!(table.reasons(), vec![Some("complete"); 2], "{:?} {:?}", table.page(0).told, table.page(1).told);
    table.check();
    let (found, decided) = computed(&table, 2);
    assert_eq!(found, decided);
}

#[test]
fn a_model_takes_the_seat_of_who_leaves_alike_at_all_others() {
    let game = Plan { policies: 0, dropout: DropoutSetup::Policy, steps: Some(420), ..bad_line(Game::Crowd(3), 57) };
    let mut table = Table::new(Plan { minds: Some(brooding), ..game });
    table.begin();
    table.run(4_000.0);
    table.players[1] = None;
    table.relay.cut(1, None);
    table.run(2_000.0);
    table.relay.gone(1);
    table.run(40_000.0);
    assert_eq!(table.reasons(), vec![Some("complete"); 2], "{:?}", table.page(0).told);
    table.check();
    let left = table.page(0).entries.iter().skip(300).map(|entry| entry.actions[8..16].to_vec());
    assert!(left.collect::<std::collections::BTreeSet<_>>().len() > 3, "its seat is played");
}

#[test]
fn states_that_differ_are_put_right_by_a_server_with_the_models_and_by_one_without() {
    for knows in [true, false] {
        // On a calm line: a damage in a frame that is played again would be undone.
        let game = Plan { steps: Some(260), policies: 1, minds: Some(brooding), ..plan(Game::Crowd(3), 12) };
        let mut table = Table::new(game);
        table.damage(1, 70);
        table.begin();
        table.run(7_000.0);
        assert!(told(&table, 0, "Desync") && told(&table, 1, "Desync"), "{:?}", table.page(0).told);
        let frames = table.relay.stored.iter().map(|stored| stored.len() as u32).min().unwrap();
        let state = if knows { table.true_state(frames, 2) } else { table.state_of_peers(frames, 2) };
        let (why, now) = (StateWhy::Resynchronise, table.now.get());
        let message =
            FromServer::State { why, epoch: 2, frame: frames, episode: 1, over: false, hash: 0, state: &state };
        for player in table.players.iter_mut().flatten() {
            player.port.server(now, &message.write());
        }
        table.run(30_000.0);
        assert!((0..2).all(|seat| told(&table, seat, "Resynced { epoch: 2")), "{knows}: {:?}", table.page(0).told);
        assert_eq!(table.reasons(), vec![Some("complete"); 2], "{knows}: {:?}", table.page(1).told);
        table.check();
        assert_eq!(table.page(1).entries.len(), 260);
    }
}
