//! A policy in a seat.
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ModelSeat;

/// A policy that can sit in a seat. It is written as pages write their seats: `"idle"`, `"random"`, `"expert"`,
/// `{"expert": true, "skill": 0.7}`, or as a [`ModelSeat`].
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// As a model plays, which every browser has loaded.
    Model(Box<ModelSeat>),
}

/// An expert that plays as well as it can.
const FULL: f64 = 1.0;

impl SeatPolicy {
    /// The environment's expert with all its skill.
    pub const EXPERT: Self = Self::Expert { skill: FULL };

    /// The model, where it is one.
    pub fn model(&self) -> Option<&ModelSeat> {
        if let Self::Model(model) = self { Some(model) } else { None }
    }

    /// Whether a page that asks for this policy can play where a lobby has `other`.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Model(one), Self::Model(other)) => one.agrees(other),
            (one, other) => one == other,
        }
    }

    /// As a record's header names it; of a model without the hash of its file.
    pub fn name(&self) -> String {
        match self {
            Self::Model(model) => format!("onnx {}", model.onnx),
            Self::Idle => "idle".to_owned(),
            Self::Random => "random".to_owned(),
            Self::Expert { skill } if *skill < FULL => format!("expert skill {skill}"),
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
    Model(ModelSeat),
}

impl Serialize for SeatPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Self::Model(model) => return model.serialize(serializer),
            Self::Idle => Written::Name(Name::Idle),
            Self::Random => Written::Name(Name::Random),
            Self::Expert { skill } if *skill < FULL => Written::Expert(Expert { expert: true, skill: Some(*skill) }),
            Self::Expert { .. } => Written::Name(Name::Expert),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SeatPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let expected =
            "expected \"idle\", \"random\", \"expert\", { expert = true, skill = 0 to 1 } or { onnx = its address }";
        // What is meant for a model is told what is wrong with it.
        let written = serde_json::Value::deserialize(deserializer)?;
        if written.get("onnx").is_some() {
            let model = serde_json::from_value(written).map_err(D::Error::custom)?;
            return Ok(Self::Model(Box::new(model)));
        }
        let written: Written = serde_json::from_value(written).map_err(|_| D::Error::custom(expected))?;
        let skill = match written {
            Written::Model(model) => return Ok(Self::Model(Box::new(model))),
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
            (model(None), json!({"onnx": "a.onnx", "sample": true, "frameSkip": 2}), "onnx a.onnx"),
        ] {
            assert_eq!(serde_json::to_value(&policy).unwrap(), written);
            assert_eq!(serde_json::from_value::<SeatPolicy>(written).unwrap(), policy);
            assert_eq!(policy.name(), name);
        }
        assert_eq!(serde_json::from_value::<SeatPolicy>(json!({"expert": true})).unwrap(), SeatPolicy::EXPERT);
    }

    fn model(sha256: Option<&str>) -> SeatPolicy {
        SeatPolicy::Model(Box::new(ModelSeat {
            onnx: "a.onnx".to_owned(),
            manifest: None,
            sample: Some(true),
            frame_skip: Some(2),
            reaction_delay: None,
            sha256: sha256.map(|digit| digit.repeat(64)),
        }))
    }

    #[test]
    fn models_agree_wherever_they_lie_and_unless_their_files_are_known_to_differ() {
        let elsewhere = json!({"onnx": "https://lab.example/b.onnx", "sample": true, "frameSkip": 2});
        let elsewhere: SeatPolicy = serde_json::from_value(elsewhere).unwrap();
        assert!(model(None).agrees(&elsewhere) && model(Some("a")).agrees(&elsewhere));
        assert!(model(Some("a")).agrees(&model(Some("a"))) && !model(Some("a")).agrees(&model(Some("b"))));
        let likeliest: SeatPolicy = serde_json::from_value(json!({"onnx": "a.onnx"})).unwrap();
        assert!(!model(None).agrees(&likeliest) && !model(None).agrees(&SeatPolicy::EXPERT));
    }

    #[test]
    fn what_is_no_policy_is_told_what_one_is() {
        for (wrong, word) in [
            (json!("genius"), "expected \"idle\""),
            (json!({"expert": false}), "found expert = false"),
            (json!({"expert": true, "skill": 1.5}), "skill: expected a probability from 0 to 1, found 1.5"),
            (json!({"expert": true, "skil": 1}), "expected \"idle\""),
            (json!({"onnx": 3}), "expected a string"),
            (
                json!({"onnx": "a.onnx", "sha256": "12"}),
                "sha256: expected 64 hexadecimal digits in small letters, found 2",
            ),
            (json!({"onnx": "a.onnx", "skill": 1}), "unknown field `skill`"),
            (json!(3), "expected \"idle\""),
        ] {
            let error = serde_json::from_value::<SeatPolicy>(wrong.clone()).unwrap_err().to_string();
            assert!(error.contains(word), "{wrong}: {error}");
        }
    }
}
