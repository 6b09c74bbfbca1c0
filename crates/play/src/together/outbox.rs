//! What is to be sent, in order.
use std::ops::Range;

use palaestra_protocol::server::ToServer;
use palaestra_protocol::together::Told;

use super::paths::{Paths, Way};
use super::socket::Act;

/// Something to be sent, or done to the play socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outgoing<'a> {
    /// A message for the page.
    Page(&'a [u8]),
    /// A message for the server, on the play socket. Whoever carries it out may neither lose nor reorder it.
    Server(&'a [u8]),
    /// A packet for another browser, through the server. It may get lost.
    Packet {
        /// The receiver's seat.
        to: u8,
        /// The packet.
        bytes: &'a [u8],
    },
    /// A packet for another browser, by the direct connection to it. It may get lost.
    Direct {
        /// The receiver's seat.
        to: u8,
        /// The packet.
        bytes: &'a [u8],
    },
    /// The direct connection to a seat is of no use: it is to be closed.
    Part {
        /// The seat.
        seat: u8,
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
    Direct(u8),
    Part(u8),
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

    /// A packet, by its way.
    pub(super) fn packet(&mut self, paths: &Paths, to: u8, bytes: &[u8]) {
        let way = paths.way_of(to, bytes);
        if way != Way::Direct {
            self.put(Kind::Packet(to), bytes);
        }
        if way != Way::Relay {
            self.put(Kind::Direct(to), bytes);
        }
    }

    pub(super) fn part(&mut self, seat: u8) {
        self.put(Kind::Part(seat), &[]);
    }

    pub(super) fn connect(&mut self, url: &str) {
        self.put(Kind::Connect, url.as_bytes());
    }

    pub(super) fn disconnect(&mut self) {
        self.put(Kind::Disconnect, &[]);
    }

    /// Does what the life of the play socket at `url` asks for; `text` is what was said with it. Gives the code by which the socket was refused for
    /// good: when the page hears of that is not the same for all.
    pub(super) fn act(&mut self, url: &str, now: f64, act: Act, text: &str) -> Option<u16> {
        match act {
            Act::Connect => self.connect(url),
            Act::Disconnect => self.disconnect(),
            Act::Ping => self.server(&ToServer::Ping(now).write()),
            Act::Lost { code, retry_ms } => self.page(|out| Told::SocketLost { code, retry_ms, text }.write(out)),
            Act::Refused { code } => return Some(code),
        }
        None
    }

    /// Gives everything away.
    pub(super) fn each(&mut self, mut take: impl FnMut(Outgoing<'_>)) {
        for (kind, range) in self.items.drain(..) {
            let bytes = self.bytes.get(range).unwrap_or(&[]);
            take(match kind {
                Kind::Page => Outgoing::Page(bytes),
                Kind::Server => Outgoing::Server(bytes),
                Kind::Packet(to) => Outgoing::Packet { to, bytes },
                Kind::Direct(to) => Outgoing::Direct { to, bytes },
                Kind::Part(seat) => Outgoing::Part { seat },
                // It was written from a text.
                Kind::Connect => Outgoing::Connect { url: std::str::from_utf8(bytes).unwrap_or("") },
                Kind::Disconnect => Outgoing::Disconnect,
            });
        }
        self.bytes.clear();
    }
}
