//! The table that Blackjack is played at.
use palaestra_env::SeededRng;

use super::hand::Hand;

pub(super) const SUITS: usize = 4;
pub(super) const FACES: usize = 3;

/// What lies on the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Table {
    pub(super) player: Hand,
    pub(super) dealer: Hand,
    /// Of the dealer's open card: clubs, diamonds, hearts, spades.
    pub(super) suit: usize,
    /// And if it counts ten: jack, queen, king.
    pub(super) face: usize,
    /// Whether the dealer's other cards have been turned up.
    pub(super) open: bool,
    /// What the round came to, once it is over.
    pub(super) result: Option<f64>,
}

impl Table {
    /// Two cards for each, one of the dealer's open.
    pub(super) fn dealt(rng: &mut SeededRng) -> Self {
        let dealer = Hand::dealt(rng);
        let player = Hand::dealt(rng);
        let suit = rng.choice(SUITS);
        let face = if dealer.first() == 10 { rng.choice(FACES) } else { 0 };
        Self { player, dealer, suit, face, open: false, result: None }
    }
}
