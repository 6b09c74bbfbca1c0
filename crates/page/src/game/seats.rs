//! Who chooses each agent's action.
use palaestra_env::{RandomPlayer, Space, Spec, Value};
use wasm_bindgen::prelude::*;

use super::config::{Config, Seat};
use super::input::{Binding, Keys};
use crate::asked::action_from;
use crate::error::PageError;
use crate::registry::Entry;

/// How often one tick may be planned again. Who drums on the keyboard plays the rest at the next.
const MOST_PLANS: usize = 64;

/// The seats of a game, one an agent. A tick is planned when its step is sent, and again when a key comes before it is played;
/// which plan was played is known when the step is done. Until then no seat has gone on.
pub(crate) struct Seats {
    players: Vec<Player>,
    /// For the tick that is under way, in the order in which they were made.
    plans: Vec<Plan>,
}

enum Player {
    Person(Keys),
    /// What it drew for the tick that is under way is drawn once, whatever the others do.
    Random(RandomPlayer, Option<Value>),
    Fixed(Value),
}

struct Plan {
    actions: Vec<Value>,
    pressed_at: Option<f64>,
    /// The people's keys as they are when this is what was played.
    keys: Vec<Keys>,
}

/// Everybody's action for a tick.
pub(crate) struct Choice<'a> {
    pub(crate) serial: u16,
    pub(crate) actions: &'a [Value],
    /// When the stroke was made that this tick is the first to see.
    pub(crate) pressed_at: Option<f64>,
}

impl Seats {
    /// Fills the seats once the action spaces are known.
    pub(crate) fn fill(config: &Config, spec: &Spec) -> Result<Self, PageError> {
        let seats = config.seats.iter().zip(&spec.action_spaces).enumerate();
        let players = seats.map(|(agent, (seat, space))| {
            Ok(match seat {
                Seat::Random => Player::Random(RandomPlayer::new(space.clone(), config.seed, agent), None),
                Seat::Fixed(action) => Player::Fixed(action_of(space, action, &format!("seats.agent_{agent}"))?),
                Seat::Person(keys) => {
                    Player::Person(Keys::new(bindings(space, keys)?, config.mode, idle(config, space)?))
                }
            })
        });
        Ok(Self { players: players.collect::<Result<_, PageError>>()?, plans: Vec::new() })
    }

    /// Whether anybody has a use for a key.
    pub(crate) fn knows(&self, code: &str) -> bool {
        self.people().any(|keys| keys.knows(code))
    }

    pub(crate) fn press(&mut self, code: &str, at: f64) {
        self.all_keys().for_each(|keys| keys.press(code, at));
    }

    pub(crate) fn release(&mut self, code: &str) {
        self.all_keys().for_each(|keys| keys.release(code));
    }

    pub(crate) fn clear(&mut self) {
        self.all_keys().for_each(Keys::clear);
    }

    /// Whether everybody has an action for the next tick.
    pub(crate) fn ready(&self) -> bool {
        self.people().all(Keys::ready)
    }

    /// Plans the next tick, or the one that is under way once more: then gives nothing if nothing is different.
    pub(crate) fn plan(&mut self) -> Option<Choice<'_>> {
        if !self.ready() || self.plans.len() >= MOST_PLANS {
            return None;
        }
        let plan = self.planned();
        let last = self.plans.last();
        if last.is_some_and(|last| last.actions == plan.actions && last.pressed_at == plan.pressed_at) {
            return None;
        }
        let serial = u16::try_from(self.plans.len()).ok()?;
        self.plans.push(plan);
        let Plan { actions, pressed_at, .. } = self.plans.last()?;
        Some(Choice { serial, actions, pressed_at: *pressed_at })
    }

    fn planned(&mut self) -> Plan {
        let mut plan = Plan { actions: Vec::new(), pressed_at: None, keys: Vec::new() };
        for player in &mut self.players {
            plan.actions.push(match player {
                Player::Person(keys) => {
                    let mut keys = keys.clone();
                    let chosen = keys.choose();
                    plan.keys.push(keys);
                    // Of two people's strokes the earlier one has waited longer.
                    plan.pressed_at = match (plan.pressed_at, chosen.pressed_at) {
                        (Some(one), Some(other)) => Some(f64::min(one, other)),
                        (one, other) => one.or(other),
                    };
                    chosen.action
                }
                Player::Random(player, drawn) => drawn.get_or_insert_with(|| player.choose()).clone(),
                Player::Fixed(action) => action.clone(),
            });
        }
        plan
    }

    /// The tick is over, and this plan was played: what the others would have taken is there for the next. Gives its actions.
    pub(crate) fn commit(&mut self, serial: u16) -> Option<Vec<Value>> {
        let plan = self.plans.drain(..).nth(usize::from(serial))?;
        let mut after = plan.keys.into_iter();
        for player in &mut self.players {
            match player {
                Player::Person(keys) => after.next().into_iter().for_each(|after| *keys = after),
                Player::Random(_, drawn) => *drawn = None,
                Player::Fixed(_) => {}
            }
        }
        Some(plan.actions)
    }

    fn people(&self) -> impl Iterator<Item = &Keys> {
        self.players.iter().filter_map(|player| match player {
            Player::Person(keys) => Some(keys),
            _ => None,
        })
    }

    /// The people's keys as they are, and as they will be after each plan.
    fn all_keys(&mut self) -> impl Iterator<Item = &mut Keys> {
        let present = self.players.iter_mut().filter_map(|player| match player {
            Player::Person(keys) => Some(keys),
            _ => None,
        });
        present.chain(self.plans.iter_mut().flat_map(|plan| &mut plan.keys))
    }
}

fn bindings(space: &Space, keys: &[(String, JsValue)]) -> Result<Vec<Binding>, PageError> {
    keys.iter()
        .map(|(chord, action)| {
            let action = action_of(space, action, &format!("keys.{chord}"))?;
            Ok(Binding { codes: chord.split('+').map(|code| code.trim().to_owned()).collect(), action })
        })
        .collect()
}

fn idle(config: &Config, space: &Space) -> Result<Vec<Value>, PageError> {
    let idle = config.idle.clone().or_else(|| config.entry.as_ref().map(Entry::idle));
    match idle {
        Some(idle) => idle.iter().map(|action| action_of(space, action, "idle")).collect(),
        None => Ok(vec![Value::blank(space)]),
    }
}

fn action_of(space: &Space, action: &JsValue, place: &str) -> Result<Value, PageError> {
    action_from(space, action).map_err(|message| PageError::argument(format!("{place}: {message}")))
}

#[cfg(test)]
mod tests {
    use super::super::input::Mode;
    use super::*;

    /// A person with two keys whose idle actions take turns, beside somebody at random.
    fn seats(mode: Mode, idle: &[i64]) -> Seats {
        let binding =
            |(code, action): (&str, i64)| Binding { codes: vec![code.into()], action: Value::Discrete(action) };
        let keys = Keys::new(
            [("ArrowLeft", 1), ("ArrowRight", 2)].map(binding).into(),
            mode,
            idle.iter().copied().map(Value::Discrete).collect(),
        );
        let random = RandomPlayer::new(Space::discrete(1_000_000), 7, 1);
        Seats { players: vec![Player::Person(keys), Player::Random(random, None)], plans: Vec::new() }
    }

    fn person(actions: &[Value]) -> i64 {
        match actions {
            [Value::Discrete(action), ..] => *action,
            other => panic!("{other:?}"),
        }
    }

    fn plan(seats: &mut Seats) -> Option<(u16, i64, Option<f64>)> {
        seats.plan().map(|choice| (choice.serial, person(choice.actions), choice.pressed_at))
    }

    fn commit(seats: &mut Seats, serial: u16) -> i64 {
        person(&seats.commit(serial).unwrap())
    }

    #[test]
    fn a_key_that_comes_in_time_is_played_at_this_tick_and_once() {
        for mode in [Mode::PressedKeys, Mode::SingleKeystroke] {
            let mut seats = seats(mode, &[0]);
            assert_eq!(plan(&mut seats), Some((0, 0, None)));
            seats.press("ArrowLeft", 5.0);
            assert_eq!(plan(&mut seats), Some((1, 1, Some(5.0))));
            seats.release("ArrowLeft");
            assert_eq!(plan(&mut seats), None);
            assert_eq!(commit(&mut seats, 1), 1);
            assert_eq!(plan(&mut seats), Some((0, 0, None)));
        }
    }

    #[test]
    fn a_key_that_comes_too_late_is_played_at_the_next_tick_and_once() {
        for mode in [Mode::PressedKeys, Mode::SingleKeystroke] {
            let mut seats = seats(mode, &[0]);
            plan(&mut seats);
            seats.press("ArrowLeft", 5.0);
            assert_eq!(plan(&mut seats), Some((1, 1, Some(5.0))));
            seats.release("ArrowLeft");
            assert_eq!(commit(&mut seats, 0), 0);
            assert_eq!(plan(&mut seats), Some((0, 1, Some(5.0))));
            assert_eq!(commit(&mut seats, 0), 1);
            assert_eq!(plan(&mut seats), Some((0, 0, None)));
        }
    }

    #[test]
    fn of_several_strokes_between_two_ticks_each_is_played_in_order_whichever_came_in_time() {
        for in_time in 0..=1 {
            let mut seats = seats(Mode::SingleKeystroke, &[0]);
            plan(&mut seats);
            for (code, at) in [("ArrowLeft", 1.0), ("ArrowRight", 2.0), ("ArrowLeft", 3.0)] {
                seats.press(code, at);
                seats.release(code);
                plan(&mut seats);
            }
            let mut played = vec![commit(&mut seats, in_time)];
            for _ in 0..4 {
                plan(&mut seats);
                played.push(commit(&mut seats, 0));
            }
            let expected = if in_time == 1 { [1, 2, 1, 0, 0] } else { [0, 1, 2, 1, 0] };
            assert_eq!(played, expected);
        }
    }

    #[test]
    fn a_key_let_go_before_its_tick_is_held_no_longer_but_was_struck() {
        let mut seats = seats(Mode::PressedKeys, &[0]);
        seats.press("ArrowLeft", 1.0);
        assert_eq!(plan(&mut seats), Some((0, 1, Some(1.0))));
        assert_eq!(commit(&mut seats, 0), 1);
        assert_eq!(plan(&mut seats), Some((0, 1, None)));
        seats.release("ArrowLeft");
        assert_eq!(plan(&mut seats), Some((1, 0, None)));
        assert_eq!(commit(&mut seats, 0), 1);
        assert_eq!(plan(&mut seats), Some((0, 0, None)));
    }

    #[test]
    fn random_seats_and_idle_actions_go_on_once_a_tick_however_often_it_is_planned() {
        let mut seats = [seats(Mode::PressedKeys, &[5, 6, 7]), seats(Mode::PressedKeys, &[5, 6, 7])];
        let mut played = seats.each_mut().map(|_| Vec::new());
        for tick in 0..6 {
            for (busy, (seats, played)) in seats.iter_mut().zip(&mut played).enumerate() {
                plan(seats);
                for _ in 0..busy * (tick % 3) {
                    seats.press("ArrowLeft", 1.0);
                    plan(seats);
                    seats.clear();
                    plan(seats);
                }
                let last = (seats.plans.len() - 1) as u16;
                played.push(seats.commit(last).unwrap());
            }
        }
        assert_eq!(played[0], played[1]);
        let people: Vec<i64> = played[0].iter().map(|actions| person(actions)).collect();
        assert_eq!(people, [5, 6, 7, 5, 6, 7]);
        assert!(played[0].windows(2).all(|pair| pair[0][1] != pair[1][1]));
    }

    #[test]
    fn who_waits_for_a_key_is_not_amended_to_none() {
        let mut seats = seats(Mode::PressedKeys, &[]);
        assert_eq!(plan(&mut seats), None);
        seats.press("ArrowLeft", 1.0);
        assert_eq!(plan(&mut seats), Some((0, 1, Some(1.0))));
        commit(&mut seats, 0);
        assert_eq!(plan(&mut seats), Some((0, 1, None)));
        seats.release("ArrowLeft");
        assert_eq!(plan(&mut seats), None);
        assert_eq!(commit(&mut seats, 0), 1);
        assert!(!seats.ready());
    }

    #[test]
    fn drumming_on_the_keyboard_plans_only_so_often_and_a_plan_that_is_none_is_refused() {
        let mut seats = seats(Mode::PressedKeys, &[0]);
        (0..1000).for_each(|i| {
            seats.press(["ArrowLeft", "ArrowRight"][i % 2], i as f64);
            plan(&mut seats);
        });
        assert_eq!(seats.plans.len(), MOST_PLANS);
        assert_eq!(seats.commit(MOST_PLANS as u16), None);
    }
}
