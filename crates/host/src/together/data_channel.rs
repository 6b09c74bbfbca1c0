//! A data channel to another browser. The page makes the connection, since no Worker can, and gives the channel away; where the browser
//! does not let it, the page keeps the channel and gives a port, through which it passes every packet on.
use js_sys::{ArrayBuffer, Uint8Array};
use palaestra_mailbox::buffer_of;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort, RtcDataChannel, RtcDataChannelState, RtcDataChannelType};

use super::transport::{MOST_WAITING, Transport, Word};

/// The longest message that is looked at.
const LONGEST: u32 = 64 << 10;

enum Way {
    Channel(RtcDataChannel),
    Port(MessagePort),
}

/// A channel, or the port that leads to one; dropped, it is closed and says nothing more.
pub(super) struct DataChannel {
    way: Way,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut()>,
}

impl DataChannel {
    /// Listens to what the page gave; nothing where that is something else. What is said before the channel is open, or while it was
    /// on its way, may get lost: that is nothing new to whoever uses it.
    pub(super) fn new(given: &JsValue, hear: impl Fn(Word) + Clone + 'static) -> Option<Self> {
        let way = if let Some(channel) = given.dyn_ref::<RtcDataChannel>() {
            if channel.ready_state() == RtcDataChannelState::Closed {
                return None;
            }
            channel.set_binary_type(RtcDataChannelType::Arraybuffer);
            Way::Channel(channel.clone())
        } else {
            Way::Port(given.dyn_ref::<MessagePort>()?.clone())
        };
        let tell = hear.clone();
        let closed = Closure::<dyn FnMut()>::new(move || tell(gone()));
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            match data.dyn_ref::<ArrayBuffer>() {
                Some(buffer) if buffer.byte_length() <= LONGEST => {
                    hear(Word::Message(Uint8Array::new(buffer).to_vec()));
                }
                // The page's word through a port: another browser can send texts only where it has the channel itself.
                None if data.is_null() => hear(gone()),
                _ => {}
            }
        });
        let (hears, ends) = (Some(message.as_ref().unchecked_ref()), Some(closed.as_ref().unchecked_ref()));
        match &way {
            Way::Channel(channel) => {
                channel.set_onmessage(hears);
                channel.set_onclose(ends);
            }
            Way::Port(port) => port.set_onmessage(hears),
        }
        Some(Self { way, _message: message, _closed: closed })
    }
}

fn gone() -> Word {
    Word::Closed { code: 0, reason: String::new() }
}

impl Transport for DataChannel {
    fn send_packet(&self, _to: u8, packet: &[u8]) {
        // A packet may get lost.
        match &self.way {
            Way::Channel(channel) => {
                let open = channel.ready_state() == RtcDataChannelState::Open;
                if open && channel.buffered_amount() <= MOST_WAITING {
                    let _ = channel.send_with_u8_array(packet);
                }
            }
            Way::Port(port) => {
                let _ = port.post_message(&buffer_of(packet));
            }
        }
    }
}

impl Drop for DataChannel {
    fn drop(&mut self) {
        match &self.way {
            Way::Channel(channel) => {
                channel.set_onmessage(None);
                channel.set_onclose(None);
                channel.close();
            }
            Way::Port(port) => {
                port.set_onmessage(None);
                port.close();
            }
        }
    }
}
