//! The play socket: a WebSocket of the Worker's own.
use std::cell::RefCell;

use js_sys::{ArrayBuffer, Uint8Array};
use palaestra_protocol::server::ToServer;
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use super::transport::{MOST_WAITING, Transport, Word};

/// Bytes that wait to be sent, above which nobody reads any more.
const MOST: u32 = 2 << 20;
/// The longest message that the server sends: a state.
const LONGEST: u32 = 1_200_000;
/// The close code of a message that is too long.
const TOO_LARGE: u16 = 4007;

/// A WebSocket; dropped, it is closed and says nothing more.
///
/// Its handlers are closures of the kinds that every Worker has anyway. Another kind would number wasm-bindgen's imports in
/// another way, and the modules with and without this one could not share their JavaScript.
pub(super) struct PlaySocket {
    socket: WebSocket,
    relay: RefCell<Vec<u8>>,
    _opened: Closure<dyn FnMut()>,
    _closed: Closure<dyn FnMut(MessageEvent)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
}

impl PlaySocket {
    /// Opens it; `hear` is told what becomes of it, never before this has returned.
    ///
    /// # Errors
    /// What the browser says, for an address that it does not open.
    pub(super) fn open(url: &str, hear: impl Fn(Word) + Clone + 'static) -> Result<Self, String> {
        let socket = WebSocket::new(url).map_err(|error| {
            let error = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
            error.unwrap_or_else(|| "the address cannot be opened".to_owned())
        })?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let tell = hear.clone();
        let opened = Closure::<dyn FnMut()>::new(move || tell(Word::Opened));
        let tell = hear.clone();
        let closed = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let event: CloseEvent = event.unchecked_into();
            tell(Word::Closed { code: event.code(), reason: event.reason() });
        });
        let own = socket.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Texts are no messages of this socket's.
            let data = event.data();
            let Some(buffer) = data.dyn_ref::<ArrayBuffer>() else { return };
            if buffer.byte_length() > LONGEST {
                let _ = own.close_with_code(TOO_LARGE);
                return;
            }
            hear(Word::Message(Uint8Array::new(buffer).to_vec()));
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        Ok(Self { socket, relay: RefCell::default(), _opened: opened, _closed: closed, _message: message })
    }

    fn is_open(&self) -> bool {
        self.socket.ready_state() == WebSocket::OPEN
    }

    /// Sends a message to the server, after those before. False where the connection takes no more: it is lost then.
    pub(super) fn send(&self, message: &[u8]) -> bool {
        // What is said to a socket that closes is lost with it; its end is told by itself.
        if !self.is_open() {
            return true;
        }
        self.socket.buffered_amount() < MOST && self.socket.send_with_u8_array(message).is_ok()
    }
}

impl Transport for PlaySocket {
    fn send_packet(&self, to: u8, packet: &[u8]) {
        if !self.is_open() || self.socket.buffered_amount() > MOST_WAITING {
            return;
        }
        let mut message = self.relay.borrow_mut();
        ToServer::Relay { to, packet }.write_into(&mut message);
        // A packet may get lost.
        let _ = self.socket.send_with_u8_array(&message);
    }
}

impl Drop for PlaySocket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onclose(None);
        self.socket.set_onmessage(None);
        let _ = self.socket.close_with_code(1000);
    }
}
