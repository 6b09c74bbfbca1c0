//! The names of data sets.
use palaestra_env::Kwargs;
use serde_json::Value as Json;
use xxhash_rust::xxh64::xxh64;

/// The namespace of all data sets that come of records.
const NAMESPACE: &str = "palaestra";

/// The id of the data set of an agent of an environment: `palaestra/CartPole-v1/agent_0-v0`. Where the environment was made with
/// arguments, eight digits stand behind the agent that are others for other arguments; they stand behind each part of the id that is
/// not the name itself, and are others for other names.
pub(crate) fn dataset_id(env_id: &str, kwargs: &Kwargs, agent: &str) -> String {
    let environment: Vec<String> = env_id.split('/').map(part).collect();
    let made_with = if kwargs.is_empty() { String::new() } else { digits(&Json::Object(kwargs.clone()).to_string()) };
    format!("{NAMESPACE}/{}/{}{made_with}-v0", environment.join("/"), part(agent))
}

fn digits(text: &str) -> String {
    format!("-{:08x}", xxh64(text.as_bytes(), 0) >> 32)
}

/// Of letters, digits, `_` and `-`, as Minari wants it: anything else is a `_`. No path leads out of its folder. Names that are not fit, or
/// are too long or too short, are told apart by their digits.
fn part(name: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    let part: String = name.chars().take(100).map(fit).collect();
    if part == name && part.len() >= 2 { part } else { part + &digits(name) }
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
        let id = dataset_id("../../x y", &Kwargs::new(), "..\\a");
        let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
        assert!(id.starts_with("palaestra/__-") && id.contains("/x_y-") && id.chars().all(fit), "{id}");
    }

    #[test]
    fn names_that_are_changed_do_not_become_one() {
        let id = |agent: &str| dataset_id("guest/X-v0", &Kwargs::new(), agent);
        assert_eq!(id("player_1"), "palaestra/guest/X-v0/player_1-v0");
        let long = |end: &str| format!("{}{end}", "x".repeat(100));
        let names =
            ["player_1", "player 1", "player.1", "\u{592a}\u{90ce}", "\u{82b1}\u{5b50}", "a", "a_"].map(str::to_owned);
        let ids: std::collections::BTreeSet<String> =
            names.iter().chain(&[long("y"), long("z")]).map(|name| id(name)).collect();
        assert_eq!(ids.len(), names.len() + 2, "{ids:?}");
        assert!(id("player 1").starts_with("palaestra/guest/X-v0/player_1-"), "{}", id("player 1"));
    }
}
