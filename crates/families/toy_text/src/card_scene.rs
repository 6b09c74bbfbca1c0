//! A playing card, face up or face down.
use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_scenery::palette::{DANGER, DEEP_SEA, DUST, FOAM, INK, SEA};
use palaestra_scenery::view::View;

/// Width and height of a card.
pub(super) const SIZE: [f64; 2] = [0.66, 0.92];
const RANKS: [&str; 13] = ["A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"];
/// Room for the most corners that a suit has.
const CORNERS: usize = 29;

/// What is on a card.
#[derive(Clone, Copy)]
pub(super) struct Card {
    /// Ace, 2 to 10, jack, queen, king.
    pub(super) rank: usize,
    /// Clubs, diamonds, hearts, spades.
    pub(super) suit: usize,
}

/// Draws a card, or the back of one, about its middle. It takes three identities, from `id` up.
pub(super) fn draw(scene: &mut Scene, view: &View, id: u32, [x, y]: [f64; 2], card: Option<Card>) {
    let area = view.rectangle([x, y], SIZE);
    let Some(Card { rank, suit }) = card else {
        let back = Style::fill(SEA).outlined(FOAM, view.length(0.05));
        scene.turned_rectangle(&back.id(id), area, view.length(0.07), 0.0);
        let inner = view.rectangle([x, y], [SIZE[0] - 0.2, SIZE[1] - 0.2]);
        let style = Style::fill(DEEP_SEA).outlined(FOAM.alpha(150), view.length(0.02));
        scene.turned_rectangle(&style.id(id + 1), inner, view.length(0.05), 0.0);
        return;
    };
    let face = Style::fill(Colour::WHITE).outlined(DUST, view.length(0.02));
    scene.turned_rectangle(&face.id(id), area, view.length(0.07), 0.0);
    let (corners, colour): (&[[f64; 2]], Colour) = match suit {
        0 => (&CLUB, INK),
        1 => (&DIAMOND, DANGER),
        2 => (&HEART, DANGER),
        _ => (&SPADE, INK),
    };
    let corner = view.point([x - SIZE[0] / 2.0 + 0.17, y + SIZE[1] / 2.0 - 0.19]);
    let name = RANKS.get(rank).copied().unwrap_or_default();
    scene.text(&Style::fill(colour).id(id + 2), corner, view.length(0.27), Align::Centre, name);
    let outline = view.points::<{ 2 * CORNERS }>(|index| {
        let [dx, dy] = corners.get(index).copied().unwrap_or_default();
        [x + 0.05 + 0.2 * dx, y - 0.12 + 0.2 * dy]
    });
    let outline = outline.get(..2 * corners.len()).unwrap_or_default();
    scene.polygon(&Style::fill(colour).id(id + 1), outline);
}

/// As wide and as high as 2 about the origin, y upwards; so the others.
const HEART: [[f64; 2]; 16] = [
    [0.00, 0.50],
    [0.05, 0.68],
    [0.33, 0.94],
    [0.74, 0.86],
    [0.94, 0.43],
    [0.74, -0.05],
    [0.33, -0.47],
    [0.05, -0.82],
    [0.00, -0.97],
    [-0.05, -0.82],
    [-0.33, -0.47],
    [-0.74, -0.05],
    [-0.94, 0.43],
    [-0.74, 0.86],
    [-0.33, 0.94],
    [-0.05, 0.68],
];
const DIAMOND: [[f64; 2]; 4] = [[0.00, 1.00], [0.70, 0.00], [0.00, -1.00], [-0.70, 0.00]];
const SPADE: [[f64; 2]; 19] = [
    [0.32, -0.95],
    [0.10, -0.28],
    [0.05, -0.43],
    [0.33, -0.65],
    [0.74, -0.58],
    [0.94, -0.22],
    [0.74, 0.19],
    [0.33, 0.55],
    [0.05, 0.85],
    [0.00, 0.97],
    [-0.05, 0.85],
    [-0.33, 0.55],
    [-0.74, 0.19],
    [-0.94, -0.22],
    [-0.74, -0.58],
    [-0.33, -0.65],
    [-0.05, -0.43],
    [-0.10, -0.28],
    [-0.32, -0.95],
];
const CLUB: [[f64; 2]; 29] = [
    [0.28, -0.95],
    [0.07, -0.15],
    [0.11, -0.33],
    [0.26, -0.48],
    [0.47, -0.54],
    [0.68, -0.48],
    [0.83, -0.33],
    [0.89, -0.12],
    [0.83, 0.09],
    [0.68, 0.24],
    [0.47, 0.30],
    [0.42, 0.47],
    [0.36, 0.68],
    [0.21, 0.83],
    [0.00, 0.89],
    [-0.21, 0.83],
    [-0.36, 0.68],
    [-0.42, 0.47],
    [-0.47, 0.30],
    [-0.68, 0.24],
    [-0.83, 0.09],
    [-0.89, -0.12],
    [-0.83, -0.33],
    [-0.68, -0.48],
    [-0.47, -0.54],
    [-0.26, -0.48],
    [-0.11, -0.33],
    [-0.07, -0.15],
    [-0.28, -0.95],
];
