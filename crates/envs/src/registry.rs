//! From an id and keyword arguments to an environment.
use palaestra_env::{Env, Kwargs, MakeError};

use crate::{box2d, catalog, classic_control, cogrid, minigrid, overcooked, slime_volley, toy_text};

/// Makes the environment registered under `id`, checked and time-limited as `gymnasium.make` does.
///
/// # Errors
/// [`MakeError::UnknownId`] with the nearest id, or [`MakeError::Argument`] for keyword arguments it does not take.
pub fn make(id: &str, kwargs: &Kwargs) -> Result<Env, MakeError> {
    find(id, kwargs).unwrap_or_else(|| Err(MakeError::UnknownId { id: id.to_owned(), nearest: nearest(id) }))
}

fn find(id: &str, kwargs: &Kwargs) -> Option<Result<Env, MakeError>> {
    let made = classic_control::make(id, kwargs)
        .or_else(|| toy_text::make(id, kwargs))
        .or_else(|| minigrid::make(id, kwargs))
        .or_else(|| overcooked::make(id, kwargs))
        .or_else(|| cogrid::make(id, kwargs))
        .or_else(|| slime_volley::make(id, kwargs))
        .or_else(|| box2d::make(id, kwargs))?;
    Some(made.map(Env::new).map_err(MakeError::Argument))
}

/// The registered id with the fewest differences, if they are few.
pub fn nearest(id: &str) -> Option<&'static str> {
    palaestra_env::nearest(id, catalog::catalog().map(|entry| entry.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_env::json::from_json;

    #[test]
    fn an_unknown_id_is_told_the_nearest_one() {
        let error = make("Cartpole-v1", &Kwargs::new()).err().unwrap();
        assert_eq!(
            error.to_string(),
            "expected the id of a registered environment, found `Cartpole-v1` (did you mean `CartPole-v1`?)"
        );
        let error = make("Chess", &Kwargs::new()).err().unwrap();
        assert!(!error.to_string().contains("did you mean"), "{error}");
    }

    #[test]
    fn every_entry_of_the_catalog_can_be_made_and_has_as_many_agents_as_it_says() {
        for entry in catalog::catalog() {
            let env = make(entry.id, &Kwargs::new()).unwrap();
            assert_eq!(env.spec().agents.len(), entry.agents, "{}", entry.id);
            assert_eq!(env.spec().id, entry.id);
            let bound = entry.keys.iter().flat_map(|keys| keys.iter().map(|key| key.action));
            for action in bound.chain(entry.idle.iter().copied()) {
                let json = serde_json::to_value(action).unwrap();
                from_json(&env.spec().action_spaces[0], &json).unwrap_or_else(|error| panic!("{}: {error}", entry.id));
            }
        }
    }
}
