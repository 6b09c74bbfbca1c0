//! A policy as the command line names it.
use std::path::PathBuf;

/// A policy as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PolicyArgument {
    Random,
    Expert(f64),
    Model(PathBuf),
}

/// Reads one.
pub(crate) fn argument(text: &str) -> Result<PolicyArgument, String> {
    let expected =
        || "random, expert, expert:SKILL with a probability from 0 to 1, or a file whose name ends in .onnx".to_owned();
    match text.split_once(':').unwrap_or((text, "")) {
        ("random", "") => Ok(PolicyArgument::Random),
        ("expert", "") if text == "expert" => Ok(PolicyArgument::Expert(1.0)),
        ("expert", skill) => {
            let skill = skill.parse().ok().filter(|skill| (0.0..=1.0).contains(skill));
            skill.map(PolicyArgument::Expert).ok_or_else(expected)
        }
        _ if text.ends_with(".onnx") => Ok(PolicyArgument::Model(text.into())),
        _ => Err(expected()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_a_name_an_expert_s_skill_or_a_file() {
        assert_eq!(argument("random"), Ok(PolicyArgument::Random));
        assert_eq!(argument("expert"), Ok(PolicyArgument::Expert(1.0)));
        assert_eq!(argument("expert:0.25"), Ok(PolicyArgument::Expert(0.25)));
        assert_eq!(argument("a:b/partner.onnx"), Ok(PolicyArgument::Model("a:b/partner.onnx".into())));
        for wrong in ["", "expert:", "expert:2", "expert:NaN", "random:1", "partner.pt"] {
            assert!(argument(wrong).is_err(), "{wrong}");
        }
    }
}
