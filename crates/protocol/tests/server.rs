//! The play socket's messages: what was written is read again, and what nobody wrote is refused.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter, FromServer, PeerState, StateWhy, ToServer};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Item {
    Step(u64),
    Reset(Option<u64>, String, u64),
    Event(String),
}

fn item() -> impl Strategy<Value = Item> {
    prop_oneof![
        8 => any::<u64>().prop_map(Item::Step),
        1 => (any::<Option<u64>>(), "[ -~]{0,40}", any::<u64>()).prop_map(|(seed, options, hash)| Item::Reset(seed, options, hash)),
        1 => "[ -~]{0,40}".prop_map(Item::Event),
    ]
}

fn as_item<'a>(item: &'a Item, actions: &'a [u8]) -> ConfirmedItem<'a> {
    match item {
        Item::Step(hash) => ConfirmedItem::Step { actions, hash: *hash },
        Item::Reset(seed, options, hash) => ConfirmedItem::Reset { seed: *seed, options, hash: *hash },
        Item::Event(text) => ConfirmedItem::Event(text),
    }
}

proptest! {
    #[test]
    fn a_batch_is_read_as_it_was_written(
        first in any::<u32>(),
        items in prop::collection::vec(item(), 0..50),
        actions in prop::collection::vec(any::<u8>(), 0..33),
    ) {
        let mut writer = ConfirmedWriter::to_server(first, actions.len() as u16);
        for item in &items {
            prop_assert!(writer.put(as_item(item, &actions)));
        }
        prop_assert_eq!(writer.is_empty(), items.is_empty());
        let message = writer.into_message();
        let ToServer::Confirmed(batch) = ToServer::read(&message).unwrap() else { panic!("another message") };
        prop_assert_eq!(batch.first, first);
        let found: Vec<_> = batch.items().map(Result::unwrap).collect();
        let written: Vec<_> = items.iter().map(|item| as_item(item, &actions)).collect();
        prop_assert_eq!(found, written);
        prop_assert_eq!(ToServer::Confirmed(batch).write(), message.clone());
        // What the server passes on differs in its first byte alone.
        let passed_on = FromServer::Confirmed(batch).write();
        prop_assert_eq!(&passed_on[1..], &message[1..]);
    }

    #[test]
    fn bytes_of_anybody_are_a_message_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..80), kind in 0_u8..80) {
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut() {
            *first = kind;
        }
        if let Ok(message) = ToServer::read(&bytes) {
            let once = message.write();
            prop_assert_eq!(ToServer::read(&once).unwrap().write(), once);
        }
        if let Ok(message) = FromServer::read(&bytes) {
            let once = message.write();
            prop_assert_eq!(FromServer::read(&once).unwrap().write(), once);
        }
    }
}

#[test]
fn a_joint_action_of_another_length_stands_in_the_same_batch() {
    let mut writer = ConfirmedWriter::to_server(0, 2);
    let items = [&[1, 2][..], &[3], &[4, 5, 6]].map(|actions| ConfirmedItem::Step { actions, hash: 7 });
    assert!(items.into_iter().all(|item| writer.put(item)));
    assert_eq!((writer.steps(), writer.len()), (3, 7 + 3 * 9 + 2 + 2 + 1 + 2 + 3));
    let message = writer.into_message();
    let ToServer::Confirmed(batch) = ToServer::read(&message).unwrap() else { panic!("another message") };
    assert!(batch.items().map(Result::unwrap).eq(items));
    assert!(!ConfirmedWriter::to_server(0, 0).put(ConfirmedItem::Step { actions: &[0; 65_536], hash: 0 }));
}

#[test]
fn items_of_another_batch_stand_behind_those_before_them_as_they_are() {
    let events = ["one", "two"].map(ConfirmedItem::Event);
    let head = ConfirmedWriter::to_server(5, 2).into_message().len();
    let mut other = ConfirmedWriter::to_server(0, 2);
    assert!(other.put(events[1]));
    let other = other.into_message();
    let mut writer = ConfirmedWriter::to_server(5, 2);
    assert!(writer.is_empty() && writer.put(events[0]));
    writer.put_encoded(&other[head..]);
    assert_eq!((writer.steps(), writer.action_len(), writer.is_empty()), (0, 2, false));
    let message = writer.into_message();
    let ToServer::Confirmed(batch) = ToServer::read(&message).unwrap() else { panic!("another message") };
    assert!(batch.items().map(Result::unwrap).eq(events));
}

#[test]
fn every_message_is_read_as_it_was_written() {
    for message in [
        ToServer::Relay { to: 3, packet: b"packet" },
        ToServer::Facts(r#"{"versions":{}}"#),
        ToServer::Report { leaver: 1, frames: 700, first: 690, inputs: &[9; 10] },
        ToServer::AskState,
        ToServer::Desync { epoch: 3 },
        ToServer::Ping(1.5),
        ToServer::Pong(-2.0),
    ] {
        assert_eq!(ToServer::read(&message.write()), Ok(message));
    }
    for message in [
        FromServer::Welcome {
            protocol: palaestra_protocol::server::SERVER_PROTOCOL,
            seat: 2,
            seats: 4,
            epoch: 3,
            frames: 900,
            connected: 0b1011,
        },
        FromServer::Relay { from: 3, packet: b"" },
        FromServer::Acknowledged(64),
        FromServer::Pronounced { leaver: 1, frames: 700, first: 690, inputs: &[9; 10] },
        FromServer::State {
            why: StateWhy::Asked,
            epoch: 1,
            frame: 5,
            episode: 1,
            over: true,
            hash: 7,
            state: b"state",
        },
        FromServer::Ping(1.5),
        FromServer::Pong(2.5),
        FromServer::Peer { seat: 1, state: PeerState::Reconnecting },
        FromServer::ReportWanted { leaver: 1, within_ms: 2000 },
        FromServer::Differs { seats: 0b10, frame: 12 },
    ] {
        assert_eq!(FromServer::read(&message.write()), Ok(message));
    }
}
