//! A panic of somebody's environment as words, without the lines that Rust writes to standard error.
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static LISTENING: Cell<bool> = const { Cell::new(false) };
    static WHERE: RefCell<String> = const { RefCell::new(String::new()) };
}

static HOOK: Once = Once::new();

/// What `body` gives, or how it panicked and where.
pub(super) fn caught<T>(body: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !LISTENING.get() {
                return usual(panic);
            }
            let place = panic.location().map(|place| format!(" at {place}")).unwrap_or_default();
            WHERE.with(|known| *known.borrow_mut() = place);
        }));
    });
    let before = LISTENING.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(body));
    LISTENING.set(before);
    outcome.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("without words");
        Err(format!("it panics{}: {text}", WHERE.take()))
    })
}
