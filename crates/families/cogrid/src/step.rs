//! One step: the fires and the clocks, then the feet, then the hands.
use palaestra_env::SeededRng;

use super::plan::{Cell, Direction, Plan};
use super::thing::{Ingredient, Mix, Scope, Thing};
use super::world::{Order, Pot, World};

/// Steps for which an order stays open.
pub(super) const ORDER_TIME: u8 = 100;
/// Steps for which a pressed button shows the target.
const BUTTON_TIME: u8 = 10;

/// What an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Move(Direction),
    PickupDrop,
    Toggle,
    Noop,
}

impl Action {
    /// How many there are.
    pub(super) const COUNT: i64 = 7;

    /// In the order of the reference's `CardinalActions`.
    pub(super) fn numbered(number: i64) -> Self {
        match number {
            0 => Action::Move(Direction::Up),
            1 => Action::Move(Direction::Down),
            2 => Action::Move(Direction::Left),
            3 => Action::Move(Direction::Right),
            4 => Action::PickupDrop,
            5 => Action::Toggle,
            _ => Action::Noop,
        }
    }
}

/// The generator of one step, made of a key that the environment's own generator gives. Seeding one costs more than all the
/// rest of a step, and its numbers are rarely needed: it is made when they are.
pub(super) struct Chance {
    key: u64,
}

impl Chance {
    pub(super) fn new(key: u64) -> Self {
        Self { key }
    }

    /// A generator, and the key of the next one.
    fn generator(&self) -> (SeededRng, u64) {
        let mut rng = SeededRng::new(self.key);
        let next = rng.integers(0, i64::MAX) as u64;
        (rng, next)
    }

    /// The numbers of the step's orders; then the rest goes on with the next key.
    fn rolls(&self) -> [f32; 2] {
        let (mut rng, _) = self.generator();
        std::array::from_fn(|_| rng.random() as f32)
    }

    fn followed(&self) -> Self {
        Self { key: self.generator().1 }
    }

    /// Which of two agents goes first.
    fn first(&self) -> usize {
        let mut order = [0, 1];
        self.generator().0.shuffle(&mut order);
        order[0]
    }
}

/// Full pots cook.
pub(super) fn cook(plan: &Plan, world: &mut World) {
    for (index, cell) in plan.pots.cells().enumerate() {
        let pot = &mut world.now.pots[index];
        if pot.is_cooking() {
            pot.timer -= 1;
        }
        let state = pot.mix.len() * (1 + pot.timer);
        world.mark(cell, state);
    }
}

/// Orders grow old, and new ones come in. The key that the rest of the step draws from is another one afterwards.
pub(super) fn take_orders(world: &mut World, chance: &Chance) {
    let now = &mut world.now;
    for slot in &mut now.orders {
        if let Some(order) = slot {
            order.timer = order.timer.saturating_sub(1);
            if order.timer == 0 {
                *slot = None;
                now.expired = now.expired.saturating_add(1);
            }
        }
    }
    if now.orders.iter().all(Option::is_some) {
        return;
    }
    // Two soups, each with a probability of 0.02, as a float32 and added up in float32.
    const EACH: f32 = 0.02;
    for (slot, roll) in now.orders.iter_mut().zip(chance.rolls()) {
        if slot.is_none() && roll < EACH + EACH {
            *slot = Some(Order { recipe: u8::from(roll >= EACH), timer: ORDER_TIME });
        }
    }
}

/// Signs and buttons show the target as it was; a soup handed out in the step before makes way for another.
pub(super) fn show_target(plan: &Plan, world: &mut World, draw: impl FnOnce() -> u8) {
    let shown = world.now.target + 1;
    plan.signs.iter().for_each(|cell| world.mark(*cell, shown));
    for (index, cell) in plan.buttons.cells().enumerate() {
        let timer = &mut world.now.buttons[index];
        *timer = timer.saturating_sub(1);
        let state = if *timer > 0 { shown } else { 0 };
        world.mark(cell, state);
    }
    if std::mem::take(&mut world.now.delivered) {
        world.now.target = draw();
    }
}

/// Both agents turn, and walk where nothing is in their way.
pub(super) fn walk(plan: &Plan, world: &mut World, actions: [Action; 2], orders_drawn: bool, chance: &Chance) {
    let at = world.now.agents.map(|agent| agent.cell);
    let mut to = at;
    for (index, action) in actions.into_iter().enumerate() {
        if let Action::Move(direction) = action {
            world.now.agents[index].direction = direction;
            to[index] = plan.towards(at[index], direction).filter(|cell| world.number(*cell) == 0).unwrap_or(at[index]);
        }
    }
    let first = || if orders_drawn { chance.followed().first() } else { chance.first() };
    if to == [at[1], at[0]] {
        to = at;
    } else if to[0] == to[1] {
        // Whoever stands there stays; otherwise the first to go gets it.
        let stays = match to[0] {
            cell if cell == at[0] => 1,
            cell if cell == at[1] => 0,
            _ => 1 - first(),
        };
        to[stays] = at[stays];
    } else if to[0] == at[1] {
        // The other is on its way out: too late for one who goes before.
        if first() == 0 {
            to[0] = at[0];
        }
    } else if to[1] == at[0] && first() == 1 {
        to[1] = at[1];
    }
    for (agent, cell) in world.now.agents.iter_mut().zip(to) {
        agent.cell = cell;
    }
}

/// Both agents use their hands, the first before the second.
pub(super) fn handle(plan: &Plan, world: &mut World, actions: [Action; 2]) {
    for (index, action) in actions.into_iter().enumerate() {
        let agent = world.now.agents[index];
        let Some(front) = plan.towards(agent.cell, agent.direction) else { continue };
        if front == world.now.agents[1 - index].cell {
            continue;
        }
        match action {
            Action::PickupDrop => pick_up_or_drop(plan, world, index, front),
            Action::Toggle => press(plan, world, agent.held, front),
            Action::Move(_) | Action::Noop => {}
        }
    }
}

fn press(plan: &Plan, world: &mut World, held: u8, front: Cell) {
    if let Some(index) = plan.buttons.index(front)
        && held == 0
        && world.now.buttons[index] == 0
    {
        world.now.buttons[index] = BUTTON_TIME;
    }
}

fn pick_up_or_drop(plan: &Plan, world: &mut World, agent: usize, front: Cell) {
    let held = world.now.agents[agent].held;
    let number = world.number(front);
    let state = world.state(front);
    let held_after = match plan.scope.thing(number) {
        Thing::Nothing if held != 0 => {
            world.put(front, held);
            world.mark(front, 0);
            0
        }
        thing if thing.is_portable() && held == 0 => {
            world.put(front, 0);
            world.mark(front, 0);
            number
        }
        Thing::Counter if held == 0 && state != 0 => {
            world.mark(front, 0);
            state
        }
        Thing::Counter if held != 0 && state == 0 => {
            world.mark(front, held);
            0
        }
        Thing::Stack(ingredient) if held == 0 => plan.scope.number(Thing::Ingredient(ingredient)),
        Thing::Plates if held == 0 => plan.scope.number(Thing::Plate),
        Thing::Pot => use_pot(plan, world, held, front),
        Thing::Hatch => match plan.scope.thing(held) {
            Thing::Soup(mix) => {
                serve(plan, world, held, mix, front);
                0
            }
            _ => held,
        },
        _ => held,
    };
    world.now.agents[agent].held = held_after;
}

/// Puts an ingredient in, or fills a plate; gives what is held afterwards.
fn use_pot(plan: &Plan, world: &mut World, held: u8, front: Cell) -> u8 {
    let Some(pot) = plan.pots.index(front).and_then(|index| world.now.pots.get_mut(index)) else { return held };
    match plan.scope.thing(held) {
        Thing::Ingredient(ingredient) if takes(plan, *pot, ingredient) => {
            pot.mix.add(ingredient);
            if pot.is_full() {
                pot.timer = plan.cook_time;
            }
            0
        }
        Thing::Plate if pot.is_ready() => {
            let soup = Thing::Soup(pot.mix);
            *pot = Pot { mix: Mix::default(), timer: plan.cook_time };
            plan.scope.number(soup)
        }
        _ => held,
    }
}

/// Whether a pot has room for an ingredient and a recipe for what it then holds: the open kitchen's pots have them all.
fn takes(plan: &Plan, pot: Pot, ingredient: Ingredient) -> bool {
    !pot.is_full() && (plan.scope == Scope::OpenKitchen || pot.mix.only(ingredient))
}

/// The soup is gone; but the first one ever handed out here stays on the hatch in the reference's state of the cell.
fn serve(plan: &Plan, world: &mut World, held: u8, mix: Mix, front: Cell) {
    if world.state(front) == 0 {
        world.mark(front, held);
    }
    world.now.delivered = plan.scope == Scope::OpenKitchen;
    let recipe = u8::from(mix == Mix::TOMATOES);
    if let Some(slot) = world.now.orders.iter_mut().find(|slot| slot.is_some_and(|order| order.recipe == recipe)) {
        *slot = None;
    }
}
