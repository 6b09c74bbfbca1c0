//! What counts of somebody who went: the survivors report what they hold, the server what was confirmed to it, the highest wins, and
//! the server pronounces it.
use palaestra_session::State;

use crate::event::{Output, SocketId};
use crate::game::{Inputs, Match, Reports};
use crate::lobbies::Lobbies;
use crate::message::{Code, Dropout, ServerMessage};
use crate::timers::TimerKey;

/// How far beyond the frames on disk a seat can be, in frames: no peer predicts further.
const MOST_AHEAD: u32 = 3_000;
/// The longest inputs of a report, in bytes: of a survivor's and of the server's own.
pub const MOST_INPUTS: usize = 32 << 10;

/// The seats that report on a leaver: bit n for seat n.
fn survivors(found: &Match, leaver: u8) -> u8 {
    let connected = (0..8).zip(&found.seats).filter(|(seat, found): &(u8, _)| *seat != leaver && found.play.is_some());
    connected.fold(0, |bits, (seat, _)| bits | 1 << seat)
}

impl Reports {
    /// A survivor is lost when the time is over: it may have been lost before it could answer, and is asked as if for the first time
    /// when it comes back. Once: whoever goes on coming and going holds nobody up. Gives whether it is waited for.
    fn waits_for_lost(&mut self, seat: u8) -> bool {
        let bit = 1_u8.checked_shl(seat.into()).unwrap_or(0);
        if self.lost & bit == 0 {
            self.lost |= bit;
            self.asked &= !bit;
        }
        self.asked & bit == 0
    }
}

impl Lobbies {
    /// Asks the survivors and the server, or ends the match where nobody is left.
    pub(crate) fn settle_leaver(&mut self, game: u64, leaver: u8) {
        if self.match_state(game) != Some(State::Playing) {
            return;
        }
        let Some(found) = self.matches.get_mut(&game) else { return };
        if found.present().is_empty() {
            return self.end_match(game, Code::PartnerLeft);
        }
        let known = found.seat(leaver).is_none_or(|seat| std::mem::replace(&mut seat.settled, true));
        if !known {
            let report_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.report_ms);
            let seats = survivors(found, leaver);
            found.leaving.insert(leaver, Reports { awaited: 1, asked: seats, ..Reports::default() });
            let match_id = found.id.clone();
            self.timers.set(TimerKey::Report(game, leaver), self.now.saturating_add(report_ms));
            self.out.push(Output::ReportWanted { match_id, leaver, seats, within_ms: report_ms });
        }
        // Whoever goes while others are being settled is asked no more.
        let open: Vec<u8> =
            self.matches.get(&game).map(|found| found.leaving.keys().copied().collect()).unwrap_or_default();
        open.into_iter().for_each(|leaver| self.pronounce_when_all_reported(game, leaver));
        self.end_when_finished(game);
    }

    /// Somebody has a play socket again: it is told what was pronounced, which it may not have heard, and is asked of whoever is being
    /// settled. Who is asked for the first time has as long as all others had.
    pub(crate) fn tell_of_leavers(&mut self, game: u64, index: u8) {
        if self.match_state(game) != Some(State::Playing) {
            return;
        }
        let Some(found) = self.matches.get_mut(&game) else { return };
        let report_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.report_ms);
        let seats = 1_u8.checked_shl(index.into()).unwrap_or(0);
        for (leaver, (frames, first, inputs)) in found.pronounced.iter().filter(|(leaver, _)| **leaver != index) {
            let (match_id, inputs) = (found.id.clone(), inputs.clone());
            self.out.push(Output::Pronounced {
                match_id,
                leaver: *leaver,
                seats,
                frames: *frames,
                first: *first,
                inputs,
            });
        }
        for (leaver, reports) in &mut found.leaving {
            if *leaver == index || reports.from.contains(&index) {
                continue;
            }
            let timer = TimerKey::Report(game, *leaver);
            if reports.asked & seats == 0 {
                reports.asked |= seats;
                self.timers.set(timer, self.now.saturating_add(report_ms));
            }
            reports.awaited = reports.awaited.saturating_add(1);
            let within_ms = self.timers.due(timer).unwrap_or(0).saturating_sub(self.now);
            self.out.push(Output::ReportWanted { match_id: found.id.clone(), leaver: *leaver, seats, within_ms });
        }
    }

    /// Somebody who had finished has no play socket any more: whoever still plays may lack its last inputs, and does not get them from it.
    pub(crate) fn settle_finished(&mut self, game: u64, seat: u8) {
        let Some(found) = self.matches.get(&game) else { return };
        if found.seats.iter().any(|seat| seat.person.is_some() && seat.finished.is_none()) {
            self.settle_leaver(game, seat);
        }
    }

    /// A survivor could play no further than so many frames because somebody left: whoever went and had said before these that all was
    /// played is who left it. Not whoever said so of the very frames that it is known to have played.
    pub(crate) fn ended_early(&mut self, game: u64, frames: u32) {
        let Some(found) = self.matches.get_mut(&game) else { return };
        let policy = self.lobbies.get(found.lobby).map(|lobby| lobby.config.dropout);
        if policy == Some(Dropout::Continue) {
            return;
        }
        let until = found.pronounced.iter().filter(|(_, (until, ..))| *until <= frames);
        let seats = until.filter_map(|(leaver, (until, ..))| Some((found.seats.get(usize::from(*leaver))?, until)));
        let early = seats.filter(|(seat, until)| seat.planned && seat.finished.is_some_and(|end| end != **until));
        let left = early.filter_map(|(seat, _)| seat.person);
        let left: Vec<u64> = left.collect();
        if !left.is_empty() {
            found.ending = Some(Code::PartnerLeft);
        }
        left.into_iter().for_each(|person| self.end_person_in_match(person, Code::Left));
    }

    /// A survivor was lost. What it confirmed last may not have been there yet when the server spoke, and is stored: it counts.
    pub(crate) fn witness_again(&mut self, game: u64) {
        let Some(found) = self.matches.get_mut(&game) else { return };
        for (leaver, reports) in &mut found.leaving {
            reports.awaited = reports.awaited.saturating_add(1);
            let within_ms = self.timers.due(TimerKey::Report(game, *leaver)).unwrap_or(0).saturating_sub(self.now);
            let wanted = Output::ReportWanted { match_id: found.id.clone(), leaver: *leaver, seats: 0, within_ms };
            self.out.push(wanted);
        }
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

    /// The server says what it has: frames, first frame, inputs. Of two that reach as far its own counts, since it begins early enough
    /// for everybody.
    pub(crate) fn witnessed(&mut self, match_id: &str, leaver: u8, found: Inputs) {
        let Some(game) = self.match_ids.get(match_id).copied() else { return };
        let reports = self.matches.get_mut(&game).and_then(|found| found.leaving.get_mut(&leaver));
        let Some(reports) = reports else { return };
        reports.awaited = reports.awaited.saturating_sub(1);
        let (frames, first, inputs) = &found;
        let best = reports.best.as_ref().is_none_or(|(most, ..)| frames >= most);
        if best && first <= frames && inputs.len() <= MOST_INPUTS {
            reports.best = Some(found);
        }
        self.pronounce_when_all_reported(game, leaver);
    }

    fn pronounce_when_all_reported(&mut self, game: u64, leaver: u8) {
        let Some(found) = self.matches.get(&game) else { return };
        let Some(reports) = found.leaving.get(&leaver) else { return };
        let survivors = survivors(found, leaver);
        let all = (0..8).filter(|seat| survivors >> seat & 1 == 1).all(|seat| reports.from.contains(&seat));
        if survivors != 0 && all && reports.awaited == 0 {
            self.pronounce(game, leaver);
        }
    }

    /// The time for reports is over. Where none came, only those may know what was confirmed who are not connected now: they are waited
    /// for, as the match does anyway, but for nobody who was there all the time and did not report.
    pub(crate) fn reports_over(&mut self, game: u64, leaver: u8) {
        let Some(found) = self.matches.get_mut(&game) else { return };
        let present = found.present().into_iter().filter(|(seat, _)| *seat != leaver);
        let Some(reports) = found.leaving.get_mut(&leaver).filter(|reports| reports.from.is_empty()) else {
            return self.pronounce(game, leaver);
        };
        let lost = present.filter_map(|(seat, person)| Some((seat, self.timers.due(TimerKey::Grace(person))?)));
        let back = lost.filter(|(seat, _)| reports.waits_for_lost(*seat)).map(|(_, back)| back).max();
        let report_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.report_ms);
        match back {
            Some(back) => {
                let due = back.saturating_add(report_ms).max(self.now + 1);
                self.timers.set(TimerKey::Report(game, leaver), due);
            }
            None => self.pronounce(game, leaver),
        }
    }

    /// Says what counts, and goes on as the lobby's policy is.
    pub(crate) fn pronounce(&mut self, game: u64, leaver: u8) {
        self.timers.cancel(TimerKey::Report(game, leaver));
        let Some(found) = self.matches.get_mut(&game) else { return };
        let Some(reports) = found.leaving.remove(&leaver) else { return };
        // What is on disk was confirmed, and is there to stay: fewer frames than that never count.
        let (frames, first, inputs) = reports.best.unwrap_or((found.frames, found.frames, Vec::new()));
        let frames = frames.max(found.frames);
        let Some(config) = self.lobbies.get(found.lobby).map(|lobby| &lobby.config) else { return };
        let (policy, report_ms) = (config.dropout, config.timeouts.report_ms);
        let match_id = found.id.clone();
        let present = found.present();
        found.pronounced.insert(leaver, (frames, first, inputs.clone()));
        // Whoever finished first and went has left nobody: with all of its inputs the others get to the same end.
        let (finished, person) = found.seat(leaver).map_or((None, None), |seat| (seat.finished, seat.person));
        // Whoever said that it had played more than is known of it has left as well.
        let early = person.filter(|_| finished.is_some_and(|end| frames < end));
        if policy != Dropout::Continue && finished.is_none_or(|end| frames < end) {
            found.ending = Some(Code::PartnerLeft);
            self.timers.set_if_idle(TimerKey::Finish(game), self.now.saturating_add(report_ms));
        }
        let plays = serde_json::to_value(&config.dropout_policy).unwrap_or_default();
        let event = serde_json::json!({
            "event": "pronounced", "seat": leaver, "frames": frames, "dropout": policy, "policy": plays,
        });
        self.match_event(game, &event);
        let seats = !1_u8.checked_shl(leaver.into()).unwrap_or(0);
        let pronounced = Output::Pronounced { match_id: match_id.clone(), leaver, seats, frames, first, inputs };
        self.out.push(pronounced);
        for (_, person) in present.into_iter().filter(|(seat, _)| *seat != leaver) {
            let message = ServerMessage::Pronounced { match_id: match_id.clone(), seat: leaver, frames, policy };
            self.send_person(person, message);
        }
        early.into_iter().for_each(|person| self.end_person_in_match(person, Code::Left));
        self.keep_match(game);
        self.end_when_finished(game);
    }
}
