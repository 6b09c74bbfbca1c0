//! A game of a match: several people, each at a browser of their own. What the page says beyond a game alone, and what it is
//! told.
//!
//! ```text
//!  page                                             Worker                              server
//!   │  Play, with a Remote seat for each other    ──►  │
//!   │  Join                                       ──►  │  opens the play socket        ──►  │
//!   │  ◄── Told: socket open, peers                    │  ◄── welcome, peer                 │
//!   │  Control: validate                          ──►  │  shakes hands with everybody       │
//!   │  ◄── Told: validated                             │                                    │
//!   │  Start                                      ──►  │  keeps the time from here on       │
//!   │  ◄── Began, Shown, Stepped, Told, Vitals         │  packets, confirmed frames    ──►  │
//!   │  Key                                        ──►  │                                    │
//!   │  Leave                                      ──►  │                                    │
//! ```
//!
//! | file | what it defines |
//! |---|---|
//! | `join.rs` | what the page says: the match, its start, what the control socket brings |
//! | `network.rs` | an injected network, for tests and demonstrations |
//! | `shown.rs` | pictures, episodes, confirmed steps |
//! | `told.rs` | what becomes of the match: sockets, peers, leavers, the end |
//! | `vitals.rs` | how the match is, once a second |
//! | `watch.rs` | what the page says to watch a match |
mod join;
mod network;
mod shown;
mod told;
mod vitals;
mod watch;

pub use join::{Control, DropoutSetup, Join, MatchMode, Start};
pub use network::NetworkSetup;
pub use shown::{BEGAN_RETURNS, Began, Event, SHOWN_SCENE, Shown};
pub use told::{EndReason, LeaveReason, NEWS, TOLD_SECOND, TOLD_TEXT, Told};
pub use vitals::{NO_PING, PathKind, SeatPath, Vitals};
pub use watch::{WATCH_DRAWN, WATCH_FLAGS, WATCH_FPS, WATCH_SEED, WATCH_URL, Watch};
