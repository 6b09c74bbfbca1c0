//! Control sockets: a socket is only a socket. Who is behind it is told by `hello`.

use crate::unheard::Who;

/// A control socket.
#[derive(Clone, Debug)]
pub(crate) struct Socket {
    pub(crate) person: Option<u64>,
    /// Whether it has said hello.
    pub(crate) greeted: bool,
    /// The match that it waits to hear of, after its end.
    pub(crate) after: Option<String>,
    /// Whose end it was told, and has not said to have heard.
    pub(crate) told_end: Option<Who>,
    /// The match that it watches.
    pub(crate) watches: Option<u64>,
    pub(crate) last_heard: u64,
}
