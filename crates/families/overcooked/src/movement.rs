//! Walking: both at once, and neither where they would collide.
use palaestra_kitchen::{Direction, Position, Tile};

use super::action::Action;
use super::kitchen::Kitchen;
use super::state::{Player, State};

/// Moves the players. Whoever walks against something turns towards it and stays; if both would come to one place, or
/// change places, both stay and turn.
pub(super) fn resolve(kitchen: &Kitchen, state: &mut State, actions: [Action; 2]) {
    let [first, second] = &mut state.players;
    let wishes = [wish(kitchen, first, actions[0]), wish(kitchen, second, actions[1])];
    let [to_first, to_second] = wishes.map(|(position, _)| position);
    let meet = to_first == to_second;
    let swap = to_first == second.position && to_second == first.position;
    for (player, (position, orientation)) in [first, second].into_iter().zip(wishes) {
        player.orientation = orientation;
        if !meet && !swap {
            player.position = position;
        }
    }
}

fn wish(kitchen: &Kitchen, player: &Player, action: Action) -> (Position, Direction) {
    let Action::Move(direction) = action else { return (player.position, player.orientation) };
    let next = player.position.towards(direction);
    let free = kitchen.grid.tile(next) == Tile::Floor;
    (if free { next } else { player.position }, direction)
}
