//! Makes an environment: what was asked for, and its Worker.
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::handle::EnvHandle;
use crate::channel::{Answer, Link, Purpose};
use crate::codec::Codec;
use crate::deadlines::Deadlines;
use crate::error::PageError;
use crate::failing::{Deferred, fetch_part};
use crate::js;
use crate::options::{flag, kwargs_from, kwargs_text, said};
use crate::record::PageRecorder;

const KNOWN: [&str; 9] =
    ["signal", "loadTimeout", "stepTimeout", "record", "sharedMemory", "participant", "condition", "notes", "save"];

/// Spawns a Worker and makes an environment in it: a promise of an [`EnvHandle`].
///
/// `options` may have `signal`, an AbortSignal that closes it at any time, `loadTimeout` and `stepTimeout` in milliseconds,
/// `record`, whether a record is kept, `participant`, `condition` and `notes` for its header, and `sharedMemory`, whether to go through shared memory where the page is isolated.
#[wasm_bindgen(js_name = makeEnv)]
pub fn make_env(id: &str, kwargs: &JsValue, options: &JsValue) -> Promise {
    let read = |kwargs| {
        js::only_known("make", options, &KNOWN)?;
        let (record, share) = (flag(options, "record", false)?, flag(options, "sharedMemory", true)?);
        let said = said(options)?;
        let save = js::given(options, "save").filter(|save| save.as_bool() != Some(false)).map(|_| "save");
        if let Some(found) = said.first().map(|(name, _)| *name).or(save).filter(|_| !record) {
            let message = format!("{found}: expected an environment made with {{record: true}}, found one without");
            return Err(PageError::argument(message));
        }
        Ok((kwargs, Deadlines::from_options(options)?, record, share, said))
    };
    let (kwargs, deadlines, record, share, said) = match kwargs_from(kwargs).and_then(read) {
        Ok(parsed) => parsed,
        Err(error) => return Promise::reject(&error.into()),
    };
    let signal =
        match js::given(options, "signal").map(wasm_bindgen::JsCast::dyn_into::<web_sys::AbortSignal>).transpose() {
            Ok(signal) => signal,
            Err(found) => {
                let message = format!("signal: expected an AbortSignal, found {}", js::shown(&found));
                return Promise::reject(&PageError::argument(message).into());
            }
        };
    if signal.as_ref().is_some_and(web_sys::AbortSignal::aborted) {
        return Promise::reject(&PageError::closed().into());
    }
    // The link is known only after `open` returns, and a failure may be told before that.
    let opened: Rc<RefCell<Option<Link>>> = Rc::default();
    let handle = Rc::clone(&opened);
    let given = kwargs_text(&kwargs);
    let made = Deferred::new();
    let promise = made.promise();
    let link = Link::open(
        id,
        &kwargs,
        Purpose::Program { share },
        deadlines.load,
        Box::new(move |answer| {
            made.settle(match (answer, handle.borrow_mut().take()) {
                (Ok(Answer::Made(spec, spec_js)), Some(link)) => {
                    let codec = Rc::new(Codec::new(&spec_js.object));
                    let recorder = record.then(|| Rc::new(RefCell::new(PageRecorder::new(spec.agents.len()))));
                    if record {
                        fetch_part("record");
                    }
                    let (spec, kwargs, seeding) = (Rc::new(*spec), given, Rc::default());
                    Ok(EnvHandle { link, spec, codec, spec_js, deadlines, kwargs, said, seeding, recorder }.into())
                }
                (Err(error), _) => Err(error),
                _ => Err(PageError::closed()),
            });
        }),
    );
    if let Some(signal) = &signal {
        link.close_on_abort(signal, deadlines.grace);
    }
    opened.replace(Some(link));
    promise
}
