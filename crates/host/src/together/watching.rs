//! A match that is watched, and its connection: carries out what the port wants done, and decides nothing.
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use palaestra_env::Env;
use palaestra_play::simulation::GivenPolicies;
use palaestra_play::together::{Outgoing, WatchPort};
use palaestra_protocol::{Failure, Request};
use wasm_bindgen::JsValue;

use super::play_socket::PlaySocket;
use super::seam::Wake;
use super::transport::Word;
use crate::player::MatchGame;

/// The close code of a connection that does not take what it is given.
const BROKEN: u16 = 1006;

/// What connections have said, each by its number: of an earlier one nothing is heard any more.
type Words = Rc<RefCell<VecDeque<(u32, Word)>>>;

struct WatchShell {
    port: WatchPort,
    socket: Option<PlaySocket>,
    number: u32,
    words: Words,
    wake: Wake,
    events: VecDeque<Vec<u8>>,
    event: Vec<u8>,
}

/// Makes an environment one that follows a match.
pub(super) fn watch(env: Env, payload: &[u8], now: f64, wake: Wake) -> Result<Box<dyn MatchGame>, Box<(Env, Failure)>> {
    let port = WatchPort::open(env, payload, now)?;
    let (words, events) = (Words::default(), VecDeque::new());
    Ok(Box::new(WatchShell { port, socket: None, number: 0, words, wake, events, event: Vec::new() }))
}

impl WatchShell {
    /// The port hears what its connection has said.
    fn hear(&mut self, now: f64) {
        loop {
            // Of its own statement: the queue is free while the port hears.
            let next = self.words.borrow_mut().pop_front();
            let Some((number, word)) = next else { return };
            if number != self.number {
                continue;
            }
            match word {
                Word::Opened => self.port.socket_opened(now),
                Word::Closed { code, reason } => {
                    self.socket = None;
                    self.port.socket_closed(now, code, &reason);
                }
                Word::Message(message) => self.port.server(now, &message),
            }
        }
    }

    fn carry_out(&mut self) {
        let Self { port, socket, number, words, wake, events, .. } = self;
        let broken = |number: u32, reason: &str| {
            words.borrow_mut().push_back((number, Word::Closed { code: BROKEN, reason: reason.to_owned() }));
        };
        port.take(|outgoing| match outgoing {
            Outgoing::Page(message) => events.push_back(message.to_vec()),
            Outgoing::Server(message) => {
                if socket.as_ref().is_some_and(|open| !open.send(message)) {
                    *socket = None;
                    broken(*number, "the server takes nothing");
                }
            }
            // Who watches has no packets to send, and is connected to nobody.
            Outgoing::Packet { .. } | Outgoing::Direct { .. } | Outgoing::Part { .. } => {}
            Outgoing::Disconnect => *socket = None,
            Outgoing::Connect { url } => {
                *number += 1;
                let (own, heard, wake) = (*number, Rc::clone(words), Rc::clone(wake));
                let hear = move |word| {
                    heard.borrow_mut().push_back((own, word));
                    wake();
                };
                match PlaySocket::open(url, hear) {
                    Ok(opening) => *socket = Some(opening),
                    Err(reason) => broken(own, &reason),
                }
            }
        });
    }
}

impl MatchGame for WatchShell {
    fn answer(&mut self, request: Request<'_>, received: f64, now: &dyn Fn() -> f64) -> &[u8] {
        self.port.answer(request, received, now)
    }

    /// Nobody connects directly to who only watches.
    fn connect(&mut self, _given: &JsValue, _now: f64) {}

    fn due(&self) -> Option<f64> {
        let waits = !self.words.borrow().is_empty() || !self.events.is_empty();
        if waits { Some(f64::NEG_INFINITY) } else { self.port.due() }
    }

    fn advance(&mut self, now: &dyn Fn() -> f64) -> Option<&[u8]> {
        while self.events.is_empty() {
            self.hear(now());
            let advanced = self.port.advance(now);
            self.carry_out();
            if !advanced && self.events.is_empty() && self.words.borrow().is_empty() {
                return None;
            }
        }
        self.event = self.events.pop_front()?;
        Some(&self.event)
    }

    fn is_free(&self) -> bool {
        false
    }

    fn into_parts(self: Box<Self>) -> (Env, GivenPolicies) {
        (self.port.into_env(), GivenPolicies::new())
    }
}
