//! A browser in the middle of a match of two: beside an honest partner it hears what somebody made up, directly, through the server
//! and from the server itself.
use palaestra_env::{Kwargs, Value, ValueWriter};
use palaestra_play::together::{MatchPort, Outgoing};
use palaestra_protocol::server::{FromServer, SERVER_PROTOCOL};
use palaestra_protocol::together::{Control, DropoutSetup, Event, Join, MatchMode, Start};
use palaestra_protocol::{Flags, InputMode, Key, Motion, Operation, Request, SeatSetup, Setup};

/// Times that a browser may go on with what is due at one moment.
const MOST_TURNS: u32 = 100;
/// What one browser may send at one moment, in bytes.
const MOST_SENT: usize = 1 << 20;
/// The action of somebody who stands still.
const STAY: i64 = 4;

struct Browser {
    port: MatchPort,
    /// The frame after the last that was confirmed.
    next: Option<u32>,
    ended: bool,
    /// The latest packet that the other one sent it.
    heard: Vec<u8>,
}

/// What a browser sends to the other one, and whether directly.
struct Sent {
    direct: bool,
    packet: Vec<u8>,
}

impl Browser {
    fn new(seat: u8) -> Option<Self> {
        let env = palaestra_envs::make("overcooked_ai/cramped_room", &Kwargs::new()).ok()?;
        let idle = vec![action(STAY)];
        let bindings = (0..4).map(|code| (vec![code], action(code.into()))).collect();
        let mut seats = vec![
            SeatSetup::Person { mode: InputMode::PressedKeys, bindings, idle: idle.clone() },
            SeatSetup::Remote { idle },
        ];
        if seat == 1 {
            seats.reverse();
        }
        let flags = Flags { scene: true, hash: true, ..Flags::default() };
        let setup = Setup { fps: 30.0, seed: 1, max_steps: None, snapshots: 0, flags, seats };
        let join = Join {
            number: 77,
            seat,
            incarnation: 1,
            seed: 5,
            epoch: 1,
            mode: MatchMode::Rollback,
            dropout: DropoutSetup::End,
            episodes: None,
            steps: Some(200),
            pause_ms: 100.0,
            grace_ms: 2_000.0,
            resume: false,
            network: None,
            url: "wss://relay/play",
            facts: "{}",
            options: &[],
        };
        let mut payload = Vec::new();
        join.write(&mut payload);
        let port = MatchPort::open(env, &setup, &payload, Vec::new(), 0.0).ok()?;
        Some(Self { port, next: None, ended: false, heard: Vec::new() })
    }

    fn ask(&mut self, now: f64, operation: Operation, payload: &[u8]) {
        self.port.answer(Request { operation, flags: Flags::default(), id: 9, payload }, now, || now);
    }

    /// Does what is due, and gives what goes to the other one.
    fn goes_on(&mut self, now: f64) -> Vec<Sent> {
        let mut turns = 0;
        while self.port.advance(|| now) {
            turns += 1;
            assert!(turns < MOST_TURNS, "what is due at one moment never ends");
        }
        let (mut sent, mut bytes) = (Vec::new(), 0);
        let (next, ended) = (&mut self.next, &mut self.ended);
        self.port.take(|outgoing| match outgoing {
            Outgoing::Page(message) => {
                bytes += message.len();
                told(message, next, ended);
            }
            Outgoing::Server(message) => bytes += message.len(),
            Outgoing::Packet { bytes: packet, .. } => {
                bytes += packet.len();
                sent.push(Sent { direct: false, packet: packet.to_vec() });
            }
            Outgoing::Direct { bytes: packet, .. } => {
                bytes += packet.len();
                sent.push(Sent { direct: true, packet: packet.to_vec() });
            }
            Outgoing::Part { .. } | Outgoing::Connect { .. } | Outgoing::Disconnect => {}
        });
        assert!(bytes < MOST_SENT, "{bytes} bytes at one moment");
        sent
    }
}

/// What the page is told: steps in order, without gaps, and one end.
fn told(message: &[u8], next: &mut Option<u32>, ended: &mut bool) {
    if !Event::is(message) {
        return;
    }
    match Event::read(message) {
        Ok(Event::Stepped(step)) => {
            assert!(next.is_none_or(|next| next == step.frame), "step {} comes, expected {next:?}", step.frame);
            *next = Some(step.frame + 1);
        }
        Ok(Event::Told(palaestra_protocol::together::Told::Ended { .. })) => {
            assert!(!*ended, "a match ends twice");
            *ended = true;
        }
        Ok(_) => {}
        Err(error) => panic!("the page cannot read what it is told: {error:?}"),
    }
}

fn action(number: i64) -> Vec<u8> {
    let mut writer = ValueWriter::new();
    writer.value(&Value::Discrete(number));
    writer.bytes().to_vec()
}

struct Table {
    now: f64,
    browsers: [Browser; 2],
    /// What the honest one sends gets lost.
    lost: bool,
}

impl Table {
    /// Time passes in steps of a few milliseconds, and each hears the other.
    fn pass(&mut self, ms: f64) {
        let until = self.now + ms;
        while self.now < until {
            self.now += 4.0;
            for seat in 0..2_u8 {
                let sent = self.browsers[usize::from(seat)].goes_on(self.now);
                if seat == 1 && self.lost {
                    continue;
                }
                let other = &mut self.browsers[1 - usize::from(seat)];
                for Sent { direct, packet } in sent {
                    if direct {
                        other.port.direct_packet(self.now, seat, &packet);
                    } else {
                        other.port.server(self.now, &FromServer::Relay { from: seat, packet: &packet }.write());
                    }
                    other.heard = packet;
                }
            }
        }
    }

    /// Both are connected with the server, shake hands, and begin.
    fn begin(&mut self, direct: bool) {
        let now = self.now;
        for (seat, browser) in (0..2_u8).zip(&mut self.browsers) {
            browser.goes_on(now);
            browser.port.socket_opened(now);
            let welcome =
                FromServer::Welcome { protocol: SERVER_PROTOCOL, seat, seats: 2, epoch: 1, frames: 0, connected: 3 };
            browser.port.server(now, &welcome.write());
            if direct {
                browser.port.direct_given(now, 1 - seat);
            }
            let mut payload = Vec::new();
            Control::Validate { attempt: 1, relay: false }.write(&mut payload);
            browser.ask(now, Operation::Control, &payload);
        }
        self.pass(400.0);
        for browser in &mut self.browsers {
            let mut payload = Vec::new();
            Start { in_ms: 40.0, input_delay: 1 }.write(&mut payload);
            browser.ask(self.now, Operation::Start, &payload);
        }
        self.pass(200.0);
    }
}

/// The first byte says how the match begins; then come events, each behind the milliseconds before it, its kind and its length.
pub fn run(bytes: &[u8]) {
    let Some((bits, mut rest)) = bytes.split_first() else { return };
    let Some((one, other)) = Browser::new(0).zip(Browser::new(1)) else { return };
    let mut table = Table { now: 0.0, browsers: [one, other], lost: false };
    if bits & 1 == 0 {
        table.begin(bits & 2 == 0);
        assert!(table.browsers[0].next.is_some(), "two who hear each other play");
    }
    while let [later, kind, length, more @ ..] = rest {
        let (bytes, after) = more.split_at(usize::from(*length).min(more.len()));
        rest = after;
        table.pass(f64::from(*later));
        let (now, attacked) = (table.now, &mut table.browsers[0]);
        let seat = kind >> 4 & 3;
        match kind & 15 {
            0 => attacked.port.direct_packet(now, seat, bytes),
            1 => attacked.port.packet(now, seat, bytes),
            2 => attacked.port.server(now, bytes),
            3 => attacked.port.server(now, &FromServer::Relay { from: seat, packet: bytes }.write()),
            4 => attacked.port.direct_given(now, seat),
            5 => attacked.port.direct_closed(now, seat),
            6 => attacked.port.direct_expected(seat, kind & 64 == 0),
            7 => attacked.port.socket_opened(now),
            8 => attacked.port.socket_closed(now, 1006, "cut"),
            9 => table.lost = !table.lost,
            10 => attacked.ask(now, Operation::Control, bytes),
            11 => attacked.ask(now, Operation::Start, bytes),
            12 => {
                let mut payload = Vec::new();
                let motion = if kind & 64 == 0 { Motion::Down } else { Motion::Up };
                Key { motion, code: seat.into(), at: now, sent: now }.write(&mut payload);
                attacked.ask(now, Operation::Key, &payload);
            }
            // The latest packet of the other one again, changed in places.
            _ => {
                let mut packet = attacked.heard.clone();
                for change in bytes.chunks_exact(2) {
                    let place = usize::from(change[0]) % packet.len().max(1);
                    packet.iter_mut().skip(place).take(1).for_each(|byte| *byte = change[1]);
                }
                attacked.port.direct_packet(now, 1, &packet);
            }
        }
    }
    table.pass(100.0);
}
