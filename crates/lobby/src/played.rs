//! Who has played already, where that is a reason to be refused.
use std::collections::BTreeMap;

use crate::event::SocketId;
use crate::lobbies::Lobbies;
use crate::message::{Code, ServerMessage};

/// Who has played in lobbies that are played once, by lobby and participant, with what they were given for it. Only these lobbies are
/// remembered: in the others the same people may come for ever.
#[derive(Debug, Default)]
pub(crate) struct PlayedOnce(BTreeMap<(usize, String), Option<String>>);

impl PlayedOnce {
    /// What a participant who has played was given.
    pub(crate) fn find(&self, lobby: usize, participant: &str) -> Option<Option<&str>> {
        self.0.get(&(lobby, participant.to_owned())).map(Option::as_deref)
    }

    pub(crate) fn forget_lobby(&mut self, lobby: usize) {
        self.0.retain(|(of, _), _| *of != lobby);
    }
}

impl Lobbies {
    /// The lobbies that have to know who has played in them.
    pub fn once_only(&self) -> Vec<String> {
        self.lobbies.iter().filter(|lobby| lobby.config.once).map(|lobby| lobby.id.clone()).collect()
    }

    /// How many participants are remembered because they have played. In a lobby that may be played again nobody is.
    pub fn remembered(&self) -> usize {
        self.played.0.len()
    }

    /// A participant has played. A code that was given stays, whatever comes later.
    pub(crate) fn has_played(&mut self, lobby: usize, participant: String, completion_code: Option<String>) {
        if !self.lobbies.get(lobby).is_some_and(|lobby| lobby.config.once) {
            return;
        }
        let given = self.played.0.entry((lobby, participant)).or_default();
        *given = completion_code.or(given.take());
    }

    /// Refuses somebody who has played, with what they were given for it where they may know.
    pub(crate) fn played_before(&mut self, socket: SocketId, completion_code: Option<String>) {
        let code = Code::PlayedBefore;
        let mut message = code.message().to_owned();
        if let Some(given) = &completion_code {
            message.push_str(&format!(" Your completion code: {given}"));
        }
        self.send(socket, ServerMessage::Error { code, message, fatal: true, completion_code });
        self.close(socket, code);
    }
}
