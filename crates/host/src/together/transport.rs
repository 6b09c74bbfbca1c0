//! What a connection can do. The play socket is one for all seats; a data channel will be one for its pair.

/// An open connection, or one that is being opened.
pub(crate) trait Transport {
    /// Sends a message to the server, after those before. False where the connection takes no more: it is lost then.
    fn send(&self, message: &[u8]) -> bool;

    /// Sends a packet to the browser of a seat, unless too much waits to be sent already: an old packet helps nobody.
    fn send_packet(&self, to: u8, packet: &[u8]);
}

/// What a connection says.
pub(crate) enum Word {
    /// It is open.
    Opened,
    /// It was closed, or could not be opened.
    Closed {
        /// The close code.
        code: u16,
        /// The reason that came with it.
        reason: String,
    },
    /// A message came.
    Message(Vec<u8>),
}
