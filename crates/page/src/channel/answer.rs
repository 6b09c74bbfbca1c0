//! What becomes of a request.
use js_sys::Array;
use palaestra_env::Spec;
use palaestra_protocol::Reply;

use crate::error::PageError;
use crate::spec::SpecJs;

/// What a request is answered with.
pub(crate) enum Answer<'a> {
    /// To a request.
    Reply(Reply<'a>),
    /// To many steps: the message holds the reply, and what they returned in parts.
    Many(Reply<'a>, &'a Array),
    /// To `make`: the spec.
    Made(Box<Spec>, SpecJs),
}

/// What becomes of a request: called exactly once.
pub(crate) type Done = Box<dyn FnOnce(Result<Answer<'_>, PageError>)>;
