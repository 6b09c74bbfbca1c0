//! The six registered kitchens, as in the reference's `data/layouts`.
use super::recipe::Recipe;

/// A kitchen's floor plan, orders and prices, before a caller's own arguments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The id it is registered under.
    pub(super) id: &'static str,
    /// The floor plan.
    pub(super) grid: &'static str,
    /// What is ordered.
    pub(super) orders: &'static [Recipe],
    /// What of it earns more.
    pub(super) bonus: &'static [Recipe],
    /// Cooking time for each onion and each tomato; otherwise the same for every soup.
    pub(super) ingredient_times: Option<[u32; 2]>,
    /// Value of each onion and each tomato; otherwise the same for every soup.
    pub(super) ingredient_values: Option<[f64; 2]>,
}

const THREE_ONIONS: Recipe = Recipe { onions: 3, tomatoes: 0 };
const ONION_TOMATO: Recipe = Recipe { onions: 1, tomatoes: 1 };

const fn onion_soups(id: &'static str, grid: &'static str) -> Layout {
    Layout { id, grid, orders: &[THREE_ONIONS], bonus: &[], ingredient_times: None, ingredient_values: None }
}

/// All of them, in the catalog's order.
pub(super) const LAYOUTS: [Layout; 6] = [
    onion_soups("overcooked_ai/cramped_room", "XXPXX\nO  2O\nX1  X\nXDXSX"),
    onion_soups("overcooked_ai/asymmetric_advantages", "XXXXXXXXX\nO XSXOX S\nX   P 1 X\nX2  P   X\nXXXDXDXXX"),
    onion_soups("overcooked_ai/coordination_ring", "XXXPX\nX 1 P\nD2X X\nO   X\nXOSXX"),
    onion_soups("overcooked_ai/forced_coordination", "XXXPX\nO X1P\nO2X X\nD X X\nXXXSX"),
    Layout {
        id: "overcooked_ai/counter_circuit",
        grid: "XXXPDPXXX\nX   2   X\nX XXXXX X\nX   1   X\nXXXOSTXXX",
        orders: &[Recipe { onions: 1, tomatoes: 2 }, Recipe { onions: 2, tomatoes: 1 }, ONION_TOMATO],
        bonus: &[ONION_TOMATO],
        ingredient_times: Some([15, 7]),
        ingredient_values: Some([21.0, 13.0]),
    },
    onion_soups("overcooked_ai/counter_circuit_o_1order", "XXXPPXXX\nX  2   X\nD XXXX S\nX  1   X\nXXXOOXXX"),
];
