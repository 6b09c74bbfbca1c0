//! A Worker's environment is given to a match: to be played, or to follow it.
use palaestra_env::Env;
use palaestra_play::Port;
use palaestra_protocol::{ErrorCode, Failure, Request, Setup};

use super::seam::{Together, Wake};
use super::{shell, watching};
use crate::player::Player;

/// What a module needs for matches.
pub static TOGETHER: Together = Together { join, watch };

fn join(player: Player, request: &Request<'_>, received: f64, wake: Wake) -> (Player, Result<(), Failure>) {
    match player {
        Player::Game(port) if !port.simulation().has_begun() => {
            let (env, setup, given) = port.into_parts();
            match shell::open((env, given), &setup, request.payload, received, wake) {
                Ok(game) => (Player::Match(game), Ok(())),
                Err(refused) => {
                    let (env, failure) = *refused;
                    (game_again(env, setup), Err(failure))
                }
            }
        }
        other => (other, refused("join: expected a game that has not begun")),
    }
}

fn watch(player: Player, request: &Request<'_>, received: f64, wake: Wake) -> (Player, Result<(), Failure>) {
    match player {
        Player::Program(responder) => match watching::watch(responder.into_env(), request.payload, received, wake) {
            Ok(game) => (Player::Match(game), Ok(())),
            Err(refused) => {
                let (env, failure) = *refused;
                (Player::program(env), Err(failure))
            }
        },
        other => (other, refused("watch: expected an environment that nobody plays")),
    }
}

fn refused(message: &str) -> Result<(), Failure> {
    Err(Failure::new(ErrorCode::OutOfOrder, message))
}

/// The game as it was, which nobody has played yet.
fn game_again(env: Env, setup: Setup) -> Player {
    match Port::new(env, setup, Vec::new()) {
        Ok(port) => Player::Game(Box::new(port)),
        // It fitted before; but for policies from outside, which are gone: a page whose match was refused has ended.
        Err(refused) => Player::program(refused.0),
    }
}
