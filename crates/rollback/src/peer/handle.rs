//! What happens to a peer, and where that is dealt with.
use super::core::Peer;
use crate::event::Event;
use crate::output::{EndReason, Output};
use crate::world::World;

/// The most milliseconds that count as waited between two events, unless ticks are farther apart: a machine that slept, or a Worker that
/// was held up, does not find that all the others have been silent.
const MOST_WAITED_MS: f64 = 250.0;

impl Peer {
    /// Takes in what happened at a time, in milliseconds of a clock that never goes back.
    pub fn handle<W: World>(&mut self, now: f64, event: Event<'_>, world: &mut W, out: &mut impl FnMut(Output<'_>)) {
        if now > self.now {
            self.clock += (now - self.now).min(MOST_WAITED_MS.max(2.0 * self.pace.interval()));
            self.now = now;
        }
        let out: &mut dyn FnMut(Output<'_>) = out;
        match event {
            Event::Tick { action } => self.tick(action, world, out),
            Event::Packet { from, bytes } => self.receive(from, bytes, world, out),
            Event::Path { seat, reliable } => {
                if let Some(link) = self.link(seat) {
                    link.change_path(reliable);
                }
            }
            Event::Leaving { seat } => self.report(seat, out),
            Event::Pronounced { seat, until, inputs } => self.pronounced(seat, until, inputs, world, out),
            Event::Checkpoint { bytes } => {
                self.take_checkpoint(bytes, world, out);
            }
            Event::Leave => self.end(EndReason::Left, out),
        }
    }
}
