//! What JavaScript sees of an environment.
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use palaestra_env::{Env, Spec, ValueWriter};
use palaestra_protocol::{Body, ErrorCode, Flags, MOST_ACTIONS, Operation, Reply, Reset};
use wasm_bindgen::prelude::*;

use super::seeding::Seeding;
use crate::channel::{Answer, Done, Link};
use crate::codec::{Codec, thrown};
use crate::deadlines::Deadlines;
use crate::error::PageError;
use crate::failing::Deferred;
use crate::js;
use crate::options::{Said, reset_options, seed_from, seed_js, write_action};
use crate::plain::json_text;
use crate::record::{KeptRecord, PageRecorder, RecordHandle};
use crate::spec::SpecJs;

/// An environment in a Worker of its own. `www/palaestra.js` wraps it as `Env`.
#[wasm_bindgen]
pub struct EnvHandle {
    pub(crate) link: Link,
    pub(super) spec: Rc<Spec>,
    pub(crate) codec: Rc<Codec>,
    /// The same for JavaScript.
    pub(super) spec_js: SpecJs,
    pub(crate) deadlines: Deadlines,
    /// Its keyword arguments, as JSON text.
    pub(super) kwargs: String,
    /// What the page has to say of it, for its record.
    pub(super) said: Said,
    pub(super) seeding: Rc<Seeding>,
    /// Its recorder, if a record was asked for.
    pub(crate) recorder: Option<Rc<RefCell<PageRecorder>>>,
}

#[wasm_bindgen]
impl EnvHandle {
    /// Names, spaces and limits.
    #[wasm_bindgen(getter)]
    pub fn spec(&self) -> JsValue {
        self.spec_js.object.clone()
    }

    /// The seed of the latest reset that had one, given or drawn, as a number or a bigint: null before, and after `restore`.
    #[wasm_bindgen(getter, js_name = npRandomSeed)]
    pub fn np_random_seed(&self) -> JsValue {
        self.seeding.seed.get().map_or(JsValue::NULL, seed_js)
    }

    /// `{seed, options}` to `{observation, info}`.
    pub fn reset(&self, options: &JsValue) -> Promise {
        let read = || {
            js::only_known("reset", options, &["seed", "options"])?;
            Ok((seed_from(&js::get(options, "seed"))?, reset_options(&js::get(options, "options"))?))
        };
        let (seed, own) = match read() {
            Ok((seed, own)) => (self.seeding.of(seed), own),
            Err(error) => return Promise::reject(&PageError::into(error)),
        };
        let (codec, recorder) = (Rc::clone(&self.codec), self.recorder.clone());
        let (seeding, seeds) = (Rc::clone(&self.seeding), seed.is_some());
        let text = if own.is_empty() { String::new() } else { json_text(&own) };
        let mut payload = Vec::new();
        Reset { seed, options: &own }.write(&mut payload);
        let read = move |answer: Answer<'_>| match answer {
            Answer::Reply(Reply { body: Body::Returns { returns, .. }, .. }) => {
                recorder.iter().for_each(|recorder| recorder.borrow_mut().reset(seed, &text, returns));
                seeding.reset(seed)?;
                codec.reset(returns).map_err(thrown)
            }
            _ => Err(unexpected()),
        };
        let (done, promise) = promised(&self.link, read);
        let done = if seeds { self.seeding.seeds(done) } else { done };
        self.link.request(Operation::Reset, Flags::default(), &payload, self.deadlines.step, done);
        promise
    }

    /// Steps that a script asks for by itself (`codec/steps.js`), which the page tries first; undefined where they are recorded, or go through
    /// shared memory.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> JsValue {
        if self.recorder.is_some() {
            return JsValue::UNDEFINED;
        }
        self.link.script_steps(&self.codec, self.deadlines.step).unwrap_or_default()
    }

    /// One of these has waited for too long: the Worker's end.
    pub fn late(&self) {
        self.link.late();
    }

    /// An action, or one per agent keyed by agent, to `{observation, reward, terminated, truncated, info}`.
    pub fn step(&self, action: &JsValue) -> Promise {
        if let Err(error) = self.has_room() {
            return Promise::reject(&error.into());
        }
        let mut bytes = ValueWriter::new();
        match self.codec.write(action) {
            Some(written) => bytes.u8s(&written.to_vec()),
            None => {
                if let Err(error) = write_action(&self.spec, action, &mut bytes) {
                    return Promise::reject(&error.into());
                }
            }
        }
        let recorded = self.recorded(&bytes);
        self.ask(Operation::Step, self.flags(), bytes.bytes(), self.deadlines.step, stepped(&self.codec, recorded))
    }

    /// Actions, in an array or a typed array, to `{length, rewards, at}`: what every step returned, read when it is asked for.
    #[wasm_bindgen(js_name = stepMany)]
    pub fn step_many(&self, actions: &JsValue, autoreset: bool) -> Promise {
        if let Err(error) = self.has_room() {
            return Promise::reject(&error.into());
        }
        if autoreset && self.recorder.is_some() {
            // What those resets return does not cross to the page.
            let message = "stepMany: expected no autoreset of an environment that is recorded, found autoreset";
            return Promise::reject(&PageError::argument(message).into());
        }
        // Looked at before anything is copied: a page's memory has an end as well.
        let most = MOST_ACTIONS / self.spec.agents.len().max(1);
        let found = js::get(actions, "length").as_f64().unwrap_or_default();
        if found > most as f64 {
            let message = format!("stepMany: expected at most {most} steps at a time, found {}", found as u64);
            return Promise::reject(&PageError::argument(message).into());
        }
        let mut bytes = ValueWriter::new();
        let written = self.codec.write_many(actions);
        match &written {
            // They go to the Worker as they are; a recorder needs them here as well.
            Some(written) if self.recorder.is_some() => bytes.u8s(&written.to_vec()),
            Some(_) => {}
            None => {
                for (index, action) in Array::from(actions).iter().enumerate() {
                    if let Err(error) = write_action(&self.spec, &action, &mut bytes) {
                        let error = PageError::new(error.code, format!("actions[{index}]: {}", error.message));
                        return Promise::reject(&error.into());
                    }
                }
            }
        }
        let (spec, codec, recorded) = (Rc::clone(&self.spec), Rc::clone(&self.codec), self.recorded(&bytes));
        let (done, promise) = promised(&self.link, move |answer| match answer {
            Answer::Many(Reply { body: Body::Many { stride, hashes, .. }, .. }, message) => {
                if let Some((recorder, actions)) = &recorded {
                    let returns: Vec<u8> =
                        message.iter().skip(1).flat_map(|part| Uint8Array::new(&part).to_vec()).collect();
                    recorder.borrow_mut().steps(&spec.action_spaces, actions, (stride, &returns), hashes)?;
                }
                codec.many(message).map_err(thrown)
            }
            _ => Err(unexpected()),
        });
        let (operation, flags) = (Operation::StepMany, Flags { autoreset, ..self.flags() });
        match &written {
            Some(written) => self.link.request_in_place(operation, flags, written, self.deadlines.many, done),
            None => self.link.request(operation, flags, bytes.bytes(), self.deadlines.many, done),
        }
        promise
    }

    /// Everything the future depends on, as a Uint8Array.
    pub fn save(&self) -> Promise {
        self.ask(Operation::Save, Flags::default(), &[], self.deadlines.step, |answer| match answer {
            Answer::Reply(Reply { body: Body::State(state), .. }) => Ok(Uint8Array::from(state).into()),
            _ => Err(unexpected()),
        })
    }

    /// Back to saved bytes.
    pub fn restore(&self, state: &JsValue) -> Promise {
        if self.recorder.is_some() {
            // A record cannot say that something was restored, and its replay would go another way.
            let message = "restore: expected an environment that is not recorded, found one that is";
            return Promise::reject(&PageError::argument(message).into());
        }
        let bytes = match state.dyn_ref::<Uint8Array>() {
            // Looked at before it is copied.
            Some(bytes) if bytes.length() as usize > Env::MOST_STATE_BYTES => {
                let (most, found) = (Env::MOST_STATE_BYTES, bytes.length());
                let message = format!("restore: expected a saved state of at most {most} bytes, found {found}");
                return Promise::reject(&PageError::new(ErrorCode::BadState, message).into());
            }
            Some(bytes) => bytes.to_vec(),
            None => {
                let found = js::shown(state);
                let message = format!("restore: expected the Uint8Array that save() gave, found {found}");
                return Promise::reject(&PageError::new(ErrorCode::BadState, message).into());
            }
        };
        self.seeding.restoring();
        let seeding = Rc::clone(&self.seeding);
        let (done, promise) = promised(&self.link, move |_| {
            seeding.restored();
            Ok(JsValue::UNDEFINED)
        });
        let done = self.seeding.seeds(done);
        self.link.request(Operation::Restore, Flags::default(), &bytes, self.deadlines.step, done);
        promise
    }

    /// The state's hash, as 16 hexadecimal digits.
    pub fn hash(&self) -> Promise {
        self.ask(Operation::Hash, Flags::default(), &[], self.deadlines.step, |answer| match answer {
            Answer::Reply(Reply { body: Body::Hash(hash), .. }) => Ok(format!("{hash:016x}").into()),
            _ => Err(unexpected()),
        })
    }

    /// What was played so far. `policy` says who chose the actions.
    pub fn record(&self, policy: Option<String>) -> Result<RecordHandle, JsValue> {
        let Some(recorder) = &self.recorder else {
            return Err(PageError::argument("record: expected an environment made with {record: true}").into());
        };
        let spec = (Rc::clone(&self.spec), self.spec_js.clone());
        Ok(RecordHandle::new(KeptRecord::of_env(&recorder.borrow(), (&self.kwargs, &self.said), spec, policy)))
    }

    /// Ends the Worker: a promise of the report, the same for every call.
    pub fn close(&self) -> Promise {
        self.link.close(self.deadlines.grace)
    }

    /// A recorded step has its state's hash, as a game's has.
    fn flags(&self) -> Flags {
        Flags { hash: self.recorder.is_some(), ..Flags::default() }
    }

    /// The recorder, and what goes into it with the reply to these actions.
    fn recorded(&self, actions: &ValueWriter) -> Option<Recorded> {
        self.recorder.as_ref().map(|recorder| (Rc::clone(recorder), actions.bytes().to_vec()))
    }

    /// Whether what is played now can still be recorded.
    fn has_room(&self) -> Result<(), PageError> {
        self.recorder.as_ref().map_or(Ok(()), |recorder| recorder.borrow().has_room())
    }

    pub(crate) fn ask(
        &self,
        operation: Operation,
        flags: Flags,
        payload: &[u8],
        deadline_ms: f64,
        read: impl FnOnce(Answer<'_>) -> Result<JsValue, PageError> + 'static,
    ) -> Promise {
        let (done, promise) = promised(&self.link, read);
        self.link.request(operation, flags, payload, deadline_ms, done);
        promise
    }
}

/// A recorder, and the actions that go into it with what they returned.
type Recorded = (Rc<RefCell<PageRecorder>>, Vec<u8>);

/// What a step's answer is read as.
fn stepped(
    codec: &Rc<Codec>,
    recorded: Option<Recorded>,
) -> impl FnOnce(Answer<'_>) -> Result<JsValue, PageError> + 'static {
    let codec = Rc::clone(codec);
    move |answer| match answer {
        Answer::Reply(Reply { body: Body::Returns { returns, hash, .. }, .. }) => {
            if let Some((recorder, actions)) = &recorded {
                recorder.borrow_mut().step(actions, returns, &[], hash)?;
            }
            codec.step(returns).map_err(thrown)
        }
        _ => Err(unexpected()),
    }
}

/// A promise, and the outcome of a request that settles it. Until then it keeps the Worker: a page that awaits an answer need
/// not hold on to the environment besides.
fn promised(link: &Link, read: impl FnOnce(Answer<'_>) -> Result<JsValue, PageError> + 'static) -> (Done, Promise) {
    let deferred = Deferred::new();
    let promise = deferred.promise();
    let asked = link.clone();
    let done: Done = Box::new(move |answer| {
        let _asked = asked;
        deferred.settle(answer.and_then(read));
    });
    (done, promise)
}

fn unexpected() -> PageError {
    PageError::new(ErrorCode::BadMessage, "the Worker's reply does not fit the request")
}
