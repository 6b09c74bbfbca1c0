//! What changes while an environment is played.
use super::plan::{Cell, Direction, MOST, Plan};
use super::thing::{Mix, Thing};

/// Orders that can be open at once.
pub(super) const ORDERS: usize = 2;

/// An agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Agent {
    pub(super) cell: Cell,
    pub(super) direction: Direction,
    /// The number of what it carries; 0 for nothing, which is −1 in the reference.
    pub(super) held: u8,
}

/// A pot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pot {
    pub(super) mix: Mix,
    /// Steps a full pot still has to cook; before it is full, all of them.
    pub(super) timer: u8,
}

impl Pot {
    pub(super) fn is_full(self) -> bool {
        self.mix.len() == Mix::CAPACITY
    }

    pub(super) fn is_cooking(self) -> bool {
        self.is_full() && self.timer > 0
    }

    pub(super) fn is_ready(self) -> bool {
        self.is_full() && self.timer == 0
    }
}

/// An open order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// 0 onion soup, 1 tomato soup.
    pub(super) recipe: u8,
    /// Steps until it expires.
    pub(super) timer: u8,
}

/// A soup that was handed out: for the eye only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Served {
    pub(super) time: u32,
    pub(super) cell: Cell,
    pub(super) reward: i16,
}

/// The small things that change, copied at every step, since rewards look at what was before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Now {
    pub(super) agents: [Agent; 2],
    pub(super) pots: [Pot; MOST],
    pub(super) orders: [Option<Order>; ORDERS],
    /// How many orders expired.
    pub(super) expired: u32,
    /// The wanted soup: 0 onion, 1 tomato.
    pub(super) target: u8,
    /// A soup was handed out in this step: the next one begins with another target.
    pub(super) delivered: bool,
    /// Steps for which each button still shows the target.
    pub(super) buttons: [u8; MOST],
    pub(super) time: u32,
    /// What both have earned, with what earns both the same counted once: for the eye only.
    pub(super) score: f64,
    pub(super) served: [Option<Served>; 2],
}

/// All that changes.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) now: Now,
    /// What stands in each cell, by number.
    things: Vec<u8>,
    /// The reference's state of each cell: the number of what lies on a counter, how far a pot is, what a sign shows.
    states: Vec<u8>,
    /// A bit for every cell that has changed since it was last asked for.
    changed: u128,
}

impl Now {
    /// The start of an episode, with the agents in their places.
    fn new(plan: &Plan, agents: [Agent; 2]) -> Self {
        Self {
            agents,
            pots: [Pot { mix: Mix::default(), timer: plan.cook_time }; MOST],
            orders: [None; ORDERS],
            expired: 0,
            target: 0,
            delivered: false,
            buttons: [0; MOST],
            time: 0,
            score: 0.0,
            served: [None; 2],
        }
    }
}

impl World {
    /// Before the first reset.
    pub(super) fn new(plan: &Plan) -> Self {
        let agent = |cell| Agent { cell, direction: Direction::Right, held: 0 };
        Self {
            now: Now::new(plan, plan.starts.unwrap_or_else(|| plan.first_free()).map(agent)),
            things: plan.things.clone(),
            states: vec![0; plan.things.len()],
            changed: u128::MAX,
        }
    }

    /// Puts everything back where it was built, without the agents' places.
    pub(super) fn clear(&mut self, plan: &Plan) {
        self.now = Now::new(plan, self.now.agents.map(|agent| Agent { held: 0, ..agent }));
        for (cell, number) in plan.things.iter().enumerate() {
            self.put(cell, *number);
            self.mark(cell, 0);
        }
    }

    /// The number of what stands in a cell.
    pub(super) fn number(&self, cell: Cell) -> u8 {
        self.things.get(cell).copied().unwrap_or_default()
    }

    /// What stands in a cell.
    pub(super) fn thing(&self, plan: &Plan, cell: Cell) -> Thing {
        plan.scope.thing(self.number(cell))
    }

    /// A cell's state.
    pub(super) fn state(&self, cell: Cell) -> u8 {
        self.states.get(cell).copied().unwrap_or_default()
    }

    /// What stands in each cell and its state.
    pub(super) fn cells(&self) -> impl ExactSizeIterator<Item = (u8, u8)> + '_ {
        self.things.iter().copied().zip(self.states.iter().copied())
    }

    /// The greatest state of a cell.
    pub(super) fn greatest_state(&self) -> u8 {
        self.states.iter().copied().max().unwrap_or_default()
    }

    pub(super) fn put(&mut self, cell: Cell, number: u8) {
        set(&mut self.things, &mut self.changed, cell, number);
    }

    pub(super) fn mark(&mut self, cell: Cell, state: u8) {
        set(&mut self.states, &mut self.changed, cell, state);
    }

    /// The cells that changed since this was last called, a bit each.
    pub(super) fn take_changes(&mut self) -> u128 {
        std::mem::take(&mut self.changed)
    }

    /// Says that every cell may have changed.
    pub(super) fn forget(&mut self) {
        self.changed = u128::MAX;
    }
}

fn set(cells: &mut [u8], changed: &mut u128, cell: Cell, value: u8) {
    if let Some(slot) = cells.get_mut(cell)
        && *slot != value
    {
        *slot = value;
        *changed |= 1 << cell;
    }
}
