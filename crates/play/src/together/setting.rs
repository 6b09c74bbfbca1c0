//! How a match is played, from what the page says of it.
use palaestra_env::codec::fixed_size;
use palaestra_env::{Env, Space, Spec};
use palaestra_protocol::server::MOST_INPUT_DELAY;
use palaestra_protocol::together::{DropoutSetup, Join, MatchMode};
use palaestra_protocol::{ErrorCode, Failure, SeatSetup, Setup, read_kwargs};
use palaestra_rollback::{Dropout, LONGEST_ACTION, Options, SeatKind};
use palaestra_text::json::{put_json, write_decimal};

use super::world::MatchWorld;
use crate::keyboard::Keyboard;
use crate::simulation::seats::keyboard_at;
use crate::simulation::{FPS, GivenPolicies};

/// How much of a game may be played on guesses: a round trip of half a second.
const WINDOW_MS: f64 = 500.0;
/// The most frames of a window; with the input delay and what a resynchronisation needs they all have snapshots.
const MOST_WINDOW: f64 = 60.0;
/// How long a match waits for somebody, or for an answer, beyond the grace.
const PATIENCE_MS: f64 = 30_000.0;

/// Who plays a match, by what, in which world.
pub(super) struct Setting {
    pub(super) options: Options,
    pub(super) keyboard: Keyboard,
    pub(super) world: MatchWorld,
    /// The options of every reset as JSON text; empty for none.
    pub(super) options_text: String,
}

/// Reads a match from its setup and what the page says of it, with the policies that came from outside.
///
/// # Errors
/// The environment, and a [`Failure`] for what does not fit.
pub(super) fn setting(
    env: Env,
    setup: &Setup,
    join: &Join<'_>,
    given: GivenPolicies,
) -> Result<Setting, Box<(Env, Failure)>> {
    let checked = options(env.spec(), setup, join).and_then(|options| {
        let own = setup.seats.get(usize::from(join.seat)).unwrap_or(&SeatSetup::Random);
        let keyboard = keyboard_at(env.spec(), usize::from(join.seat), own)?;
        let resets = read_kwargs(join.options).map_err(|error| refused(format!("reset options: {error}")))?;
        Ok((options, keyboard, resets))
    });
    let (options, keyboard, resets) = match checked {
        Ok(checked) => checked,
        Err(failure) => return Err(Box::new((env, failure))),
    };
    let snapshots = options.snapshots();
    let mut text = Vec::new();
    if !resets.is_empty() {
        put_json(&resets.clone().into(), write_decimal, &mut text);
    }
    let options_text = String::from_utf8_lossy(&text).into_owned();
    let world = MatchWorld::new(env, &setup.seats, join.dropout, join.seed, resets, (snapshots, given))?;
    Ok(Setting { options, keyboard, world, options_text })
}

/// The input delay as it is played.
pub(super) fn delay(frames: u8) -> u32 {
    frames.min(MOST_INPUT_DELAY).into()
}

fn options(spec: &Spec, setup: &Setup, join: &Join<'_>) -> Result<Options, Failure> {
    let (expected, found) = (spec.agents.len(), setup.seats.len());
    if expected != found {
        return Err(refused(format!("seats: expected {expected}, one per agent, found {found}")));
    }
    let own = |seat: &SeatSetup| matches!(seat, SeatSetup::Person { .. });
    let people = setup.seats.iter().filter(|seat| own(seat)).count();
    if people != 1 || !setup.seats.get(usize::from(join.seat)).is_some_and(own) {
        return Err(refused(format!("seats: expected one person at this browser, in seat {}", join.seat)));
    }
    if !FPS.contains(&setup.fps) {
        return Err(refused("fps: expected ticks per second from 0.1 to 240, found another number".to_owned()));
    }
    let kinds = setup.seats.iter().zip(&spec.action_spaces).map(|(seat, space)| {
        let longest = longest(space)?;
        Ok(match seat {
            SeatSetup::Person { .. } | SeatSetup::Remote { .. } => SeatKind::Person { longest },
            SeatSetup::Random | SeatSetup::Fixed(_) | SeatSetup::Policy | SeatSetup::Expert { .. } => {
                SeatKind::Policy { longest }
            }
        })
    });
    let seats = kinds.collect::<Result<Vec<_>, Failure>>()?;
    let grace = join.grace_ms.max(0.0);
    let steps = setup.max_steps.and_then(|steps| u32::try_from(steps).ok());
    Ok(Options {
        incarnation: join.incarnation,
        epoch: join.epoch,
        fps: setup.fps,
        // It is known at the start only: until then there is to be room for the longest.
        delay: MOST_INPUT_DELAY.into(),
        window: match join.mode {
            MatchMode::Rollback => (WINDOW_MS / 1000.0 * setup.fps).ceil().clamp(8.0, MOST_WINDOW) as u32,
            MatchMode::Lockstep => 0,
        },
        episodes: join.episodes,
        most_frames: join.steps.into_iter().chain(steps).min(),
        episode_pause: join.pause_ms.max(0.0),
        dropout: match join.dropout {
            DropoutSetup::Pause | DropoutSetup::End => Dropout::End,
            DropoutSetup::Idle | DropoutSetup::Random | DropoutSetup::Policy | DropoutSetup::Expert { .. } => {
                Dropout::Policy
            }
        },
        grace,
        patience: grace + PATIENCE_MS,
        ..Options::new(join.number, join.seed, seats, join.seat)
    })
}

/// The length of an agent's longest action.
pub(super) fn longest(space: &Space) -> Result<u8, Failure> {
    // Where members differ in length none is played that is longer than an action may be.
    let longest = fixed_size(space).unwrap_or(LONGEST_ACTION);
    u8::try_from(longest).map_err(|_| refused(format!("expected actions of at most 255 bytes, found {longest}")))
}

fn refused(message: String) -> Failure {
    Failure::new(ErrorCode::BadArgument, message)
}
