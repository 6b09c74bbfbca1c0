//! What an environment draws, as the page reads it.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::Truncated;
use palaestra_env::scene::{Align, Colour, Commands, Kind, Scene, SceneError, Style};

#[test]
fn each_way_to_draw_is_a_command_with_its_numbers_in_their_order() {
    let style = Style::fill(Colour::rgb(0x10_20_30)).id(4).depth(-3);
    let points = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    type Draw = fn(&mut Scene, &Style);
    let cases: [(Draw, Kind, &[f32]); 8] = [
        (|scene, style| scene.rectangle(style, [0.1, 0.2, 0.3, 0.4]), Kind::Rectangle, &[0.1, 0.2, 0.3, 0.4, 0.0, 0.0]),
        (
            |scene, style| scene.turned_rectangle(style, [0.1, 0.2, 0.3, 0.4], 0.5, 0.6),
            Kind::Rectangle,
            &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
        ),
        (|scene, style| scene.circle(style, [0.1, 0.2], 0.3), Kind::Circle, &[0.1, 0.2, 0.3]),
        (|scene, style| scene.ellipse(style, [0.1, 0.2], [0.3, 0.4], 0.5), Kind::Ellipse, &[0.1, 0.2, 0.3, 0.4, 0.5]),
        (|scene, style| scene.arc(style, [0.1, 0.2], 0.3, [0.4, 0.5]), Kind::Arc, &[0.1, 0.2, 0.3, 0.4, 0.5]),
        (|scene, style| scene.line(style, [0.1, 0.2], [0.3, 0.4]), Kind::Line, &[0.1, 0.2, 0.3, 0.4]),
        (|scene, style| scene.polygon(style, &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), Kind::Polygon, &points),
        (|scene, style| scene.sprite(style, 7, [0.1, 0.2, 0.3, 0.4], 0.5), Kind::Sprite, &[0.1, 0.2, 0.3, 0.4, 0.5]),
    ];
    for (draw, kind, numbers) in cases {
        let mut scene = Scene::new();
        draw(&mut scene, &style);
        let commands: Vec<_> = Commands::new(scene.bytes()).collect::<Result<_, _>>().unwrap();
        let [command] = commands[..] else { unreachable!("one command for {kind:?}, not {}", commands.len()) };
        assert_eq!((command.kind, command.style), (kind, style));
        assert_eq!(command.numbers().collect::<Vec<_>>(), numbers, "{kind:?}");
        assert_eq!(command.detail, if kind == Kind::Sprite { 7 } else { 0 }, "{kind:?}");
    }
}

#[test]
fn what_turns_has_its_angle_last() {
    let turning = [(Kind::Rectangle, Some(5)), (Kind::Ellipse, Some(4)), (Kind::Sprite, Some(4))];
    for (kind, angle) in turning {
        assert_eq!(kind.angle(), angle);
    }
    for kind in [Kind::Background, Kind::Circle, Kind::Arc, Kind::Line, Kind::Polygon, Kind::Text, Kind::Pixels] {
        assert_eq!(kind.angle(), None, "{kind:?}");
    }
}

#[test]
fn a_colour_is_of_three_bytes_and_an_opacity() {
    assert_eq!(Colour::rgb(0x12_34_56).rgba(), 0x12_34_56_ff);
    assert_eq!(Colour::rgb(0xff_ff_ff), Colour::WHITE);
    let faint = Colour::rgb(0x12_34_56).alpha(0x0f);
    assert_eq!((faint.rgba(), faint.opacity()), (0x12_34_56_0f, 0x0f));
    assert_eq!(faint.alpha(0x80), Colour::from_rgba(0x12_34_56_80), "the opacity before it leaves no trace");
    assert_eq!((Colour::BLACK.opacity(), Colour::CLEAR.opacity()), (255, 0));
}

/// A command holds whole rows, as many as it has room for.
#[test]
fn a_picture_of_wide_rows_is_split_between_them() {
    let (columns, rows) = (30_000_u16, 3_u16);
    let rgba: Vec<u8> = (0..u32::from(columns) * u32::from(rows)).flat_map(u32::to_le_bytes).collect();
    let mut scene = Scene::new();
    scene.pixels([0.0, 0.25, 0.5, 0.75], [columns, rows], &rgba);
    let commands: Vec<_> = Commands::new(scene.bytes()).collect::<Result<_, _>>().unwrap();
    let firsts: Vec<f32> = commands.iter().map(|command| command.numbers().nth(6).unwrap()).collect();
    assert_eq!(firsts, [0.0, 2.0], "two rows in the first, one in the second");
    let pixels: Vec<u8> =
        commands.iter().flat_map(|command| command.numbers().skip(8).flat_map(f32::to_le_bytes)).collect();
    assert_eq!(pixels, rgba);
    for (columns, drawn) in [(65_526_u16, true), (65_527, false)] {
        scene.clear();
        scene.pixels([0.0, 0.0, 1.0, 1.0], [columns, 1], &vec![0; usize::from(columns) * 4]);
        assert_eq!(!scene.bytes().is_empty(), drawn, "a row of {columns}");
    }
}

/// Numbers come in pairs: behind an odd number of pixels stands one that is none.
#[test]
fn a_picture_of_an_odd_number_of_pixels_is_filled_up() {
    let mut scene = Scene::new();
    scene.pixels([0.0, 0.0, 1.0, 1.0], [3, 1], &[9; 12]);
    let command = Commands::new(scene.bytes()).next().unwrap().unwrap();
    assert_eq!(command.numbers().len(), 8 + 3 + 1);
    let pixels: Vec<[u8; 4]> = command.numbers().skip(8).map(f32::to_le_bytes).collect();
    assert_eq!(pixels, [[9; 4], [9; 4], [9; 4], [0; 4]]);
}

#[test]
fn what_is_wrong_with_bytes_is_told_in_words() {
    let mut scene = Scene::new();
    scene.text(&Style::fill(Colour::BLACK), [0.5, 0.5], 0.1, Align::Start, "A");
    let whole = scene.bytes().to_vec();
    let told = |bytes: &[u8]| Commands::new(bytes).find_map(Result::err).unwrap().to_string();
    assert!(told(&whole[..whole.len() - 1]).starts_with("the scene ends inside a command: "));
    let mut letters = whole.clone();
    *letters.last_mut().unwrap() = 0xff;
    assert_eq!(told(&letters), "expected a text in UTF-8, found other bytes");
    let mut kinds = whole.clone();
    kinds[0] = 10;
    assert_eq!(told(&kinds), "expected a drawing command from 0 to 9, found 10");
    // A text has three numbers, a line four, and a polygon pairs of them.
    for (kind, expected) in [
        (Kind::Line, "Line: expected 4 numbers, found 3"),
        (Kind::Polygon, "Polygon: expected pairs of numbers, found 3"),
    ] {
        let mut other = whole.clone();
        other[0] = kind as u8;
        assert_eq!(told(&other), expected);
    }
    let truncated = SceneError::Truncated(Truncated { needed: 3, left: 1 });
    assert!(truncated.to_string().contains('3'), "{truncated}");
}
