//! A cook who knows the way: what to fetch next in a kitchen, and how to get there. It serves every family of kitchens, each of which
//! says what its cells are.
//!
//! The cook looks at the whole kitchen, wants the same soup at every pot, and takes the shortest ways. Whatever it cannot reach itself
//! it leaves on a counter for the one who can.
use palaestra_env::SeededRng;

/// The most cells of a room.
pub const MOST_CELLS: usize = 1024;

/// How often somebody who stands in the way, or is stood in the way of, does anything at all instead.
const GIVE_WAY: f64 = 0.3;
/// How often somebody who has nothing to do takes a step.
const WANDER: f64 = 0.1;
const UNREACHED: u16 = u16::MAX;

/// What is carried and put down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// An ingredient, by its number below 8.
    Ingredient(u8),
    /// What a soup is served in.
    Dish,
    /// A soup in a dish.
    Soup,
    /// What is of no use here.
    Other,
}

/// A pot, by what is to be done there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pot {
    /// These ingredients are missing, a bit each, and so many pieces in all.
    Lacks {
        /// By the ingredients' numbers.
        kinds: u8,
        /// Pieces.
        pieces: u8,
    },
    /// It is to be started by hand.
    Full,
    /// Time does it.
    Cooking,
    /// A dish is to be filled.
    Ready,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// To be walked on.
    Floor,
    /// Room for a thing, which may lie there.
    Counter(Option<Item>),
    /// As many of a thing as are taken.
    Stack(Item),
    /// A pot.
    Pot(Pot),
    /// Where soups are handed out.
    Hatch,
    /// Nothing to do with cooking.
    Wall,
}

/// A cook, at a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cook {
    /// The cell's number.
    pub cell: usize,
    /// The cell that it looks at.
    pub facing: Option<usize>,
    /// What it carries.
    pub held: Option<Item>,
}

/// What a cook does in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// A step, or a turn, by its number among [`Room::steps`].
    Step(usize),
    /// It uses its hands on what it looks at.
    Touch,
    /// Nothing.
    Rest,
}

/// A kitchen as it is now.
pub struct Room<'a> {
    /// Cells across. Cells are numbered row by row; of more than [`MOST_CELLS`] the rest is not seen.
    pub width: usize,
    /// What each cell is.
    pub spots: &'a [Spot],
    /// Columns and rows of each of the four steps.
    pub steps: [[isize; 2]; 4],
}

/// Steps from somewhere to each cell of the floor.
struct Distances([u16; MOST_CELLS]);

impl Distances {
    fn of(&self, cell: usize) -> u16 {
        self.0.get(cell).copied().unwrap_or(UNREACHED)
    }
}

impl Room<'_> {
    fn spot(&self, cell: usize) -> Spot {
        self.spots
            .get(..self.spots.len().min(MOST_CELLS))
            .and_then(|spots| spots.get(cell))
            .copied()
            .unwrap_or(Spot::Wall)
    }

    fn beside(&self, cell: usize, step: usize) -> Option<usize> {
        let [across, down] = *self.steps.get(step)?;
        let width = self.width.max(1);
        let column = (cell % width).checked_add_signed(across).filter(|column| *column < width)?;
        let row = (cell / width).checked_add_signed(down)?;
        Some(row * width + column).filter(|cell| *cell < self.spots.len().min(MOST_CELLS))
    }

    /// The floor from some cells on, which may be no floor themselves.
    fn distances(&self, from: impl Iterator<Item = usize>) -> Distances {
        let mut far = Distances([UNREACHED; MOST_CELLS]);
        let (mut queue, mut ahead, mut end) = ([0_u16; MOST_CELLS], 0, 0);
        for cell in from {
            if let (Some(slot @ &mut UNREACHED), Some(last)) = (far.0.get_mut(cell), queue.get_mut(end)) {
                (*slot, *last) = (0, cell as u16);
                end += 1;
            }
        }
        while ahead < end {
            let here = usize::from(queue.get(ahead).copied().unwrap_or_default());
            ahead += 1;
            let steps = far.of(here).saturating_add(1);
            for next in (0..4).filter_map(|step| self.beside(here, step)) {
                if self.spot(next) == Spot::Floor
                    && let (Some(slot @ &mut UNREACHED), Some(last)) = (far.0.get_mut(next), queue.get_mut(end))
                {
                    (*slot, *last) = (steps, next as u16);
                    end += 1;
                }
            }
        }
        far
    }

    /// Steps until somebody stands beside a cell.
    fn until(&self, far: &Distances, target: usize) -> u16 {
        let beside = (0..4).filter_map(|step| self.beside(target, step));
        beside.map(|cell| far.of(cell)).min().unwrap_or(UNREACHED)
    }

    /// One of the nearest cells that can be reached and are such.
    fn nearest(&self, far: &Distances, rng: &mut SeededRng, such: impl Fn(usize, Spot) -> bool) -> Option<usize> {
        let (mut best, mut least, mut as_near) = (None, UNREACHED, 0);
        for cell in 0..self.spots.len().min(MOST_CELLS) {
            if !such(cell, self.spot(cell)) {
                continue;
            }
            let steps = self.until(far, cell);
            if steps == UNREACHED || steps > least {
                continue;
            }
            as_near = if steps < least { 1 } else { as_near + 1 };
            if steps < least || rng.choice(as_near) == 0 {
                (best, least) = (Some(cell), steps);
            }
        }
        best
    }

    /// What a cook does next. `others` are what the others carry; `stuck` says that its last step led nowhere.
    pub fn errand(&self, cook: Cook, others: &[Option<Item>], stuck: bool, rng: &mut SeededRng) -> Doing {
        if stuck && rng.random() < GIVE_WAY {
            return Doing::Step(rng.choice(4));
        }
        let far = self.distances(std::iter::once(cook.cell));
        match self.wish(&far, cook.held, others, rng) {
            Some(target) => self.towards(cook, target, rng),
            None if rng.random() < WANDER => Doing::Step(rng.choice(4)),
            None => Doing::Rest,
        }
    }

    fn towards(&self, cook: Cook, target: usize, rng: &mut SeededRng) -> Doing {
        if cook.facing == Some(target) {
            return Doing::Touch;
        }
        if let Some(step) = (0..4).find(|step| self.beside(cook.cell, *step) == Some(target)) {
            return Doing::Step(step);
        }
        let ends = (0..4).filter_map(|step| self.beside(target, step)).filter(|cell| self.spot(*cell) == Spot::Floor);
        let far = self.distances(ends);
        let here = far.of(cook.cell);
        let (mut chosen, mut as_near) = (None, 0);
        for step in 0..4 {
            if self.beside(cook.cell, step).is_some_and(|next| far.of(next) < here) {
                as_near += 1;
                if rng.choice(as_near) == 0 {
                    chosen = Some(step);
                }
            }
        }
        chosen.map_or(Doing::Rest, Doing::Step)
    }

    /// The cell that a cook wants to touch.
    fn wish(&self, far: &Distances, held: Option<Item>, others: &[Option<Item>], rng: &mut SeededRng) -> Option<usize> {
        let pots = || self.spots.iter().filter_map(|spot| if let Spot::Pot(pot) = spot { Some(*pot) } else { None });
        let reaches_pots = self.nearest(far, rng, |_, spot| matches!(spot, Spot::Pot(_))).is_some();
        match held {
            None => self.to_fetch(far, others, reaches_pots, rng),
            Some(Item::Soup) => {
                self.nearest(far, rng, |_, spot| spot == Spot::Hatch).or_else(|| self.pass_on(far, rng))
            }
            Some(Item::Dish) => {
                let near =
                    |wanted: Pot, rng: &mut SeededRng| self.nearest(far, rng, |_, spot| spot == Spot::Pot(wanted));
                if let Some(pot) = near(Pot::Ready, rng) {
                    return Some(pot);
                }
                let soon = pots().any(|pot| matches!(pot, Pot::Cooking | Pot::Full));
                if soon && reaches_pots { near(Pot::Cooking, rng) } else { self.pass_on(far, rng) }
            }
            Some(Item::Ingredient(kind)) => {
                let lacks = |spot| matches!(spot, Spot::Pot(Pot::Lacks { kinds, .. }) if kinds >> kind & 1 == 1);
                self.nearest(far, rng, |_, spot| lacks(spot)).or_else(|| self.pass_on(far, rng))
            }
            Some(Item::Other) => self.pass_on(far, rng),
        }
    }

    /// What somebody with free hands goes to.
    fn to_fetch(
        &self,
        far: &Distances,
        others: &[Option<Item>],
        reaches_pots: bool,
        rng: &mut SeededRng,
    ) -> Option<usize> {
        let (mut kinds, mut pieces, mut soups) = (0_u8, 0_usize, 0_usize);
        let (mut lying, mut dishes) = (0_usize, 0_usize);
        for spot in self.spots {
            match *spot {
                Spot::Pot(Pot::Lacks { kinds: more, pieces: count }) => {
                    kinds |= more;
                    pieces += usize::from(count);
                }
                Spot::Pot(_) => soups += 1,
                Spot::Counter(Some(Item::Ingredient(_))) => lying += 1,
                Spot::Counter(Some(Item::Dish)) => dishes += 1,
                _ => {}
            }
        }
        let carried = others.iter().flatten();
        let pieces_carried = carried.clone().filter(|item| matches!(item, Item::Ingredient(_))).count();
        let dishes_carried = carried.filter(|item| **item == Item::Dish).count();
        let full = self.nearest(far, rng, |_, spot| spot == Spot::Pot(Pot::Full));
        if full.is_some() {
            return full;
        }
        let serves = self.nearest(far, rng, |_, spot| spot == Spot::Hatch).is_some();
        let soup = self.nearest(far, rng, |_, spot| serves && spot == Spot::Counter(Some(Item::Soup)));
        if soup.is_some() {
            return soup;
        }
        let such = |wanted: &dyn Fn(Item) -> bool, rng: &mut SeededRng| {
            // What lies on a counter is for those who can bring it to a pot; who cannot would only move it about.
            self.nearest(far, rng, |_, spot| match spot {
                Spot::Stack(item) => wanted(item),
                Spot::Counter(Some(item)) => reaches_pots && wanted(item),
                _ => false,
            })
        };
        if dishes_carried < soups && (reaches_pots || dishes_carried + dishes < soups) {
            let dish = such(&|item| item == Item::Dish, rng);
            if dish.is_some() {
                return dish;
            }
        }
        let coming = pieces_carried + if reaches_pots { 0 } else { lying };
        if coming < pieces {
            let wanted = |item: Item| matches!(item, Item::Ingredient(kind) if kinds >> kind & 1 == 1);
            return such(&wanted, rng);
        }
        None
    }

    /// A free counter, if there is one that others reach from a floor that this one does not.
    fn pass_on(&self, far: &Distances, rng: &mut SeededRng) -> Option<usize> {
        let free = |spot: Spot| spot == Spot::Counter(None);
        let reached_by_others = |cell: usize| {
            let mut beside = (0..4).filter_map(|step| self.beside(cell, step));
            beside.any(|next| self.spot(next) == Spot::Floor && far.of(next) == UNREACHED)
        };
        self.nearest(far, rng, |cell, spot| free(spot) && reached_by_others(cell))
            .or_else(|| self.nearest(far, rng, |_, spot| free(spot)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [[isize; 2]; 4] = [[0, -1], [0, 1], [1, 0], [-1, 0]];
    const ONION: Item = Item::Ingredient(0);
    const EMPTY: Pot = Pot::Lacks { kinds: 1, pieces: 3 };

    /// `# ` wall and floor, `.` a free counter, `o` an onion on one, `O` and `D` stacks, `P` a pot, `S` the hatch.
    fn spots(rows: &[&str], pot: Pot) -> Vec<Spot> {
        let spot = |letter: char| match letter {
            ' ' => Spot::Floor,
            '.' => Spot::Counter(None),
            'o' => Spot::Counter(Some(ONION)),
            'O' => Spot::Stack(ONION),
            'D' => Spot::Stack(Item::Dish),
            'P' => Spot::Pot(pot),
            'S' => Spot::Hatch,
            _ => Spot::Wall,
        };
        rows.iter().flat_map(|row| row.chars()).map(spot).collect()
    }

    fn doing(rows: &[&str], pot: Pot, cell: usize, facing: usize, held: Option<Item>) -> Doing {
        let (spots, width) = (spots(rows, pot), rows[0].len());
        let cook = Cook { cell, facing: Some(facing), held };
        Room { width, spots: &spots, steps: STEPS }.errand(cook, &[None], false, &mut SeededRng::new(1))
    }

    #[test]
    fn a_cook_fetches_what_is_missing_brings_it_to_the_pot_and_serves() {
        let room = ["##P##", "O   S", "##D##"];
        assert_eq!(doing(&room, EMPTY, 6, 6, None), Doing::Step(3), "turns to the onions");
        assert_eq!(doing(&room, EMPTY, 6, 5, None), Doing::Touch);
        assert_eq!(doing(&room, EMPTY, 6, 5, Some(ONION)), Doing::Step(2), "goes to the pot");
        assert_eq!(doing(&room, EMPTY, 7, 2, Some(ONION)), Doing::Touch);
        assert_eq!(doing(&room, Pot::Full, 7, 2, None), Doing::Touch, "starts it");
        assert_eq!(doing(&room, Pot::Cooking, 7, 12, None), Doing::Touch, "takes a dish meanwhile");
        assert_eq!(doing(&room, Pot::Ready, 7, 2, Some(Item::Dish)), Doing::Touch);
        assert_eq!(doing(&room, Pot::Cooking, 7, 2, Some(Item::Soup)), Doing::Step(2), "goes to the hatch");
    }

    #[test]
    fn who_cannot_reach_a_pot_passes_things_over_the_counter() {
        let room = ["#####", "O . P", "#####"];
        assert_eq!(doing(&room, EMPTY, 6, 5, Some(ONION)), Doing::Step(2));
        assert_eq!(doing(&room, EMPTY, 6, 7, Some(ONION)), Doing::Touch);
        let room = ["#####", "O o P", "#####"];
        assert_eq!(doing(&room, EMPTY, 8, 7, None), Doing::Touch, "and the other takes it");
        assert_ne!(doing(&room, EMPTY, 6, 7, None), Doing::Touch, "who put it there does not take it back");
    }

    #[test]
    fn nothing_to_do_and_nowhere_to_go_is_no_panic() {
        for cell in [0, 7, 14, 15, 5000] {
            for held in [None, Some(ONION), Some(Item::Dish), Some(Item::Soup), Some(Item::Other)] {
                doing(&["#####", "#   #", "#####"], EMPTY, cell, 9000, held);
            }
        }
        let many = vec![Spot::Floor; MOST_CELLS + 7];
        let cook = Cook { cell: MOST_CELLS + 3, facing: None, held: None };
        Room { width: 0, spots: &many, steps: STEPS }.errand(cook, &[], true, &mut SeededRng::new(1));
    }
}
