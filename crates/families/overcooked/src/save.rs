//! A state as bytes, and back with everything checked.
use palaestra_env::{RestoreError, StateReader, StateWriter};
use palaestra_kitchen::{Direction, Position, Tile};

use super::kitchen::Kitchen;
use super::recipe::Ingredient;
use super::state::{Delivery, Item, Placed, Player, Soup, State};

const NOTHING: u8 = 0;
const ONION: u8 = 1;
const TOMATO: u8 = 2;
const DISH: u8 = 3;
const SOUP: u8 = 4;

/// Writes the state.
pub(super) fn save(kitchen: &Kitchen, state: &State, out: &mut StateWriter) {
    out.u64(kitchen.fingerprint);
    out.u32(state.timestep);
    for player in &state.players {
        position(player.position, out);
        out.u8(player.orientation as u8);
        item(player.held, out);
    }
    out.u32(state.objects.len() as u32);
    for placed in &state.objects {
        position(placed.position, out);
        item(Some(placed.item), out);
    }
    state.sparse.iter().chain(&state.shaped).chain([&state.score]).for_each(|reward| out.f64(*reward));
    for delivery in &state.deliveries {
        out.bool(delivery.is_some());
        if let Some(delivery) = delivery {
            out.u32(delivery.timestep);
            out.f64(delivery.reward);
            position(delivery.hatch, out);
        }
    }
}

fn position(Position { x, y }: Position, out: &mut StateWriter) {
    out.u8(x);
    out.u8(y);
}

fn item(item: Option<Item>, out: &mut StateWriter) {
    match item {
        None => out.u8(NOTHING),
        Some(Item::Ingredient(Ingredient::Onion)) => out.u8(ONION),
        Some(Item::Ingredient(Ingredient::Tomato)) => out.u8(TOMATO),
        Some(Item::Dish) => out.u8(DISH),
        Some(Item::Soup(soup)) => {
            out.u8(SOUP);
            out.u8(soup.ingredients().len() as u8);
            soup.ingredients().for_each(|ingredient| out.bool(ingredient == Ingredient::Tomato));
            out.i64(soup.tick.into());
        }
    }
}

/// Reads into `state` what [`save`] wrote, reusing its memory.
///
/// # Errors
/// [`RestoreError`] for what no state of this kitchen is; `state` is then left in between.
pub(super) fn restore(kitchen: &Kitchen, state: &mut State, input: &mut StateReader<'_>) -> Result<(), RestoreError> {
    if input.u64()? != kitchen.fingerprint {
        return Err(RestoreError::Foreign);
    }
    let mut reader = Reader { kitchen, input };
    state.timestep = reader.timestep()?;
    state.players = [reader.player()?, reader.player()?];
    if state.players[0].position == state.players[1].position {
        return Err(RestoreError::Invalid { field: "players" });
    }
    state.objects.clear();
    let most = kitchen.grid.cells().count();
    for _ in 0..reader.input.below(most + 1, "objects")? {
        let placed = reader.placed()?;
        if state.object(placed.position).is_some() {
            return Err(RestoreError::Invalid { field: "objects" });
        }
        state.objects.push(placed);
    }
    let (sparse, shaped) = (kitchen.book.delivery_range(), kitchen.shaping.range());
    state.sparse = [reader.reward(sparse)?, reader.reward(sparse)?];
    state.shaped = [reader.reward(shaped)?, reader.reward(shaped)?];
    // Both may deliver at every step; a sum of many fractions may end a little beside.
    let most = 2.000_001 * f64::from(state.timestep);
    state.score = reader.reward(sparse.map(|reward| most * reward))?;
    state.deliveries = [reader.delivery(state.timestep)?, reader.delivery(state.timestep)?];
    Ok(())
}

struct Reader<'a, 'b, 'c> {
    kitchen: &'a Kitchen,
    input: &'b mut StateReader<'c>,
}

impl Reader<'_, '_, '_> {
    fn timestep(&mut self) -> Result<u32, RestoreError> {
        Ok(self.input.below(self.kitchen.horizon as usize + 1, "timestep")? as u32)
    }

    fn reward(&mut self, [least, most]: [f64; 2]) -> Result<f64, RestoreError> {
        let reward = self.input.f64()?;
        if (least..=most).contains(&reward) { Ok(reward) } else { Err(RestoreError::Invalid { field: "reward" }) }
    }

    fn position(&mut self) -> Result<Position, RestoreError> {
        let position = Position { x: self.input.u8()?, y: self.input.u8()? };
        let inside = position.x < self.kitchen.grid.width() && position.y < self.kitchen.grid.height();
        if inside { Ok(position) } else { Err(RestoreError::Invalid { field: "position" }) }
    }

    fn player(&mut self) -> Result<Player, RestoreError> {
        let position = self.position()?;
        let orientation = Direction::ALL.get(usize::from(self.input.u8()?)).copied();
        let orientation = orientation.ok_or(RestoreError::Invalid { field: "orientation" })?;
        let held = self.item()?;
        // Only a finished soup is ever lifted out of a pot.
        let raw = matches!(held, Some(Item::Soup(soup)) if !soup.is_ready(&self.kitchen.book));
        if self.kitchen.grid.tile(position) != Tile::Floor || raw {
            return Err(RestoreError::Invalid { field: "player" });
        }
        Ok(Player { position, orientation, held })
    }

    fn placed(&mut self) -> Result<Placed, RestoreError> {
        let position = self.position()?;
        let possible = match (self.kitchen.grid.tile(position), self.item()?) {
            (Tile::Pot, Some(Item::Soup(soup))) => Some(Item::Soup(soup)),
            (Tile::Counter, Some(Item::Soup(soup))) if !soup.is_ready(&self.kitchen.book) => None,
            (Tile::Counter, item) => item,
            _ => None,
        };
        let item = possible.ok_or(RestoreError::Invalid { field: "objects" })?;
        Ok(Placed { position, item })
    }

    fn item(&mut self) -> Result<Option<Item>, RestoreError> {
        Ok(match self.input.u8()? {
            NOTHING => None,
            ONION => Some(Item::Ingredient(Ingredient::Onion)),
            TOMATO => Some(Item::Ingredient(Ingredient::Tomato)),
            DISH => Some(Item::Dish),
            SOUP => Some(Item::Soup(self.soup()?)),
            _ => return Err(RestoreError::Invalid { field: "item" }),
        })
    }

    fn soup(&mut self) -> Result<Soup, RestoreError> {
        let len = self.input.u8()?;
        if !(1..=self.kitchen.book.max_ingredients()).contains(&len) {
            return Err(RestoreError::Invalid { field: "ingredients" });
        }
        let mut soup = Soup::EMPTY;
        for _ in 0..len {
            soup.add(if self.input.bool("ingredients")? { Ingredient::Tomato } else { Ingredient::Onion });
        }
        let tick = self.input.i64()?;
        if !(-1..=i64::from(self.kitchen.book.time(soup.recipe()))).contains(&tick) {
            return Err(RestoreError::Invalid { field: "cooking_tick" });
        }
        soup.tick = tick as i32;
        Ok(soup)
    }

    fn delivery(&mut self, now: u32) -> Result<Option<Delivery>, RestoreError> {
        if !self.input.bool("delivery")? {
            return Ok(None);
        }
        let (timestep, reward, hatch) =
            (self.timestep()?, self.reward(self.kitchen.book.delivery_range())?, self.position()?);
        if timestep > now {
            return Err(RestoreError::Invalid { field: "delivery" });
        }
        Ok(Some(Delivery { timestep, reward, hatch }))
    }
}
