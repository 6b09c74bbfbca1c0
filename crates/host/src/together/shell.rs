//! A game of a match and its connections: carries out what the game wants done, and decides nothing.
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use palaestra_env::Env;
use palaestra_play::simulation::GivenPolicies;
use palaestra_play::together::{MatchPort, Outgoing};
use palaestra_protocol::{Failure, Request, Setup};
use wasm_bindgen::JsValue;

use super::data_channel::DataChannel;
use super::play_socket::PlaySocket;
use super::seam::Wake;
use super::transport::{Transport, Word};
use crate::player::MatchGame;
use crate::worker::get;

/// The close code of a connection that does not take what it is given.
const BROKEN: u16 = 1006;

/// Words that wait to be heard. More are lost: a game that is busy is not made to grow by others.
const MOST_WORDS: usize = 4_096;

/// What connections have said, each by its number: of one that is no more nothing is heard.
#[derive(Clone)]
struct Words {
    said: Rc<RefCell<VecDeque<(u32, Word)>>>,
    wake: Wake,
}

impl Words {
    fn put(&self, number: u32, word: Word) {
        let mut said = self.said.borrow_mut();
        if said.len() < MOST_WORDS || !matches!(word, Word::Message(_)) {
            said.push_back((number, word));
        }
    }

    /// Hears a connection.
    fn of(&self, number: u32) -> impl Fn(Word) + Clone + use<> {
        let words = self.clone();
        move |word| {
            words.put(number, word);
            (words.wake)();
        }
    }
}

struct MatchShell {
    port: MatchPort,
    socket: Option<(u32, PlaySocket)>,
    /// The direct connections, by seat.
    direct: [Option<(u32, DataChannel)>; 8],
    /// Of the latest connection.
    number: u32,
    words: Words,
    events: VecDeque<Vec<u8>>,
    event: Vec<u8>,
}

/// Makes a game one of a match: from its environment with the policies from outside, its setup, the payload of the request to join, and the
/// time.
pub(super) fn open(
    (env, given): (Env, GivenPolicies),
    setup: &Setup,
    payload: &[u8],
    now: f64,
    wake: Wake,
) -> Result<Box<dyn MatchGame>, Box<(Env, Failure)>> {
    let port = MatchPort::open(env, setup, payload, given, now)?;
    let (words, events) = (Words { said: Rc::default(), wake }, VecDeque::new());
    let direct = [const { None }; 8];
    Ok(Box::new(MatchShell { port, socket: None, direct, number: 0, words, events, event: Vec::new() }))
}

impl MatchShell {
    /// The game hears what its connections have said.
    fn hear(&mut self, now: f64) {
        loop {
            // Of its own statement: the queue is free while the game hears.
            let next = self.words.said.borrow_mut().pop_front();
            let Some((number, word)) = next else { return };
            if self.socket.as_ref().is_some_and(|(own, _)| *own == number) {
                self.hear_socket(now, word);
            } else if let Some((seat, place)) = find(&mut self.direct, number) {
                match word {
                    Word::Opened => {}
                    Word::Closed { .. } => {
                        *place = None;
                        self.port.direct_closed(now, seat);
                    }
                    Word::Message(packet) => self.port.direct_packet(now, seat, &packet),
                }
            }
        }
    }

    fn hear_socket(&mut self, now: f64, word: Word) {
        match word {
            Word::Opened => self.port.socket_opened(now),
            Word::Closed { code, reason } => {
                self.socket = None;
                self.port.socket_closed(now, code, &reason);
            }
            Word::Message(message) => self.port.server(now, &message),
        }
    }

    fn carry_out(&mut self, now: f64) {
        let Self { port, socket, direct, number, words, events, .. } = self;
        let mut lost = None;
        port.take(|outgoing| match outgoing {
            Outgoing::Page(message) => events.push_back(message.to_vec()),
            Outgoing::Server(message) => {
                if socket.as_ref().is_some_and(|(_, open)| !open.send(message)) {
                    *socket = None;
                    lost = Some("the server takes nothing".to_owned());
                }
            }
            Outgoing::Packet { to, bytes } => socket.iter().for_each(|(_, open)| open.send_packet(to, bytes)),
            Outgoing::Direct { to, bytes } => {
                let channel = direct.get(usize::from(to)).and_then(Option::as_ref);
                channel.into_iter().for_each(|(_, channel)| channel.send_packet(to, bytes));
            }
            Outgoing::Part { seat } => direct.get_mut(usize::from(seat)).into_iter().for_each(|place| *place = None),
            Outgoing::Disconnect => *socket = None,
            Outgoing::Connect { url } => {
                *number += 1;
                match PlaySocket::open(url, words.of(*number)) {
                    Ok(opening) => *socket = Some((*number, opening)),
                    Err(reason) => lost = Some(reason),
                }
            }
        });
        if let Some(reason) = lost {
            self.port.socket_closed(now, BROKEN, &reason);
            // It is tried again after a pause at the soonest.
            self.carry_out(now);
        }
    }
}

/// The place of the direct connection with this number.
fn find(direct: &mut [Option<(u32, DataChannel)>; 8], number: u32) -> Option<(u8, &mut Option<(u32, DataChannel)>)> {
    (0..).zip(direct).find(|(_, place)| place.as_ref().is_some_and(|(own, _)| *own == number))
}

impl MatchGame for MatchShell {
    fn answer(&mut self, request: Request<'_>, received: f64, now: &dyn Fn() -> f64) -> &[u8] {
        self.port.answer(request, received, now)
    }

    /// `{ seat, channel }`: a channel, or the port to one; with `null` none will come, with `undefined` one is being made.
    fn connect(&mut self, given: &JsValue, now: f64) {
        let channel = get(given, "channel");
        let seat = get(given, "seat").as_f64().filter(|seat| (0.0..8.0).contains(seat));
        let Some(seat) = seat.map(|seat| seat as u8) else { return };
        self.number += 1;
        let number = self.number;
        let Some(place) = self.direct.get_mut(usize::from(seat)) else { return };
        *place = DataChannel::new(&channel, self.words.of(number)).map(|channel| (number, channel));
        if place.is_some() {
            self.port.direct_given(now, seat);
        } else {
            self.port.direct_closed(now, seat);
            self.port.direct_expected(seat, channel.is_undefined());
        }
    }

    fn due(&self) -> Option<f64> {
        let waits = !self.words.said.borrow().is_empty() || !self.events.is_empty();
        if waits { Some(f64::NEG_INFINITY) } else { self.port.due() }
    }

    fn advance(&mut self, now: &dyn Fn() -> f64) -> Option<&[u8]> {
        while self.events.is_empty() {
            self.hear(now());
            let advanced = self.port.advance(now);
            self.carry_out(now());
            if !advanced && self.events.is_empty() && self.words.said.borrow().is_empty() {
                return None;
            }
        }
        self.event = self.events.pop_front()?;
        Some(&self.event)
    }

    fn is_free(&self) -> bool {
        self.port.is_free()
    }

    fn into_parts(self: Box<Self>) -> (Env, GivenPolicies) {
        self.port.into_parts()
    }
}
