//! What stands, lies and is carried, and the numbers the reference gives it.

/// What goes into a soup, in the reference's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ingredient {
    Onion,
    Tomato,
    Broccoli,
    Mushroom,
}

impl Ingredient {
    pub(super) const ALL: [Ingredient; 4] =
        [Ingredient::Onion, Ingredient::Tomato, Ingredient::Broccoli, Ingredient::Mushroom];
}

/// How many of each [`Ingredient`] are in a pot or a soup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mix(pub(super) [u8; 4]);

impl Mix {
    /// How many a pot takes.
    pub(super) const CAPACITY: u8 = 3;
    pub(super) const ONIONS: Self = Self([3, 0, 0, 0]);
    pub(super) const TOMATOES: Self = Self([0, 3, 0, 0]);

    pub(super) fn len(self) -> u8 {
        self.0.iter().sum()
    }

    pub(super) fn count(self, ingredient: Ingredient) -> u8 {
        self.0[ingredient as usize]
    }

    pub(super) fn add(&mut self, ingredient: Ingredient) {
        self.0[ingredient as usize] += 1;
    }

    /// Whether nothing else is in it.
    pub(super) fn only(self, ingredient: Ingredient) -> bool {
        self.len() == self.count(ingredient)
    }

    /// One by one.
    pub(super) fn ingredients(self) -> impl Iterator<Item = Ingredient> {
        Ingredient::ALL.into_iter().flat_map(move |one| (0..self.count(one)).map(move |_| one))
    }
}

/// Whatever a cell can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// Free floor, which alone can be walked on.
    Nothing,
    /// Registered in the reference, and in none of the layouts.
    Unused,
    Counter,
    Wall,
    Door,
    Ingredient(Ingredient),
    Plate,
    Soup(Mix),
    /// As many of them as one likes.
    Stack(Ingredient),
    Plates,
    Pot,
    Hatch,
    /// Shows the soup that is wanted.
    Sign,
    /// Shows it for a while when pressed.
    Button,
    Key,
    MedKit,
    Pickaxe,
    Rubble,
    Victim(Victim),
}

/// Whom to rescue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Victim {
    Green,
    Purple,
    Red,
    Yellow,
}

impl Thing {
    /// Whether it can be carried, and lie on the floor.
    pub(super) fn is_portable(self) -> bool {
        matches!(
            self,
            Thing::Ingredient(_) | Thing::Plate | Thing::Soup(_) | Thing::Key | Thing::MedKit | Thing::Pickaxe
        )
    }
}

/// A set of things that belong together, numbered as the reference numbers them: by name, what is common to all sets first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// `overcooked`, as a process finds it that has made no environment of the second version.
    Kitchen,
    /// `overcooked` with what the second version adds.
    OpenKitchen,
    /// `search_rescue`.
    Rescue,
}

/// The letter in a layout and the thing it stands for; the index is the reference's number.
type Numbered = (u8, Thing);

impl Scope {
    pub(super) const fn things(self) -> &'static [Numbered] {
        match self {
            Scope::Kitchen => &KITCHEN,
            Scope::OpenKitchen => &OPEN_KITCHEN,
            Scope::Rescue => &RESCUE,
        }
    }

    /// What a number stands for.
    pub(super) fn thing(self, number: u8) -> Thing {
        self.things().get(usize::from(number)).map_or(Thing::Unused, |numbered| numbered.1)
    }

    /// The number of a thing; 0 for one that is not of the set.
    pub(super) fn number(self, thing: Thing) -> u8 {
        self.things().iter().position(|numbered| numbered.1 == thing).unwrap_or(0) as u8
    }

    /// The number a layout's letter stands for; 0 for free floor and where somebody starts.
    pub(super) fn lettered(self, letter: u8) -> u8 {
        let named = |numbered: &Numbered| numbered.0 == letter && numbered.0 != NO_LETTER;
        self.things().iter().position(named).unwrap_or(0) as u8
    }
}

const NO_LETTER: u8 = b' ';
const UNUSED: Numbered = (NO_LETTER, Thing::Unused);
const NOTHING: Numbered = (NO_LETTER, Thing::Nothing);
const COUNTER: Numbered = (b'C', Thing::Counter);
const DOOR: Numbered = (b'D', Thing::Door);
const KEY: Numbered = (b'K', Thing::Key);
const WALL: Numbered = (b'#', Thing::Wall);
const ONION: Numbered = (b'o', Thing::Ingredient(Ingredient::Onion));
const TOMATO: Numbered = (b't', Thing::Ingredient(Ingredient::Tomato));
const ONION_SOUP: Numbered = (NO_LETTER, Thing::Soup(Mix::ONIONS));
const TOMATO_SOUP: Numbered = (NO_LETTER, Thing::Soup(Mix::TOMATOES));
const ONION_STACK: Numbered = (b'O', Thing::Stack(Ingredient::Onion));
const TOMATO_STACK: Numbered = (b'T', Thing::Stack(Ingredient::Tomato));
const PLATE: Numbered = (NO_LETTER, Thing::Plate);
const PLATES: Numbered = (b'=', Thing::Plates);

const KITCHEN: [Numbered; 19] = [
    NOTHING,
    UNUSED,
    COUNTER,
    DOOR,
    UNUSED,
    KEY,
    WALL,
    (b'@', Thing::Hatch),
    ONION,
    ONION_SOUP,
    UNUSED,
    ONION_STACK,
    PLATE,
    PLATES,
    (b'U', Thing::Pot),
    TOMATO,
    TOMATO_SOUP,
    UNUSED,
    TOMATO_STACK,
];

const fn soup(broccoli: u8, mushrooms: u8, onions: u8, tomatoes: u8) -> Numbered {
    (NO_LETTER, Thing::Soup(Mix([onions, tomatoes, broccoli, mushrooms])))
}

const OPEN_KITCHEN: [Numbered; 45] = [
    NOTHING,
    UNUSED,
    COUNTER,
    DOOR,
    UNUSED,
    KEY,
    WALL,
    (NO_LETTER, Thing::Ingredient(Ingredient::Broccoli)),
    (b'B', Thing::Stack(Ingredient::Broccoli)),
    (b'L', Thing::Button),
    UNUSED,
    (NO_LETTER, Thing::Ingredient(Ingredient::Mushroom)),
    (b'M', Thing::Stack(Ingredient::Mushroom)),
    ONION,
    ONION_SOUP,
    UNUSED,
    ONION_STACK,
    (b'X', Thing::Hatch),
    (b'u', Thing::Pot),
    PLATE,
    PLATES,
    UNUSED,
    (b'R', Thing::Sign),
    soup(3, 0, 0, 0),
    soup(2, 1, 0, 0),
    soup(2, 0, 1, 0),
    soup(2, 0, 0, 1),
    soup(1, 2, 0, 0),
    soup(1, 1, 1, 0),
    soup(1, 1, 0, 1),
    soup(1, 0, 2, 0),
    soup(1, 0, 1, 1),
    soup(1, 0, 0, 2),
    soup(0, 3, 0, 0),
    soup(0, 2, 1, 0),
    soup(0, 2, 0, 1),
    soup(0, 1, 2, 0),
    soup(0, 1, 1, 1),
    soup(0, 1, 0, 2),
    soup(0, 0, 2, 1),
    soup(0, 0, 1, 2),
    TOMATO,
    TOMATO_SOUP,
    UNUSED,
    TOMATO_STACK,
];

const RESCUE: [Numbered; 14] = [
    NOTHING,
    UNUSED,
    COUNTER,
    DOOR,
    UNUSED,
    KEY,
    WALL,
    (b'G', Thing::Victim(Victim::Green)),
    (b'M', Thing::MedKit),
    (b'T', Thing::Pickaxe),
    (b'P', Thing::Victim(Victim::Purple)),
    (b'R', Thing::Victim(Victim::Red)),
    (b'X', Thing::Rubble),
    (b'Y', Thing::Victim(Victim::Yellow)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_has_its_own_number_and_reads_back_from_it() {
        for scope in [Scope::Kitchen, Scope::OpenKitchen, Scope::Rescue] {
            for (number, (letter, thing)) in scope.things().iter().enumerate() {
                if *thing != Thing::Unused {
                    assert_eq!(scope.number(*thing), number as u8, "{scope:?} {thing:?}");
                    assert_eq!(scope.thing(number as u8), *thing);
                }
                if *letter != NO_LETTER {
                    assert_eq!(scope.lettered(*letter), number as u8, "{scope:?} {thing:?}");
                }
            }
            assert_eq!([b' ', b'+'].map(|letter| scope.lettered(letter)), [0, 0]);
            assert_eq!(scope.thing(u8::MAX), Thing::Unused);
        }
    }

    #[test]
    fn the_open_kitchen_has_a_soup_for_every_full_pot() {
        let soups = OPEN_KITCHEN.iter().filter(|(_, thing)| matches!(thing, Thing::Soup(mix) if mix.len() == 3));
        assert_eq!(soups.count(), 20);
    }
}
