//! Soups by what goes into them: which are ordered, how long they cook and what they earn.

/// What goes into a soup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ingredient {
    Onion,
    Tomato,
}

impl Ingredient {
    /// The reference's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Ingredient::Onion => "onion",
            Ingredient::Tomato => "tomato",
        }
    }

    /// The ingredient of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Ingredient::Onion, Ingredient::Tomato].into_iter().find(|ingredient| ingredient.name() == name)
    }
}

/// A soup's ingredients, whatever the order they went in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) onions: u8,
    pub(super) tomatoes: u8,
}

impl Recipe {
    /// From its ingredients.
    pub(super) fn of(ingredients: impl IntoIterator<Item = Ingredient>) -> Self {
        ingredients.into_iter().fold(Self::default(), |recipe, ingredient| match ingredient {
            Ingredient::Onion => Self { onions: recipe.onions.saturating_add(1), ..recipe },
            Ingredient::Tomato => Self { tomatoes: recipe.tomatoes.saturating_add(1), ..recipe },
        })
    }

    /// How many ingredients.
    pub(super) fn len(self) -> usize {
        usize::from(self.onions) + usize::from(self.tomatoes)
    }

    /// The ingredients in the reference's order: alphabetical.
    pub(super) fn ingredients(self) -> impl Iterator<Item = Ingredient> {
        let onions = std::iter::repeat_n(Ingredient::Onion, self.onions.into());
        onions.chain(std::iter::repeat_n(Ingredient::Tomato, self.tomatoes.into()))
    }

    /// Where it stands among the orders: plain soups first, by the reference's `Recipe.__int__`.
    fn rank(self, max_ingredients: u8) -> u32 {
        let base = u32::from(max_ingredients) + 1;
        let plain = u32::from(self.onions) + base * u32::from(self.tomatoes);
        let mixed = self.onions > 0 && self.tomatoes > 0;
        if mixed { plain * base * base + plain } else { plain }
    }
}

/// What decides a soup's cooking time and value. The names are the reference's; as there, a zero means "not given".
#[derive(Clone, Debug, Default)]
pub(super) struct Prices {
    pub(super) cook_time: Option<u32>,
    pub(super) delivery_reward: Option<f64>,
    /// For each recipe named in the orders, in the orders' sequence.
    pub(super) recipe_times: Vec<(Recipe, u32)>,
    pub(super) recipe_values: Vec<(Recipe, f64)>,
    /// For each onion, and for each tomato.
    pub(super) ingredient_times: Option<[u32; 2]>,
    pub(super) ingredient_values: Option<[f64; 2]>,
}

/// Of a soup that nothing else prices.
const DEFAULT_TIME: u32 = 20;
const DEFAULT_VALUE: f64 = 20.0;

impl Prices {
    fn time(&self, recipe: Recipe) -> u32 {
        let listed = || self.recipe_times.iter().find(|(listed, _)| *listed == recipe).map(|(_, time)| *time);
        let summed = || {
            let [onion, tomato] = self.ingredient_times.filter(|times| times.iter().all(|time| *time != 0))?;
            Some(onion * u32::from(recipe.onions) + tomato * u32::from(recipe.tomatoes))
        };
        self.cook_time.filter(|time| *time != 0).or_else(listed).or_else(summed).unwrap_or(DEFAULT_TIME)
    }

    fn value(&self, recipe: Recipe) -> f64 {
        let listed = || self.recipe_values.iter().find(|(listed, _)| *listed == recipe).map(|(_, value)| *value);
        let summed = || {
            let [onion, tomato] = self.ingredient_values.filter(|values| values.iter().all(|value| *value != 0.0))?;
            Some(tomato * f64::from(recipe.tomatoes) + onion * f64::from(recipe.onions))
        };
        self.delivery_reward.filter(|value| *value != 0.0).or_else(listed).or_else(summed).unwrap_or(DEFAULT_VALUE)
    }
}

/// Every soup there can be, with its cooking time and what its delivery earns.
#[derive(Clone, Debug)]
pub(super) struct Book {
    max_ingredients: u8,
    orders: Vec<Recipe>,
    bonus: Vec<Recipe>,
    times: Vec<u32>,
    deliveries: Vec<f64>,
}

impl Book {
    /// `orders` empty means every soup. The orders have no duplicates, and the bonus orders are among them.
    pub(super) fn new(
        max_ingredients: u8,
        orders: Vec<Recipe>,
        bonus: Vec<Recipe>,
        prices: &Prices,
        order_bonus: f64,
    ) -> Self {
        let mut book = Self { max_ingredients, orders, bonus, times: Vec::new(), deliveries: Vec::new() };
        if book.orders.is_empty() {
            book.orders = book.all().filter(|recipe| (1..=max_ingredients.into()).contains(&recipe.len())).collect();
        }
        book.orders.sort_by_key(|recipe| recipe.rank(max_ingredients));
        book.bonus.sort_by_key(|recipe| recipe.rank(max_ingredients));
        book.times = book.all().map(|recipe| prices.time(recipe)).collect();
        let earned = |recipe: Recipe| {
            let factor = if book.bonus.contains(&recipe) { order_bonus } else { 1.0 };
            if book.orders.contains(&recipe) { factor * prices.value(recipe) } else { 0.0 }
        };
        book.deliveries = book.all().map(earned).collect();
        book
    }

    /// All pairs of counts, in the order of [`Book::index`].
    pub(super) fn all(&self) -> impl Iterator<Item = Recipe> + use<> {
        let max = self.max_ingredients;
        (0..=max).flat_map(move |tomatoes| (0..=max).map(move |onions| Recipe { onions, tomatoes }))
    }

    fn index(&self, recipe: Recipe) -> usize {
        usize::from(recipe.tomatoes) * (usize::from(self.max_ingredients) + 1) + usize::from(recipe.onions)
    }

    /// How many ingredients a pot takes.
    pub(super) fn max_ingredients(&self) -> u8 {
        self.max_ingredients
    }

    /// The soups that earn something, in the reference's order.
    pub(super) fn orders(&self) -> &[Recipe] {
        &self.orders
    }

    /// Those of them that earn more.
    pub(super) fn bonus(&self) -> &[Recipe] {
        &self.bonus
    }

    /// Ticks from the start of cooking until a soup is ready.
    pub(super) fn time(&self, recipe: Recipe) -> i32 {
        self.times.get(self.index(recipe)).map_or(0, |time| *time as i32)
    }

    /// What a delivery earns; nothing for a soup that is not ordered.
    pub(super) fn delivery(&self, recipe: Recipe) -> f64 {
        self.deliveries.get(self.index(recipe)).copied().unwrap_or_default()
    }

    /// The longest cooking time of any soup a pot can hold.
    pub(super) fn longest_time(&self) -> i32 {
        let fits = |recipe: &Recipe| (1..=self.max_ingredients.into()).contains(&recipe.len());
        self.all().filter(fits).map(|recipe| self.time(recipe)).max().unwrap_or_default()
    }

    /// What deliveries can earn, least and most.
    pub(super) fn delivery_range(&self) -> [f64; 2] {
        self.deliveries.iter().fold([0.0, 0.0], |[low, high]: [f64; 2], value| [low.min(*value), high.max(*value)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(onions: u8, tomatoes: u8) -> Recipe {
        Recipe { onions, tomatoes }
    }

    #[test]
    fn no_orders_mean_every_soup_sorted_as_the_reference_sorts_them() {
        let book = Book::new(3, Vec::new(), Vec::new(), &Prices::default(), 2.0);
        let expected = [(1, 0), (2, 0), (3, 0), (0, 1), (0, 2), (0, 3), (1, 1), (2, 1), (1, 2)];
        assert_eq!(book.orders(), expected.map(|(onions, tomatoes)| recipe(onions, tomatoes)));
    }

    #[test]
    fn a_soup_earns_by_its_ingredients_doubled_as_a_bonus_and_nothing_when_not_ordered() {
        let prices =
            Prices { ingredient_values: Some([21.0, 13.0]), ingredient_times: Some([15, 7]), ..Prices::default() };
        let book = Book::new(3, vec![recipe(1, 2), recipe(1, 1)], vec![recipe(1, 1)], &prices, 2.0);
        assert_eq!(book.delivery(recipe(1, 2)), 47.0);
        assert_eq!(book.delivery(recipe(1, 1)), 68.0);
        assert_eq!(book.delivery(recipe(3, 0)), 0.0);
        assert_eq!(book.time(recipe(1, 2)), 29);
        assert_eq!(book.longest_time(), 45);
        assert_eq!(book.delivery_range(), [0.0, 68.0]);
    }

    #[test]
    fn prices_are_looked_up_in_the_references_order_and_zero_counts_as_not_given() {
        let order = recipe(3, 0);
        let listed = Prices { recipe_values: vec![(order, 7.0)], recipe_times: vec![(order, 0)], ..Prices::default() };
        assert_eq!((listed.value(order), listed.time(order)), (7.0, 0));
        assert_eq!((listed.value(recipe(1, 0)), listed.time(recipe(1, 0))), (20.0, 20));
        let fixed = Prices { delivery_reward: Some(5.0), cook_time: Some(3), ..listed.clone() };
        assert_eq!((fixed.value(order), fixed.time(order)), (5.0, 3));
        let zero = Prices { delivery_reward: Some(0.0), cook_time: Some(0), ..Prices::default() };
        assert_eq!((zero.value(order), zero.time(order)), (20.0, 20));
    }
}
