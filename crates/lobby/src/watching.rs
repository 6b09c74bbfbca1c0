//! Who watches a match: asked for on a control socket, which hears of the match's end.
use crate::event::SocketId;
use crate::game::number_of;
use crate::lobbies::Lobbies;
use crate::message::{Code, ServerMessage, Watch, Watching};
use crate::person::reason_of;
use crate::timers::TimerKey;
use crate::token::Ticket;

/// The most control sockets that watch one match.
pub(crate) const MOST_WATCHERS: usize = 64;

impl Lobbies {
    /// What opens a match to whoever watches it. Whoever has it may watch this match and no other.
    pub(crate) fn watch_token(&self, match_id: &str) -> String {
        self.signer.ticket(&Ticket { match_id: match_id.to_owned(), seat: None, generation: 0 })
    }

    /// Somebody wants to watch a match.
    pub(crate) fn watch(&mut self, socket: SocketId, watch: &Watch) {
        if self.sockets.get(&socket).is_none_or(|found| found.greeted) {
            return self.refuse(socket, Code::Malformed, "expected watch once, as the first message");
        }
        match self.watching(watch) {
            Err((code, message)) => self.refuse(socket, code, message),
            Ok((game, message)) => {
                self.timers.cancel(TimerKey::Hello(socket));
                if let Some(found) = self.sockets.get_mut(&socket) {
                    (found.greeted, found.watches) = (true, Some(game));
                }
                if let Some(found) = self.matches.get_mut(&game) {
                    found.watchers += 1;
                }
                self.send(socket, ServerMessage::Watching(Box::new(message)));
            }
        }
    }

    /// What is to be watched; else why it is not.
    fn watching(&self, watch: &Watch) -> Result<(u64, Watching), (Code, &'static str)> {
        let plain = |code: Code| Err((code, code.message()));
        let game = self.match_ids.get(&watch.match_id).copied();
        let found = game.and_then(|game| self.matches.get(&game));
        let lobby = match &watch.lobby {
            Some(named) => match self.lobbies.iter().position(|lobby| lobby.id == *named) {
                Some(lobby) => Some(lobby),
                None => return plain(Code::UnknownLobby),
            },
            None => found.map(|found| found.lobby),
        };
        let config = lobby.and_then(|lobby| self.lobbies.get(lobby)).map(|lobby| &lobby.config);
        // Whoever may not watch is not told either which matches there are.
        if !(self.may_watch(watch) || config.is_some_and(|config| config.spectators)) {
            let message = "expected the monitor's token, or this match's own: it is not for everybody to watch";
            return Err((Code::BadToken, message));
        }
        let (Some(game), Some(found), Some(config)) = (game, found, config) else { return plain(Code::MatchOver) };
        if found.over || lobby != Some(found.lobby) {
            return plain(Code::MatchOver);
        }
        if found.watchers >= MOST_WATCHERS {
            return Err((Code::TooMany, "the match is watched by as many as it may be"));
        }
        let message = Watching {
            match_id: found.id.clone(),
            number: number_of(&found.id),
            lobby: found.facts.lobby.clone(),
            size: found.seats.len(),
            env_id: config.env_id.clone(),
            kwargs: config.kwargs.clone(),
            agents: config.agents.clone(),
            fps: config.fps,
            seed: found.facts.seed,
            state: self.match_state(game),
            frames: found.frames,
            age_ms: self.now.saturating_sub(found.facts.created_ms),
            play_url: self.facts.play_url.clone(),
            ticket: self.watch_token(&found.id),
        };
        Ok((game, message))
    }

    /// Whether what was said with it lets somebody watch: the monitor's token, or the match's own.
    fn may_watch(&self, watch: &Watch) -> bool {
        let Some(said) = watch.token.as_deref() else { return false };
        let monitor = self.facts.monitor_token.as_deref().is_some_and(|token| self.signer.same(said, token));
        monitor
            || self
                .signer
                .read_ticket(said)
                .is_some_and(|ticket| ticket.seat.is_none() && ticket.match_id == watch.match_id)
    }

    /// A control socket is gone that watched a match.
    pub(crate) fn watches_no_more(&mut self, game: u64) {
        if let Some(found) = self.matches.get_mut(&game) {
            found.watchers = found.watchers.saturating_sub(1);
        }
    }

    /// A match has ended: those who watch it hear why. What is left of it comes on their play sockets.
    pub(crate) fn tell_watchers(&mut self, game: u64, match_id: &str, code: Code) {
        let sockets = self.sockets.iter().filter(|(_, found)| found.watches == Some(game));
        let sockets: Vec<SocketId> = sockets.map(|(socket, _)| *socket).collect();
        for socket in sockets {
            let message = ServerMessage::Ended {
                reason: reason_of(code),
                code,
                message: code.message().to_owned(),
                match_id: Some(match_id.to_owned()),
                completion_code: None,
            };
            self.send(socket, message);
            self.close(socket, Code::Complete);
        }
    }
}
