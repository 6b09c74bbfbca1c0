//! Who has played already, where that is a reason to be refused.
use std::collections::BTreeMap;

/// Who has played in lobbies that are played once, by lobby and participant, with what they were given for it. Only these lobbies are
/// remembered: in the others the same people may come for ever.
#[derive(Debug, Default)]
pub(crate) struct PlayedOnce(BTreeMap<(usize, String), Option<String>>);

impl PlayedOnce {
    /// A participant has played. A code that was given stays, whatever comes later.
    pub(crate) fn add(&mut self, lobby: usize, participant: String, completion_code: Option<String>) {
        let given = self.0.entry((lobby, participant)).or_default();
        *given = completion_code.or(given.take());
    }

    /// What a participant who has played was given.
    pub(crate) fn find(&self, lobby: usize, participant: &str) -> Option<Option<&str>> {
        self.0.get(&(lobby, participant.to_owned())).map(Option::as_deref)
    }

    pub(crate) fn forget_lobby(&mut self, lobby: usize) {
        self.0.retain(|(of, _), _| *of != lobby);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
