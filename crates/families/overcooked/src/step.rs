//! One step: first the hands, then the feet, then the fire.
use super::action::Action;
use super::kitchen::Kitchen;
use super::state::{Item, State};
use super::{interact, movement};

/// Pots of this many ingredients start by themselves under the old dynamics, however many a pot could take.
const OLD_DYNAMICS_INGREDIENTS: usize = 3;

/// Advances by one joint action.
pub(super) fn advance(kitchen: &Kitchen, state: &mut State, actions: [Action; 2]) {
    state.timestep += 1;
    interact::resolve(kitchen, state, actions);
    movement::resolve(kitchen, state, actions);
    cook(kitchen, state);
    state.score += state.sparse.iter().sum::<f64>();
}

fn cook(kitchen: &Kitchen, state: &mut State) {
    for placed in &mut state.objects {
        let Item::Soup(soup) = &mut placed.item else { continue };
        if kitchen.old_dynamics && soup.is_idle() && soup.ingredients().len() == OLD_DYNAMICS_INGREDIENTS {
            soup.tick = 0;
        }
        if soup.is_cooking(&kitchen.book) {
            soup.tick += 1;
        }
    }
}
