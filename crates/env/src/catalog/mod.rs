//! What there is to play and how: facts beside the environments' code, so that a page can list them, name their options and bind
//! their keys before anything is loaded.
//!
//! A [`Family`] is what a crate of environments gives away: its [`Entry`]s, what makes them, its [`Artwork`]. A [`Catalog`] is
//! what a site has of them.
mod argument;
mod check;
mod entry;
mod families;
mod family;
mod manual;
mod registry;

pub use argument::{Argument, ArgumentKind};
pub use entry::{ActionValue, Appearance, Binding, Entry, InputMode};
pub use families::Catalog;
pub use family::{Artwork, Family, MakeEnvironment};
pub use manual::{Manual, Meaning};
pub use registry::Registry;
