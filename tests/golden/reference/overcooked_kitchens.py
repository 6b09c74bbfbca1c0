"""overcooked-ai, with two cooks who bring soups to the hatch. Its rules are driven without its Gym wrapper, which adds none."""
import types

import numpy
from overcooked_ai_py.mdp.actions import Action
from overcooked_ai_py.mdp.overcooked_mdp import OvercookedGridworld

from errands import Floor
from play import Reference

HORIZON = 400
STAY, INTERACT = 4, 5
STEPS = {action: Action.INDEX_TO_ACTION[action] for action in range(4)}


class Kitchen(Reference):
    packages = ("overcooked_ai",)

    def __init__(self, env_id, kwargs):
        super().__init__(env_id, kwargs)
        known = {"observation", "horizon", "cook_time"}
        if not set(kwargs) <= known:
            raise ValueError(f"expected {known}, found {kwargs}")
        self.horizon = kwargs.get("horizon", HORIZON)
        params = {name: kwargs[name] for name in ("cook_time",) if name in kwargs}
        self.mdp = OvercookedGridworld.from_layout_name(env_id.removeprefix("overcooked_ai/"), **params)
        self.seen = {"state": self.whole, "lossless": self.maps, "features": self.features}[kwargs.get("observation", "state")]
        self.places = self.mdp.terrain_pos_dict
        self.floor = Floor(self.places[" "], STEPS)
        self.planner = None

    def whole(self):
        return self.state.to_dict()

    def maps(self):
        return [maps.tolist() for maps in self.mdp.lossless_state_encoding(self.state, self.horizon)]

    def features(self):
        if self.planner is None:
            # The package was written for NumPy 1, which had this name as well.
            numpy.Inf = numpy.inf
            from overcooked_ai_py.planning.planners import MotionPlanner

            # Of the action manager that it asks for, it uses nothing else.
            self.planner = types.SimpleNamespace(motion_planner=MotionPlanner(self.mdp))
        return [features.tolist() for features in self.mdp.featurize_state(self.state, self.planner)]

    def reset(self, seed, options):
        self.state = self.mdp.get_standard_start_state()
        return self.seen(), {}

    def step(self, action):
        self.state, infos = self.mdp.get_state_transition(self.state, [Action.INDEX_TO_ACTION[each] for each in action])
        sparse, shaped = infos["sparse_reward_by_agent"], infos["shaped_reward_by_agent"]
        over = self.state.timestep >= self.horizon
        return self.seen(), sum(sparse), False, over, {"sparse": sparse, "shaped": shaped}

    def drawn(self, generator):
        return [int(action) for action in generator.integers(0, 6, size=2)]

    def random(self, rng):
        return [rng.randrange(6), rng.randrange(6)]

    def begin(self, rng):
        self.before = [None, None]
        # How many ingredients a cook waits for before starting a pot, and how often a tomato is taken.
        self.enough, self.tomatoes = rng.choice((1, 2, 3, 3, 3, 3)), rng.choice((0.0, 0.3, 0.7))

    def expert(self, rng, noise):
        return [
            rng.randrange(6) if rng.random() < noise else self.errand(agent, player, rng)
            for agent, player in enumerate(self.state.players)
        ]

    def errand(self, agent, player, rng):
        stuck, self.before[agent] = self.before[agent] == player.pos_and_or, player.pos_and_or
        if stuck and rng.random() < 0.3:
            return rng.randrange(6)
        for places in self.wishes(player, rng):
            target = self.floor.nearest(player.position, places, rng)
            if target is not None:
                facing = Action.move_in_direction(player.position, player.orientation)
                action = self.floor.action(player.position, facing, target, rng)
                return INTERACT if action is None else action
        return STAY

    def wishes(self, player, rng):
        """Where to touch something: groups of places, the dearest wish first."""
        objects, pots = self.state.objects, self.places["P"]
        soups = {place: objects[place] for place in pots if place in objects}
        free = [place for place in self.places["X"] if place not in objects]
        lying = lambda *names: [place for place, item in objects.items() if item.name in names and place not in soups]
        cooked = [place for place, soup in soups.items() if soup.is_cooking or soup.is_ready]
        if not player.has_object():
            full = [place for place, soup in soups.items() if soup.is_idle and len(soup.ingredients) >= self.enough]
            dishes = [other for other in self.state.players if other.has_object() and other.get_object().name == "dish"]
            dish = [self.places["D"] + lying("dish")] if len(dishes) < len(cooked) else []
            letter = "T" if self.places["T"] and rng.random() < self.tomatoes else "O"
            return [full, lying("soup"), *dish, lying("onion", "tomato"), self.places[letter], self.places["D"], lying("dish")]
        held = player.get_object().name
        if held == "soup":
            return [self.places["S"], free]
        if held == "dish":
            return [cooked, free] if cooked or rng.random() < 0.1 else [pots]
        open_pots = [place for place in pots if place not in soups or (soups[place].is_idle and not soups[place].is_full)]
        return [open_pots, free]


LAYOUTS = (
    "cramped_room", "asymmetric_advantages", "coordination_ring", "forced_coordination", "counter_circuit",
    "counter_circuit_o_1order",
)
# Of each environment: its class, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    f"overcooked_ai/{layout}": (Kitchen, [
        (13, {}), (2, {"observation": "lossless"}), (1, {"observation": "features"}), (1, {"horizon": 90}),
        # The kitchen with tomatoes has a time for each ingredient, and takes no other.
        *([(1, {"cook_time": 5})] if layout != "counter_circuit" else []),
    ])
    for layout in LAYOUTS
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [(env_id, {}, {"random": [1, 2], "scripted": [3]}) for env_id in ENVIRONMENTS]
