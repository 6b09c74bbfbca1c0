//! What is recorded on the page: the recorder, whose chunks the browser keeps, and the record that is handed over.
//!
//! | file | what it holds |
//! |---|---|
//! | `recorder.rs` | the recorder of a game, and of an environment that a program drives |
//! | `kept.rs` | a record: its header, its chunks, its file |
//! | `handle.rs` | what JavaScript sees of it |
mod handle;
mod kept;
mod recorder;

pub use handle::RecordHandle;
pub(crate) use kept::KeptRecord;
pub use kept::replay_modules;
pub(crate) use recorder::{Chunks, Followed, PageRecorder, Recorded, record_full, unsealed};
