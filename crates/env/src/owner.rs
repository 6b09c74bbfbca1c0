//! Whose a snapshot is.
use std::sync::Arc;

/// Tells one [`Env`](crate::Env) from every other that is there at the same time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owner(Arc<()>);

impl PartialEq for Owner {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
