//! A policy in a seat.
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A policy that can sit in a seat. It is written as pages write their seats: `"idle"`, `"random"`, `"expert"`, or
/// `{"expert": true, "skill": 0.7}`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum SeatPolicy {
    /// The environment's idle action.
    #[default]
    Idle,
    /// Any action, from a generator that the match's seed fixes.
    Random,
    /// As the environment's expert plays, from the same generator.
    Expert {
        /// With what probability an action is the expert's own, and not a random one: 0 to 1.
        skill: f64,
    },
}

/// An expert that plays as well as it can.
const FULL: f64 = 1.0;

impl SeatPolicy {
    /// The environment's expert with all its skill.
    pub const EXPERT: Self = Self::Expert { skill: FULL };

    /// As a record's header names it.
    pub fn name(self) -> String {
        match self {
            Self::Idle => "idle".to_owned(),
            Self::Random => "random".to_owned(),
            Self::Expert { skill } if skill < FULL => format!("expert skill {skill}"),
            Self::Expert { .. } => "expert".to_owned(),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Idle,
    Random,
    Expert,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expert {
    expert: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    skill: Option<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Name(Name),
    Expert(Expert),
}

impl Serialize for SeatPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match *self {
            Self::Idle => Written::Name(Name::Idle),
            Self::Random => Written::Name(Name::Random),
            Self::Expert { skill } if skill < FULL => Written::Expert(Expert { expert: true, skill: Some(skill) }),
            Self::Expert { .. } => Written::Name(Name::Expert),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SeatPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let expected = "expected \"idle\", \"random\", \"expert\" or { expert = true, skill = 0 to 1 }";
        let written = Written::deserialize(deserializer).map_err(|_| D::Error::custom(expected))?;
        let skill = match written {
            Written::Name(Name::Idle) => return Ok(Self::Idle),
            Written::Name(Name::Random) => return Ok(Self::Random),
            Written::Name(Name::Expert) => FULL,
            Written::Expert(Expert { expert: false, .. }) => {
                return Err(D::Error::custom(format!("{expected}, found expert = false")));
            }
            Written::Expert(Expert { skill, .. }) => skill.unwrap_or(FULL),
        };
        if (0.0..=FULL).contains(&skill) {
            return Ok(Self::Expert { skill });
        }
        Err(D::Error::custom(format!("skill: expected a probability from 0 to 1, found {skill}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn policies_are_written_as_pages_write_their_seats() {
        for (policy, written, name) in [
            (SeatPolicy::Idle, json!("idle"), "idle"),
            (SeatPolicy::Random, json!("random"), "random"),
            (SeatPolicy::EXPERT, json!("expert"), "expert"),
            (SeatPolicy::Expert { skill: 0.7 }, json!({"expert": true, "skill": 0.7}), "expert skill 0.7"),
            (SeatPolicy::Expert { skill: 0.0 }, json!({"expert": true, "skill": 0.0}), "expert skill 0"),
        ] {
            assert_eq!(serde_json::to_value(policy).unwrap(), written);
            assert_eq!(serde_json::from_value::<SeatPolicy>(written).unwrap(), policy);
            assert_eq!(policy.name(), name);
        }
        assert_eq!(serde_json::from_value::<SeatPolicy>(json!({"expert": true})).unwrap(), SeatPolicy::EXPERT);
    }

    #[test]
    fn what_is_no_policy_is_told_what_one_is() {
        for (wrong, word) in [
            (json!("genius"), "expected \"idle\""),
            (json!({"expert": false}), "found expert = false"),
            (json!({"expert": true, "skill": 1.5}), "skill: expected a probability from 0 to 1, found 1.5"),
            (json!({"expert": true, "skil": 1}), "expected \"idle\""),
            (json!({"onnx": "partner.onnx"}), "expected \"idle\""),
            (json!(3), "expected \"idle\""),
        ] {
            let error = serde_json::from_value::<SeatPolicy>(wrong.clone()).unwrap_err().to_string();
            assert!(error.contains(word), "{wrong}: {error}");
        }
    }
}
