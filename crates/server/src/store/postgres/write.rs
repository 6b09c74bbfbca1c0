//! What is written into the database.
use std::collections::HashMap;

use palaestra_lobby::{EndedSession, Keep};
use palaestra_session::State;
use postgres::types::ToSql;
use postgres::{Client, Config, Statement, Transaction};

use super::connection::connect;
use super::lease::Fence;
use crate::store::writes::signed;
use crate::store::{Backend, BatchWrite, NewFrames, OnDisk, StoreError, Write};

type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection to write by.
pub(in crate::store) struct Writing {
    client: Client,
    fence: Fence,
    prepared: HashMap<&'static str, Statement>,
}

impl Writing {
    pub(super) fn new(client: Client, fence: Fence) -> Self {
        Self { client, fence, prepared: HashMap::new() }
    }
}

impl Backend for Writing {
    fn write(&mut self, writes: &[(Write, Option<OnDisk>)]) -> Result<(), StoreError> {
        let transaction = self.client.transaction()?;
        let mut writing = InTransaction { transaction, prepared: &mut self.prepared };
        writing.holds(&self.fence)?;
        writes.iter().try_for_each(|(write, _)| writing.one(write))?;
        Ok(writing.transaction.commit()?)
    }

    fn is_shared(&self) -> bool {
        true
    }
}

struct InTransaction<'a> {
    transaction: Transaction<'a>,
    prepared: &'a mut HashMap<&'static str, Statement>,
}

impl InTransaction<'_> {
    fn statement(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.transaction.prepare(sql)?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    fn execute(&mut self, sql: &'static str, params: Params<'_>) -> Result<(), StoreError> {
        let statement = self.statement(sql)?;
        self.transaction.execute(&statement, params)?;
        Ok(())
    }

    /// The lobby is still this process's, and stays so until the transaction is over: whoever would take it waits for the row.
    fn holds(&mut self, fence: &Fence) -> Result<(), StoreError> {
        let statement = self.statement("SELECT 1 FROM fence WHERE name = 'lobby' AND epoch = $1 FOR SHARE")?;
        let held = self.transaction.query_opt(&statement, &[&fence.epoch])?;
        held.map(drop).ok_or(StoreError::NotTheOwner)
    }

    fn one(&mut self, write: &Write) -> Result<(), StoreError> {
        match write {
            Write::Keep(keeps) => keeps.iter().try_for_each(|keep| self.keep(keep)),
            Write::Batch(batch) => self.batch(batch),
            Write::Dissent { match_id, seat, first, items } => {
                let sql = "INSERT INTO dissent (match, seat, first, items) VALUES ($1, $2, $3, $4)";
                self.execute(sql, &[match_id, &i64::from(*seat), &i64::from(*first), items])
            }
            Write::Facts { match_id, seat, json } => {
                let sql = "INSERT INTO seats (match, seat, facts) VALUES ($1, $2, $3)
                           ON CONFLICT (match, seat) DO UPDATE SET facts = coalesce(seats.facts, excluded.facts)";
                self.execute(sql, &[match_id, &i64::from(*seat), json])
            }
            Write::Tail { match_id, new } => new.iter().try_for_each(|new| self.frames(match_id, new)),
            Write::Verified(found) => {
                let differ = serde_json::to_string(&found.seats_differ)?;
                let sql =
                    "UPDATE matches SET frames = $1, verified = $2, difference = $3, seats_differ = $4, judged = TRUE
                           WHERE match = $5";
                let frames = i64::from(found.frames);
                self.execute(sql, &[&frames, &found.verified, &found.difference, &differ, &found.match_id])
            }
        }
    }

    fn batch(&mut self, batch: &BatchWrite) -> Result<(), StoreError> {
        if let Some(new) = &batch.new {
            self.frames(&batch.match_id, new)?;
        }
        let sql = "INSERT INTO seats (match, seat, frames, differs) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (match, seat) DO UPDATE SET frames = greatest(seats.frames, excluded.frames),
                       differs = coalesce(seats.differs, excluded.differs)";
        let differs = batch.differs.map(i64::from);
        self.execute(sql, &[&batch.match_id, &i64::from(batch.seat), &i64::from(batch.frames), &differs])
    }

    fn frames(&mut self, match_id: &str, new: &NewFrames) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO batches (match, number, first, frames, action_len, items) VALUES ($1, $2, $3, $4, $5, $6)";
        let (number, first, frames) = (i64::from(new.number), i64::from(new.first), i64::from(new.frames));
        self.execute(sql, &[&match_id, &number, &first, &frames, &i64::from(new.action_len), &new.items])
    }

    fn keep(&mut self, keep: &Keep) -> Result<(), StoreError> {
        match keep {
            Keep::Lobby { lobby, config } => {
                let sql = "INSERT INTO lobbies (lobby, config) VALUES ($1, $2)
                           ON CONFLICT (lobby) DO UPDATE SET config = excluded.config";
                self.execute(sql, &[lobby, &serde_json::to_string(config)?])?;
            }
            Keep::LobbyClosed { lobby } => self.execute("DELETE FROM lobbies WHERE lobby = $1", &[lobby])?,
            Keep::Person(kept) => {
                let sql = "INSERT INTO people (lobby, participant, kept) VALUES ($1, $2, $3)
                           ON CONFLICT (lobby, participant) DO UPDATE SET kept = excluded.kept";
                self.execute(sql, &[&kept.lobby, &kept.participant, &serde_json::to_string(kept)?])?;
            }
            Keep::SessionEnded(ended) => self.session_ended(ended)?,
            Keep::Match(kept) => {
                let sql = "INSERT INTO matches (match, lobby, kept, created_ms) VALUES ($1, $2, $3, $4)
                           ON CONFLICT (match) DO UPDATE SET kept = excluded.kept";
                let facts = &kept.facts;
                let text = serde_json::to_string(kept)?;
                self.execute(sql, &[&facts.match_id, &facts.lobby, &text, &signed(facts.created_ms)])?;
            }
            Keep::MatchEnded { match_id, reason, code, at_ms } => {
                let sql = "UPDATE matches SET ended_ms = $1, reason = $2, code = $3 WHERE match = $4";
                self.execute(sql, &[&signed(*at_ms), &reason.as_str(), &code.as_str(), match_id])?;
            }
            Keep::MatchEvent { match_id, at_ms, json } => {
                let sql = "INSERT INTO events (match, at_ms, event) VALUES ($1, $2, $3)";
                self.execute(sql, &[match_id, &signed(*at_ms), json])?;
            }
        }
        Ok(())
    }

    fn session_ended(&mut self, ended: &EndedSession) -> Result<(), StoreError> {
        let sql = "DELETE FROM people WHERE lobby = $1 AND participant = $2";
        self.execute(sql, &[&ended.lobby, &ended.participant])?;
        let (game, seat) = ended.seat.clone().unzip();
        let at = ended.history.iter().find(|step| step.to == State::Ended).map_or(0.0, |step| step.at);
        let played = ended.history.iter().any(|step| step.to == State::Playing);
        let sql = "INSERT INTO sessions (lobby, participant, match, seat, created_ms, ended_ms, played, reason, code,
                       completion_code, requeued, history) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        self.execute(
            sql,
            &[
                &ended.lobby,
                &ended.participant,
                &game,
                &seat.map(i64::from),
                &signed(ended.created_ms),
                &(at as i64),
                &played,
                &ended.reason.as_str(),
                &ended.code.as_str(),
                &ended.completion_code,
                &ended.requeued,
                &serde_json::to_string(&ended.history)?,
            ],
        )
    }
}

/// A connection to write by, for as long as the fence counts.
pub(in crate::store) fn open(config: &Config, fence: Fence) -> Result<Writing, StoreError> {
    Ok(Writing::new(connect(config)?, fence))
}
