//! Packets that come in. Nothing in one is believed but what its sender may say, and nothing is changed by one that is refused.
use super::core::{Peer, Stage};
use super::difference::MOST_EPOCHS;
use crate::link::Claim;
use crate::output::Output;
use crate::seats::SeatSet;
use crate::wire::{Head, Inputs, Packet, Refusal};
use crate::world::World;

/// How often somebody who has gone is told so, at most.
const TELL_MS: f64 = 250.0;

impl Peer {
    pub(super) fn receive<W: World>(&mut self, from: u8, bytes: &[u8], world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        if matches!(self.stage, Stage::Over(_)) {
            return;
        }
        match self.admit(from, bytes, world) {
            Ok(packet) => {
                self.stats.received += 1;
                self.hear(&packet, world, out);
            }
            Err(refusal) => {
                if let Some(count) = self.stats.refused.get_mut(refusal as usize) {
                    *count += 1;
                }
                if refusal == Refusal::Gone {
                    self.tell(from, out);
                }
            }
        }
    }

    /// Whether a packet is one that may be heard.
    fn admit<'a, W: World>(&self, from: u8, bytes: &'a [u8], world: &W) -> Result<Packet<'a>, Refusal> {
        let packet = Packet::read(bytes, self.options.seats.len()).ok_or(Refusal::Malformed)?;
        let head = &packet.head;
        if head.match_id != self.options.match_id {
            return Err(Refusal::OtherMatch);
        }
        if head.sender != from || from == self.options.seat || !self.people.contains(from) {
            return Err(Refusal::OtherSender);
        }
        if self.gone.contains(from) {
            return Err(Refusal::Gone);
        }
        // Nobody gives such an epoch, and whoever believed it would be past all that are given.
        if head.epoch > MOST_EPOCHS.max(self.epoch) {
            return Err(Refusal::OtherEpoch);
        }
        if self.seen(from).is_some_and(|link| head.incarnation < link.incarnation) {
            return Err(Refusal::OtherIncarnation);
        }
        let bad = core::iter::once(&packet.inputs).chain(packet.relays()).any(|inputs| {
            let mut bad = false;
            inputs.each(|_, action| bad |= !world.accepts(inputs.seat, action));
            bad
        });
        if bad { Err(Refusal::BadAction) } else { Ok(packet) }
    }

    fn hear<W: World>(&mut self, packet: &Packet<'_>, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        let head = &packet.head;
        let (from, own, clock) = (head.sender, self.options.seat, self.clock);
        let incarnation = self.options.incarnation;
        if let Some(link) = self.link(from) {
            if head.incarnation > link.incarnation {
                link.start_anew(head.incarnation);
            }
            let mut head = *head;
            if head.known_incarnation != incarnation {
                // It speaks of this peer before it started anew.
                head.echo = None;
            }
            link.hear(&head, clock);
        }
        if head.bye {
            self.said_bye(from, out);
        }
        if let Some(piece) = packet.piece {
            self.take_piece(from, head.epoch, piece, world, out);
        }
        // Who has gone has gone in every epoch, and for who has no state yet.
        self.hear_of_leavers(head, out);
        if self.stage == Stage::Joining || head.joining {
            return;
        }
        // Who has played to the end stays in the epoch it ended in; what it claims is true in every other.
        let ended_before = head.finished && head.epoch < self.epoch;
        if head.epoch != self.epoch && !ended_before {
            if let Some(count) = self.stats.refused.get_mut(Refusal::OtherEpoch as usize) {
                *count += 1;
            }
            return;
        }
        if self.stage != Stage::Playing && !matches!(self.stage, Stage::Ended { .. }) {
            return;
        }
        let position = self.position();
        let interval = self.pace.interval();
        if let Some(link) = self.link(from) {
            link.hear_held(head, own, clock);
            link.measure(position, interval);
        }
        self.take_inputs(&packet.inputs);
        for relay in packet.relays() {
            if self.takes_relay(relay.seat) {
                self.take_inputs(relay);
            }
        }
        if self.stage == Stage::Playing {
            let earlier = head.earlier.into_iter();
            for (frames, chain) in earlier.chain([(head.finals, head.chain)]) {
                self.hear_claim(from, Claim { frames, chain, done: head.done }, out);
            }
        }
    }

    /// Where this peer is between its ticks, in frames.
    fn position(&self) -> f64 {
        let to_next = (self.pace.due() - self.now) / self.pace.interval();
        f64::from(self.timeline.frame) + (1.0 - to_next).clamp(0.0, 1.0)
    }

    /// Whether inputs of a seat may come from others than its person: of a leaver, and of this peer before it started anew. What was
    /// reported to the server of a leaver is not changed before it has pronounced.
    fn takes_relay(&self, seat: u8) -> bool {
        let leavers = match self.options.authority {
            crate::Authority::Server => self.done,
            crate::Authority::Peers => self.gone,
        };
        let anew = self.seen(seat).is_some_and(|link| link.incarnation > 1) && !self.gone.contains(seat);
        leavers.contains(seat) || anew || (seat == self.options.seat && !self.acts)
    }

    /// Takes the inputs that come next, as far as there are any.
    fn take_inputs(&mut self, inputs: &Inputs<'_>) {
        let timeline = &mut self.timeline;
        inputs.each(|frame, action| {
            if frame == timeline.held_of(inputs.seat) {
                timeline.push(inputs.seat, action);
            }
        });
    }

    /// Somebody who has gone still speaks: it is told, now and then.
    fn tell(&mut self, seat: u8, out: &mut dyn FnMut(Output<'_>)) {
        let clock = self.clock;
        let Some(link) = self.link(seat).filter(|link| clock - link.told >= TELL_MS) else { return };
        link.told = clock;
        self.send(seat, out);
    }
}

impl Peer {
    /// Without a server: who has gone for one has gone for all, and a peer learns that it has itself.
    fn hear_of_leavers(&mut self, head: &Head, out: &mut dyn FnMut(Output<'_>)) {
        if self.options.authority == crate::Authority::Server {
            return;
        }
        let own: SeatSet = [self.options.seat].into_iter().collect();
        if head.gone.contains(self.options.seat) {
            self.end(crate::EndReason::Dropped, out);
            return;
        }
        for seat in head.gone.without(self.gone).without(own).iter() {
            self.lose(seat, crate::LeaveReason::Told);
        }
    }
}
