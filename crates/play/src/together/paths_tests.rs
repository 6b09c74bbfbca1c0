use super::*;

/// Of seat 0 with seat 1, to which there is a connection since 1 s.
fn paths() -> Paths {
    let mut paths = Paths::new(7, 0, [1].into_iter().collect());
    assert!(paths.given(1_000.0, 1));
    paths
}

fn probe(number: u32, sender: u8, hears: u8) -> Vec<u8> {
    let mut bytes = vec![PROBE];
    bytes.extend(number.to_le_bytes());
    bytes.extend([sender, hears]);
    bytes
}

#[test]
fn a_probe_of_this_match_and_seat_says_that_the_connection_works() {
    let mut paths = paths();
    assert_eq!(paths.arrived(1_010.0, 1, &probe(7, 1, 1)), Arrived::Probe);
    let direct = paths.direct[1].unwrap();
    assert_eq!((direct.heard, direct.confirmed, direct.denied), (1_010.0, 1_010.0, false));
    assert_eq!(paths.arrived(1_020.0, 1, &probe(7, 1, 0)), Arrived::Probe);
    let direct = paths.direct[1].unwrap();
    assert_eq!((direct.heard, direct.confirmed, direct.denied), (1_020.0, 1_010.0, true));
}

#[test]
fn what_is_of_another_match_or_seat_or_too_long_is_refused_and_changes_nothing() {
    let mut paths = paths();
    let mut long = probe(7, 1, 1);
    long.push(0);
    for packet in [probe(8, 1, 1), probe(7, 2, 1), probe(7, 1, 1)[..6].to_vec(), long, vec![0; LONGEST + 1]] {
        assert_eq!(paths.arrived(1_010.0, 1, &packet), Arrived::Refused, "{} bytes", packet.len());
    }
    assert_eq!(paths.arrived(1_010.0, 2, &probe(7, 2, 1)), Arrived::Refused, "there is no connection");
    assert_eq!(paths.direct[1].unwrap().heard, f64::NEG_INFINITY);
    assert_eq!(paths.arrived(1_010.0, 1, &[0; 20]), Arrived::Packet);
}

#[test]
fn a_flood_is_refused_until_the_second_is_over() {
    let mut paths = paths();
    for _ in 0..MOST_PER_SECOND {
        assert_eq!(paths.arrived(1_500.0, 1, &[0]), Arrived::Packet);
    }
    assert_eq!(paths.arrived(1_999.0, 1, &[0]), Arrived::Refused);
    assert_eq!(paths.arrived(2_000.0, 1, &[0]), Arrived::Packet);
}

#[test]
fn a_seat_that_nothing_leads_to_has_no_path_and_without_a_connection_nothing_is_due() {
    let mut paths = Paths::new(7, 0, [1].into_iter().collect());
    assert_eq!((paths.seat_paths()[1].path, paths.due()), (PathKind::None, None));
    paths.relay_reaches(1, true);
    assert_eq!((paths.seat_paths()[1].path, paths.seat_paths()[2].path), (PathKind::Relay, PathKind::None));
    assert!(paths.given(1_000.0, 1));
    assert_eq!(paths.due(), Some(1_000.0));
    paths.gone(1);
    paths.relay_reaches(1, false);
    assert_eq!((paths.seat_paths()[1].path, paths.due()), (PathKind::None, None));
}

#[test]
fn packets_go_both_ways_before_and_after_they_go_directly() {
    let direct = |heard: f64, confirmed: f64, denied: bool| Direct { heard, confirmed, denied, count: (0.0, 0) };
    let now = 10_000.0;
    let sure = direct(now, now, false);
    assert_eq!(sure.way(now, Way::Relay, 0.0), Way::Both, "it has only just come");
    assert_eq!(sure.way(now, Way::Both, now - BOTH_MS + 1.0), Way::Both);
    assert_eq!(sure.way(now, Way::Both, now - BOTH_MS), Way::Direct);
    assert_eq!(sure.way(now, Way::Direct, now), Way::Direct);
    for doubtful in
        [direct(now - SUSPECT_MS - 1.0, now, false), direct(now, now - DOUBT_MS - 1.0, false), direct(now, now, true)]
    {
        assert_eq!(doubtful.way(now, Way::Direct, 0.0), Way::Both);
        assert_eq!(doubtful.way(now, Way::Both, 0.0), Way::Both);
    }
    assert_eq!(direct(now, now - LOST_MS, false).way(now, Way::Both, 0.0), Way::Both);
    assert_eq!(direct(now, now - LOST_MS - 1.0, false).way(now, Way::Direct, 0.0), Way::Relay);
}
