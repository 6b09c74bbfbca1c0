//! Cooks who know the way, each for itself: `palaestra_kitchen::errands` in CoGrid's kitchens. They know what is wanted without
//! looking at a sign or pressing a button.
use palaestra_env::Advice;
use palaestra_kitchen::errands::{Cook, Doing, Item, MOST_CELLS, Pot as Errand, Room, Spot};

use super::plan::{Cell, Plan};
use super::setup::Rewards;
use super::thing::{Ingredient, Mix, Scope, Thing};
use super::world::{Pot, World};

const PICK_UP_OR_DROP: i64 = 4;
const NOTHING: i64 = 6;
/// The steps, in the order of the actions' numbers.
const STEPS: [[isize; 2]; 4] = [[0, -1], [0, 1], [-1, 0], [1, 0]];

/// What to cook: what is ordered first, what the signs say, or onions; where there are none of it, tomatoes.
fn wanted(plan: &Plan, world: &World) -> Ingredient {
    let number = match plan.rewards {
        Rewards::Orders => {
            world.now.orders.iter().flatten().min_by_key(|order| order.timer).map_or(0, |order| order.recipe)
        }
        Rewards::Target => world.now.target,
        _ => 0,
    };
    let asked = if number == 0 { Ingredient::Onion } else { Ingredient::Tomato };
    let there = |one| (0..plan.things.len()).any(|cell| plan.built(cell) == Thing::Stack(one));
    if there(asked) || !there(Ingredient::Tomato) { asked } else { Ingredient::Tomato }
}

fn item(thing: Thing) -> Option<Item> {
    match thing {
        Thing::Nothing | Thing::Unused => None,
        Thing::Ingredient(one) => Some(Item::Ingredient(one as u8)),
        Thing::Plate => Some(Item::Dish),
        Thing::Soup(_) => Some(Item::Soup),
        _ => Some(Item::Other),
    }
}

fn pot(plan: &Plan, pot: Pot, wanted: Ingredient) -> Errand {
    if pot.is_ready() {
        return Errand::Ready;
    }
    if pot.is_full() {
        return Errand::Cooking;
    }
    // Whatever is in it already says what else goes in, where a pot takes one kind: it has to be emptied.
    let begun = pot.mix.ingredients().next().filter(|_| plan.scope != Scope::OpenKitchen);
    let pieces = Mix::CAPACITY.saturating_sub(pot.mix.len());
    Errand::Lacks { kinds: 1 << begun.unwrap_or(wanted) as u8, pieces }
}

fn spot(plan: &Plan, world: &World, wanted: Ingredient, cell: Cell) -> Spot {
    match world.thing(plan, cell) {
        Thing::Nothing => Spot::Floor,
        Thing::Counter => Spot::Counter(item(plan.scope.thing(world.state(cell))).filter(|_| world.state(cell) != 0)),
        Thing::Stack(one) => Spot::Stack(Item::Ingredient(one as u8)),
        Thing::Plates => Spot::Stack(Item::Dish),
        Thing::Hatch => Spot::Hatch,
        Thing::Pot => {
            let found = plan.pots.index(cell).and_then(|index| world.now.pots.get(index));
            found.map_or(Spot::Wall, |found| Spot::Pot(pot(plan, *found, wanted)))
        }
        _ => Spot::Wall,
    }
}

/// What an agent does next. It remembers where it stood and how it looked when it last wanted to take a step.
#[inline(never)]
pub(super) fn cook(plan: &Plan, world: &World, advice: &mut Advice<'_>) {
    let wanted = wanted(plan, world);
    let spots: Vec<Spot> = (0..plan.things.len().min(MOST_CELLS)).map(|cell| spot(plan, world, wanted, cell)).collect();
    let Some(agent) = world.now.agents.get(advice.agent) else { return };
    let held = item(plan.scope.thing(agent.held));
    let others: Vec<Option<Item>> = world
        .now
        .agents
        .iter()
        .enumerate()
        .filter(|(number, _)| *number != advice.agent)
        .map(|(_, other)| item(plan.scope.thing(other.held)))
        .collect();
    let facing = plan.towards(agent.cell, agent.direction);
    let stands = (agent.cell * 4 + agent.direction as usize) as f64 + 1.0;
    let stuck = advice.memory[0] == stands;
    let room = Room { width: usize::from(plan.width), spots: &spots, steps: STEPS };
    let doing = room.errand(Cook { cell: agent.cell, facing, held }, &others, stuck, advice.rng);
    advice.memory[0] = if matches!(doing, Doing::Step(_)) { stands } else { 0.0 };
    advice.discrete(match doing {
        Doing::Step(step) => step as i64,
        Doing::Touch => PICK_UP_OR_DROP,
        Doing::Rest => NOTHING,
    });
}
