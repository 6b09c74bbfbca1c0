//! The messages of a match: what was written is read again, and what nobody wrote is refused.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_protocol::server::PeerState;
use palaestra_protocol::together::{
    Began, Control, DropoutSetup, EndReason, Event, Join, LeaveReason, MatchMode, NetworkSetup, PathKind, SeatPath,
    Shown, Start, Told, Vitals,
};
use palaestra_protocol::{ProtocolError, StepTimes, Stepped};
use proptest::prelude::*;

const TIMES: StepTimes =
    StepTimes { pressed: 1.0, queued: 2.0, called: 3.0, received: 4.0, due: 5.0, began: 6.0, ended: 7.0 };

fn join() -> Join<'static> {
    Join {
        number: 173_204_409,
        seat: 1,
        incarnation: 2,
        seed: 90_071_992_547_409,
        epoch: 3,
        mode: MatchMode::Rollback,
        dropout: DropoutSetup::Pause,
        episodes: Some(2),
        steps: None,
        pause_ms: 1500.0,
        grace_ms: 30_000.0,
        resume: true,
        network: None,
        url: "wss://example.org/play?ticket=t",
        facts: r#"{"versions":{}}"#,
        options: &[8, 0, 0, 0, 0],
    }
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes);
    bytes
}

fn paths() -> [SeatPath; 8] {
    let mut paths = [SeatPath { path: PathKind::None, rtt_ms: 0.0 }; 8];
    paths[1] = SeatPath { path: PathKind::Relay, rtt_ms: 41.5 };
    paths[2] = SeatPath { path: PathKind::Direct, rtt_ms: 0.25 };
    paths
}

/// The same, where what lies beyond the seats is as a reader leaves it.
fn of_three(mut paths: [SeatPath; 8]) -> [SeatPath; 8] {
    paths[3..].fill(SeatPath::default());
    paths
}

fn told() -> Vec<Told<'static>> {
    let mut all = vec![
        Told::SocketOpen { seat: 1, epoch: 2, frames: 64, connected: 0b11 },
        Told::SocketLost { code: 1006, retry_ms: 250, text: "" },
        Told::SocketRefused { code: 4004, text: "bad_ticket" },
        Told::Stalled { by: 0b100 },
        Told::Desync { seat: 1, frame: 77, mine: u64::MAX, theirs: 1 },
        Told::Differs { seats: 2, frame: 9 },
        Told::Resynced { epoch: 4, frame: 90, wrong: 1 },
        Told::Joined { episode: 1, frame: 640 },
        Told::Released,
        Told::RecordCut { from: 10, to: 20 },
    ];
    let states = [PeerState::Connecting, PeerState::Connected, PeerState::Reconnecting, PeerState::Gone];
    all.extend(states.map(|state| Told::Peer { seat: 3, state }));
    all.extend(LeaveReason::ALL.map(|reason| Told::Left { seat: 1, frame: 300, reason }));
    all.extend(EndReason::ALL.map(|reason| Told::Ended { reason, frames: 900 }));
    all
}

#[test]
fn what_a_page_says_is_read_as_it_was_written() {
    let network = NetworkSetup { delay_ms: 100.0, jitter_ms: 20.0, loss: 0.15, duplicate: 0.01, reorder: 0.1, seed: 7 };
    let others = Join {
        mode: MatchMode::Lockstep,
        network: Some(network),
        resume: false,
        episodes: None,
        steps: Some(900),
        options: &[],
        ..join()
    };
    let expert = DropoutSetup::Expert { skill: 0.7 };
    let dropouts = [DropoutSetup::Pause, DropoutSetup::End, DropoutSetup::Idle, DropoutSetup::Random, expert];
    for join in dropouts.map(|dropout| Join { dropout, ..join() }).into_iter().chain([others]) {
        assert_eq!(Join::read(&written(|out| join.write(out))), Ok(join));
    }
    let start = Start { in_ms: 812.5, input_delay: 3 };
    assert_eq!(Start::read(&written(|out| start.write(out))), Ok(start));
    for control in [
        Control::Validate { attempt: 2, relay: true },
        Control::Socket { url: "ws://127.0.0.1:1/play?ticket=u" },
        Control::Pronounced { seat: 1, frames: 700 },
    ] {
        let bytes = written(|out| control.write(out));
        assert_eq!(Control::read(&bytes), Ok(control));
        (0..bytes.len()).for_each(|end| assert!(Control::read(&bytes[..end]).is_err(), "{control:?} {end}"));
    }
}

#[test]
fn what_a_page_is_told_is_read_as_it_was_written() {
    let mut out = vec![9];
    for told in told() {
        told.write(&mut out);
        assert_eq!(Event::read(&out), Ok(Event::Told(told)));
    }
    let told = Told::Validated { attempt: 2, seats: 3, paths: of_three(paths()) };
    told.write(&mut out);
    let Ok(Event::Told(Told::Validated { attempt: 2, seats: 3, paths: found })) = Event::read(&out) else {
        panic!("{out:?}")
    };
    assert_eq!(found[..3], paths()[..3]);
    assert!(found[3].rtt_ms.is_nan());
    let shown = Shown { frame: 70_000, predicted: 4, times: TIMES, scene: &[1, 2, 3] };
    shown.write(&mut out);
    assert!(Event::is(&out));
    assert_eq!(Event::read(&out), Ok(Event::Shown(shown)));
    for hash in [Some(u64::MAX), None] {
        let began = Began { episode: 1, frame: 640, seed: 77, returns: &[1; 300], hash, scene: &[4] };
        began.write(&mut out);
        assert_eq!(Event::read(&out), Ok(Event::Began(began)));
    }
    let step = Stepped {
        frame: 1,
        confirmed: true,
        times: TIMES,
        slowed: 0.0,
        actions: &[1],
        returns: &[2],
        hash: Some(3),
        scene: &[],
    };
    step.write(&mut out);
    assert_eq!(Event::read(&out), Ok(Event::Stepped(step)));
    let vitals = Vitals {
        input_delay: 2,
        seats: 8,
        paths: paths(),
        rollbacks: 1,
        rolled_back: 2,
        deepest: 3,
        depth: 4,
        predicted: 5,
        stalls: 6,
        ahead: -0.5,
    };
    vitals.write(&mut out);
    assert_eq!(Event::read(&out), Ok(Event::Vitals(vitals)));
    (0..out.len()).for_each(|end| assert!(Event::read(&out[..end]).is_err(), "{end}"));
    out[3] = 9;
    assert_eq!(Event::read(&out), Err(ProtocolError::UnknownKind { of: "match of so many seats", found: 9 }));
}

proptest! {
    #[test]
    fn bytes_of_anybody_are_a_message_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..90), kind in 0_u8..7, told in 0_u8..16) {
        let _ = (Join::read(&bytes), Start::read(&bytes), Control::read(&bytes));
        let mut event = vec![2, kind, told];
        event.extend(bytes);
        if let Ok(Event::Told(told)) = Event::read(&event) {
            let mut again = Vec::new();
            told.write(&mut again);
            prop_assert!(Event::read(&again).is_ok());
        }
    }

    #[test]
    fn a_cut_or_damaged_join_is_an_error_or_another_join(at in 0_usize..140, byte in any::<u8>()) {
        let whole = written(|out| join().write(out));
        let options = join().options.len();
        let cut = at.min(whole.len() - options - 1);
        prop_assert!(Join::read(&whole[..cut]).is_err());
        let mut damaged = whole;
        if let Some(place) = damaged.get_mut(at) {
            *place = byte;
        }
        let _ = Join::read(&damaged);
    }
}
