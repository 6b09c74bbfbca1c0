//! Packets that go out.
use super::core::{Peer, Stage};
use crate::link::quarters;
use crate::output::{EndReason, Output};
use crate::seats::SeatSet;
use crate::wire::{Head, MOST_INPUTS, put_runs, put_varint};

/// Bytes of actions in a packet, beyond which frames are left for the next.
const MOST_BYTES: usize = 900;
/// Bytes of a piece of a state, and pieces at a tick.
const PIECE: usize = 1_000;
const MOST_PIECES: usize = 16;

impl Peer {
    /// A packet to everybody; from five players on at every second tick.
    pub(super) fn send_all(&mut self, out: &mut dyn FnMut(Output<'_>)) {
        let others = self.others();
        if others.len() >= 4 && self.ticks % 2 == 1 {
            return;
        }
        for seat in others.iter() {
            self.send(seat, out);
            self.send_pieces(seat, out);
        }
    }

    fn head(&mut self, to: u8) -> Head {
        let clock = self.clock;
        let chain = self.timeline.chain(self.timeline.finals).unwrap_or(0);
        let wants = self.transfer.wants(to);
        let earlier = self.seen(to).and_then(|link| link.waits_at()).filter(|frames| *frames < self.timeline.finals);
        let earlier = earlier.and_then(|frames| Some((frames, self.timeline.chain(frames)?)));
        let mut head = Head {
            match_id: self.options.match_id,
            sender: self.options.seat,
            bye: self.ended().is_some_and(EndReason::is_leaving),
            joining: self.stage == Stage::Joining,
            desync: self.difference.is_some(),
            unfit: self.unfit,
            finished: self.ended().is_some_and(|reason| !reason.is_leaving()),
            epoch: self.epoch,
            incarnation: self.options.incarnation,
            sent: quarters(clock),
            frame: self.timeline.frame,
            finals: self.timeline.finals,
            chain,
            earlier,
            gone: self.gone,
            done: self.done,
            held: self.timeline.held,
            wants,
            ..Head::default()
        };
        if let Some(link) = self.link(to) {
            head.known_incarnation = link.incarnation;
            head.sequence = link.next_sequence();
            head.echo = link.echo(clock);
        }
        head
    }

    /// The packet of this tick to one peer.
    pub(super) fn send(&mut self, to: u8, out: &mut dyn FnMut(Output<'_>)) {
        let head = self.head(to);
        let mut packet = core::mem::take(&mut self.packet);
        packet.clear();
        head.write(self.options.seats.len(), false, &mut packet);
        let (own, clock) = (self.options.seat, self.clock);
        let first = self.link(to).map_or(0, |link| link.first_unsent(own, clock));
        let until = self.put_inputs(own, first, &mut packet);
        if let Some(link) = self.link(to) {
            link.sent_inputs(until);
        }
        self.put_relays(to, &mut packet);
        self.stats.sent += 1;
        out(Output::Send { to, bytes: &packet });
        self.packet = packet;
    }

    /// Writes a seat's inputs from a frame on, and gives up to where they went.
    fn put_inputs(&self, seat: u8, first: u32, packet: &mut Vec<u8>) -> u32 {
        let timeline = &self.timeline;
        let held = timeline.held_of(seat);
        let first = first.min(held);
        let mut count = 0;
        if first >= timeline.oldest() {
            let mut bytes = 0;
            while count < MOST_INPUTS && first + count < held && bytes < MOST_BYTES {
                bytes += timeline.actions(first + count).get(seat).len();
                count += 1;
            }
        }
        put_varint(packet, first.into());
        put_varint(packet, count.into());
        put_runs(packet, count, |place| timeline.actions(first + place).get(seat));
        first + count
    }

    /// Writes what the receiver lacks of those who have left, and of itself.
    fn put_relays(&self, to: u8, packet: &mut Vec<u8>) {
        let Some(link) = self.seen(to).filter(|link| link.met && !link.joining && link.epoch == self.epoch) else {
            packet.push(0);
            return;
        };
        let timeline = &self.timeline;
        let lacks = |seat: &u8| {
            let first = link.held_of(*seat);
            let theirs = self.gone.contains(*seat) || *seat == to;
            theirs && first < timeline.held_of(*seat) && first >= timeline.oldest()
        };
        let lacking: SeatSet = self.people.iter().filter(lacks).collect();
        packet.push(lacking.len() as u8);
        for seat in lacking.iter() {
            packet.push(seat);
            self.put_inputs(seat, link.held_of(seat), packet);
        }
    }

    /// Sends what a peer wants of this one's state.
    fn send_pieces(&mut self, to: u8, out: &mut dyn FnMut(Output<'_>)) {
        let Some(total) = self.transfer.outgoing(self.epoch).map(<[u8]>::len) else { return };
        if !self.seen(to).is_some_and(|link| link.joining || link.epoch < self.epoch) {
            return;
        }
        for _ in 0..MOST_PIECES {
            let Some(at) = self.next_piece(to, total) else { return };
            let head = Head { wants: None, ..self.head(to) };
            let mut packet = core::mem::take(&mut self.packet);
            packet.clear();
            head.write(self.options.seats.len(), true, &mut packet);
            // No inputs, no relays.
            packet.extend_from_slice(&[0, 0, 0]);
            let blob = self.transfer.outgoing(self.epoch).unwrap_or(&[]);
            let piece = blob.get(at..total.min(at + PIECE)).unwrap_or(&[]);
            for number in [total, at, piece.len()] {
                put_varint(&mut packet, number as u64);
            }
            packet.extend_from_slice(piece);
            self.stats.sent += 1;
            out(Output::Send { to, bytes: &packet });
            self.packet = packet;
        }
    }

    /// Where the next piece begins: after the last, or from where the receiver still is if it has got none for a while.
    fn next_piece(&mut self, to: u8, total: usize) -> Option<usize> {
        let clock = self.clock;
        let link = self.link(to)?;
        let wanted = link.wants?;
        let patience = 100.0 + 2.0 * link.ping.unwrap_or(100.0);
        if wanted > link.pieces_until || clock - link.pieces_sent > patience {
            link.pieces_until = wanted;
        }
        let at = link.pieces_until as usize;
        if at >= total {
            return None;
        }
        link.pieces_sent = clock;
        link.pieces_until = total.min(at + PIECE) as u32;
        Some(at)
    }
}
