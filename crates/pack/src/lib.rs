//! Packing after a game: make a record's file of its chunks and replay that file, off the main thread.
//!
//! ```text
//!  page ──{job}──► packer ──pieces──► CompressionStream ──► file      a Worker of the page's own: pack()
//!                    │                                       │
//!                    └─ gloo-worker ─► Replay ◄──────────────┘        a Worker of the packer's: register()
//! ```
//!
//! The page makes the packer itself, hears its errors and can end it. The packer runs [`Replay`], a one-shot job of gloo-worker,
//! in a Worker nested in its own: whatever becomes of it, it ends with the packer. What is replayed is the very file that the
//! researcher gets, in an instance of the environment's module that has not played the game; the file is handed over before,
//! and is not lost where a replay hangs.
//!
//! | file | what it does |
//! |---|---|
//! | `job.rs` | the packer: from chunks to the file |
//! | `replay.rs` | the replay, a few lines per question |
//! | `table.rs` | a record's file as a table, in a Worker of the page's own |
//! | `signing.rs` | of that, the signs of life while it is replayed |
//! | `columns.rs`, `told.rs` | of that, what few pages need: Arrow and Minari; a guest's record |
//! | `platform.rs` | what both ask of their Worker: streams, files, the module of the environment's family |
//! | `remote.rs` | the replay's player in that module |
//! | `feed.rs` | the file in pieces, for a reader that cannot wait |
//! | `codec.rs` | how questions and answers cross |
mod codec;
mod columns;
mod feed;
mod job;
mod platform;
mod remote;
mod replay;
mod signing;
mod table;
mod told;

pub use job::pack;
pub use platform::Platform;
pub use replay::{Answer, Question, Replay, register};
pub use table::table;
