use super::*;

const GRACE: f64 = 20_000.0;

/// One that is open, and the server has said who this is, and something more.
fn open() -> Socket {
    let mut socket = Socket::new(0.0, GRACE);
    assert_eq!(advanced(&mut socket, 0.0), [Act::Connect]);
    socket.opened(10.0);
    good(&mut socket, 10.0);
    assert!(socket.is_open());
    socket
}

fn good(socket: &mut Socket, now: f64) {
    socket.heard(now);
    socket.welcomed();
    socket.heard(now);
}

fn advanced(socket: &mut Socket, now: f64) -> Vec<Act> {
    let mut acts = Vec::new();
    socket.advance(now, |act| acts.push(act));
    acts
}

fn closed(socket: &mut Socket, now: f64, code: u16) -> Vec<Act> {
    let mut acts = Vec::new();
    socket.closed(now, code, |act| acts.push(act));
    acts
}

#[test]
fn a_connection_that_broke_or_was_asked_to_come_again_comes_again_and_no_other() {
    for code in [1001, BROKEN, 1011, 1012, 1013, 4002, 4008, 4009, 4011, 4000] {
        let mut socket = open();
        assert_eq!(closed(&mut socket, 100.0, code), [Act::Lost { code, retry_ms: 100 }], "{code}");
        assert_eq!(socket.due(), Some(200.0));
        assert!(advanced(&mut socket, 199.0).is_empty());
        assert_eq!(advanced(&mut socket, 200.0), [Act::Connect], "{code}");
    }
    for code in [1000, 1002, 4001, 4003, 4004, 4012, 65_535] {
        let mut socket = open();
        assert_eq!(closed(&mut socket, 100.0, code), [Act::Refused { code }]);
        assert_eq!((socket.due(), socket.is_open()), (None, false));
        assert!(closed(&mut socket, 200.0, code).is_empty(), "it is told once");
    }
}

#[test]
fn a_server_that_says_three_times_that_a_message_was_none_is_believed() {
    let mut socket = open();
    let mut now = 100.0;
    for tries in 0..3 {
        let acts = closed(&mut socket, now, 4000);
        assert_eq!(matches!(acts[..], [Act::Lost { code: 4000, .. }]), tries < 2, "{acts:?}");
        now = socket.due().unwrap_or(now);
        if tries < 2 {
            assert_eq!(advanced(&mut socket, now), [Act::Connect]);
            socket.opened(now);
        }
    }
    assert_eq!(socket.due(), None);
}

#[test]
fn tries_come_less_and_less_often_until_the_grace_is_over() {
    let mut socket = open();
    let mut waited = Vec::new();
    let (mut now, mut acts) = (1_000.0, closed(&mut socket, 1_000.0, BROKEN));
    while let [Act::Lost { retry_ms, .. }] = acts[..] {
        waited.push(retry_ms);
        now += f64::from(retry_ms);
        assert_eq!(advanced(&mut socket, now), [Act::Connect]);
        acts = closed(&mut socket, now, BROKEN);
    }
    assert_eq!(waited[..7], [100, 200, 400, 800, 1_600, 2_000, 2_000]);
    assert_eq!(acts, [Act::Refused { code: GRACE_OVER }]);
    assert!((1_000.0 + GRACE..1_000.0 + GRACE + LAST_RETRY_MS).contains(&now), "{now}");
}

#[test]
fn a_connection_that_was_good_begins_with_short_waits_again() {
    let mut socket = open();
    let _ = closed(&mut socket, 100.0, BROKEN);
    let _ = advanced(&mut socket, 200.0);
    socket.opened(210.0);
    assert_eq!(closed(&mut socket, 300.0, BROKEN), [Act::Lost { code: BROKEN, retry_ms: 200 }], "nobody had answered");
    let _ = advanced(&mut socket, 500.0);
    socket.opened(510.0);
    good(&mut socket, 520.0);
    assert_eq!(closed(&mut socket, 600.0, BROKEN), [Act::Lost { code: BROKEN, retry_ms: 100 }]);
}

#[test]
fn one_that_is_let_in_and_sent_away_again_and_again_is_none() {
    for was_good in [true, false] {
        let mut socket = if was_good { open() } else { Socket::new(0.0, GRACE) };
        let mut waited = Vec::new();
        let mut now = 1_000.0;
        let mut acts =
            if was_good { closed(&mut socket, now, 4011) } else { vec![Act::Lost { code: 4011, retry_ms: 0 }] };
        while let [Act::Lost { retry_ms, .. }] = acts[..] {
            waited.push(retry_ms);
            now += f64::from(retry_ms);
            assert_eq!(advanced(&mut socket, now), [Act::Connect]);
            socket.opened(now + 5.0);
            socket.heard(now + 10.0);
            socket.welcomed();
            now += 20.0;
            acts = closed(&mut socket, now, 4011);
            assert!(waited.len() < 50, "it is tried for ever");
        }
        assert_eq!(waited[1..6], [[200, 400, 800, 1_600, 2_000], [100, 200, 400, 800, 1_600]][usize::from(!was_good)]);
        assert_eq!(acts, [Act::Refused { code: GRACE_OVER }]);
        let over = if was_good { 1_000.0 } else { 0.0 } + GRACE;
        assert!((over..over + LAST_RETRY_MS + 20.0).contains(&now), "{now}");
    }
}

#[test]
fn silence_is_asked_about_and_then_ended() {
    let mut socket = open();
    assert_eq!(socket.due(), Some(10.0 + ASK_MS));
    assert_eq!(advanced(&mut socket, 10.0 + ASK_MS), [Act::Ping]);
    assert_eq!(socket.due(), Some(10.0 + SILENCE_MS));
    socket.heard(9_000.0);
    assert_eq!(socket.due(), Some(9_000.0 + ASK_MS));
    assert_eq!(advanced(&mut socket, 9_000.0 + ASK_MS), [Act::Ping]);
    let acts = advanced(&mut socket, 9_000.0 + SILENCE_MS);
    assert_eq!(acts, [Act::Disconnect, Act::Lost { code: BROKEN, retry_ms: 100 }]);
}

#[test]
fn a_connection_that_never_opens_is_given_up() {
    let mut socket = Socket::new(0.0, GRACE);
    let _ = advanced(&mut socket, 0.0);
    assert_eq!(socket.due(), Some(OPENING_MS));
    let acts = advanced(&mut socket, OPENING_MS);
    assert_eq!(acts, [Act::Disconnect, Act::Lost { code: BROKEN, retry_ms: 100 }]);
    let mut acts = Vec::new();
    socket.renew(6_000.0, |act| acts.push(act));
    assert_eq!(acts, [Act::Connect], "another address is tried at once");
    let mut acts = Vec::new();
    socket.close(|act| acts.push(act));
    assert_eq!((acts, socket.due()), (vec![Act::Disconnect], None));
}
