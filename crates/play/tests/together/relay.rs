//! A small model of the server: what it does with the real messages of the play socket.
use palaestra_protocol::server::{ConfirmedItem, FromServer, PeerState, STATES_PER_SECOND, STATES_SAVED, ToServer};

/// What is confirmed of one frame: the reset before it, if any, its actions and its hash.
pub(crate) type Stored = (Option<(u64, u64)>, Vec<u8>, u64);

/// Something for a seat's Worker.
pub(crate) enum Letter {
    Opened,
    Closed(u16),
    Message(Vec<u8>),
}

struct Leaver {
    seat: u8,
    asked: Vec<u8>,
    best: Option<(u32, Vec<u8>)>,
}

/// The server's part of a match.
#[derive(Default)]
pub(crate) struct Relay {
    pub(crate) connected: Vec<bool>,
    /// What each seat has confirmed: from which frame on, and the frames.
    pub(crate) stored: Vec<Vec<Stored>>,
    pub(crate) facts: Vec<Option<String>>,
    pub(crate) letters: Vec<(u8, Letter)>,
    pub(crate) asked_state: Vec<u8>,
    /// What each seat may still ask for on its socket, and at which millisecond that was.
    states: Vec<(f64, f64)>,
    pub(crate) now: f64,
    /// Who says in which epoch that states differ, and how much of it was stored then.
    pub(crate) desyncs: Vec<(u8, u32, usize)>,
    /// Acknowledgements are held back: what is confirmed is not on disk yet.
    pub(crate) slow_disk: bool,
    /// Messages that the real server would have closed the socket for.
    pub(crate) refused: Vec<String>,
    /// How many packets it has passed on.
    pub(crate) relayed: u32,
    /// How long each of them is.
    pub(crate) lengths: Vec<usize>,
    leaver: Option<Leaver>,
}

impl Relay {
    pub(crate) fn new(seats: usize) -> Self {
        Self {
            connected: vec![false; seats],
            desyncs: Vec::new(),
            stored: vec![Vec::new(); seats],
            facts: vec![None; seats],
            states: vec![(STATES_SAVED, 0.0); seats],
            ..Self::default()
        }
    }

    fn bits(&self) -> u8 {
        (0..).zip(&self.connected).fold(0, |bits, (seat, open)| bits | u8::from(*open) << seat)
    }

    fn say(&mut self, to: u8, message: &FromServer<'_>) {
        if self.connected[usize::from(to)] {
            self.letters.push((to, Letter::Message(message.write())));
        }
    }

    fn say_to_others(&mut self, seat: u8, message: &FromServer<'_>) {
        (0..self.connected.len() as u8).filter(|to| *to != seat).for_each(|to| self.say(to, message));
    }

    pub(crate) fn open(&mut self, seat: u8) {
        let at = usize::from(seat);
        self.connected[at] = true;
        self.states[at] = (STATES_SAVED, self.now);
        self.letters.push((seat, Letter::Opened));
        let frames = self.stored[at].len() as u32;
        let seats = self.connected.len() as u8;
        let connected = self.bits();
        self.say(
            seat,
            &FromServer::Welcome {
                protocol: palaestra_protocol::server::SERVER_PROTOCOL,
                seat,
                seats,
                epoch: 1,
                frames,
                connected,
            },
        );
        self.say_to_others(seat, &FromServer::Peer { seat, state: PeerState::Connected });
    }

    /// A seat's connection is lost: without its Worker's doing where there is a code to tell it.
    pub(crate) fn cut(&mut self, seat: u8, code: Option<u16>) {
        if std::mem::replace(&mut self.connected[usize::from(seat)], false) {
            self.say_to_others(seat, &FromServer::Peer { seat, state: PeerState::Reconnecting });
        }
        code.into_iter().for_each(|code| self.letters.push((seat, Letter::Closed(code))));
    }

    /// Somebody does not come back: the others are asked what they have of its inputs.
    pub(crate) fn gone(&mut self, seat: u8) {
        self.say_to_others(seat, &FromServer::Peer { seat, state: PeerState::Gone });
        let asked =
            (0..self.connected.len() as u8).filter(|other| *other != seat && self.connected[usize::from(*other)]);
        self.leaver = Some(Leaver { seat, asked: asked.collect(), best: None });
        self.say_to_others(seat, &FromServer::ReportWanted { leaver: seat, within_ms: 2_000 });
    }

    pub(crate) fn hear(&mut self, from: u8, message: &[u8]) {
        match ToServer::read(message).expect("a Worker sends what is a message") {
            ToServer::Relay { .. } => panic!("packets take their own way here"),
            ToServer::Confirmed(batch) => {
                let stored = &mut self.stored[usize::from(from)];
                let mut frame = batch.first as usize;
                if frame > stored.len() {
                    let text = format!("seat {from} sends frame {frame} after {}", stored.len());
                    return self.refused.push(text);
                }
                let mut reset = None;
                for item in batch.items() {
                    match item.unwrap() {
                        ConfirmedItem::Reset { seed, options, hash } => {
                            assert_eq!(options, "");
                            reset = Some((seed.unwrap(), hash));
                        }
                        ConfirmedItem::Step { actions, hash } => {
                            let entry = (reset.take(), actions.to_vec(), hash);
                            match stored.get(frame) {
                                Some(known) => assert_eq!(*known, entry, "what is sent again is the same"),
                                None => stored.push(entry),
                            }
                            frame += 1;
                        }
                        ConfirmedItem::Event(text) => panic!("{text}"),
                    }
                }
                let frames = stored.len() as u32;
                if !self.slow_disk {
                    self.say(from, &FromServer::Acknowledged(frames));
                }
            }
            ToServer::Facts(text) => self.facts[usize::from(from)] = Some(text.to_owned()),
            ToServer::Report { leaver, frames, inputs, .. } => self.report(from, leaver, frames, inputs),
            ToServer::AskState => {
                self.asked_state.push(from);
                self.costs_a_state(from);
            }
            ToServer::Desync { epoch } => {
                self.desyncs.push((from, epoch, self.stored[usize::from(from)].len()));
                self.costs_a_state(from);
            }
            ToServer::Ping(t) => self.say(from, &FromServer::Pong(t)),
            ToServer::Pong(_) => {}
        }
    }

    fn costs_a_state(&mut self, from: u8) {
        let (left, at) = &mut self.states[usize::from(from)];
        *left = (*left + (self.now - *at) / 1_000.0 * STATES_PER_SECOND).min(STATES_SAVED) - 1.0;
        *at = self.now;
        if *left < 0.0 {
            self.refused.push(format!("seat {from} asks for states too fast"));
            self.cut(from, Some(4008));
        }
    }

    fn report(&mut self, from: u8, leaver: u8, frames: u32, inputs: &[u8]) {
        let Some(open) = self.leaver.as_mut().filter(|open| open.seat == leaver) else { return };
        open.asked.retain(|asked| *asked != from);
        if open.best.as_ref().is_none_or(|(most, _)| frames > *most) {
            open.best = Some((frames, inputs.to_vec()));
        }
        if !open.asked.is_empty() {
            return;
        }
        if let Some(Leaver { seat, best: Some((frames, inputs)), .. }) = self.leaver.take() {
            let message = FromServer::Pronounced { leaver: seat, frames, first: 0, inputs: &inputs };
            self.say_to_others(seat, &message);
        }
    }
}
