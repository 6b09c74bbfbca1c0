//! A match's game, as a peer of a test plays and confirms it.
use palaestra_env::{Env, Kwargs, RandomPlayer, ValueWriter};
use palaestra_lobby::message::Matched;
use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter};

/// The game of a match, as its peers confirm it.
pub(crate) struct Game {
    env: Env,
    players: Vec<RandomPlayer>,
    seed: u64,
    pub(crate) frame: u32,
    resets: u32,
    /// What each agent has played, frame by frame, as bytes.
    pub(crate) acted: Vec<Vec<Vec<u8>>>,
}

impl Game {
    pub(crate) fn new(matched: &Matched) -> Self {
        let env = palaestra_envs::make(&matched.env_id, &matched.kwargs).unwrap();
        let spaces = env.spec().action_spaces.clone().into_iter().enumerate();
        let players: Vec<_> = spaces.map(|(agent, space)| RandomPlayer::new(space, 7, agent)).collect();
        let acted = vec![Vec::new(); players.len()];
        Self { env, players, seed: matched.seed, frame: 0, resets: 0, acted }
    }

    /// Plays some frames: the message that confirms them. `change` may change a frame's hash or actions before it is written.
    pub(crate) fn play_changed(&mut self, frames: u32, change: impl Fn(u32, &mut Vec<u8>, &mut u64)) -> Vec<u8> {
        let mut writer = None::<ConfirmedWriter>;
        let first = self.frame;
        let mut before = Vec::new();
        for _ in 0..frames {
            if self.frame == 0 || self.env.outcome().over() {
                let seed = palaestra_rollback::episode_seed(self.seed, self.resets);
                self.resets += 1;
                self.env.reset(Some(seed), &Kwargs::new()).unwrap();
                before.push((seed, self.env.hash()));
            }
            let actions: Vec<_> = self.players.iter_mut().map(RandomPlayer::choose).collect();
            let mut bytes = ValueWriter::new();
            for (action, acted) in actions.iter().zip(&mut self.acted) {
                let mut alone = ValueWriter::new();
                alone.value(action);
                acted.push(alone.bytes().to_vec());
                bytes.value(action);
            }
            self.env.step(&actions).unwrap();
            let (mut bytes, mut hash) = (bytes.bytes().to_vec(), self.env.hash());
            change(self.frame, &mut bytes, &mut hash);
            let writer = writer.get_or_insert_with(|| ConfirmedWriter::to_server(first, bytes.len() as u16));
            for (seed, hash) in before.drain(..) {
                assert!(writer.put(ConfirmedItem::Reset { seed: Some(seed), options: "", hash }));
            }
            assert!(writer.put(ConfirmedItem::Step { actions: &bytes, hash }));
            self.frame += 1;
        }
        writer.unwrap().into_message()
    }

    pub(crate) fn play(&mut self, frames: u32) -> Vec<u8> {
        self.play_changed(frames, |_, _, _| {})
    }
}
