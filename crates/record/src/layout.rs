//! How a record lays out what an environment returns: one value where all agents share it, else a list in agent order.
use palaestra_env::{Sharing, Spec, Value};
use palaestra_text::json::number;
use serde_json::Value as Json;

use crate::members::{NotAMember, action_from_json, to_json};

fn laid_out(sharing: Sharing, mut values: impl Iterator<Item = Json>) -> Json {
    match sharing {
        Sharing::Shared => values.next().unwrap_or_default(),
        Sharing::PerAgent => values.collect(),
    }
}

pub(crate) fn observations(spec: &Spec, values: &[Value]) -> Json {
    let values = spec.observation_spaces.iter().zip(values).map(|(space, value)| to_json(space, value));
    laid_out(spec.observation, values)
}

pub(crate) fn rewards(spec: &Spec, rewards: &[f64]) -> Json {
    laid_out(spec.reward, rewards.iter().map(|reward| number(*reward)))
}

/// What a step adds to the `return` of the end line.
pub(crate) fn total(spec: &Spec, rewards: &[f64]) -> f64 {
    match spec.reward {
        Sharing::Shared => rewards.first().copied().unwrap_or_default(),
        Sharing::PerAgent => rewards.iter().sum(),
    }
}

pub(crate) fn flags(spec: &Spec, flags: &[bool]) -> Json {
    laid_out(spec.ended, flags.iter().map(|flag| Json::Bool(*flag)))
}

/// Of the joint action: a single agent's stands alone, unless what it sees is in a list as well.
pub(crate) fn of_actions(spec: &Spec) -> Sharing {
    if spec.agents.len() == 1 { spec.observation } else { Sharing::PerAgent }
}

/// A joint action that cannot be read.
pub(crate) enum BadAction {
    /// Not one per agent.
    Count { found: usize },
    /// One that is not in its space.
    Member { agent: usize, error: NotAMember },
}

/// Reads a joint action as a record has it; references also key the actions by agent.
pub(crate) fn read_actions(spec: &Spec, json: Json, values: &mut Vec<Value>) -> Result<(), BadAction> {
    let list = match by_agent(spec, json) {
        Json::Array(list) if of_actions(spec) == Sharing::PerAgent => list,
        json if spec.agents.len() == 1 => vec![json],
        _ => return Err(BadAction::Count { found: 1 }),
    };
    if list.len() != spec.agents.len() {
        return Err(BadAction::Count { found: list.len() });
    }
    values.clear();
    for (agent, (space, json)) in spec.action_spaces.iter().zip(&list).enumerate() {
        values.push(action_from_json(spec, space, json).map_err(|error| BadAction::Member { agent, error })?);
    }
    Ok(())
}

/// The list in agent order that an object keyed by the agents' ids stands for; anything else is left as it is.
pub(crate) fn by_agent(spec: &Spec, json: Json) -> Json {
    match json {
        Json::Object(mut map)
            if spec.agents.len() > 1
                && map.len() == spec.agents.len()
                && spec.agents.iter().all(|agent| map.contains_key(agent)) =>
        {
            spec.agents.iter().map(|agent| map.remove(agent).unwrap_or_default()).collect()
        }
        json => json,
    }
}

#[cfg(test)]
mod tests {
    use palaestra_env::Space;
    use serde_json::json;

    use super::*;

    fn read(spec: &Spec, json: Json) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        read_actions(spec, json, &mut values).ok().map(|()| values)
    }

    #[test]
    fn a_single_agent_s_action_stands_as_what_it_sees_does() {
        let alone = Spec::single("Own-v0", Space::discrete(3), Space::discrete(3));
        let listed = Spec { observation: Sharing::PerAgent, ..alone.clone() };
        assert_eq!((of_actions(&alone), of_actions(&listed)), (Sharing::Shared, Sharing::PerAgent));
        assert_eq!(read(&alone, json!(2)), Some(vec![Value::Discrete(2)]));
        assert_eq!(read(&alone, json!([2])), None);
        for json in [json!([2]), json!(2)] {
            assert_eq!(read(&listed, json), Some(vec![Value::Discrete(2)]));
        }
        assert_eq!(read(&listed, json!([2, 1])), None);
    }

    #[test]
    fn an_object_stands_for_a_list_only_if_it_has_every_agent_and_nobody_else() {
        let spec = |agents: &[&str]| Spec {
            agents: agents.iter().map(|agent| (*agent).to_owned()).collect(),
            ..Spec::single("Pair-v0", Space::discrete(2), Space::discrete(2))
        };
        let pair = spec(&["a", "b"]);
        assert_eq!(by_agent(&pair, json!({"b": 2, "a": 1})), json!([1, 2]));
        for other in
            [json!({"a": 1}), json!({"a": 1, "c": 2}), json!({"a": 1, "b": 2, "c": 3}), json!([2, 1]), json!({})]
        {
            assert_eq!(by_agent(&pair, other.clone()), other);
        }
        assert_eq!(by_agent(&spec(&["a"]), json!({"a": 1})), json!({"a": 1}), "one agent has no list");
    }
}
