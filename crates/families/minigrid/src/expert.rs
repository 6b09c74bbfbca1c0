//! A player who knows the whole map: fetches keys, opens doors, and goes where there is something to reach.
use palaestra_env::Advice;

use super::grid::{Direction, Place};
use super::object::{Cell, Kind, Latch};
use super::world::{Action, World};

const WAYS: [Direction; 4] = [Direction::Right, Direction::Down, Direction::Left, Direction::Up];

/// What the level wants of the player.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Aim {
    /// Something to be picked up: what tells it from others.
    pub(super) object: Option<(Kind, u8)>,
    /// A place to be.
    pub(super) place: Option<Place>,
}

/// A look at the world with an aim.
struct Plan<'a> {
    world: &'a World,
    aim: Aim,
    /// Whether there is a locked door.
    locked: bool,
}

impl Plan<'_> {
    fn wanted(&self, thing: Cell) -> bool {
        self.aim.object == Some((thing.kind, thing.tag))
    }

    fn opens(&self, door: Cell) -> bool {
        let carried = self.world.carrying;
        carried.kind == Kind::Key && carried.hue == door.hue
    }

    /// How much it is worth to go there.
    fn worth(&self, place: Place, thing: Cell) -> u8 {
        match thing.kind {
            _ if self.aim.place == Some(place) => 4,
            _ if self.wanted(thing) => 5,
            Kind::Goal => 4,
            Kind::Door if thing.latch == Latch::Locked && self.opens(thing) => 3,
            Kind::Key if self.locked && self.world.carrying.is_empty() => 2,
            _ => 0,
        }
    }

    /// The first direction on the shortest way to what is worth most.
    fn direction(&self) -> Option<Direction> {
        let grid = &self.world.grid;
        let (width, height) = (grid.width(), grid.height());
        let number = |place: Place| (place.y * width + place.x) as usize;
        let mut first: Vec<Option<Direction>> = vec![None; (width * height) as usize];
        let mut queue = vec![self.world.agent];
        let (mut ahead, mut best, mut most) = (0, None, 0);
        while let Some(here) = queue.get(ahead).copied() {
            ahead += 1;
            for way in WAYS {
                let place = here.ahead(way, 1);
                if !grid.contains(place) || place == self.world.agent || first[number(place)].is_some() {
                    continue;
                }
                let thing = grid.get(place);
                if matches!(thing.kind, Kind::Wall | Kind::Lava) {
                    continue;
                }
                let from = if here == self.world.agent { Some(way) } else { first[number(here)] };
                first[number(place)] = from;
                let worth = self.worth(place, thing);
                if worth > most {
                    (best, most) = (from, worth);
                }
                if thing.can_overlap() || (thing.kind == Kind::Door && thing.latch != Latch::Locked) {
                    queue.push(place);
                }
            }
        }
        best
    }
}

/// What the player does next. `hands`: whether there are actions for them.
#[inline(never)]
pub(super) fn act(world: &World, aim: Aim, hands: bool, advice: &mut Advice<'_>) {
    if !world.grid.contains(world.agent) {
        return advice.discrete(Action::Left as i64);
    }
    let locked = (0..world.grid.height())
        .flat_map(|y| world.grid.row(y))
        .any(|thing| thing.kind == Kind::Door && thing.latch == Latch::Locked);
    let plan = Plan { world, aim, locked };
    let ahead = world.grid.get(world.front());
    let turn = |advice: &mut Advice<'_>| if advice.below(2) == 0 { Action::Left } else { Action::Right };
    let action = match ahead.kind {
        Kind::Door if hands && ahead.latch == Latch::Closed => Action::Toggle,
        Kind::Door if hands && ahead.latch == Latch::Locked && plan.opens(ahead) => Action::Toggle,
        _ if hands
            && ahead.can_pickup()
            && world.carrying.is_empty()
            && (plan.wanted(ahead) || locked && ahead.kind == Kind::Key) =>
        {
            Action::Pickup
        }
        // Both hands are needed for what is to be picked up.
        _ if hands && !locked && aim.object.is_some() && !world.carrying.is_empty() && !plan.wanted(world.carrying) => {
            if ahead.is_empty() {
                Action::Drop
            } else {
                turn(advice)
            }
        }
        _ => match plan.direction() {
            Some(way) if way == world.direction => Action::Forward,
            Some(way) if way == world.direction.left() => Action::Left,
            Some(_) => Action::Right,
            None => turn(advice),
        },
    };
    advice.discrete(action as i64);
}
