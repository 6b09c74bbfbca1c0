//! What is to be seen in a picture, pixel by pixel where it can be said, and of every environment that something is.
use palaestra_env::scene::{Align, Style};
use palaestra_env::{Atlas, Colour, Kwargs, Scene};
use palaestra_raster::{Painter, Sprites};

const RED: Colour = Colour::rgb(0xff_00_00);
const BLUE: Colour = Colour::rgb(0x00_00_ff);

/// The pixels of a scene; none where it cannot be painted.
fn painted(draw: impl FnOnce(&mut Scene)) -> Vec<[u8; 3]> {
    let mut scene = Scene::new();
    draw(&mut scene);
    let Ok(mut painter) = Painter::new(40, 20, None) else { return Vec::new() };
    match painter.paint(scene.bytes()) {
        Ok(()) => painter.rgb().as_chunks::<3>().0.to_vec(),
        Err(_) => Vec::new(),
    }
}

fn at(pixels: &[[u8; 3]], x: usize, y: usize) -> [u8; 3] {
    pixels[y * 40 + x]
}

#[test]
fn places_are_fractions_of_the_picture_and_depths_decide_what_lies_in_front() {
    let pixels = painted(|scene| {
        scene.rectangle(&Style::fill(RED).depth(2), [0.25, 0.0, 0.25, 0.5]);
        scene.rectangle(&Style::fill(BLUE).depth(1), [0.0, 0.0, 1.0, 0.5]);
    });
    assert_eq!(at(&pixels, 5, 5), [0, 0, 255]);
    assert_eq!(at(&pixels, 15, 5), [255, 0, 0]);
    assert_eq!(at(&pixels, 25, 5), [0, 0, 255]);
    assert_eq!(at(&pixels, 15, 15), [255, 255, 255]);
}

#[test]
fn each_kind_of_shape_is_seen_where_it_is() {
    let style = Style::fill(RED);
    let middle = |draw: &dyn Fn(&mut Scene)| at(&painted(draw), 20, 10);
    assert_eq!(middle(&|scene| scene.background(RED)), [255, 0, 0]);
    assert_eq!(middle(&|scene| scene.circle(&style, [0.5, 0.5], 0.2)), [255, 0, 0]);
    assert_eq!(middle(&|scene| scene.ellipse(&style, [0.5, 0.5], [0.2, 0.1], 0.4)), [255, 0, 0]);
    assert_eq!(middle(&|scene| scene.polygon(&style, &[0.4, 0.2, 0.6, 0.2, 0.5, 0.9])), [255, 0, 0]);
    assert_eq!(middle(&|scene| scene.line(&Style::stroke(RED, 0.2), [0.0, 0.5], [1.0, 0.5])), [255, 0, 0]);
    let quarter = painted(|scene| scene.arc(&style, [0.5, 0.5], 0.45, [0.0, std::f32::consts::FRAC_PI_2]));
    assert_eq!((at(&quarter, 23, 13), at(&quarter, 17, 7)), ([255, 0, 0], [255, 255, 255]));
    let turned = |scene: &mut Scene| {
        scene.turned_rectangle(&style, [0.3, 0.45, 0.4, 0.1], 0.0, std::f32::consts::FRAC_PI_2);
    };
    assert_eq!((at(&painted(turned), 20, 4), at(&painted(turned), 14, 10)), ([255, 0, 0], [255, 255, 255]));
}

#[test]
fn half_an_opacity_is_half_a_colour() {
    let pixels = painted(|scene| scene.background(RED.alpha(128)));
    let [red, green, _] = at(&pixels, 3, 3);
    assert_eq!(red, 255);
    assert!((126..=128).contains(&green), "{green}");
}

#[test]
fn letters_leave_ink_on_the_side_that_they_are_aligned_to() {
    let ink = |align| {
        let pixels = painted(|scene| scene.text(&Style::fill(RED), [0.5, 0.5], 0.8, align, "HH"));
        let dark = |range: std::ops::Range<usize>| range.filter(|x| at(&pixels, *x, 10)[1] < 128).count();
        (dark(0..20) > 0, dark(20..40) > 0)
    };
    assert_eq!((ink(Align::Start), ink(Align::End)), ((false, true), (true, false)));
    assert_eq!(ink(Align::Centre), (true, true));
}

#[test]
fn a_sprite_is_its_own_cell_of_the_atlas_and_no_other() {
    let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">
        <rect width="10" height="10" fill="#ff0000"/><rect x="10" width="10" height="10" fill="#0000ff"/></svg>"##;
    let atlas = Atlas { image: "two.svg".to_owned(), columns: 2, rows: 1 };
    let mut painter = Painter::new(40, 20, Some(Sprites::new(&atlas, svg).unwrap())).unwrap();
    let mut scene = Scene::new();
    let style = Style::fill(Colour::WHITE);
    scene.sprite(&style, 1, [0.0, 0.0, 0.25, 0.5], 0.0);
    scene.sprite(&style, 0, [0.5, 0.0, 0.25, 0.5], 1.0);
    painter.paint(scene.bytes()).unwrap();
    let pixels = painter.rgb().as_chunks::<3>().0.to_vec();
    assert_eq!((at(&pixels, 5, 5), at(&pixels, 25, 5)), ([0, 0, 255], [255, 0, 0]));
    assert_eq!(at(&pixels, 35, 15), [255, 255, 255]);
    let error = Sprites::new(&atlas, b"no picture").err().unwrap().to_string();
    assert!(error.starts_with("two.svg: expected an SVG picture: "), "{error}");
}

#[test]
fn broken_scenes_and_impossible_sizes_are_told_and_leave_the_picture_as_it_was() {
    let mut painter = Painter::new(40, 20, None).unwrap();
    let mut scene = Scene::new();
    scene.background(RED);
    painter.paint(scene.bytes()).unwrap();
    assert!(painter.paint(&scene.bytes()[..9]).is_err());
    assert_eq!(painter.rgb()[..3], [255, 0, 0]);
    for (width, height) in [(0, 5), (5, 0), (8193, 1)] {
        let error = Painter::new(width, height, None).err().unwrap().to_string();
        assert!(error.contains("1 to 8192 pixels"), "{error}");
    }
}

#[test]
fn every_environment_shows_something_and_its_sprites_are_found() {
    for family in palaestra_envs::FAMILIES {
        for entry in family.entries {
            let mut env = palaestra_envs::make(entry.id, &Kwargs::new()).unwrap();
            env.reset(Some(1), &Kwargs::new()).unwrap();
            let sprites = env.spec().atlas.as_ref().map(|atlas| {
                let picture = family.artwork.iter().find(|picture| picture.path == atlas.image).unwrap();
                Sprites::new(atlas, picture.bytes).unwrap()
            });
            let height = (120.0 / env.spec().aspect).round() as u32;
            let mut painter = Painter::new(120, height, sprites).unwrap();
            let mut scene = Scene::new();
            env.draw(&mut scene);
            painter.paint(scene.bytes()).unwrap();
            let mut colours = painter.rgb().as_chunks::<3>().0.to_vec();
            colours.sort_unstable();
            colours.dedup();
            assert!(colours.len() > 8, "{}: {} colours", entry.id, colours.len());
        }
    }
}

#[test]
fn a_picture_of_pixels_fills_its_place() {
    let (red, blue) = ([255, 0, 0, 255], [0, 0, 255, 255]);
    let pixels = painted(|scene| scene.pixels([0.5, 0.0, 0.5, 1.0], [2, 2], [red, blue, blue, red].as_flattened()));
    let seen = [at(&pixels, 10, 5), at(&pixels, 22, 5), at(&pixels, 37, 5), at(&pixels, 22, 15), at(&pixels, 37, 15)];
    assert_eq!(seen, [[255; 3], [255, 0, 0], [0, 0, 255], [0, 0, 255], [255, 0, 0]]);
}
