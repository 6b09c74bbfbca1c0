//! What a step earns. As in the reference, rewards look at what the agents held and faced *before* the step and at what they
//! did, not at whether it worked: two onions for the last place in a pot are both rewarded, and a soup that is done in the very
//! step that fills a plate earns nothing for that.
use super::plan::{Cell, Plan};
use super::setup::Rewards;
use super::step::Action;
use super::thing::{Ingredient, Mix, Thing};
use super::world::{Now, Pot, Served};

/// What a soup earns.
pub(super) const DELIVERY: f64 = 20.0;
const INGREDIENT: f64 = 3.0;
const DISH: f64 = 5.0;
const LATE: f64 = -20.0;
const BUTTON: f64 = -5.0;

/// What an agent was about to do when it picked up or dropped.
#[derive(Clone, Copy)]
struct Attempt {
    held: Thing,
    front: Cell,
    faced: Thing,
    /// The pot it faced, if it was one.
    pot: Option<Pot>,
}

impl Attempt {
    fn of(plan: &Plan, before: &Now, agent: usize, action: Action) -> Option<Self> {
        let who = before.agents[agent];
        let front = plan.towards(who.cell, who.direction).filter(|_| action == Action::PickupDrop)?;
        let pot = plan.pots.index(front).and_then(|index| before.pots.get(index).copied());
        // Pots and hatches never move, so what was built is what is there.
        Some(Self { held: plan.scope.thing(who.held), front, faced: plan.built(front), pot })
    }

    /// The soup of one kind handed out, if it is one: others count for nothing anywhere.
    fn delivers(&self) -> Option<Mix> {
        match (self.faced, self.held) {
            (Thing::Hatch, Thing::Soup(mix @ (Mix::ONIONS | Mix::TOMATOES))) => Some(mix),
            _ => None,
        }
    }

    /// The pot with room that something is put into.
    fn filled(&self) -> Option<Pot> {
        self.pot.filter(|pot| !pot.is_full())
    }

    /// The ingredient put into a pot that takes only its own kind.
    fn cooks(&self) -> Option<Ingredient> {
        match self.held {
            Thing::Ingredient(one) if self.filled().is_some_and(|pot| pot.mix.only(one)) => Some(one),
            _ => None,
        }
    }

    /// The soup taken from a pot on a plate.
    fn plates(&self) -> Option<Mix> {
        self.pot.filter(|pot| pot.is_ready() && self.held == Thing::Plate).map(|pot| pot.mix)
    }
}

/// The rewards of both agents for a step from one state to the next, which notes what was earned and handed out.
pub(super) fn earned(plan: &Plan, before: &Now, after: &mut Now, actions: [Action; 2]) -> [f64; 2] {
    if before.time >= plan.max_steps || plan.rewards == Rewards::None {
        return [0.0; 2];
    }
    let attempts = [0, 1].map(|agent| Attempt::of(plan, before, agent, actions[agent]));
    let each = |of: &dyn Fn(&Attempt) -> f64| attempts.map(|attempt| attempt.as_ref().map_or(0.0, of));
    let all = |of: &dyn Fn(&Attempt) -> f64| each(of).iter().sum::<f64>();
    let soups = all(&|attempt| worth(attempt.delivers().is_some(), DELIVERY));
    let onion = |attempt: &Attempt| worth(attempt.cooks() == Some(Ingredient::Onion), INGREDIENT);
    let dish = |attempt: &Attempt| worth(attempt.plates().is_some(), DISH);
    let both = |points: f64| ([points; 2], points);
    let (target, ingredient) = match before.target {
        0 => (Mix::ONIONS, Ingredient::Onion),
        _ => (Mix::TOMATOES, Ingredient::Tomato),
    };
    let ((rewards, points), handed_out) = match plan.rewards {
        Rewards::Team => (both(soups + all(&onion) + all(&dish)), soups),
        Rewards::Own => {
            let ([a, b], [c, d]) = (each(&onion), each(&dish));
            (([soups + a + c, soups + b + d], soups + a + b + c + d), soups)
        }
        Rewards::Orders => {
            let handed_out = ordered(before, after, soups);
            let wanted = |one: Ingredient| before.orders.iter().flatten().any(|order| order.recipe == one as u8);
            let put_in = all(&|attempt| worth(attempt.cooks().is_some_and(wanted), INGREDIENT));
            let late = LATE * f64::from(after.expired.saturating_sub(before.expired));
            (both(handed_out + put_in + late), handed_out)
        }
        Rewards::Target => {
            let handed_out = all(&|attempt| attempt.delivers().map_or(0.0, |mix| either(mix == target, DELIVERY)));
            // Whatever is held before a pot with room counts, a plate too.
            let put_in = all(&|attempt| match (attempt.held, attempt.filled()) {
                (Thing::Nothing, _) | (_, None) => 0.0,
                (held, Some(_)) => either(held == Thing::Ingredient(ingredient), INGREDIENT),
            });
            let dish = all(&|attempt| attempt.plates().map_or(0.0, |mix| either(mix == target, DISH)));
            let pressed = before.buttons.iter().zip(&after.buttons).filter(|(was, is)| **was == 0 && **is > 0);
            (both(handed_out + put_in + dish + BUTTON * pressed.count() as f64), handed_out)
        }
        Rewards::None => (both(0.0), 0.0),
    };
    after.score += points;
    let deliveries = all(&|attempt| worth(attempt.delivers().is_some(), 1.0));
    for (served, attempt) in after.served.iter_mut().zip(attempts) {
        let Some((attempt, mix)) = attempt.and_then(|attempt| attempt.delivers().map(|mix| (attempt, mix))) else {
            continue;
        };
        // What this soup brought. Orders pay for all at once.
        let reward =
            if plan.rewards == Rewards::Target { either(mix == target, DELIVERY) } else { handed_out / deliveries };
        *served = Some(Served { time: after.time, cell: attempt.front, reward: reward as i16 });
    }
    rewards
}

/// What soups earn where they are ordered. An order that expires in the same step passes for a served one.
fn ordered(before: &Now, after: &Now, soups: f64) -> f64 {
    let closed = before.orders.iter().zip(&after.orders).any(|(was, is)| was.is_some() && is.is_none());
    match (soups > 0.0, closed) {
        (false, _) => 0.0,
        (true, true) => soups,
        (true, false) => -DELIVERY,
    }
}

fn worth(earned: bool, points: f64) -> f64 {
    if earned { points } else { 0.0 }
}

fn either(right: bool, points: f64) -> f64 {
    if right { points } else { -points }
}
