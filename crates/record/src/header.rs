//! The first line of a record: what was played and by whom.
use palaestra_env::Kwargs;
use palaestra_text::json::shortened;
use palaestra_text::{Shown, check_name};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value as Json};

pub use crate::field::FieldError;
use crate::field::Fields;

/// The package that our own records name.
pub const PACKAGE: &str = "palaestra";

/// The field of a header that says that the session went on.
pub const UNFINISHED: &str = "unfinished";

/// The header of a record. Only `env_id` has to be there; what has no field here is kept in `rest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "header", try_from = "Map<String, Json>")]
pub struct Header {
    /// The id that `make` takes.
    pub env_id: String,
    /// The keyword arguments that `make` takes.
    pub kwargs: Kwargs,
    /// The seed of the session; every reset line has its own.
    pub seed: Option<u64>,
    /// The implementation that made the record: [`PACKAGE`], `gymnasium`, ….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The versions of whatever had a part in it, by name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub versions: Map<String, Json>,
    /// The agents' ids, in the order of every list in the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<String>,
    /// Who chose the actions: `human`, `random`, ….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// How many steps follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_steps: Option<u64>,
    /// Every other field. One that is named like those above is not written.
    #[serde(flatten, serialize_with = "only_others")]
    pub rest: Map<String, Json>,
}

const NAMES: [&str; 9] = ["type", "env_id", "kwargs", "seed", "package", "versions", "agents", "policy", "n_steps"];

/// A name that stands twice in a line would win or lose by the reader's whim.
fn only_others<S: Serializer>(rest: &Map<String, Json>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(rest.iter().filter(|(name, _)| !NAMES.contains(&name.as_str())))
}

/// What the ids of environments in Python begin with: they come from a page, and no program but a page has them.
pub const GUEST: &str = "guest/";

/// What is to be said of a record whose environment only a page has: that it is neither found true nor found false. `None`: it is verified as
/// any other is.
pub fn not_verifiable(env_id: &str) -> Option<String> {
    let shown = palaestra_text::Shown(env_id);
    env_id.starts_with(GUEST).then(|| format!("not verifiable here: {shown} is an environment in Python, of a page"))
}

impl Header {
    /// The header of a record of our own.
    pub fn new(env_id: &str, kwargs: Kwargs, seed: Option<u64>) -> Self {
        let version = Json::from(env!("CARGO_PKG_VERSION"));
        Self {
            env_id: env_id.to_owned(),
            kwargs,
            seed,
            package: Some(PACKAGE.to_owned()),
            versions: [(PACKAGE.to_owned(), version)].into_iter().collect(),
            ..Self::default()
        }
    }

    /// Whether the record was taken while its session went on, or of one that was cut off: it holds what was played up to then, and lacks how
    /// the session ended.
    pub fn unfinished(&self) -> bool {
        self.rest.get(UNFINISHED) == Some(&Json::Bool(true))
    }

    /// What the server that made this record of a match says of it, if its replay was not what the sides had confirmed: the first difference,
    /// by frame. The record replays all the same.
    pub fn replay_difference(&self) -> Option<String> {
        let told = self.rest.get("match")?.get("replay_difference").filter(|told| !told.is_null())?;
        Some(told.as_str().map_or_else(|| shortened(told), |told| Shown(told).to_string()))
    }

    /// Says of a session that was cut off nothing of its end, which nobody knows, but why there is no more where that is known.
    pub fn unfinish(&mut self) {
        for name in ["ended", "disposal", "slowed_ms"] {
            self.rest.remove(name);
        }
        for name in ["error", "reason"] {
            if self.rest.get(name).is_some_and(Json::is_null) {
                self.rest.remove(name);
            }
        }
        self.rest.insert(UNFINISHED.to_owned(), Json::Bool(true));
    }

    /// Looks whether whoever is named in a record of ours has a name by [`check_name`], as pages and the server hold them to. What another
    /// implementation writes is its own.
    ///
    /// # Errors
    /// [`FieldError`] with the first that is none.
    pub fn check_names(&self) -> Result<(), FieldError> {
        if self.foreign() {
            return Ok(());
        }
        let part = |of: &str, name: &str| self.rest.get(of)?.get(name);
        let alone =
            [("participant", self.rest.get("participant")), ("local.participant", part("local", "participant"))];
        let together = part("match", "participants").and_then(Json::as_array).into_iter().flatten();
        let all = alone.into_iter().chain(together.map(|json| ("match.participants", Some(json))));
        for (field, found) in all {
            if let Some(Err(problem)) = found.and_then(Json::as_str).map(check_name) {
                return Err(FieldError::NoName { field, problem });
            }
        }
        Ok(())
    }

    /// Whether another implementation made the record.
    pub fn foreign(&self) -> bool {
        self.package.as_deref().is_some_and(|package| package != PACKAGE)
    }
}

impl TryFrom<Map<String, Json>> for Header {
    type Error = FieldError;

    fn try_from(map: Map<String, Json>) -> Result<Self, FieldError> {
        let mut fields = Fields::new(map);
        fields.lenient("type", |kind| (kind == "header").then_some(()));
        let header = Self {
            env_id: crate::field::present("env_id", fields.text("env_id")?)?,
            kwargs: fields.object("kwargs")?,
            seed: fields.count("seed")?,
            package: fields.text("package")?,
            // Nothing depends on these three: another form than ours is no error.
            versions: fields.lenient("versions", |json| json.as_object().cloned()).unwrap_or_default(),
            agents: fields.lenient("agents", texts).unwrap_or_default(),
            policy: fields.lenient("policy", |json| json.as_str().map(str::to_owned)),
            n_steps: fields.count("n_steps")?,
            rest: fields.rest(),
        };
        header.check_names()?;
        Ok(header)
    }
}

fn texts(json: &Json) -> Option<Vec<String>> {
    json.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_session_that_was_cut_off_says_nothing_of_its_end_but_why_there_is_no_more() {
        let unfinished = |error: Json, reason: Json| {
            let fields = json!({"ended": null, "error": error, "disposal": null, "slowed_ms": 0, "reason": reason});
            let mut header = Header { rest: fields.as_object().unwrap().clone(), ..Header::default() };
            header.unfinish();
            Json::Object(header.rest)
        };
        assert_eq!(unfinished(Json::Null, Json::Null), json!({"unfinished": true}));
        let error = json!({"code": "panicked", "message": "it has failed"});
        let expected = json!({"error": error, "reason": "error", "unfinished": true});
        assert_eq!(unfinished(error, "error".into()), expected);
    }

    #[test]
    fn a_header_reads_back_with_the_fields_it_does_not_know() {
        let text = r#"{"type":"header","env_id":"X-v0","kwargs":{"n":3},"seed":18446744073709551615,"package":"gymnasium",
            "versions":{"gymnasium":"1.4.0"},"policy":"random","n_steps":7,"notes":"by hand"}"#;
        let header: Header = serde_json::from_str(text).unwrap();
        assert_eq!(header.seed, Some(u64::MAX));
        assert!(header.foreign());
        assert_eq!(header.rest, *json!({"notes": "by hand"}).as_object().unwrap());
        let again = serde_json::to_string(&header).unwrap();
        assert!(again.starts_with(r#"{"type":"header","env_id":"X-v0","#), "{again}");
        assert_eq!(serde_json::from_str::<Header>(&again).unwrap(), header);
    }

    #[test]
    fn another_form_of_a_field_that_nothing_depends_on_is_passed_over() {
        let header: Header =
            serde_json::from_str(r#"{"type":"header","env_id":"X-v0","agents":2,"policy":{}}"#).unwrap();
        assert!(header.agents.is_empty() && header.policy.is_none());
    }

    #[test]
    fn a_name_never_stands_twice_in_the_line() {
        let mut header = Header::new("X-v0", Kwargs::new(), Some(3));
        header.rest = json!({"type": "step", "seed": 4, "condition": "A"}).as_object().cloned().unwrap();
        let text = serde_json::to_string(&header).unwrap();
        assert_eq!((text.matches("\"type\"").count(), text.matches("\"seed\"").count()), (1, 1), "{text}");
        assert_eq!(serde_json::from_str::<Header>(&text).unwrap().seed, Some(3));
    }

    #[test]
    fn our_own_header_names_us_and_our_version() {
        let header = Header::new("X-v0", Kwargs::new(), None);
        assert!(!header.foreign());
        let json = serde_json::to_value(&header).unwrap();
        assert_eq!(json["package"], "palaestra");
        assert_eq!(json["versions"]["palaestra"], env!("CARGO_PKG_VERSION"));
        assert_eq!(json["seed"], Json::Null);
    }

    #[test]
    fn a_header_without_an_id_or_with_a_negative_seed_is_told_so() {
        let error = Header::try_from(Map::new()).unwrap_err();
        assert_eq!(error.to_string(), "expected a field `env_id`, found none");
        let map = json!({"env_id": "X-v0", "seed": -1}).as_object().cloned().unwrap();
        let error = Header::try_from(map).unwrap_err();
        assert_eq!(error.to_string(), "field `seed`: expected an integer from 0 to 2^64 - 1, found -1");
    }

    #[test]
    fn whoever_is_named_in_a_record_of_ours_has_a_name_that_a_page_would_take() {
        let read = |package: &str, rest: Json| {
            let mut map = json!({"env_id": "X-v0", "package": package}).as_object().cloned().unwrap();
            map.extend(rest.as_object().cloned().unwrap());
            Header::try_from(map).map(drop).map_err(|error| error.to_string())
        };
        for rest in [
            json!({"participant": "p-07", "local": {"participant": "ann"}, "match": {"participants": ["ann", "=1+1"]}}),
            json!({"participant": 7, "local": null, "match": {"participants": null}}),
        ] {
            assert_eq!(read("palaestra", rest), Ok(()));
        }
        for (rest, told) in [
            (
                json!({"participant": "a\u{202e}"}),
                "field `participant`: expected characters that can be seen, found U+202E",
            ),
            (json!({"participant": ""}), "field `participant`: expected 1 to 128 characters, found 0"),
            (
                json!({"local": {"participant": "\0"}}),
                "field `local.participant`: expected characters that can be seen, found U+0000",
            ),
            (
                json!({"match": {"participants": ["a", " "]}}),
                "field `match.participants`: expected single spaces between other characters, found others",
            ),
        ] {
            assert_eq!(read("palaestra", rest.clone()).unwrap_err(), told);
            assert_eq!(read("gymnasium", rest), Ok(()));
        }
    }

    #[test]
    fn a_record_of_an_environment_that_only_a_page_has_is_neither_true_nor_false() {
        assert_eq!(not_verifiable("CartPole-v1"), None);
        assert_eq!(not_verifiable("my-guest/mine"), None);
        let told = not_verifiable("guest/mine\n").unwrap();
        assert!(told.starts_with("not verifiable here: ") && told.contains("guest/mine"), "{told}");
        assert!(!told.contains('\n'), "no id begins a line of its own");
    }

    #[test]
    fn agents_that_are_no_list_of_names_are_none_and_no_error() {
        let agents = |json: &str| {
            let line = format!(r#"{{"type":"header","env_id":"a","kwargs":{{}},"n_steps":0{json}}}"#);
            match serde_json::from_str(&line).map(crate::Line::from_object) {
                Ok(Ok(crate::Line::Header(header))) => header.agents,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(agents(r#","agents":["agent_0","mate"]"#), ["agent_0", "mate"]);
        for others in ["", r#","agents":2"#, r#","agents":["a",1]"#, r#","agents":{"a":1}"#] {
            assert!(agents(others).is_empty(), "{others}");
        }
    }
}
