//! One step after another: planned, sent ahead of its time, amended when a key says so, and taken in when it has been played.
use std::rc::Rc;

use palaestra_env::{Outcome, ValueReader, ValueWriter};
use palaestra_protocol::{Body, Due, ErrorCode, Reply};
use palaestra_session::Reason;

use super::Game;
use super::metrics::{Row, Station, UNPASSED};
use super::run::{Stage, Unlogged};
use super::seats::{Choice, Seats};
use crate::channel::Answer;
use crate::error::PageError;

/// A timer's milliseconds are whole ones: what is nearer than one is now.
const NOW_MS: f64 = 1.0;

/// The step that is with the Worker.
pub(super) struct Flight {
    id: u32,
    due: f64,
    /// The request and its amendments, by serial.
    sent: Vec<Sent>,
}

/// What one of them would play, and its stamps.
struct Sent {
    actions: Vec<u8>,
    row: Row,
}

impl Sent {
    fn new(choice: &Choice<'_>, now: f64) -> Self {
        let mut actions = ValueWriter::new();
        choice.actions.iter().for_each(|action| actions.value(action));
        let mut row = UNPASSED;
        if let Some(pressed_at) = choice.pressed_at {
            set(&mut row, Station::Keypress, pressed_at);
            set(&mut row, Station::QueueExit, now);
        }
        set(&mut row, Station::StepCall, now);
        Self { actions: actions.bytes().to_vec(), row }
    }
}

impl Game {
    /// Sends the next step if it is time to, or sees to it that it is sent then.
    pub(super) fn arm(self: &Rc<Self>) {
        let now = self.clock.now();
        let left = {
            let run = self.run.borrow();
            let waits = run.stage == Stage::Ready && run.seats.as_ref().is_some_and(Seats::ready);
            run.ticker.next().filter(|_| waits).map(|due| due - run.lead.ms() - now)
        };
        match left {
            Some(left) if left < NOW_MS => self.send(now),
            left => self.guards.borrow().iter().for_each(|guards| guards.alarm.set(left)),
        }
    }

    /// The timer has rung, so many milliseconds late.
    pub(super) fn rang(self: &Rc<Self>, late: f64) {
        self.run.borrow_mut().lead.rang_late(late);
        self.arm();
    }

    fn send(self: &Rc<Self>, now: f64) {
        let Some(link) = self.link.borrow().clone() else { return };
        let (due, actions) = {
            let mut run = self.run.borrow_mut();
            let run = &mut *run;
            let Some(choice) = run.seats.as_mut().and_then(Seats::plan) else { return };
            let Some(due) = run.ticker.take(now) else { return };
            let sent = Sent::new(&choice, now);
            let actions = sent.actions.clone();
            run.flight = Some(Flight { id: 0, due, sent: vec![sent] });
            run.stage = Stage::Stepping;
            (due, actions)
        };
        let game = Rc::clone(self);
        let done = Box::new(move |answer: Result<Answer<'_>, PageError>| game.stepped(answer));
        let id = link.step_at(due, self.flags(), &actions, self.config.step_timeout, done);
        self.run.borrow_mut().flight.iter_mut().for_each(|flight| flight.id = id);
    }

    /// The keys have changed. A step that has been sent is amended, whether its time has come or not: if it has, the Worker
    /// says so, and the keys count for the next. A game that `waited` for a key has waited.
    pub(super) fn keys_changed(self: &Rc<Self>, waited: bool) {
        let now = self.clock.now();
        let amendment = {
            let mut run = self.run.borrow_mut();
            let run = &mut *run;
            match (&mut run.flight, &mut run.seats) {
                (Some(flight), Some(seats)) => {
                    let Some(choice) = seats.plan() else { return };
                    let sent = Sent::new(&choice, now);
                    let (id, due) = (flight.id, Due { at: flight.due, serial: choice.serial });
                    let actions = sent.actions.clone();
                    flight.sent.push(sent);
                    Some((id, due, actions))
                }
                (None, _) if waited => {
                    run.ticker.waited(now);
                    None
                }
                _ => return,
            }
        };
        match amendment {
            None => self.arm(),
            Some((id, due, actions)) => {
                let link = self.link.borrow().clone();
                link.iter().for_each(|link| link.amend(id, due, self.flags(), &actions));
            }
        }
    }

    fn stepped(self: &Rc<Self>, answer: Result<Answer<'_>, PageError>) {
        let returned_at = self.clock.now();
        let flight = self.run.borrow_mut().flight.take();
        let Some(spec) = self.playing() else { return };
        let reply = match answer {
            Ok(Answer::Reply(reply)) => reply,
            Ok(_) => return,
            Err(error) => return self.failed(error),
        };
        let Body::Returns { returns, hash, scene } = reply.body else { return };
        let outcome = match Outcome::read(spec.agents.len(), &mut ValueReader::new(returns)) {
            Ok(outcome) => outcome,
            Err(error) => return self.failed(PageError::new(ErrorCode::BadMessage, error.to_string())),
        };
        let Some(Sent { actions, row }) = flight.and_then(|flight| self.played(flight, &reply, returned_at)) else {
            let text = format!("expected a reply to a step that was sent, found one to its amendment {}", reply.serial);
            return self.failed(PageError::new(ErrorCode::BadMessage, text));
        };
        let over = outcome.over();
        {
            let mut run = self.run.borrow_mut();
            let run = &mut *run;
            run.flush(self.config.record_metrics);
            run.metrics.push(row);
            run.frame += 1;
            run.score.iter_mut().zip(&outcome.rewards).for_each(|(score, reward)| *score += reward);
            run.unlogged = Some(Unlogged { frame: run.frame, actions, returns: returns.to_vec(), hash });
            run.undrawn = (!scene.is_empty()).then_some(run.frame);
            run.stage = if over { Stage::Between(returned_at + self.config.episode_pause) } else { Stage::Ready };
            if over {
                let score = run.score.clone();
                run.scores.push(score);
            }
        }
        self.show(scene, false);
        self.tell_step(returns);
        self.after_step(over);
    }

    /// What was played of what was sent: the seats go on from there.
    fn played(&self, mut flight: Flight, reply: &Reply<'_>, returned_at: f64) -> Option<Sent> {
        let serial = usize::from(reply.serial);
        let mut sent = if serial < flight.sent.len() { flight.sent.swap_remove(serial) } else { return None };
        let mut run = self.run.borrow_mut();
        run.actions = run.seats.as_mut()?.commit(reply.serial)?;
        let row = &mut sent.row;
        if let [pressed_at, taken_at, ..] = *row
            && !pressed_at.is_nan()
        {
            run.last_input = [pressed_at, taken_at];
        }
        let link = self.link.borrow();
        let on_page = |at| link.as_ref().map_or(f64::NAN, |link| link.on_page(at));
        set(row, Station::WorkerReceive, on_page(reply.stamps.received));
        set(row, Station::StepDue, flight.due);
        set(row, Station::StepBegin, on_page(reply.stamps.began));
        set(row, Station::StepEnd, on_page(reply.stamps.ended));
        set(row, Station::StepReturn, returned_at);
        Some(sent)
    }

    /// Ends the session when it has had its steps or episodes; otherwise sees to the next step.
    fn after_step(self: &Rc<Self>, over: bool) {
        let room = self.run.borrow().recorder.has_room();
        if let Err(error) = room {
            return self.failed(error);
        }
        let (steps, episodes) = {
            let run = self.run.borrow();
            (run.frame as u64, run.scores.len() as u64)
        };
        let all_steps = self.config.max_steps.is_some_and(|most| steps >= most);
        let all_episodes = over && self.config.episodes.is_some_and(|most| episodes >= most);
        if all_steps || all_episodes {
            self.end(Reason::Complete, None);
        } else {
            self.arm();
        }
    }
}

fn set(row: &mut Row, station: Station, at: f64) {
    row.get_mut(station as usize).into_iter().for_each(|stamp| *stamp = at);
}
