//! The names of data sets.
use palaestra_env::Kwargs;
use serde_json::Value as Json;
use xxhash_rust::xxh64::xxh64;

/// The namespace of all data sets that come of records.
const NAMESPACE: &str = "palaestra";

/// The id of the data set of an agent of an environment: `palaestra/CartPole-v1/agent_0-v0`. Where the environment was made with
/// arguments, eight digits stand behind the agent that are others for other arguments.
pub(crate) fn dataset_id(env_id: &str, kwargs: &Kwargs, agent: &str) -> String {
    let environment: Vec<String> = env_id.split('/').map(part).collect();
    let made_with = if kwargs.is_empty() {
        String::new()
    } else {
        let hash = xxh64(Json::Object(kwargs.clone()).to_string().as_bytes(), 0);
        format!("-{:08x}", hash >> 32)
    };
    format!("{NAMESPACE}/{}/{}{made_with}-v0", environment.join("/"), part(agent))
}

/// Of letters, digits, `_` and `-`, as Minari wants it: anything else is a `_`. No path leads out of its folder.
fn part(name: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    let name: String = name.chars().take(100).map(fit).collect();
    if name.len() < 2 { format!("{name}_") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_environment_agent_and_arguments() {
        let none = Kwargs::new();
        assert_eq!(dataset_id("CartPole-v1", &none, "agent_0"), "palaestra/CartPole-v1/agent_0-v0");
        assert_eq!(
            dataset_id("mpe2/simple_tag_v3", &none, "adversary_0"),
            "palaestra/mpe2/simple_tag_v3/adversary_0-v0"
        );
        let kwargs = |text: &str| serde_json::from_str::<Kwargs>(text).unwrap();
        let (a, b) = (kwargs("{\"n\":1}"), kwargs("{\"n\":2}"));
        let ids = [&a, &b].map(|kwargs| dataset_id("X-v0", kwargs, "agent_0"));
        assert_ne!(ids[0], ids[1]);
        assert!(ids[0].starts_with("palaestra/X-v0/agent_0-") && ids[0].ends_with("-v0"), "{}", ids[0]);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        assert_eq!(dataset_id("../../x y", &Kwargs::new(), "..\\a"), "palaestra/__/__/x_y/___a-v0");
    }
}
