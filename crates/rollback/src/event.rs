//! What happens to a peer.

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// It is time: to be called when [`Peer::due`](crate::Peer::due) says so, again until that lies ahead.
    Tick {
        /// What the person does now. `None` where nobody is there to ask (a page that is hidden or stalled), or no key was
        /// struck in a game that waits for one: the seat's idle action is played, if it has one.
        action: Option<&'a [u8]>,
    },
    /// A packet came from the peer of a seat. Whoever calls knows from whom by the path it took.
    Packet {
        /// The sender's seat.
        from: u8,
        /// As that peer's [`Output::Send`](crate::Output::Send) gave them.
        bytes: &'a [u8],
    },
    /// The path to a peer is another now, and whether it is reliable. What may be lost with the old one is sent again.
    Path {
        /// The peer's seat.
        seat: u8,
        /// Whether whatever is sent arrives, in order.
        reliable: bool,
    },
    /// The server asks what this peer has of a leaver: it gets [`Output::Report`](crate::Output::Report), and nothing that the
    /// leaver still sends is taken from now on.
    Leaving {
        /// The leaver's seat.
        seat: u8,
    },
    /// The server says up to where a leaver has played.
    Pronounced {
        /// The leaver's seat.
        seat: u8,
        /// How many frames it has played: the greatest `until` that was reported, and no less than the server has confirmed.
        until: u32,
        /// `inputs` of the report with the greatest `until`, as they came; of the server's own record ([`write_report`](crate::write_report))
        /// where that has more.
        inputs: &'a [u8],
    },
    /// A state to go on from: of the server's, or one that a peer has sent to this one.
    Checkpoint {
        /// As [`Follower::checkpoint`](crate::Follower::checkpoint) wrote them.
        bytes: &'a [u8],
    },
    /// This peer leaves.
    Leave,
}
