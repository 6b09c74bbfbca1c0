use super::*;

const LEFT: u16 = 0;
const RIGHT: u16 = 1;
const UP: u16 = 2;
const SPACE: u16 = 3;

fn keyboard(mode: InputMode) -> Keyboard {
    let bindings = [(vec![LEFT], 1), (vec![RIGHT], 2), (vec![UP, SPACE], 3), (vec![UP], 4)];
    let bindings = bindings.map(|(codes, action)| Binding { codes, action: Value::Discrete(action) });
    Keyboard::new(bindings.into(), mode, vec![Value::Discrete(0), Value::Discrete(9)])
}

fn at(at: f64) -> Option<Stroke> {
    Some(Stroke { at, sent: at + 0.5 })
}

fn act(keyboard: &mut Keyboard) -> (i64, Option<Stroke>) {
    let mut action = Value::None;
    let stroke = keyboard.act(&mut action);
    match action {
        Value::Discrete(action) => (action, stroke),
        other => panic!("{other:?}"),
    }
}

fn next(keyboard: &mut Keyboard) -> i64 {
    act(keyboard).0
}

#[test]
fn a_held_key_acts_at_every_tick_and_its_stroke_is_stamped_once() {
    let mut keys = keyboard(InputMode::PressedKeys);
    keys.press(LEFT, at(12.5));
    assert_eq!(act(&mut keys), (1, at(12.5)));
    assert_eq!(act(&mut keys), (1, None));
    keys.release(LEFT);
    assert_eq!([next(&mut keys), next(&mut keys)], [0, 9]);
}

#[test]
fn a_tap_between_two_ticks_is_not_lost() {
    let mut keys = keyboard(InputMode::PressedKeys);
    keys.press(RIGHT, at(1.0));
    keys.release(RIGHT);
    assert_eq!(act(&mut keys), (2, at(1.0)));
    assert_eq!(next(&mut keys), 9);
}

#[test]
fn the_longest_chord_wins_and_then_the_latest_key() {
    let mut keys = keyboard(InputMode::PressedKeys);
    keys.press(UP, at(1.0));
    assert_eq!(next(&mut keys), 4);
    keys.press(LEFT, at(2.0));
    assert_eq!(next(&mut keys), 1);
    keys.press(SPACE, at(3.0));
    assert_eq!(next(&mut keys), 3);
    keys.press(RIGHT, at(4.0));
    assert_eq!(next(&mut keys), 3);
    keys.release(SPACE);
    assert_eq!(next(&mut keys), 2);
    keys.release(RIGHT);
    assert_eq!(next(&mut keys), 1);
}

#[test]
fn strokes_are_played_one_per_tick_in_order_however_short_they_are() {
    let mut keys = keyboard(InputMode::SingleKeystroke);
    for code in [LEFT, RIGHT, LEFT] {
        keys.press(code, at(5.0));
        keys.release(code);
    }
    assert_eq!([next(&mut keys), next(&mut keys), next(&mut keys), next(&mut keys)], [1, 2, 1, 9]);
    keys.press(LEFT, at(6.0));
    assert_eq!([next(&mut keys), next(&mut keys)], [1, 9]);
}

#[test]
fn what_is_struck_while_nothing_is_played_is_no_action_and_what_is_held_counts_from_the_next_tick_on() {
    let mut keys = keyboard(InputMode::PressedKeys);
    keys.press(RIGHT, None);
    keys.release(RIGHT);
    keys.press(LEFT, None);
    assert_eq!(act(&mut keys), (1, None), "held, and its stroke was another time's");
    keys.release(LEFT);
    assert_eq!(next(&mut keys), 9);

    let mut keys = keyboard(InputMode::SingleKeystroke);
    keys.press(LEFT, None);
    keys.play(Value::Discrete(7), at(2.0).unwrap());
    keys.press(RIGHT, None);
    assert_eq!(act(&mut keys), (7, at(2.0)), "whoever acts without keys means the next tick");
    assert_eq!(next(&mut keys), 9);
    keys.press(UP, at(4.0));
    assert_eq!(act(&mut keys), (4, at(4.0)));
}

#[test]
fn what_was_struck_and_not_played_when_it_is_over_is_no_action_of_what_comes_next() {
    let mut keys = keyboard(InputMode::SingleKeystroke);
    keys.press(LEFT, at(1.0));
    keys.over();
    assert_eq!(act(&mut keys), (0, None));

    let mut keys = keyboard(InputMode::PressedKeys);
    keys.press(RIGHT, at(1.0));
    keys.release(RIGHT);
    keys.press(LEFT, at(2.0));
    keys.over();
    assert_eq!(act(&mut keys), (1, None), "held, and its stroke was another time's");
    keys.release(LEFT);
    assert_eq!(next(&mut keys), 9);
}

#[test]
fn without_an_idle_action_the_game_waits_for_a_key() {
    for mode in InputMode::ALL {
        let mut keys = Keyboard { idle: Vec::new(), ..keyboard(mode) };
        assert!(!keys.ready());
        keys.press(LEFT, at(1.0));
        keys.release(LEFT);
        assert!(keys.ready());
        assert_eq!(next(&mut keys), 1);
        assert!(!keys.ready());
    }
}

#[test]
fn losing_the_keyboard_lets_go_of_every_key() {
    for mode in InputMode::ALL {
        let mut keys = keyboard(mode);
        keys.press(LEFT, at(1.0));
        keys.release_all();
        assert_eq!(next(&mut keys), 0);
    }
}

#[test]
fn drumming_on_the_keyboard_does_not_fill_the_memory() {
    let mut keys = keyboard(InputMode::SingleKeystroke);
    for _ in 0..10_000 {
        keys.press(LEFT, at(1.0));
        keys.release(LEFT);
    }
    assert!(keys.strokes.len() <= MOST_STROKES);
    assert!(keys.down.len() <= 1);
    keys.press(99, at(1.0));
    assert!(keys.down.len() <= 1);
}

#[test]
fn a_binding_without_keys_is_never_struck() {
    let bindings = vec![Binding { codes: vec![], action: Value::Discrete(1) }];
    let mut keys = Keyboard::new(bindings, InputMode::PressedKeys, vec![]);
    keys.press(LEFT, at(1.0));
    assert!(!keys.ready());
}

#[test]
fn an_action_without_a_key_is_played_once_before_what_keys_say() {
    let mut keys = keyboard(InputMode::PressedKeys);
    keys.press(LEFT, at(1.0));
    keys.play(Value::Discrete(7), at(2.0).unwrap());
    keys.play(Value::Discrete(8), at(3.0).unwrap());
    keys.press(UP, at(4.0));
    keys.release(UP);
    assert_eq!(act(&mut keys), (8, at(3.0)), "the last of several");
    assert_eq!(act(&mut keys), (4, at(4.0)), "a tap is not lost by it");
    assert_eq!(act(&mut keys), (1, None));
    keys.release(LEFT);
    assert_eq!(act(&mut keys), (9, None));
}

#[test]
fn with_single_keystrokes_it_stands_in_their_row() {
    let mut keys = keyboard(InputMode::SingleKeystroke);
    keys.press(LEFT, at(1.0));
    keys.play(Value::Discrete(7), at(2.0).unwrap());
    keys.press(RIGHT, at(3.0));
    let played: Vec<i64> = std::iter::repeat_with(|| next(&mut keys)).take(3).collect();
    assert_eq!(played, [1, 7, 2]);
    (0..1000).for_each(|_| keys.play(Value::Discrete(7), at(4.0).unwrap()));
    assert!(keys.strokes.len() <= MOST_STROKES);
}

#[test]
fn without_a_rest_an_action_is_enough_to_go_on() {
    for mode in InputMode::ALL {
        let mut keys = Keyboard::new(vec![], mode, vec![]);
        assert!(!keys.ready());
        keys.play(Value::Discrete(3), at(1.0).unwrap());
        assert!(keys.ready());
        assert_eq!(next(&mut keys), 3);
        assert!(!keys.ready());
    }
}

#[test]
fn keys_that_nothing_is_bound_to_leave_no_trace() {
    for mode in [InputMode::PressedKeys, InputMode::SingleKeystroke] {
        let mut keys = keyboard(mode);
        for code in 100..200 {
            keys.press(code, at(1.0));
        }
        assert!(keys.down.is_empty() && keys.strokes.is_empty(), "a page's codes do not pile up");
        assert_eq!(act(&mut keys), (0, None));
    }
}
