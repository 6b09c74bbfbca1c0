//! The family that guests are.
use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

use crate::guest::Guest;

/// The family. It lists no environment: which there are, pages say.
pub(crate) const FAMILY: Family = Family { name: "guest", title: "Guests", entries: &[], make, artwork: &[] };

/// The one that was loaded: its arguments have been read by then.
fn make(id: &str, _: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let made = Guest::made(id).map(|guest| Box::new(guest) as Box<dyn Environment>);
    Some(made.map_err(|found| ArgumentError::Invalid {
        name: "module".to_owned(),
        expected: "an environment".to_owned(),
        found,
    }))
}
