//! The rules that are easy to get wrong, one at a time.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::returns::Returns;
use palaestra_env::{Env, Kwargs, Value, ValueWriter};
use palaestra_overcooked::FAMILY;
use palaestra_record::members::to_json;
use serde_json::{Value as Json, json};

const NORTH: i64 = 0;
const SOUTH: i64 = 1;
const EAST: i64 = 2;
const WEST: i64 = 3;
const STAY: i64 = 4;
const INTERACT: i64 = 5;

/// The first player has onions to the west, a pot to the north and dishes to the south, and the hatch one step on. The
/// second player stands by tomatoes and dishes.
const KITCHEN: &str = "XPSDX\nO1 2T\nXDXXX";
/// The same with a counter between the two.
const DIVIDED: &str = "XPSDX\nO1X2T\nXDXXX";

struct Game {
    env: Env,
}

impl Game {
    fn new(layout: &str, mut kwargs: Json) -> Self {
        kwargs["layout"] = json!(layout);
        let mut env = FAMILY.make_env("overcooked_ai/cramped_room", kwargs.as_object().unwrap()).unwrap();
        env.reset(None, &Kwargs::new()).unwrap();
        Self { env }
    }

    /// What a step returns: the observation, the reward, and the two agents' shaped rewards.
    fn step(&mut self, first: i64, second: i64) -> (Json, f64, Json) {
        self.env.step(&[Value::Discrete(first), Value::Discrete(second)]).unwrap();
        let mut out = ValueWriter::new();
        self.env.write_returns(&mut out);
        let returns = Returns::read(self.env.spec(), self.env.phase(), out.bytes()).unwrap();
        let info = to_json(&self.env.spec().step_info, &returns.info);
        let observation = to_json(&self.env.spec().observation_spaces[0], &returns.observations[0]);
        (observation, returns.outcome.rewards[0], info["shaped"].clone())
    }

    /// Plays the first player's actions while the second one stays, and gives the last observation.
    fn first(&mut self, actions: &[i64]) -> Json {
        actions.iter().map(|action| self.step(*action, STAY).0).last().unwrap()
    }

    fn wait(&mut self, steps: usize) -> Json {
        self.first(&vec![STAY; steps])
    }

    /// Fetches a dish for a ready soup, carries it to the hatch, and gives what it earned.
    fn serve(&mut self) -> f64 {
        self.first(&[SOUTH, INTERACT, NORTH, INTERACT, EAST, NORTH]);
        let earned = self.step(INTERACT, STAY).1;
        self.first(&[WEST]);
        earned
    }

    /// Fetches onions into the pot.
    fn pot_onions(&mut self, onions: usize) -> Json {
        (0..onions).map(|_| self.first(&[WEST, INTERACT, NORTH, INTERACT])).last().unwrap()
    }
}

#[test]
fn walking_against_something_turns_the_player_and_moves_nobody() {
    let mut game = Game::new(KITCHEN, json!({}));
    let (observation, ..) = game.step(WEST, STAY);
    assert_eq!(observation["players"][0]["position"], json!([1, 1]));
    assert_eq!(observation["players"][0]["orientation"], json!([-1, 0]));
}

#[test]
fn two_players_for_one_place_both_stay_and_turn() {
    let mut game = Game::new(KITCHEN, json!({}));
    let (observation, ..) = game.step(EAST, WEST);
    let players = &observation["players"];
    assert_eq!((&players[0]["position"], &players[1]["position"]), (&json!([1, 1]), &json!([3, 1])));
    assert_eq!((&players[0]["orientation"], &players[1]["orientation"]), (&json!([1, 0]), &json!([-1, 0])));
}

#[test]
fn players_cannot_change_places_but_can_follow_one_another() {
    let mut game = Game::new("XPXXX\nO12 T\nXDXSX", json!({}));
    let (observation, ..) = game.step(EAST, WEST);
    assert_eq!(observation["players"][0]["position"], json!([1, 1]));
    assert_eq!(observation["players"][1]["position"], json!([2, 1]));
    let (observation, ..) = game.step(EAST, EAST);
    assert_eq!(observation["players"][0]["position"], json!([2, 1]));
    assert_eq!(observation["players"][1]["position"], json!([3, 1]));
    // A player who stands in the way is walked into by nobody.
    let (observation, ..) = game.step(EAST, STAY);
    assert_eq!(observation["players"][0]["position"], json!([2, 1]));
}

#[test]
fn a_pot_is_started_by_hand_with_as_few_ingredients_as_one_and_cooks_in_the_same_step() {
    let mut game = Game::new(KITCHEN, json!({"cook_time": 3}));
    let soup = game.pot_onions(1)["objects"][0].clone();
    assert_eq!((&soup["cooking_tick"], &soup["cook_time"]), (&json!(-1), &json!(-1)));
    assert!(set(&soup["is_idle"]) && !set(&soup["is_cooking"]) && !set(&soup["is_ready"]));
    let soup = game.first(&[INTERACT])["objects"][0].clone();
    assert_eq!((&soup["cooking_tick"], &soup["cook_time"]), (&json!(1), &json!(3)));
    assert!(!set(&soup["is_idle"]) && set(&soup["is_cooking"]) && !set(&soup["is_ready"]));
    let soup = game.wait(2)["objects"][0].clone();
    assert!(!set(&soup["is_idle"]) && !set(&soup["is_cooking"]) && set(&soup["is_ready"]));
    assert_eq!(game.wait(5)["objects"][0]["cooking_tick"], json!(3), "a ready soup cooks no further");
}

#[test]
fn a_cooking_pot_takes_no_more_and_the_player_keeps_the_ingredient() {
    let mut game = Game::new(KITCHEN, json!({}));
    game.pot_onions(1);
    let observation = game.first(&[INTERACT, WEST, INTERACT, NORTH, INTERACT]);
    assert_eq!(observation["players"][0]["held_object"]["name"], json!("onion"));
    assert_eq!(observation["objects"][0]["_ingredients"].as_array().unwrap().len(), 1);
}

#[test]
fn under_the_old_dynamics_the_third_ingredient_starts_the_pot_and_a_hand_does_not() {
    let mut game = Game::new(KITCHEN, json!({"old_dynamics": true}));
    game.pot_onions(2);
    assert!(set(&game.first(&[INTERACT])["objects"][0]["is_idle"]));
    assert_eq!(game.pot_onions(1)["objects"][0]["cooking_tick"], json!(1));
    assert!(!set(&game.wait(18)["objects"][0]["is_ready"]));
    assert!(set(&game.wait(1)["objects"][0]["is_ready"]));
}

#[test]
fn a_soup_leaves_the_pot_on_a_dish_once_it_is_ready_and_takes_its_ingredients_along() {
    let mut game = Game::new(KITCHEN, json!({"cook_time": 6}));
    game.pot_onions(1);
    let (observation, _, shaped) = {
        game.first(&[INTERACT, SOUTH, INTERACT, NORTH]);
        game.step(INTERACT, STAY)
    };
    assert_eq!(observation["players"][0]["held_object"]["name"], json!("dish"), "one tick too early");
    assert_eq!(shaped, json!([0, 0]));
    game.wait(1);
    let (observation, _, shaped) = game.step(INTERACT, STAY);
    assert_eq!((&observation["objects"], &shaped), (&json!([]), &json!([5, 0])));
    let soup = game.first(&[EAST])["players"][0]["held_object"].clone();
    assert_eq!((&soup["name"], &soup["position"]), (&json!("soup"), &json!([2, 1])));
    assert_eq!(soup["_ingredients"], json!([{"name": "onion", "position": [2, 1]}]));
}

#[test]
fn only_ordered_soups_pay_and_bonus_orders_pay_more() {
    let orders = json!([{"ingredients": ["onion"]}, {"ingredients": ["onion", "onion"]}]);
    let params = json!({"start_all_orders": orders, "start_bonus_orders": [orders[1]], "order_bonus": 3});
    let mut game = Game::new(KITCHEN, json!({"cook_time": 1, "mdp_params": params}));
    let earned = [1, 2, 3].map(|onions| {
        game.pot_onions(onions);
        game.first(&[INTERACT]);
        game.serve()
    });
    assert_eq!(earned, [20.0, 60.0, 0.0]);
}

#[test]
fn without_orders_every_soup_pays() {
    let mut game = Game::new(KITCHEN, json!({"cook_time": 1, "mdp_params": {"start_all_orders": []}}));
    game.pot_onions(2);
    let observation = game.first(&[INTERACT]);
    assert_eq!(observation["all_orders"].as_array().unwrap().len(), 9);
    assert_eq!(game.serve(), 20.0);
}

#[test]
fn rewards_that_are_not_whole_stay_exact() {
    let params = json!({"delivery_reward": 0.7, "rew_shaping_params": {
        "PLACEMENT_IN_POT_REW": 0.1, "DISH_PICKUP_REWARD": 0, "SOUP_PICKUP_REWARD": 0}});
    let mut game = Game::new(KITCHEN, json!({"mdp_params": params}));
    game.first(&[WEST, INTERACT, NORTH]);
    assert_eq!(game.step(INTERACT, STAY).2, json!([0.1, 0.0]));
}

#[test]
fn a_dish_is_useful_only_for_a_soup_that_was_there_before_the_step() {
    let mut game = Game::new(KITCHEN, json!({}));
    game.first(&[WEST, INTERACT, NORTH]);
    game.step(STAY, NORTH);
    assert_eq!(game.step(INTERACT, INTERACT).2, json!([3, 0]), "the pot was empty when the step began");
    game.step(STAY, SOUTH);
    game.step(STAY, INTERACT);
    game.step(STAY, NORTH);
    assert_eq!(game.step(STAY, INTERACT).2, json!([0, 0]), "a dish lies on a counter");

    let mut game = Game::new(KITCHEN, json!({}));
    game.pot_onions(1);
    game.step(SOUTH, NORTH);
    assert_eq!(
        game.step(INTERACT, INTERACT).2,
        json!([3, 0]),
        "one soup needs one dish, and the first player is first"
    );
}

#[test]
fn a_full_pot_that_nobody_started_makes_no_dish_useful() {
    for (onions, shaped) in [(2, json!([0, 3])), (3, json!([0, 0]))] {
        let mut game = Game::new(KITCHEN, json!({}));
        game.pot_onions(onions);
        game.step(STAY, NORTH);
        assert_eq!(game.step(STAY, INTERACT).2, shaped, "{onions} onions");
    }
}

#[test]
fn what_the_first_player_puts_down_the_second_takes_in_the_same_step_but_not_the_other_way_round() {
    let mut game = Game::new(DIVIDED, json!({}));
    game.first(&[WEST, INTERACT]);
    game.step(EAST, WEST);
    let (observation, ..) = game.step(INTERACT, INTERACT);
    assert_eq!(observation["players"][0]["held_object"], json!(null));
    assert_eq!(observation["players"][1]["held_object"], json!({"name": "onion", "position": [3, 1]}));
    let (observation, ..) = game.step(INTERACT, INTERACT);
    assert_eq!(observation["objects"], json!([{"name": "onion", "position": [2, 1]}]));
    let (observation, ..) = game.step(INTERACT, STAY);
    assert_eq!(observation["players"][0]["held_object"]["name"], json!("onion"));
    assert_eq!(observation["objects"], json!([]));
}

#[test]
fn an_occupied_counter_takes_nothing_more() {
    let mut game = Game::new(DIVIDED, json!({}));
    game.first(&[WEST, INTERACT, EAST, INTERACT, WEST, INTERACT, EAST]);
    let observation = game.first(&[INTERACT]);
    assert_eq!(observation["players"][0]["held_object"]["name"], json!("onion"));
    assert_eq!(observation["objects"].as_array().unwrap().len(), 1);
}

#[test]
fn objects_stand_in_the_order_of_their_latest_placing() {
    let names = |observation: &Json| -> Vec<String> {
        observation["objects"].as_array().unwrap().iter().map(|object| object["name"].to_string()).collect()
    };
    let mut game = Game::new(DIVIDED, json!({}));
    game.first(&[WEST, INTERACT, EAST, INTERACT]);
    for second in [EAST, INTERACT, SOUTH] {
        game.step(STAY, second);
    }
    let (observation, ..) = game.step(STAY, INTERACT);
    assert_eq!(names(&observation), [r#""onion""#, r#""tomato""#]);
    game.first(&[INTERACT]);
    assert_eq!(names(&game.first(&[INTERACT])), [r#""tomato""#, r#""onion""#]);
}

#[test]
fn a_soup_remembers_the_order_of_its_ingredients_and_is_ordered_in_any() {
    let params = json!({"start_all_orders": [{"ingredients": ["onion", "tomato"]}], "cook_time": 1});
    let mut game = Game::new("XTPSXX\nO1  2X\nXDXXXX", json!({"mdp_params": params}));
    game.first(&[NORTH, INTERACT, EAST, NORTH, INTERACT]);
    let observation = game.first(&[WEST, WEST, INTERACT, EAST, NORTH, INTERACT]);
    let ingredients = &observation["objects"][0]["_ingredients"];
    assert_eq!((&ingredients[0]["name"], &ingredients[1]["name"]), (&json!("tomato"), &json!("onion")));
    game.first(&[INTERACT, WEST, SOUTH, INTERACT, EAST, NORTH, INTERACT, EAST, NORTH]);
    assert_eq!(game.step(INTERACT, STAY).1, 20.0);
}

#[test]
fn a_pot_takes_as_many_as_it_is_told_and_num_items_for_soup_decides_nothing() {
    for (params, taken) in [(json!({"num_items_for_soup": 1}), 3), (json!({"max_num_ingredients": 4}), 4)] {
        let mut game = Game::new(KITCHEN, json!({"mdp_params": params}));
        let observation = game.pot_onions(5);
        assert_eq!(observation["objects"][0]["_ingredients"].as_array().unwrap().len(), taken);
    }
}

/// A flag of the observation.
fn set(json: &Json) -> bool {
    json.as_bool().or(json.as_i64().map(|flag| flag == 1)).unwrap()
}
