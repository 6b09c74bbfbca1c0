//! What comes from outside, as libFuzzer makes it up: each target takes any bytes, must end, and panics where something does not
//! hold. Limits on time and memory are libFuzzer's, given by `npm run fuzz`.
//!
//! | target | the bytes are |
//! |---|---|
//! | [`records`] | a file for `palaestra verify` |
//! | [`states`] | changes to a saved state, from which a game then goes on |
//! | [`arguments`] | arguments of `make` and options of `reset`, of any environment |
//! | [`messages`] | a request or a reply |
//! | [`packets`] | what a peer of a match hears |
//! | [`matches`] | what a browser hears in the middle of a match, directly, through the server and from it |
//! | [`server`] | what a server hears, on either socket |
//! | [`rows`] | rows of differences; and rows to be written as such |
//! | [`models`] | an ONNX file |
//! | [`logs`] | a game's log, or a stream with a spec of its own |

pub mod arguments;
pub mod logs;
pub mod matches;
pub mod messages;
pub mod models;
pub mod packets;
mod play;
pub mod records;
pub mod rows;
pub mod server;
pub mod states;
