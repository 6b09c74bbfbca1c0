"""gymnasium's toy text, with experts who know the way."""
from gymnasium_envs import Numbered


class Walk(Numbered):
    """An environment with a table of what each action leads to. Its expert knows it."""

    patience = 200
    # How much a step that is yet to come is worth, and how often the worth of all places is worked out.
    patient, sweeps = 0.99, 150

    def __init__(self, env_id, kwargs):
        super().__init__(env_id, kwargs)
        table, worth = self.inner.P, dict.fromkeys(self.inner.P, 0.0)
        for _ in range(self.sweeps):
            for place, actions in table.items():
                worth[place] = max(self.value(outcomes, worth) for outcomes in actions.values())
        self.ways = {place: self.finest(actions, worth) for place, actions in table.items()}

    def value(self, outcomes, worth):
        return sum(chance * (reward + (0 if ended else self.patient * worth[place])) for chance, place, reward, ended in outcomes)

    def finest(self, actions, worth):
        values = {action: self.value(outcomes, worth) for action, outcomes in actions.items()}
        most = max(values.values())
        return [action for action, value in values.items() if value > most - 1e-9]

    def best(self, rng):
        return rng.choice(self.ways[int(self.obs)])


class Taxi(Walk):
    # No way through the town is longer.
    sweeps = 40


class Blackjack(Numbered):
    """Its expert takes cards up to sixteen."""

    def best(self, rng):
        return int(self.obs[0] < 17)


LAKE = ["SFFHS", "FFHFF", "FFFFF", "HFFFG"]
# Of each environment: its class, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    "FrozenLake-v1": (Walk, [
        (2, {}),
        (2, {"map_name": "4x4", "is_slippery": False}),
        (2, {"map_name": "8x8", "is_slippery": True}),
        (2, {"map_name": "8x8", "is_slippery": False}),
        (1, {"desc": LAKE}),
        (1, {"desc": LAKE, "is_slippery": False, "reward_schedule": [7, -2.5, -0.25]}),
        (1, {"desc": LAKE, "success_rate": 0.7, "reward_schedule": [7, -2.5, -0.25]}),
    ]),
    "FrozenLake8x8-v1": (Walk, [(4, {}), (1, {"is_slippery": False}), (1, {"success_rate": 0.9})]),
    "Taxi-v4": (Taxi, [
        (4, {}),
        (2, {"is_rainy": True}),
        (2, {"fickle_passenger": True}),
        (2, {"is_rainy": True, "fickle_passenger": True}),
        (1, {"is_rainy": True, "rainy_probability": 0.55, "fickle_passenger": True, "fickle_probability": 0.9}),
    ]),
    "CliffWalking-v1": (Walk, [(3, {}), (1, {"is_slippery": True})]),
    "CliffWalkingSlippery-v1": (Walk, [(3, {}), (1, {"is_slippery": False})]),
    "Blackjack-v1": (Blackjack, [
        (2, {}),
        (1, {"natural": True, "sab": False}),
        (1, {"natural": False, "sab": False}),
        (1, {"natural": True, "sab": True}),
    ]),
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [
    *(
        ("FrozenLake-v1", {"map_name": name, "is_slippery": slippery}, {"random": [1, 2], "scripted": [3]})
        for name in ("4x4", "8x8")
        for slippery in (False, True)
    ),
    ("Taxi-v4", {}, {"random": [1, 2], "scripted": [3]}),
    ("Taxi-v4", {"is_rainy": True, "fickle_passenger": True}, {"scripted": [3]}),
    ("CliffWalking-v1", {}, {"random": [1, 2], "scripted": [3]}),
    ("CliffWalkingSlippery-v1", {}, {"random": [1, 2]}),
    ("Blackjack-v1", {}, {"random": [1, 2]}),
    ("Blackjack-v1", {"natural": True, "sab": False}, {"random": [1, 2]}),
]
