//! Random games: what surrounds one, and what happens in it, all from one seed. A plan is printed when its game fails.
use palaestra_env::{SeededRng, Value};
use palaestra_play::game::{Options, Start, Timer};
use palaestra_protocol::{InputMode, PlainWriter, SeatSetup};
use palaestra_session::Reason;
use palaestra_text::json::write_number;

use crate::page::Callback;
use crate::people::bytes;
use crate::setting::{Act, Load, Setting, Stray};
use crate::toy::ACTIONS;

/// A random game.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) setting: Setting,
    /// What happens, and after how many milliseconds.
    pub(crate) acts: Vec<(f64, Act)>,
    pub(crate) length: f64,
}

/// Options of a game that is not ended by anything.
pub(crate) fn options(agents: usize, fps: f64) -> Options {
    Options {
        agents,
        seed: 7,
        fps,
        scene: true,
        record_hashes: true,
        record_times: true,
        record_metrics: true,
        reset_options: Vec::new(),
        reset_options_text: String::new(),
        episodes: None,
        max_steps: None,
        together: false,
        start: Start::AtOnce,
        load_timeout: 30_000.0,
        step_timeout: 10_000.0,
        focus_timeout: None,
        episode_pause: 0.0,
        metrics_capacity: 1000,
        tween: true,
        tell_steps: true,
        user_timing: true,
        number: write_number,
    }
}

/// The toy's episodes are so many steps longer.
pub(crate) fn longer_episodes(options: Options, steps: i64) -> Options {
    let mut writer = PlainWriter::new();
    writer.object(1);
    writer.name("longer");
    writer.integer(steps);
    let reset_options_text = format!(r#"{{"longer":{steps}}}"#);
    Options { reset_options: writer.into_bytes(), reset_options_text, ..options }
}

/// The surroundings of a game in which nothing is late.
pub(crate) fn setting(options: Options, seats: Vec<SeatSetup>, codes: Vec<String>) -> Setting {
    Setting {
        seed: options.seed,
        options,
        seats,
        codes,
        hidden: false,
        load: Load::After(20.0),
        latency: [0.2, 0.2],
        jitter: 0.3,
        offset: -98_765.432,
        cost: 0.01,
        callbacks: Vec::new(),
    }
}

/// The codes that the toy's people know; the last chord has two keys.
pub(crate) const CODES: [&str; 5] = ["KeyA", "KeyB", "KeyC", "KeyD", "KeyE"];

pub(crate) fn person(mode: InputMode, waits: bool, chords: bool) -> SeatSetup {
    let action = |action| bytes(&Value::Discrete(action));
    let single = (0..4).map(|code| (vec![code], action(i64::from(code) + 1)));
    let chord = chords.then(|| (vec![0, 4], action(5)));
    let idle = if waits { vec![] } else { vec![action(0), action(6)] };
    SeatSetup::Person { mode, bindings: single.chain(chord).collect(), idle }
}

struct Dice(SeededRng);

impl Dice {
    fn chance(&mut self, of: f64) -> bool {
        self.0.random() < of
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.0.choice(from.len())].clone()
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0.uniform(low, high)
    }
}

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice(SeededRng::new(seed));
        let length = dice.pick(&[200.0, 700.0, 2000.0]);
        let calm = dice.chance(0.4);
        let count = dice.0.integers(0, 40);
        let mut acts: Vec<_> = (0..count).map(|_| (dice.between(0.0, length), random_act(&mut dice, calm))).collect();
        if dice.chance(0.2) {
            // Between two events there may be no time at all.
            let at = dice.between(0.0, length);
            acts.extend((0..6).map(|_| (at, random_act(&mut dice, true))));
        }
        let callback = [
            Callback::Pause,
            Callback::Resume,
            Callback::PauseAndResume,
            Callback::Throw,
            Callback::Dispose(Reason::Closed),
            Callback::Dispose(Reason::Complete),
            Callback::Dispose(Reason::Excluded),
        ];
        let mut setting = random_setting(seed, &mut dice);
        if dice.chance(0.5) {
            let callbacks = (0..dice.0.integers(0, 5)).map(|_| (dice.0.choice(40), dice.pick(&callback)));
            setting.callbacks = callbacks.collect();
        }
        Self { setting, acts, length }
    }
}

fn random_setting(seed: u64, dice: &mut Dice) -> Setting {
    let with_options = dice.chance(0.3);
    let options = Options {
        seed: dice.0.next_u64(),
        scene: dice.chance(0.8),
        record_hashes: dice.chance(0.8),
        record_times: dice.chance(0.7),
        record_metrics: dice.chance(0.5),
        episodes: dice.pick(&[None, None, None, None, Some(1), Some(4)]),
        max_steps: dice.pick(&[None, None, None, None, Some(1), Some(25)]),
        together: false,
        load_timeout: dice.pick(&[30_000.0, 30_000.0, f64::INFINITY, 100.0]),
        step_timeout: dice.pick(&[10_000.0, f64::INFINITY, 300.0]),
        focus_timeout: dice.pick(&[None, Some(150.0), Some(600.0)]),
        episode_pause: dice.pick(&[0.0, 0.0, 100.0]),
        metrics_capacity: dice.pick(&[1, 16, 1000]),
        tell_steps: dice.chance(0.9),
        user_timing: dice.chance(0.7),
        tween: dice.chance(0.5),
        start: dice.pick(&[Start::AtOnce, Start::AtOnce, Start::AtOnce, Start::Key, Start::Paused]),
        ..options(2, 30.0)
    };
    let options = if with_options { longer_episodes(options, 20) } else { options };
    let options = Options { fps: dice.pick(&[5.0, 30.0, 60.0, 240.0]), ..options };
    let mode = dice.pick(&[InputMode::SingleKeystroke, InputMode::SingleKeystroke, InputMode::PressedKeys]);
    let waits = dice.chance(0.2);
    let own = person(mode, waits, mode == InputMode::PressedKeys);
    let others = [SeatSetup::Random, SeatSetup::Fixed(bytes(&Value::Discrete(ACTIONS - 1))), own.clone()];
    let mut seats = vec![own, dice.pick(&others)];
    if dice.chance(0.3) {
        seats.reverse();
    }
    let codes = CODES.map(str::to_owned).to_vec();
    Setting {
        seed,
        hidden: dice.chance(0.1),
        load: dice.pick(&[Load::After(0.0), Load::After(1.0), Load::After(40.0), Load::After(150.0)]),
        latency: [dice.between(0.0, 3.0), dice.between(0.0, 3.0)],
        jitter: dice.pick(&[0.0, 1.0, 30.0]),
        offset: dice.between(-1e6, 1e6),
        cost: dice.pick(&[0.0, 0.01, 1.0]),
        ..setting(options, seats, codes)
    }
    .unlucky(dice)
}

impl Setting {
    fn unlucky(self, dice: &mut Dice) -> Self {
        let load = if dice.chance(0.03) { dice.pick(&[Load::Fails, Load::Never]) } else { self.load };
        Self { load, ..self }
    }
}

fn random_act(dice: &mut Dice, calm: bool) -> Act {
    let code = |dice: &mut Dice| dice.pick(&CODES).to_owned();
    let roll = dice.0.random();
    if calm || roll < 0.5 {
        return match dice.0.choice(5) {
            0..3 => Act::KeyDown(code(dice)),
            _ => Act::KeyUp(code(dice)),
        };
    }
    if roll < 0.8 {
        let act = [
            Act::Choose("left", 6),
            Act::Choose("right", 3),
            Act::Pause,
            Act::Resume,
            Act::Hide,
            Act::Reveal,
            Act::Reveal,
            Act::KeysLost,
            Act::FocusLost,
            Act::FocusFound,
        ];
        return dice.pick(&act);
    }
    if roll < 0.88 {
        let stray = [
            Stray::Rang(Timer::Load),
            Stray::Rang(Timer::Grant),
            Stray::Rang(Timer::Focus),
            Stray::Painted,
            Stray::AnimationFrame,
            Stray::Drawn,
            Stray::MadeAgain,
            Stray::WorkerGone,
            Stray::SessionClosed,
            Stray::UnknownKey,
        ];
        return Act::Stray(dice.pick(&stray));
    }
    if roll < 0.97 {
        let ms = dice.pick(&[5.0, 80.0, 300.0, 1500.0, 60_000.0]);
        return if dice.chance(0.6) { Act::StallPage(ms) } else { Act::StallWorker(ms.min(2000.0)) };
    }
    match dice.0.choice(6) {
        0 => Act::KillWorker,
        1 => Act::Refuse,
        2 => Act::Repeat,
        3 => Act::Garbage((0..dice.0.choice(60)).map(|_| dice.0.choice(4) as u8).collect()),
        4 => Act::Dispose(dice.pick(&Reason::ALL)),
        _ => Act::Dispose(Reason::Closed),
    }
}
