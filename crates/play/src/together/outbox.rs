//! What is to be sent, in order.
use std::ops::Range;

/// Something to be sent, or done to the play socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outgoing<'a> {
    /// A message for the page.
    Page(&'a [u8]),
    /// A message for the server, on the play socket. Whoever carries it out may neither lose nor reorder it.
    Server(&'a [u8]),
    /// A packet for another browser, by whatever way there is. It may get lost.
    Packet {
        /// The receiver's seat.
        to: u8,
        /// The packet.
        bytes: &'a [u8],
    },
    /// The play socket is to be opened.
    Connect {
        /// At this address.
        url: &'a str,
    },
    /// The play socket is to be closed; nothing more is heard of it.
    Disconnect,
}

#[derive(Clone, Copy)]
enum Kind {
    Page,
    Server,
    Packet(u8),
    Connect,
    Disconnect,
}

/// What is to be sent, all of it in one buffer that is used again.
#[derive(Default)]
pub(super) struct Outbox {
    bytes: Vec<u8>,
    items: Vec<(Kind, Range<usize>)>,
    event: Vec<u8>,
}

impl Outbox {
    fn put(&mut self, kind: Kind, bytes: &[u8]) {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.items.push((kind, begin..self.bytes.len()));
    }

    /// A message for the page, which `write` puts in place of what is in its buffer.
    pub(super) fn page(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut event = std::mem::take(&mut self.event);
        write(&mut event);
        self.put(Kind::Page, &event);
        self.event = event;
    }

    pub(super) fn server(&mut self, message: &[u8]) {
        self.put(Kind::Server, message);
    }

    pub(super) fn packet(&mut self, to: u8, bytes: &[u8]) {
        self.put(Kind::Packet(to), bytes);
    }

    pub(super) fn connect(&mut self, url: &str) {
        self.put(Kind::Connect, url.as_bytes());
    }

    pub(super) fn disconnect(&mut self) {
        self.put(Kind::Disconnect, &[]);
    }

    /// Gives everything away.
    pub(super) fn each(&mut self, mut take: impl FnMut(Outgoing<'_>)) {
        for (kind, range) in self.items.drain(..) {
            let bytes = self.bytes.get(range).unwrap_or(&[]);
            take(match kind {
                Kind::Page => Outgoing::Page(bytes),
                Kind::Server => Outgoing::Server(bytes),
                Kind::Packet(to) => Outgoing::Packet { to, bytes },
                // It was written from a text.
                Kind::Connect => Outgoing::Connect { url: std::str::from_utf8(bytes).unwrap_or("") },
                Kind::Disconnect => Outgoing::Disconnect,
            });
        }
        self.bytes.clear();
    }
}
