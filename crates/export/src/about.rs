//! What every row repeats of its record's header.
use palaestra_record::Header;
use serde_json::{Map, Value as Json};

use crate::column::MOST_NAMED;
use crate::error::ExportError;
use crate::fields::{Visit, count, spread};
use crate::names::HEADER;

/// So many bytes of JSON every row repeats: whoever they are from, a table does not grow without end.
const MOST: usize = 4_096;

/// What rows have besides, or what is of the whole record and not of a step.
const ELSEWHERE: [&str; 4] = ["type", "env_id", "agents", "n_steps"];

/// The header's fields that rows repeat.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) fields: Map<String, Json>,
    /// Those for which there is no room, by name.
    pub(crate) left_out: Vec<String>,
}

impl About {
    pub(crate) fn of(header: &Header) -> Self {
        // A header is text, numbers, lists and objects: it always has its JSON.
        let all = match serde_json::to_value(header) {
            Ok(Json::Object(all)) => all,
            _ => Map::new(),
        };
        let sized = all.into_iter().filter(|(name, _)| !ELSEWHERE.contains(&name.as_str())).map(|(name, json)| {
            let bytes = json.to_string().len().saturating_add(name.len());
            (bytes, name, json)
        });
        let mut sized: Vec<_> = sized.collect();
        // The shortest first: it is the long ones that are left out, and not what comes after them.
        sized.sort_by_key(|(bytes, ..)| *bytes);
        let (mut fields, mut left_out, mut room) = (Map::new(), Vec::new(), (MOST, MOST_NAMED));
        for (bytes, name, json) in sized {
            match room.0.checked_sub(bytes).zip(room.1.checked_sub(count(&json))) {
                Some(rest) => {
                    room = rest;
                    fields.insert(name, json);
                }
                None => left_out.push(name),
            }
        }
        Self { fields, left_out }
    }

    /// Tells the cells of a row.
    pub(crate) fn cells<'a>(&'a self, visit: Visit<'_, 'a>) -> Result<(), ExportError> {
        spread(HEADER, &self.fields, visit)
    }
}

#[cfg(test)]
mod tests {
    use palaestra_env::Kwargs;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_repeats_what_is_short_and_says_what_it_leaves_out() {
        let mut header = Header::new("X-v0", Kwargs::new(), Some(3));
        let rest = json!({"condition": "fast", "match": {"id": "m1", "size": 2}, "notes": "x".repeat(MOST)});
        header.rest = rest.as_object().cloned().unwrap();
        let about = About::of(&header);
        assert_eq!(about.left_out, ["notes"]);
        let mut names = Vec::new();
        about
            .cells(&mut |name, _, _| {
                names.push(name.to_owned());
                Ok(())
            })
            .unwrap();
        let expected = [
            "header.condition",
            "header.match.id",
            "header.match.size",
            "header.package",
            "header.seed",
            "header.versions.palaestra",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn a_row_has_no_more_columns_of_a_header_than_there_may_be() {
        let answers: Map<String, Json> = (0..MOST_NAMED).map(|index| (format!("q{index}"), json!(1))).collect();
        let mut header = Header::new("X-v0", Kwargs::new(), Some(3));
        header.rest = json!({"condition": "fast", "answers": answers, "z": 1}).as_object().cloned().unwrap();
        let about = About::of(&header);
        assert_eq!(about.left_out, ["answers"]);
        assert!(["condition", "seed", "z"].iter().all(|name| about.fields.contains_key(*name)), "{:?}", about.fields);
    }
}
