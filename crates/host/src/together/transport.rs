//! What a connection can do. The play socket is one for all seats, a data channel one for its pair.

/// A way for packets to other browsers.
pub(crate) trait Transport {
    /// Sends a packet to the browser of a seat, unless too much waits to be sent already: an old packet helps nobody.
    fn send_packet(&self, to: u8, packet: &[u8]);
}

/// Bytes that wait to be sent, above which packets are left out.
pub(super) const MOST_WAITING: u32 = 64 << 10;

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
