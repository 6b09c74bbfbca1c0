//! What counts of somebody who went: the survivors report what they hold, the highest wins, and the server pronounces it.
use palaestra_session::State;

use crate::config::Dropout;
use crate::event::{Output, SocketId};
use crate::game::Reports;
use crate::lobbies::Lobbies;
use crate::message::{Code, ServerMessage};
use crate::timers::TimerKey;

/// How far beyond the frames on disk a seat can be, in frames: no peer predicts further.
const MOST_AHEAD: u32 = 3_000;
/// The longest inputs of a report, in bytes.
const MOST_INPUTS: usize = 32 << 10;

impl Lobbies {
    /// Asks the survivors, or ends the match where there is none.
    pub(crate) fn settle_leaver(&mut self, game: u64, leaver: u8) {
        if self.match_state(game) != Some(State::Playing) {
            return;
        }
        let Some(found) = self.matches.get_mut(&game) else { return };
        if found.present().is_empty() {
            return self.end_match(game, Code::PartnerLeft);
        }
        let report_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.report_ms);
        let connected = (0..8).zip(&found.seats).filter(|(_, seat): &(u8, _)| seat.play.is_some());
        let seats = connected.fold(0, |bits, (bit, _)| bits | 1_u8 << bit);
        found.leaving.insert(leaver, Reports::default());
        let match_id = found.id.clone();
        self.timers.set(TimerKey::Report(game, leaver), self.now.saturating_add(report_ms));
        self.out.push(Output::ReportWanted { match_id, leaver, seats, within_ms: report_ms });
        // Whoever goes while others are being settled is asked no more.
        let open: Vec<u8> =
            self.matches.get(&game).map(|found| found.leaving.keys().copied().collect()).unwrap_or_default();
        open.into_iter().for_each(|leaver| self.pronounce_when_all_reported(game, leaver));
    }

    pub(crate) fn reported(&mut self, socket: SocketId, leaver: u8, frames: u32, first: u32, inputs: Vec<u8>) {
        let Some((game, from)) = self.plays.get(&socket).copied() else { return };
        let Some(found) = self.matches.get_mut(&game) else { return };
        let most = found.frames.saturating_add(MOST_AHEAD);
        let Some(reports) = found.leaving.get_mut(&leaver) else { return };
        if frames > most || first > frames {
            return;
        }
        if from == leaver || inputs.len() > MOST_INPUTS || !reports.from.insert(from) {
            return;
        }
        if reports.best.as_ref().is_none_or(|(most, ..)| frames > *most) {
            reports.best = Some((frames, first, inputs));
        }
        self.pronounce_when_all_reported(game, leaver);
    }

    fn pronounce_when_all_reported(&mut self, game: u64, leaver: u8) {
        let Some(found) = self.matches.get(&game) else { return };
        let Some(reports) = found.leaving.get(&leaver) else { return };
        let mut connected = (0..8).zip(&found.seats).filter(|(_, seat): &(u8, _)| seat.play.is_some()).peekable();
        if connected.peek().is_some() && connected.all(|(seat, _)| reports.from.contains(&seat)) {
            self.pronounce(game, leaver);
        }
    }

    /// Says what counts, and goes on as the lobby's policy is.
    pub(crate) fn pronounce(&mut self, game: u64, leaver: u8) {
        self.timers.cancel(TimerKey::Report(game, leaver));
        let Some(found) = self.matches.get_mut(&game) else { return };
        let Some(reports) = found.leaving.remove(&leaver) else { return };
        // Where nobody reports, what is on disk was confirmed, and so was held by everybody.
        let (frames, first, inputs) = reports.best.unwrap_or((found.frames, found.frames, Vec::new()));
        let Some(config) = self.lobbies.get(found.lobby).map(|lobby| &lobby.config) else { return };
        let (policy, report_ms) = (config.dropout, config.timeouts.report_ms);
        let match_id = found.id.clone();
        let present = found.present();
        if policy != Dropout::Continue {
            found.ending = Some(Code::PartnerLeft);
            self.timers.set_if_idle(TimerKey::Finish(game), self.now.saturating_add(report_ms));
        }
        let plays = serde_json::to_value(config.dropout_policy).unwrap_or_default();
        let event = serde_json::json!({
            "event": "pronounced", "seat": leaver, "frames": frames, "dropout": policy, "policy": plays,
        });
        self.match_event(game, &event);
        self.out.push(Output::Pronounced { match_id: match_id.clone(), leaver, frames, first, inputs });
        for (_, person) in present {
            let message = ServerMessage::Pronounced { match_id: match_id.clone(), seat: leaver, frames, policy };
            self.send_person(person, message);
        }
        self.keep_match(game);
        self.end_when_finished(game);
    }
}
