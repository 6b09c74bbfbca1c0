//! What Blackjack looks like: a card table, the dealer's cards above and the player's below.
use std::fmt;

use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_scenery::palette::{DANGER, DEEP_CLAY, DEEP_OLIVE, DEEP_SEA, GOLD, INK, OLIVE, SKY};
use palaestra_scenery::view::View;
use palaestra_scenery::words::Words;

use super::card_scene::{self, Card, SIZE};
use super::hand::Hand;
use super::hud;
use super::table::Table;

/// Width over height.
pub(super) const ASPECT: f32 = 1.5;

const VIEW: View = View { left: -2.4, top: 1.6, width: 4.8, height: 3.2 };
/// The heights of the two rows of cards.
const DEALER: f64 = 0.86;
const PLAYER: f64 = -0.78;
/// From card to card, and how far a row may reach.
const STEP: f64 = 0.75;
const REACH: f64 = 2.6;
const TEN: usize = 9;

/// What moves, in the page's eyes; four a card.
mod id {
    pub(super) const DEALER: u32 = 100;
    pub(super) const PLAYER: u32 = 300;
}

pub(super) fn draw(scene: &mut Scene, table: &Table) {
    felt(scene);
    let Table { player, dealer, open, .. } = table;
    let open_card = Card { rank: shown_rank(table), suit: table.suit };
    for (index, x, rank) in row(dealer) {
        let card = match index {
            0 => Some(open_card),
            _ => Some(other(index + 5, rank)).filter(|_| *open),
        };
        card_scene::draw(scene, &VIEW, id::DEALER + 4 * index as u32, [x, DEALER], card);
    }
    for (index, x, rank) in row(player) {
        let card = Some(other(index, rank));
        card_scene::draw(scene, &VIEW, id::PLAYER + 4 * index as u32, [x, PLAYER], card);
    }
    label(scene, DEALER, "Dealer");
    label(scene, PLAYER, "You");
    if *open {
        sum(scene, DEALER, format_args!("{}", dealer.sum()), dealer.is_bust());
    } else {
        sum(scene, DEALER, format_args!("{} + ?", if dealer.first() == 1 { 11 } else { dealer.first() }), false);
    }
    sum(scene, PLAYER, format_args!("{}", player.sum()), player.is_bust());
    if player.usable_ace() {
        let place = VIEW.point([1.9, PLAYER - 0.34]);
        scene.text(&Style::fill(SKY), place, 0.042, Align::Centre, "ace is 11");
    }
    match table.result {
        Some(result) => verdict(scene, table, result),
        None => {
            let place = VIEW.point([0.0, 0.04]);
            scene.text(&Style::fill(SKY.alpha(200)), place, 0.06, Align::Centre, "hit or stick?");
        }
    }
}

fn felt(scene: &mut Scene) {
    scene.background(DEEP_CLAY);
    let table = VIEW.rectangle([0.0, 0.0], [VIEW.width - 0.16, VIEW.height - 0.16]);
    let style = Style::fill(OLIVE).outlined(GOLD, VIEW.length(0.025));
    scene.turned_rectangle(&style, table, VIEW.length(0.5), 0.0);
    for height in [DEALER, PLAYER] {
        let place = VIEW.rectangle([0.0, height], [REACH + SIZE[0] - 0.2, SIZE[1] + 0.16]);
        let line = Style::stroke(DEEP_OLIVE, VIEW.length(0.025));
        scene.turned_rectangle(&line, place, VIEW.length(0.12), 0.0);
    }
}

/// Number, place across and rank of each card in a hand.
fn row(hand: &Hand) -> impl Iterator<Item = (usize, f64, usize)> {
    let count = hand.ranks().len();
    let step = STEP.min(REACH / count.max(1) as f64);
    let first = -step * count.saturating_sub(1) as f64 / 2.0;
    hand.ranks().iter().enumerate().map(move |(index, rank)| (index, first + step * index as f64, usize::from(*rank)))
}

/// The reference draws one of the faces for an open card that counts ten.
fn shown_rank(table: &Table) -> usize {
    match table.dealer.first() {
        10 => TEN + 1 + table.face,
        value => value as usize - 1,
    }
}

/// Suits mean nothing; those that the reference does not draw are dealt round.
fn other(index: usize, rank: usize) -> Card {
    Card { rank, suit: (index * 3 + rank * 2 + 2) % 4 }
}

fn label(scene: &mut Scene, height: f64, words: &str) {
    scene.text(&Style::fill(SKY), VIEW.point([-1.92, height]), 0.055, Align::Centre, words);
}

fn sum(scene: &mut Scene, height: f64, words: fmt::Arguments<'_>, bust: bool) {
    let plate = Style::fill(if bust { DANGER } else { INK.alpha(190) });
    let area = VIEW.rectangle([1.9, height], [0.72, 0.36]);
    scene.turned_rectangle(&plate, area, VIEW.length(0.18), 0.0);
    let place = VIEW.point([1.9, height]);
    scene.text(&Style::fill(SKY), place, 0.06, Align::Centre, Words::new(words).as_str());
}

fn verdict(scene: &mut Scene, table: &Table, result: f64) {
    let (player, dealer) = (&table.player, &table.dealer);
    let won = result > 0.0;
    let words = match () {
        () if player.is_bust() => "Bust: you lose",
        () if won && player.is_natural() => "Blackjack! You win",
        () if won && dealer.is_bust() => "The dealer is bust: you win",
        () if won => "You win",
        () if result == 0.0 => "A draw",
        () => "The dealer wins",
    };
    let plate: Colour = if won {
        DEEP_OLIVE
    } else if result == 0.0 {
        DEEP_SEA
    } else {
        DANGER
    };
    hud::verdict(scene, VIEW.point([0.0, 0.04]), 0.07, ASPECT, plate, words);
}
