//! Everything about a kitchen that changes while it is played.
use palaestra_kitchen::{Direction, Position};

use super::kitchen::Kitchen;
use super::params::MOST_INGREDIENTS;
use super::recipe::{Book, Ingredient, Recipe};

/// A soup, from the first ingredient in a pot to its delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Soup {
    /// Bit i says that ingredient i is a tomato.
    tomatoes: u8,
    len: u8,
    /// How long it has cooked; −1 before it starts.
    pub(super) tick: i32,
}

const _: () = assert!(MOST_INGREDIENTS as u32 <= u8::BITS, "a bit for every ingredient");

impl Soup {
    /// An empty pot, about to be filled.
    pub(super) const EMPTY: Self = Self { tomatoes: 0, len: 0, tick: -1 };

    /// Ingredients in the order they went in.
    pub(super) fn ingredients(self) -> impl ExactSizeIterator<Item = Ingredient> {
        (0..self.len).map(
            move |index| {
                if self.tomatoes >> index & 1 == 1 { Ingredient::Tomato } else { Ingredient::Onion }
            },
        )
    }

    /// Adds an ingredient; the caller has seen to it that the soup is not full.
    pub(super) fn add(&mut self, ingredient: Ingredient) {
        self.tomatoes |= u8::from(ingredient == Ingredient::Tomato) << self.len;
        self.len += 1;
    }

    pub(super) fn recipe(self) -> Recipe {
        Recipe::of(self.ingredients())
    }

    /// Not cooking yet.
    pub(super) fn is_idle(self) -> bool {
        self.tick < 0
    }

    /// Done.
    pub(super) fn is_ready(self, book: &Book) -> bool {
        !self.is_idle() && self.tick >= book.time(self.recipe())
    }

    /// On its way.
    pub(super) fn is_cooking(self, book: &Book) -> bool {
        !self.is_idle() && !self.is_ready(book)
    }

    /// Takes no more ingredients.
    pub(super) fn is_full(self, book: &Book) -> bool {
        !self.is_idle() || self.len >= book.max_ingredients()
    }
}

/// What can be carried, and what can lie on a counter or stand in a pot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Ingredient(Ingredient),
    Dish,
    Soup(Soup),
}

/// A player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Player {
    pub(super) position: Position,
    pub(super) orientation: Direction,
    pub(super) held: Option<Item>,
}

/// An item on a counter or in a pot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) position: Position,
    pub(super) item: Item,
}

/// What a player handed in last, for the eye.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Delivery {
    /// The timestep it led to.
    pub(super) timestep: u32,
    pub(super) reward: f64,
    pub(super) hatch: Position,
}

/// A state of the game.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    pub(super) players: [Player; 2],
    /// In the order in which the reference's dict holds them: by their latest placing.
    pub(super) objects: Vec<Placed>,
    pub(super) timestep: u32,
    /// What each player's last step earned.
    pub(super) sparse: [f64; 2],
    pub(super) shaped: [f64; 2],
    /// All that the team has earned in this episode.
    pub(super) score: f64,
    pub(super) deliveries: [Option<Delivery>; 2],
}

impl State {
    /// The first state of an episode. It reserves all the memory an episode can need.
    pub(super) fn new(kitchen: &Kitchen) -> Self {
        Self::start(kitchen, Vec::with_capacity(kitchen.grid.cells().count()))
    }

    /// Goes back to the first state, in the memory there is.
    pub(super) fn restart(&mut self, kitchen: &Kitchen) {
        let mut objects = std::mem::take(&mut self.objects);
        objects.clear();
        *self = Self::start(kitchen, objects);
    }

    fn start(kitchen: &Kitchen, objects: Vec<Placed>) -> Self {
        let player = |position| Player { position, orientation: Direction::North, held: None };
        Self {
            players: kitchen.starts.map(player),
            objects,
            timestep: 0,
            sparse: [0.0; 2],
            shaped: [0.0; 2],
            score: 0.0,
            deliveries: [None; 2],
        }
    }

    /// What lies at a place.
    pub(super) fn object(&self, position: Position) -> Option<Item> {
        self.objects.iter().find(|placed| placed.position == position).map(|placed| placed.item)
    }

    /// The soup in a pot, to be changed.
    pub(super) fn soup_mut(&mut self, position: Position) -> Option<&mut Soup> {
        self.objects.iter_mut().find(|placed| placed.position == position).and_then(|placed| match &mut placed.item {
            Item::Soup(soup) => Some(soup),
            _ => None,
        })
    }

    /// Puts an item where nothing lies.
    pub(super) fn place(&mut self, position: Position, item: Item) {
        self.objects.push(Placed { position, item });
    }

    /// Takes what lies at a place; those placed later move up, as in the reference's dict.
    pub(super) fn take(&mut self, position: Position) -> Option<Item> {
        let index = self.objects.iter().position(|placed| placed.position == position)?;
        Some(self.objects.remove(index).item)
    }
}
