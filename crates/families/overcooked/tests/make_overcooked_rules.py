"""Records games of overcooked-ai 1.1.0 under rules that nobody plays by: odd pots, prices, orders and kitchens.

    npm run golden -- make_overcooked_rules        (python crates/families/overcooked/tests/make_overcooked_rules.py [FOLDER], with overcooked-ai==1.1.0)

Writes crates/families/overcooked/tests/golden/rules.*.jsonl.gz in the record format, for family.rs beside it.
"""
import gzip
import json
import pathlib
import sys

from make_overcooked_lossless import game
from overcooked_ai_py.mdp.overcooked_mdp import OvercookedGridworld, Recipe
from overcooked_ai_py.utils import read_layout_dict

STEPS = 250
OPEN_KITCHEN = "XXXXXX\nXO TDX\nX1  2P\nX    S\nXXPPXX"


def soups(*recipes):
    """Onions and tomatoes by their first letters, in the order given."""
    names = {"o": "onion", "t": "tomato"}
    return [{"ingredients": [names[letter] for letter in recipe]} for recipe in recipes]


# With these seeds the two players bring something to the hatch.
GAMES = [
    (5, "every soup, pots of four, prices that are no whole numbers", "cramped_room", {
        "layout": OPEN_KITCHEN,
        "mdp_params": {
            "start_all_orders": [], "start_bonus_orders": soups("ot"), "max_num_ingredients": 4, "order_bonus": 1.5,
            "delivery_reward": 7.5, "cook_time": 5,
            "rew_shaping_params": {"PLACEMENT_IN_POT_REW": 0.1, "DISH_PICKUP_REWARD": 2, "SOUP_PICKUP_REWARD": 7},
        },
    }),
    (30, "times and values by recipe, orders out of order", "coordination_ring", {
        "layout": OPEN_KITCHEN,
        "horizon": STEPS,
        "mdp_params": {
            "start_all_orders": soups("tot", "o", "tt", "too"), "start_bonus_orders": soups("tt", "o"),
            "recipe_values": [31, 3, 8, 13], "recipe_times": [0, 1, 9, 17], "order_bonus": 3,
        },
    }),
    (52, "pots of one, cooked at once", "cramped_room", {
        "mdp_params": {
            "start_all_orders": soups("o"), "max_num_ingredients": 1, "cook_time": 1, "num_items_for_soup": 2,
        },
    }),
    (56, "a zero for the tomato's price and time counts as none given", "counter_circuit", {
        "layout": OPEN_KITCHEN, "mdp_params": {"tomato_value": 0, "onion_time": 0},
    }),
    (20, "a kitchen of three cells, started from other places", "asymmetric_advantages", {
        "layout": "XPSOX\nT1 2D\nXXXXX",
        "mdp_params": {
            "start_all_orders": soups("o", "t", "ot"), "cook_time": 3, "start_player_positions": [[3, 1], [1, 1]],
        },
    }),
]


def main():
    folder = (pathlib.Path(sys.argv[1]) / "overcooked" if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "golden")
    folder.mkdir(parents=True, exist_ok=True)
    for number, (seed, notes, layout, kwargs) in enumerate(GAMES, 1):
        # The package remembers every recipe it has seen, over environments.
        Recipe.ALL_RECIPES_CACHE.clear()
        base = read_layout_dict(layout)
        rows = [row.strip() for row in kwargs.get("layout", base["grid"]).split("\n")]
        del base["grid"]
        params = dict(kwargs["mdp_params"])
        if "start_player_positions" in params:
            params["start_player_positions"] = [tuple(place) for place in params["start_player_positions"]]
        mdp = OvercookedGridworld.from_grid(rows, base, params)
        horizon = kwargs.get("horizon", 400)
        with open(folder / f"rules.{number}.jsonl.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
            write = lambda line: out.write((json.dumps(line, separators=(",", ":")) + "\n").encode())
            made_by = {"package": "overcooked_ai", "versions": {"overcooked_ai": "1.1.0"}}
            made = {"env_id": f"overcooked_ai/{layout}", "kwargs": kwargs, "seed": None}
            write({"type": "header", **made, **made_by, "n_steps": STEPS, "notes": notes})
            total = 0
            for t, (action, state, infos) in enumerate(game(mdp, seed, horizon, STEPS)):
                if action is None:
                    write({"type": "reset", "t": 0, "seed": None, "obs": state.to_dict(), "info": {}})
                    continue
                sparse, shaped = infos["sparse_reward_by_agent"], infos["shaped_reward_by_agent"]
                total += sum(sparse)
                write({
                    "type": "step", "t": t, "action": action, "obs": state.to_dict(), "reward": sum(sparse),
                    "terminated": False, "truncated": state.timestep >= horizon,
                    "info": {"sparse": sparse, "shaped": shaped},
                })
            write({"type": "end", "steps": STEPS, "episodes": int(horizon == STEPS), "return": total})
            print(f"{notes}: earned {total}")


if __name__ == "__main__":
    main()
