//! What the Worker's module of every family has in common. The module's own crate, which the build writes, is one line:
//! [`module!`].
use std::cell::RefCell;

use palaestra_env::{ArgumentError, Environment};
use palaestra_host::LocalResponder;
use wasm_bindgen::prelude::*;

#[doc(hidden)]
pub use palaestra_env::{Env, Kwargs, MakeError, catalog::Family};
#[doc(hidden)]
pub use palaestra_host::{TOGETHER, Together};

/// Makes the crate it stands in the Worker's module of a [`Family`](palaestra_env::catalog::Family), a constant. Of all that
/// belongs to a family the linker keeps what its `make` leads to; of games of several browsers it keeps something only where
/// `together` follows.
#[macro_export]
macro_rules! module {
    ($family:expr) => {
        $crate::module!($family, None);
    };
    ($family:expr, together) => {
        $crate::module!($family, Some(&$crate::TOGETHER));
    };
    ($family:expr, $together:expr) => {
        fn make(id: &str, kwargs: &$crate::Kwargs) -> Result<$crate::Env, $crate::MakeError> {
            const FAMILY: $crate::Family = $family;
            $crate::made(id, (FAMILY.make)(id, kwargs))
        }

        /// Takes the page's first message; see [`palaestra_worker::start`].
        #[wasm_bindgen::prelude::wasm_bindgen]
        pub fn start(first: &wasm_bindgen::JsValue) {
            $crate::start(first, make, $together);
        }

        /// Makes an environment that is asked without messages; see [`palaestra_worker::replay`].
        #[wasm_bindgen::prelude::wasm_bindgen]
        pub fn replay(request: &wasm_bindgen::JsValue) -> Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue> {
            $crate::replay(request, make)
        }
    };
}

/// Takes the page's first message; see [`palaestra_host::start`].
pub fn start(first: &JsValue, make: palaestra_host::Make, together: Option<&'static Together>) {
    palaestra_host::start(first, make, together);
}

thread_local! {
    /// What answers without messages.
    static LOCAL: RefCell<Option<LocalResponder>> = const { RefCell::new(None) };
}

/// Makes an environment as `{envId, kwargs}` says, for [`ask`], and gives its spec. There is one in an instance of the module: a
/// second takes the place of the first.
///
/// # Errors
/// The reason, as text.
pub fn replay(request: &JsValue, make: palaestra_host::Make) -> Result<JsValue, JsValue> {
    let (local, spec) = LocalResponder::make(request, make).map_err(JsValue::from)?;
    LOCAL.set(Some(local));
    Ok(spec)
}

/// Answers a request of `palaestra_protocol`; nothing without an environment.
#[wasm_bindgen]
pub fn ask(request: &[u8]) -> Vec<u8> {
    LOCAL.with_borrow_mut(|local| local.as_mut().map(|local| local.ask(request).to_vec())).unwrap_or_default()
}

/// What a family made of an id; `None`: it is another's.
///
/// # Errors
/// [`MakeError::UnknownId`], without the nearest: the page knows every id there is and finds the one that was meant.
pub fn made(id: &str, made: Option<Result<Box<dyn Environment>, ArgumentError>>) -> Result<Env, MakeError> {
    let made = made.ok_or_else(|| MakeError::UnknownId { id: id.to_owned(), nearest: None })?;
    made.map(Env::new).map_err(MakeError::Argument)
}
