//! What the agent is told to do: `core/mission.py`'s sentence with the words that an episode fills in.
use palaestra_env::{RestoreError, StateReader, StateWriter};

use super::object::{Hue, Kind};

/// The object that a mission is about, where it is about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mission {
    hue: Hue,
    kind: Kind,
}

impl Mission {
    /// A sentence without words to be filled in.
    pub(super) const PLAIN: Self = Self { hue: Hue::Red, kind: Kind::Empty };

    /// What `{color}` and `{type}` stand for.
    pub(super) const fn about(hue: Hue, kind: Kind) -> Self {
        Self { hue, kind }
    }

    /// Writes the sentence into a text, which is emptied first.
    pub(super) fn write(self, sentence: &str, text: &mut String) {
        text.clear();
        let mut rest = sentence;
        while let Some((before, (word, after))) = rest.split_once('{').and_then(|(before, from)| {
            let cut = from.split_once('}')?;
            Some((before, cut))
        }) {
            text.push_str(before);
            text.push_str(if word == "color" { self.hue.name() } else { self.kind.name() });
            rest = after;
        }
        text.push_str(rest);
    }

    /// A bound on the characters of a sentence, whatever its words.
    pub(super) fn longest(sentence: &str) -> usize {
        sentence.chars().count()
    }

    pub(super) fn save(self, out: &mut StateWriter) {
        out.u8(self.hue as u8);
        out.u8(self.kind as u8);
    }

    pub(super) fn restore(state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let words = Hue::from_u8(state.u8()?).zip(Kind::from_u8(state.u8()?));
        words.map(|(hue, kind)| Self { hue, kind }).ok_or(RestoreError::Invalid { field: "mission" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = "pick up the {color} {type}";

    fn text(sentence: &str, mission: Mission) -> String {
        let mut text = "what was there before".to_owned();
        mission.write(sentence, &mut text);
        text
    }

    #[test]
    fn words_are_filled_in_where_a_sentence_has_places_for_them() {
        assert_eq!(text(SENTENCE, Mission::about(Hue::Purple, Kind::Ball)), "pick up the purple ball");
        assert_eq!(text("open the door", Mission::PLAIN), "open the door");
    }

    #[test]
    fn no_mission_is_longer_than_the_longest() {
        for hue in Hue::BY_NAME {
            for kind in [Kind::Key, Kind::Ball, Kind::Box, Kind::Floor] {
                assert!(text(SENTENCE, Mission::about(hue, kind)).len() <= Mission::longest(SENTENCE));
            }
        }
    }
}
