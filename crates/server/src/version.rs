//! Which version this is.

/// The version that pages have to be of unless the server is told another one: Palaestra's own, as it stands in a record's header.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
