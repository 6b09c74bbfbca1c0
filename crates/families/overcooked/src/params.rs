//! `mdp_params`: the reference's keyword arguments of `OvercookedGridworld`.
use palaestra_env::{ArgumentError, Arguments, Kwargs};
use palaestra_kitchen::Position;
use palaestra_text::json::shortened;
use serde_json::Value as Json;

use super::arguments::{invalid, list, reward};
use super::layouts::Layout;
use super::recipe::{Book, Ingredient, Prices, Recipe};

/// The most ingredients a pot can be made to take.
pub(super) const MOST_INGREDIENTS: u8 = 8;
/// The longest cooking time for a soup, or for one ingredient of it.
const LONGEST_TIME: i64 = 100_000;
const PAIR: &str = "it together with its counterpart of the other ingredient";

/// Rewards for the way to a soup, which count for nobody's score; the reference's `BASE_REW_SHAPING_PARAMS`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shaping {
    pub(super) placement_in_pot: f64,
    pub(super) dish_pickup: f64,
    pub(super) soup_pickup: f64,
}

impl Shaping {
    const BASE: Self = Self { placement_in_pot: 3.0, dish_pickup: 3.0, soup_pickup: 5.0 };

    /// All three.
    pub(super) fn all(&self) -> [f64; 3] {
        [self.placement_in_pot, self.dish_pickup, self.soup_pickup]
    }

    /// What a step can earn of them, least and most.
    pub(super) fn range(&self) -> [f64; 2] {
        self.all().iter().fold([0.0, 0.0], |[low, high]: [f64; 2], reward| [low.min(*reward), high.max(*reward)])
    }

    fn read(json: &Json) -> Result<Self, ArgumentError> {
        const NAME: &str = "rew_shaping_params";
        // The last three are part of the reference's table and without effect there too.
        const MEMBERS: [&str; 6] = [
            "PLACEMENT_IN_POT_REW",
            "DISH_PICKUP_REWARD",
            "SOUP_PICKUP_REWARD",
            "DISH_DISP_DISTANCE_REW",
            "POT_DISTANCE_REW",
            "SOUP_DISTANCE_REW",
        ];
        let given = json.as_object().ok_or_else(|| invalid(NAME, "an object of rewards", shortened(json)))?;
        if let Some(name) = given.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(ArgumentError::Unknown { name: format!("{NAME}.{name}"), known: MEMBERS.to_vec() });
        }
        let take = |member: &str| {
            let name = format!("{NAME}.{member}");
            given.get(member).map_or_else(|| Err(invalid(&name, "a reward", "none".into())), |json| reward(&name, json))
        };
        let [placement_in_pot, dish_pickup, soup_pickup, ..] = MEMBERS;
        Ok(Self {
            placement_in_pot: take(placement_in_pot)?,
            dish_pickup: take(dish_pickup)?,
            soup_pickup: take(soup_pickup)?,
        })
    }
}

/// What `mdp_params` says over a layout's own.
#[derive(Clone, Debug)]
pub(super) struct MdpParams {
    pub(super) book: Book,
    pub(super) shaping: Shaping,
    pub(super) old_dynamics: bool,
    pub(super) starts: Option<[Position; 2]>,
}

impl MdpParams {
    /// Reads them; names in errors are those of the members.
    pub(super) fn read(layout: &Layout, given: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(given);
        let max_ingredients = arguments.integer("max_num_ingredients", 1..=MOST_INGREDIENTS.into(), 3)? as u8;
        let orders = match arguments.json("start_all_orders") {
            Some(json) => recipes("start_all_orders", json, max_ingredients)?,
            None => within_pot("start_all_orders", layout.orders, max_ingredients)?,
        };
        let bonus = match arguments.json("start_bonus_orders") {
            Some(json) => recipes("start_bonus_orders", json, max_ingredients)?,
            None => within_pot("start_bonus_orders", layout.bonus, max_ingredients)?,
        };
        if let Some(recipe) = bonus.iter().find(|recipe| !orders.is_empty() && !orders.contains(recipe)) {
            let found = format!("{} onions and {} tomatoes", recipe.onions, recipe.tomatoes);
            return Err(invalid("start_bonus_orders", "some of start_all_orders", found));
        }
        let prices = prices(layout, &mut arguments, &orders)?;
        let order_bonus = arguments.json("order_bonus").map_or(Ok(2.0), |json| reward("order_bonus", json))?;
        let shaping = arguments.json("rew_shaping_params").map_or(Ok(Shaping::BASE), Shaping::read)?;
        let old_dynamics = arguments.bool("old_dynamics", false)?;
        let starts = arguments.json("start_player_positions").map(positions).transpose()?;
        // The reference takes these two and lets them decide nothing.
        arguments.integer("num_items_for_soup", 1..=LONGEST_TIME, 3)?;
        arguments.text("layout_name")?;
        arguments.finish()?;

        let book = Book::new(max_ingredients, orders, bonus, &prices, order_bonus);
        if old_dynamics && book.orders().iter().any(|recipe| recipe.len() != 3) {
            return Err(invalid("old_dynamics", "only orders of three ingredients beside it", "others".into()));
        }
        Ok(Self { book, shaping, old_dynamics, starts })
    }
}

fn prices(layout: &Layout, arguments: &mut Arguments<'_>, orders: &[Recipe]) -> Result<Prices, ArgumentError> {
    let mut prices = Prices {
        ingredient_times: layout.ingredient_times,
        ingredient_values: layout.ingredient_values,
        ..Prices::default()
    };
    prices.cook_time = arguments.json("cook_time").map(|json| time("cook_time", json)).transpose()?;
    prices.delivery_reward =
        arguments.json("delivery_reward").map(|json| reward("delivery_reward", json)).transpose()?;
    let times = arguments.json("recipe_times").map(|json| per_order("recipe_times", json, orders, time)).transpose()?;
    let values =
        arguments.json("recipe_values").map(|json| per_order("recipe_values", json, orders, reward)).transpose()?;
    prices.ingredient_times = per_ingredient(arguments, ["onion_time", "tomato_time"], prices.ingredient_times, time)?;
    prices.ingredient_values =
        per_ingredient(arguments, ["onion_value", "tomato_value"], prices.ingredient_values, reward)?;

    let alone = |name: &str, given: bool, other: &str| {
        if given { Err(invalid(name, &format!("it without {other}"), "both".into())) } else { Ok(()) }
    };
    let (by_time, by_value) = (prices.ingredient_times.is_some(), prices.ingredient_values.is_some());
    alone("cook_time", prices.cook_time.is_some() && by_time, "onion_time and tomato_time")?;
    alone("cook_time", prices.cook_time.is_some() && times.is_some(), "recipe_times")?;
    alone("recipe_times", times.is_some() && by_time, "onion_time and tomato_time")?;
    alone("delivery_reward", prices.delivery_reward.is_some() && by_value, "onion_value and tomato_value")?;
    alone("delivery_reward", prices.delivery_reward.is_some() && values.is_some(), "recipe_values")?;
    alone("recipe_values", values.is_some() && by_value, "onion_value and tomato_value")?;
    (prices.recipe_times, prices.recipe_values) = (times.unwrap_or_default(), values.unwrap_or_default());
    Ok(prices)
}

fn time(name: &str, json: &Json) -> Result<u32, ArgumentError> {
    let whole = json.as_i64().or_else(|| json.as_f64().filter(|time| time.fract() == 0.0).map(|time| time as i64));
    match whole {
        Some(time) if (0..=LONGEST_TIME).contains(&time) => Ok(time as u32),
        _ => Err(invalid(name, &format!("an integer from 0 to {LONGEST_TIME}"), shortened(json))),
    }
}

fn per_ingredient<T: Copy>(
    arguments: &mut Arguments<'_>,
    [onion, tomato]: [&'static str; 2],
    base: Option<[T; 2]>,
    read: fn(&str, &Json) -> Result<T, ArgumentError>,
) -> Result<Option<[T; 2]>, ArgumentError> {
    let given = (arguments.json(onion), arguments.json(tomato));
    let of = |name, json: Option<&Json>, base: Option<T>| json.map_or(Ok(base), |json| read(name, json).map(Some));
    match (of(onion, given.0, base.map(|[onion, _]| onion))?, of(tomato, given.1, base.map(|[_, tomato]| tomato))?) {
        (Some(onion), Some(tomato)) => Ok(Some([onion, tomato])),
        (None, None) => Ok(None),
        (Some(_), None) => Err(invalid(onion, PAIR, format!("no {tomato}"))),
        (None, Some(_)) => Err(invalid(tomato, PAIR, format!("no {onion}"))),
    }
}

fn per_order<T>(
    name: &str,
    json: &Json,
    orders: &[Recipe],
    read: fn(&str, &Json) -> Result<T, ArgumentError>,
) -> Result<Vec<(Recipe, T)>, ArgumentError> {
    let expected = format!("a list with one element for each of the {} start_all_orders", orders.len());
    let values = list(name, &expected, json)?;
    if orders.is_empty() || values.len() != orders.len() {
        return Err(invalid(name, &expected, format!("{} elements", values.len())));
    }
    orders.iter().zip(values).map(|(recipe, json)| Ok((*recipe, read(name, json)?))).collect()
}

fn recipes(name: &str, json: &Json, max_ingredients: u8) -> Result<Vec<Recipe>, ArgumentError> {
    const EXPECTED: &str = r#"a list of recipes such as {"ingredients": ["onion", "tomato"]}"#;
    let mut recipes = Vec::new();
    for json in list(name, EXPECTED, json)? {
        let refused = || invalid(name, EXPECTED, shortened(json));
        let members = json.as_object().filter(|members| members.len() == 1).ok_or_else(refused)?;
        let names = members.get("ingredients").and_then(Json::as_array).ok_or_else(refused)?;
        if names.is_empty() || names.len() > max_ingredients.into() {
            let expected = format!("recipes of 1 to {max_ingredients} ingredients (max_num_ingredients)");
            return Err(invalid(name, &expected, shortened(json)));
        }
        let ingredients = names.iter().map(|name| Ingredient::named(name.as_str()?)).collect::<Option<Vec<_>>>();
        let recipe = Recipe::of(ingredients.ok_or_else(refused)?);
        if recipes.contains(&recipe) {
            return Err(invalid(name, "every recipe once", shortened(json)));
        }
        recipes.push(recipe);
    }
    Ok(recipes)
}

fn within_pot(name: &str, recipes: &[Recipe], max_ingredients: u8) -> Result<Vec<Recipe>, ArgumentError> {
    match recipes.iter().find(|recipe| recipe.len() > max_ingredients.into()) {
        None => Ok(recipes.to_vec()),
        Some(recipe) => {
            let expected = format!("orders of at most {max_ingredients} ingredients (max_num_ingredients)");
            Err(invalid(name, &expected, format!("the layout's own of {}", recipe.len())))
        }
    }
}

fn positions(json: &Json) -> Result<[Position; 2], ArgumentError> {
    let place = |json: &Json| match json.as_array()?.as_slice() {
        [x, y] => Some(Position { x: u8::try_from(x.as_u64()?).ok()?, y: u8::try_from(y.as_u64()?).ok()? }),
        _ => None,
    };
    let places = json.as_array().and_then(|places| match places.as_slice() {
        [first, second] => Some([place(first)?, place(second)?]),
        _ => None,
    });
    places.ok_or_else(|| invalid("start_player_positions", "two places [x, y] on the floor", shortened(json)))
}
