"""lbforaging, with foragers who agree on an apple and wait for each other."""
import warnings

import gymnasium
import lbforaging  # noqa: F401 - registers the environments

from play import Reference
from record import plain

# Its observation space has bounds of another type.
warnings.filterwarnings("ignore", module="gymnasium")

NONE, NORTH, SOUTH, WEST, EAST, LOAD = range(6)


class Foraging(Reference):
    packages = ("lbforaging", "gymnasium")

    def __init__(self, env_id, kwargs):
        super().__init__(env_id, kwargs)
        # A pair in JSON is a list.
        made = {**kwargs, "field_size": tuple(kwargs["field_size"])} if "field_size" in kwargs else kwargs
        self.env = gymnasium.make(env_id, **made)
        self.base = self.env.unwrapped

    def reset(self, seed, options):
        obs, info = self.env.reset(seed=seed)
        return plain(obs), info

    def step(self, action):
        obs, rewards, terminated, truncated, info = self.env.step(action)
        return plain(obs), plain(rewards), bool(terminated), truncated, info

    def drawn(self, generator):
        return [int(action) for action in generator.integers(0, 6, size=self.base.n_agents)]

    def random(self, rng):
        return [rng.randrange(6) for _ in self.base.players]

    def begin(self, rng):
        """Whether everybody goes to the same food, and how often somebody lifts who is not beside any."""
        self.together, self.hasty = rng.random() < 0.7, rng.choice((0.0, 0.1))
        self.shift = rng.randrange(4)

    def expert(self, rng, noise):
        rows, columns = self.base.field.nonzero()
        food = [(int(row), int(column)) for row, column in zip(rows, columns)]
        return [
            rng.randrange(6) if rng.random() < noise or not food else self.errand(number, player, food, rng)
            for number, player in enumerate(self.base.players)
        ]

    def errand(self, number, player, food, rng):
        row, column = (int(part) for part in player.position)
        target = food[(self.shift + (0 if self.together else number)) % len(food)]
        down, right = target[0] - row, target[1] - column
        if abs(down) + abs(right) == 1 or rng.random() < self.hasty:
            return LOAD
        if rng.random() < 0.15:
            return rng.randrange(1, 5)
        # One after another round the same food.
        ways = [SOUTH if down > 0 else NORTH] * abs(down) + [EAST if right > 0 else WEST] * abs(right)
        return rng.choice(ways) if ways else NONE


LEVELS = {"min_player_level": [1, 2, 3], "max_player_level": [4, 2, 5], "max_food_level": [3, 9, 5, 5], "min_food_level": [1, 9, 2, 3]}
VARIANTS = [(8, {}), (1, {"force_coop": True}), (1, {"normalize_reward": False}), (1, {"penalty": 0.1}), (1, {"sight": 1})]
MANY = [
    (1, {"players": 1, "max_player_level": 1}), (1, {"max_episode_steps": 200, "penalty": 0.37}), (1, LEVELS),
    (1, {"max_episode_steps": 20}), (1, {"max_episode_steps": 50}),
    (1, {**LEVELS, "force_coop": True, "normalize_reward": False}), (1, {"observe_agent_levels": False}),
    (1, {"field_size": [5, 9], "sight": 2}), (1, {"field_size": [3, 3], "max_num_food": 1, "sight": 9}),
    (1, {"field_size": [4, 4], "players": 12, "max_num_food": 2}), (1, {"sight": 0}), (1, {"max_num_food": 30, "players": 5}),
    (1, {"min_player_level": 3, "max_player_level": 3, "min_food_level": 2, "max_food_level": 2}),
]
LISTED = [
    "Foraging-5x5-2p-1f-v3", "Foraging-8x8-2p-2f-coop-v3", "Foraging-2s-8x8-2p-2f-coop-v3", "Foraging-8x8-3p-4f-v3",
    "Foraging-10x10-3p-3f-v3", "Foraging-10x10-4p-3f-coop-v3", "Foraging-2s-10x10-4p-4f-v3", "Foraging-15x15-4p-3f-v3",
    "Foraging-15x15-8p-4f-v3", "Foraging-2s-19x19-9p-4f-coop-v3",
]
# Of each environment: its class, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    env_id: (Foraging, [*VARIANTS, *(MANY if env_id == "Foraging-8x8-3p-4f-v3" else [])]) for env_id in LISTED
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [
    *((env_id, {}, {"random": [1], "scripted": [2]}) for env_id in LISTED),
    ("Foraging-8x8-3p-4f-v3", {"penalty": 0.1}, {"scripted": [3]}),
    ("Foraging-8x8-3p-4f-v3", {"observe_agent_levels": False}, {"scripted": [3]}),
]
