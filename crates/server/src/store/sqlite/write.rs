//! What is written into the file.
use palaestra_lobby::{EndedSession, Keep, KeptMatch};
use palaestra_session::State;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::store::writes::signed;
use crate::store::{Backend, BatchWrite, NewFrames, OnDisk, StoreError, Write};

impl Backend for Connection {
    fn write(&mut self, writes: &[(Write, Option<OnDisk>)]) -> Result<(), StoreError> {
        let transaction = self.transaction_with_behavior(TransactionBehavior::Immediate)?;
        writes.iter().try_for_each(|(write, _)| write_one(&transaction, write))?;
        Ok(transaction.commit()?)
    }

    fn is_shared(&self) -> bool {
        false
    }
}

fn write_one(connection: &Connection, write: &Write) -> Result<(), StoreError> {
    match write {
        Write::Keep(keeps) => keeps.iter().try_for_each(|keep| keep_one(connection, keep)),
        Write::Batch(batch) => write_batch(connection, batch),
        Write::Dissent { match_id, seat, first, items } => {
            connection
                .prepare_cached("INSERT INTO dissent (match, seat, first, items) VALUES (?, ?, ?, ?)")?
                .execute(params![match_id, seat, first, items])?;
            Ok(())
        }
        Write::Facts { match_id, seat, json } => {
            connection
                .prepare_cached(
                    "INSERT INTO seats (match, seat, facts) VALUES (?, ?, ?)
                     ON CONFLICT (match, seat) DO UPDATE SET facts = coalesce(facts, excluded.facts)",
                )?
                .execute(params![match_id, seat, json])?;
            Ok(())
        }
        Write::Tail { match_id, new } => new.iter().try_for_each(|new| write_frames(connection, match_id, new)),
        Write::Verified(verified) => {
            let differ = serde_json::to_string(&verified.seats_differ)?;
            connection
                .prepare_cached(
                    "UPDATE matches SET frames = ?, verified = ?, difference = ?, seats_differ = ?, judged = 1 WHERE match = ?",
                )?
                .execute(params![verified.frames, verified.verified, verified.difference, differ, verified.match_id])?;
            Ok(())
        }
    }
}

fn write_batch(connection: &Connection, batch: &BatchWrite) -> Result<(), StoreError> {
    if let Some(new) = &batch.new {
        write_frames(connection, &batch.match_id, new)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO seats (match, seat, frames, differs) VALUES (?, ?, ?, ?)
             ON CONFLICT (match, seat) DO UPDATE SET
                 frames = max(frames, excluded.frames), differs = coalesce(differs, excluded.differs)",
        )?
        .execute(params![batch.match_id, batch.seat, batch.frames, batch.differs])?;
    Ok(())
}

fn write_frames(connection: &Connection, match_id: &str, new: &NewFrames) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO batches (match, number, first, frames, action_len, items) VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![match_id, new.number, new.first, new.frames, new.action_len, new.items])?;
    Ok(())
}

fn keep_one(connection: &Connection, keep: &Keep) -> Result<(), StoreError> {
    match keep {
        Keep::Lobby { lobby, config } => {
            connection
                .prepare_cached("INSERT INTO lobbies (lobby, config) VALUES (?, ?) ON CONFLICT (lobby) DO UPDATE SET config = excluded.config")?
                .execute(params![lobby, serde_json::to_string(&config)?])?;
        }
        Keep::LobbyClosed { lobby } => {
            connection.prepare_cached("DELETE FROM lobbies WHERE lobby = ?")?.execute(params![lobby])?;
        }
        Keep::Person(kept) => {
            connection
                .prepare_cached(
                    "INSERT INTO people (lobby, participant, kept) VALUES (?, ?, ?)
                     ON CONFLICT (lobby, participant) DO UPDATE SET kept = excluded.kept",
                )?
                .execute(params![kept.lobby, kept.participant, serde_json::to_string(&kept)?])?;
        }
        Keep::SessionEnded(ended) => session_ended(connection, ended)?,
        Keep::Match(kept) => keep_match(connection, kept)?,
        Keep::MatchEnded { match_id, reason, code, at_ms } => {
            connection
                .prepare_cached("UPDATE matches SET ended_ms = ?, reason = ?, code = ? WHERE match = ?")?
                .execute(params![signed(*at_ms), reason.as_str(), code.as_str(), match_id])?;
        }
        Keep::MatchEvent { match_id, at_ms, json } => {
            connection
                .prepare_cached("INSERT INTO events (match, at_ms, event) VALUES (?, ?, ?)")?
                .execute(params![match_id, signed(*at_ms), json])?;
        }
    }
    Ok(())
}

fn keep_match(connection: &Connection, kept: &KeptMatch) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO matches (match, lobby, kept, created_ms) VALUES (?, ?, ?, ?)
             ON CONFLICT (match) DO UPDATE SET kept = excluded.kept",
        )?
        .execute(params![
            kept.facts.match_id,
            kept.facts.lobby,
            serde_json::to_string(kept)?,
            signed(kept.facts.created_ms)
        ])?;
    Ok(())
}

fn session_ended(connection: &Connection, ended: &EndedSession) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM people WHERE lobby = ? AND participant = ?")?
        .execute(params![ended.lobby, ended.participant])?;
    let (game, seat) = ended.seat.clone().unzip();
    let at = ended.history.iter().find(|step| step.to == State::Ended).map_or(0.0, |step| step.at);
    let played = ended.history.iter().any(|step| step.to == State::Playing);
    connection
        .prepare_cached(
            "INSERT INTO sessions (lobby, participant, match, seat, created_ms, ended_ms, played, reason, code, completion_code,
                 requeued, history) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            ended.lobby,
            ended.participant,
            game,
            seat,
            signed(ended.created_ms),
            at as i64,
            played,
            ended.reason.as_str(),
            ended.code.as_str(),
            ended.completion_code,
            ended.requeued,
            serde_json::to_string(&ended.history)?
        ])?;
    Ok(())
}
