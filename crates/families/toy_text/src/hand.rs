//! Cards and what they are worth.
use palaestra_env::{RestoreError, SeededRng, StateReader, StateWriter};

/// Ranks in the deck: ace, 2 to 10, jack, queen, king. It is endless: a card drawn is still there.
pub(super) const RANKS: usize = 13;
/// No hand that is not bust has more cards; what comes after is counted and not shown.
const SHOWN: usize = 24;
const MOST: u32 = 21;

/// The value of a rank: an ace is 1, a face 10.
fn value(rank: u8) -> u32 {
    u32::from(rank + 1).min(10)
}

/// The cards of the player or of the dealer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hand {
    ranks: [u8; SHOWN],
    count: u32,
    sum: u32,
    ace: bool,
}

impl Hand {
    pub(super) const EMPTY: Self = Self { ranks: [0; SHOWN], count: 0, sum: 0, ace: false };

    /// Two cards.
    pub(super) fn dealt(rng: &mut SeededRng) -> Self {
        let mut hand = Self::EMPTY;
        hand.draw(rng);
        hand.draw(rng);
        hand
    }

    pub(super) fn draw(&mut self, rng: &mut SeededRng) {
        self.add(rng.choice(RANKS) as u8);
    }

    fn add(&mut self, rank: u8) {
        self.ranks.get_mut(self.count as usize).into_iter().for_each(|slot| *slot = rank);
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.saturating_add(value(rank));
        self.ace |= rank == 0;
    }

    /// The ranks that are shown, in the order drawn.
    pub(super) fn ranks(&self) -> &[u8] {
        self.ranks.get(..self.count as usize).unwrap_or(&self.ranks)
    }

    /// The value of the first card, 1 for an ace.
    pub(super) fn first(&self) -> u32 {
        value(self.ranks[0])
    }

    /// Whether an ace can count 11.
    pub(super) fn usable_ace(&self) -> bool {
        self.ace && self.sum <= MOST - 10
    }

    /// The best sum.
    pub(super) fn sum(&self) -> u32 {
        if self.usable_ace() { self.sum + 10 } else { self.sum }
    }

    pub(super) fn is_bust(&self) -> bool {
        self.sum() > MOST
    }

    /// The sum, or 0 when bust.
    pub(super) fn score(&self) -> u32 {
        if self.is_bust() { 0 } else { self.sum() }
    }

    /// An ace and a ten or a face, and nothing else.
    pub(super) fn is_natural(&self) -> bool {
        self.count == 2 && self.sum() == MOST
    }

    pub(super) fn save(&self, out: &mut StateWriter) {
        self.ranks.iter().for_each(|rank| out.u8(*rank));
        out.u32(self.count);
        out.u32(self.sum);
        out.bool(self.ace);
    }

    pub(super) fn restore(state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let mut saved = Self::EMPTY;
        for rank in &mut saved.ranks {
            *rank = state.u8()?;
            if usize::from(*rank) >= RANKS {
                return Err(RestoreError::Invalid { field: "card" });
            }
        }
        (saved.count, saved.sum, saved.ace) = (state.u32()?, state.u32()?, state.bool("ace")?);
        let mut counted = Self::EMPTY;
        saved.ranks().iter().for_each(|rank| counted.add(*rank));
        // Beyond the cards shown only the sum is known; each of them was worth 1 to 10.
        let hidden = saved.count.saturating_sub(SHOWN as u32);
        let sums = counted.sum.saturating_add(hidden)..=counted.sum.saturating_add(hidden.saturating_mul(10));
        if counted != saved && !(hidden > 0 && sums.contains(&saved.sum) && saved.ace >= counted.ace) {
            return Err(RestoreError::Invalid { field: "hand" });
        }
        Ok(saved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hand(ranks: &[u8]) -> Hand {
        let mut hand = Hand::EMPTY;
        ranks.iter().for_each(|rank| hand.add(*rank));
        hand
    }

    #[test]
    fn an_ace_counts_eleven_while_that_is_not_too_much() {
        for (ranks, sum, usable, natural) in [
            (&[0, 12][..], 21, true, true),
            (&[0, 9], 21, true, true),
            (&[0, 0], 12, true, false),
            (&[0, 4, 4], 21, true, false),
            (&[0, 5, 9], 17, false, false),
            (&[10, 11], 20, false, false),
        ] {
            let hand = hand(ranks);
            assert_eq!((hand.sum(), hand.usable_ace(), hand.is_natural()), (sum, usable, natural), "{ranks:?}");
        }
        assert_eq!((hand(&[9, 9, 1]).score(), hand(&[9, 9]).score()), (0, 20));
    }

    #[test]
    fn more_cards_than_can_be_shown_are_still_counted() {
        let long = hand(&[9; 100]);
        assert_eq!((long.sum(), long.ranks().len()), (1000, SHOWN));
        let mut state = StateWriter::new();
        long.save(&mut state);
        assert_eq!(Hand::restore(&mut StateReader::new(state.bytes())), Ok(long));
    }
}
