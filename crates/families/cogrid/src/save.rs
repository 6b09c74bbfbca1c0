//! A world as bytes, and back with everything checked.
use palaestra_env::{RestoreError, StateReader, StateWriter};

use super::plan::{Cell, Direction, Plan};
use super::thing::{Ingredient, Mix, Scope, Thing};
use super::world::{Agent, Now, Order, Pot, Served, World};

/// Larger than any points.
const MOST_POINTS: i64 = 1000;

/// Writes the world.
pub(super) fn save(world: &World, out: &mut StateWriter) {
    let now = &world.now;
    for agent in now.agents {
        out.u8(agent.cell as u8);
        out.u8(agent.direction as u8);
        out.u8(agent.held);
    }
    for pot in now.pots {
        pot.mix.0.iter().for_each(|count| out.u8(*count));
        out.u8(pot.timer);
    }
    for order in now.orders {
        // A timer of 0 is no order's.
        out.u8(order.map_or(0, |order| order.recipe));
        out.u8(order.map_or(0, |order| order.timer));
    }
    out.u32(now.expired);
    out.u8(now.target);
    out.bool(now.delivered);
    now.buttons.iter().for_each(|timer| out.u8(*timer));
    out.u32(now.time);
    out.f64(now.score);
    for served in now.served {
        out.bool(served.is_some());
        if let Some(served) = served {
            out.u32(served.time);
            out.u8(served.cell as u8);
            out.i64(served.reward.into());
        }
    }
    for (number, state) in world.cells() {
        out.u8(number);
        out.u8(state);
    }
}

/// Reads into `world` what [`save`] wrote.
///
/// # Errors
/// [`RestoreError`] for what no world of this plan is; `world` is then left in between.
pub(super) fn restore(plan: &Plan, world: &mut World, input: &mut StateReader<'_>) -> Result<(), RestoreError> {
    let mut reader = Reader { plan, input };
    let agents = [reader.agent()?, reader.agent()?];
    let pots = [reader.pot()?, reader.pot()?];
    let orders = [reader.order()?, reader.order()?];
    let expired = reader.input.u32()?;
    let target = reader.up_to(1, "target")?;
    let delivered = reader.input.bool("delivered")?;
    let buttons = [reader.up_to(10, "buttons")?, reader.up_to(10, "buttons")?];
    let time = reader.input.u32()?;
    let score = reader.score(time)?;
    let served = [reader.served(time)?, reader.served(time)?];
    world.now = Now { agents, pots, orders, expired, target, delivered, buttons, time, score, served };
    for cell in 0..plan.things.len() {
        let number = reader.thing(cell)?;
        let state = reader.state(cell)?;
        world.put(cell, number);
        world.mark(cell, state);
    }
    world.forget();
    let on_the_floor = agents.iter().all(|agent| world.number(agent.cell) == 0);
    let apart = agents[0].cell != agents[1].cell;
    if on_the_floor && apart { Ok(()) } else { Err(invalid("agents")) }
}

fn invalid(field: &'static str) -> RestoreError {
    RestoreError::Invalid { field }
}

struct Reader<'a, 'b, 'c> {
    plan: &'a Plan,
    input: &'b mut StateReader<'c>,
}

impl Reader<'_, '_, '_> {
    fn up_to(&mut self, last: u8, field: &'static str) -> Result<u8, RestoreError> {
        let value = self.input.u8()?;
        if value <= last { Ok(value) } else { Err(invalid(field)) }
    }

    fn cell(&mut self, field: &'static str) -> Result<Cell, RestoreError> {
        let cell = Cell::from(self.input.u8()?);
        if cell < self.plan.things.len() { Ok(cell) } else { Err(invalid(field)) }
    }

    /// Nothing, or what can be carried.
    fn item(&mut self, field: &'static str) -> Result<u8, RestoreError> {
        let number = self.input.u8()?;
        let possible = number == 0 || self.plan.scope.thing(number).is_portable();
        if possible { Ok(number) } else { Err(invalid(field)) }
    }

    fn agent(&mut self) -> Result<Agent, RestoreError> {
        let cell = self.cell("agents")?;
        let direction = Direction::numbered(self.up_to(3, "direction")?.into());
        Ok(Agent { cell, direction, held: self.item("held")? })
    }

    fn pot(&mut self) -> Result<Pot, RestoreError> {
        let mut mix = Mix::default();
        for ingredient in Ingredient::ALL {
            let count = self.up_to(Mix::CAPACITY - mix.len(), "pots")?;
            (0..count).for_each(|_| mix.add(ingredient));
        }
        let pot = Pot { mix, timer: self.up_to(self.plan.cook_time, "pots")? };
        let pure = Ingredient::ALL.iter().any(|one| mix.only(*one) && (*one as u8) < 2);
        let possible = pure || self.plan.scope == Scope::OpenKitchen;
        let counted = pot.is_full() || pot.timer == self.plan.cook_time;
        if possible && counted { Ok(pot) } else { Err(invalid("pots")) }
    }

    fn order(&mut self) -> Result<Option<Order>, RestoreError> {
        let (recipe, timer) = (self.up_to(1, "orders")?, self.up_to(100, "orders")?);
        match (recipe, timer) {
            (0, 0) => Ok(None),
            (_, 0) => Err(invalid("orders")),
            _ => Ok(Some(Order { recipe, timer })),
        }
    }

    fn score(&mut self, time: u32) -> Result<f64, RestoreError> {
        let score = self.input.f64()?;
        let possible = score.abs() <= (2 * MOST_POINTS) as f64 * f64::from(time);
        if possible { Ok(score) } else { Err(invalid("score")) }
    }

    fn served(&mut self, now: u32) -> Result<Option<Served>, RestoreError> {
        if !self.input.bool("served")? {
            return Ok(None);
        }
        let (time, cell, reward) = (self.input.u32()?, self.cell("served")?, self.input.i64()?);
        if time > now || reward.abs() > MOST_POINTS {
            return Err(invalid("served"));
        }
        Ok(Some(Served { time, cell, reward: reward as i16 }))
    }

    /// What was built stays; what can be carried may lie on the floor, or be gone from where it lay at first.
    fn thing(&mut self, cell: Cell) -> Result<u8, RestoreError> {
        let number = self.input.u8()?;
        let built = self.plan.built(cell);
        let possible = if built == Thing::Nothing || built.is_portable() {
            number == 0 || self.plan.scope.thing(number).is_portable()
        } else {
            self.plan.scope.thing(number) == built
        };
        if possible { Ok(number) } else { Err(invalid("things")) }
    }

    fn state(&mut self, cell: Cell) -> Result<u8, RestoreError> {
        match self.plan.built(cell) {
            Thing::Counter | Thing::Hatch => self.item("states"),
            Thing::Pot => self.up_to(Mix::CAPACITY * (1 + self.plan.cook_time), "states"),
            Thing::Sign | Thing::Button => self.up_to(2, "states"),
            _ => self.up_to(0, "states"),
        }
    }
}
