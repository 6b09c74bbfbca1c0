//! `rollout`: episodes that policies play by themselves, in a Worker of their own. A part of its own of the module, which only pages load
//! that ask for it (`scripts/build/parts.mjs`); what it was asked for and what came of it are read in `rollout/`.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use palaestra_env::{Space, Spec, Value, ValueWriter};
use palaestra_protocol::{Body, ErrorCode, Flags, Operation, Reply, RolloutSetup, SeatSetup};
use wasm_bindgen::prelude::*;

use crate::channel::{Answer, Done, Link, Purpose};
use crate::deadlines::Deadlines;
use crate::error::PageError;
use crate::failing::Deferred;
use crate::game::{Seat, by_policy, expert_from};
use crate::js;
use crate::options::{action_from, kwargs_from, reset_options, seed_from, whole};
use crate::registry::{self, Entry, agents_in};

/// The most steps of an episode, unless the page says otherwise.
const LONGEST: u32 = 100_000;

/// A rollout in a Worker of its own. `rollout/` wraps it.
#[wasm_bindgen]
pub struct RolloutHandle {
    link: Link,
    deadlines: Deadlines,
    /// What it is to be told first.
    setup: RefCell<Vec<u8>>,
    begun: Cell<bool>,
}

/// Spawns a Worker for an environment and its policies: a promise of a [`RolloutHandle`]. `options` are those of `env.rollout`, and `made`,
/// the agents of the environment that is asked.
#[wasm_bindgen(js_name = openRollout)]
pub fn open_rollout(id: &str, kwargs: &JsValue, options: &JsValue) -> Promise {
    match open(id, kwargs, options) {
        Ok(promise) => promise,
        Err(error) => Promise::reject(&error.into()),
    }
}

fn open(id: &str, kwargs: &JsValue, options: &JsValue) -> Result<Promise, PageError> {
    let bytes = kwargs_from(kwargs)?;
    let deadlines = Deadlines::from_options(options)?;
    let seats = seats_from(id, kwargs, options)?;
    let longest = whole(options, "maxEpisodeSteps")?.map_or(LONGEST, |most| u32::try_from(most).unwrap_or(u32::MAX));
    let setup = RolloutSetup {
        seed: seed_from(&js::get(options, "seed"))?.unwrap_or_default(),
        episodes: whole(options, "episodes")?,
        steps: whole(options, "steps")?,
        longest,
        seats: Vec::new(),
        options: reset_options(&js::get(options, "resetOptions"))?,
    };
    if setup.episodes.is_none() && setup.steps.is_none() {
        return Err(PageError::argument("rollout: expected a number of episodes or of steps, found neither"));
    }
    let signal = js::given(options, "signal").and_then(|signal| signal.dyn_into::<web_sys::AbortSignal>().ok());
    if signal.as_ref().is_some_and(web_sys::AbortSignal::aborted) {
        return Err(PageError::closed());
    }
    let experts = seats.iter().any(|(_, seat)| matches!(seat, Seat::Expert(_)));
    let models = seats.iter().filter_map(|(_, seat)| match seat {
        Seat::Policy(policy) => Some(Rc::clone(policy)),
        _ => None,
    });
    let models = models.collect();
    // The link is known only after `open` returns, and a failure may be told before that.
    let opened: Rc<RefCell<Option<Link>>> = Rc::default();
    let handle = Rc::clone(&opened);
    let deferred = Deferred::new();
    let promise = deferred.promise();
    let done: Done = Box::new(move |answer| {
        deferred.settle(made(answer, handle.borrow_mut().take(), setup, &seats, deadlines));
    });
    let link = Link::open(id, &bytes, Purpose::Rollout { experts }, deadlines.load, done);
    link.seat(models);
    if let Some(signal) = &signal {
        link.close_on_abort(signal, deadlines.grace);
    }
    opened.replace(Some(link));
    Ok(promise)
}

/// What comes of an environment for a rollout. A function of its own, as the next is: so what the closures lead to is a part's.
#[inline(never)]
fn made(
    answer: Result<Answer<'_>, PageError>,
    link: Option<Link>,
    mut setup: RolloutSetup,
    seats: &[(String, Seat)],
    deadlines: Deadlines,
) -> Result<JsValue, PageError> {
    let (Answer::Made(spec, _), Some(link)) = (answer?, link) else { return Err(PageError::closed()) };
    match seat_setups(&spec, seats) {
        Ok(seats) => {
            let mut bytes = Vec::new();
            setup.seats = seats;
            setup.write(&mut bytes);
            let (setup, begun) = (RefCell::new(bytes), Cell::new(false));
            Ok(RolloutHandle { link, deadlines, setup, begun }.into())
        }
        Err(error) => {
            drop(link.close(deadlines.grace));
            Err(error)
        }
    }
}

/// What was played.
#[inline(never)]
fn went(answer: Result<Answer<'_>, PageError>) -> Result<JsValue, PageError> {
    match answer? {
        Answer::Reply(Reply { body: Body::State(progress), .. }) => Ok(Uint8Array::from(progress).into()),
        _ => Err(PageError::new(ErrorCode::BadMessage, "the Worker's reply does not fit the request")),
    }
}

#[wasm_bindgen]
impl RolloutHandle {
    /// Plays for a moment: a promise of what came of it, as `palaestra_protocol` writes it.
    pub fn next(&self) -> Promise {
        let deferred = Deferred::new();
        let promise = deferred.promise();
        let done: Done = Box::new(move |answer| deferred.settle(went(answer)));
        let setup = if self.begun.replace(true) { Vec::new() } else { self.setup.take() };
        self.link.request(Operation::Rollout, Flags::default(), &setup, self.deadlines.step, done);
        promise
    }

    /// Ends the Worker: a promise of the report, the same for every call.
    pub fn close(&self) -> Promise {
        self.link.close(self.deadlines.grace)
    }
}

/// Who plays each agent: a policy for all, or by agent, and `random` for those that are not named. Which agents there are, `made` says: as
/// the registry has it, of the very environment that is asked.
fn seats_from(id: &str, kwargs: &JsValue, options: &JsValue) -> Result<Vec<(String, Seat)>, PageError> {
    let policies = &js::get(options, "policies");
    let entry = registry::entry(id);
    let made = js::given(options, "made").map(Entry::from);
    let agents_of = made.as_ref().or(entry.as_ref());
    let agents = agents_of.map_or(1, |entry| entry.agents(kwargs));
    let is_one = |name: &str| js::given(policies, name).is_some();
    let by_agent = policies.is_object() && !["onnx", "expert", "action"].into_iter().any(is_one);
    let chosen = if by_agent { policies } else { &JsValue::UNDEFINED };
    let names = agents_in("policies", chosen, agents_of, kwargs, agents)?;
    let seat = |(agent, name): (usize, String)| {
        let policy = if by_agent { js::given(policies, &name) } else { Some(policies.clone()) };
        let policy = policy.filter(|policy| !policy.is_undefined() && !policy.is_null());
        let seat =
            policy.map_or(Ok(Seat::Random), |policy| policy_seat_from(&policy, (agent, &name), entry.as_ref(), kwargs));
        Ok((name, seat?))
    };
    names.into_iter().enumerate().map(seat).collect()
}

/// As the Worker is told.
fn seat_setups(spec: &Spec, seats: &[(String, Seat)]) -> Result<Vec<SeatSetup>, PageError> {
    let seats = seats.iter().zip(&spec.action_spaces);
    let setup = |((name, seat), space): (&(String, Seat), &Space)| {
        Ok(match seat {
            Seat::Expert(skill) => SeatSetup::Expert { skill: *skill },
            Seat::Policy(_) => SeatSetup::Policy,
            Seat::Fixed(action) => {
                let action = action_from(space, action)
                    .map_err(|message| PageError::argument(format!("policies.{name}: {message}")))?;
                SeatSetup::Fixed(written(&action))
            }
            Seat::Random | Seat::Idle | Seat::Person(_) => SeatSetup::Random,
        })
    };
    seats.map(setup).collect()
}

fn written(value: &Value) -> Vec<u8> {
    let mut bytes = ValueWriter::new();
    bytes.value(value);
    bytes.bytes().to_vec()
}

/// Who plays an agent in a rollout.
///
/// # Errors
/// [`PageError`] for what is no policy.
fn policy_seat_from(
    policy: &JsValue,
    (agent, name): (usize, &str),
    entry: Option<&Entry>,
    kwargs: &JsValue,
) -> Result<Seat, PageError> {
    // Who reads seats of games says so.
    let here = |error: PageError| {
        let message = error.message.strip_prefix("seats").map(|rest| format!("policies{rest}"));
        PageError::argument(message.unwrap_or(error.message))
    };
    let seat = match policy.as_string().as_deref() {
        Some("random") => Some(Seat::Random),
        Some("expert") => Some(Seat::Expert(expert_from(None, name, entry).map_err(here)?)),
        Some(_) => None,
        None => match js::given(policy, "action").filter(|_| policy.is_object()) {
            Some(action) => Some(Seat::Fixed(action)),
            None => by_policy(policy, (agent, name), entry, kwargs).map_err(here)?,
        },
    };
    seat.ok_or_else(|| {
        let found = js::shown(policy);
        PageError::argument(format!(
            "policies.{name}: expected \"random\", \"expert\", {{expert}}, {{onnx}} or {{action}}, found {found}"
        ))
    })
}
