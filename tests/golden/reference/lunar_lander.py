"""gymnasium's LunarLander on Box2D, with the pilot that comes with it."""
from gymnasium.envs.box2d.lunar_lander import heuristic

from gymnasium_envs import Numbered, Pushed

PACKAGES = ("gymnasium", "Box2D")


class Lander(Numbered):
    packages = PACKAGES

    def best(self, rng):
        return int(heuristic(self.inner, self.obs))


class Throttle(Pushed):
    packages = PACKAGES

    def best(self, rng):
        return heuristic(self.inner, self.obs).tolist()


def lander(env_id, kwargs):
    continuous = kwargs.get("continuous", env_id.startswith("LunarLanderContinuous"))
    return (Throttle if continuous else Lander)(env_id, kwargs)


# Of each environment: what makes it, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    "LunarLander-v3": (lander, [
        (5, {}), (3, {"continuous": True}), (2, {"enable_wind": True}), (1, {"enable_wind": True, "continuous": True}),
        (1, {"gravity": -4.5}), (1, {"enable_wind": True, "wind_power": 8.0, "turbulence_power": 0.7}),
    ]),
    "LunarLanderContinuous-v3": (lander, [(3, {}), (1, {"continuous": False}), (1, {"enable_wind": True})]),
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [
    ("LunarLander-v3", {}, {"random": [1, 2], "scripted": [3]}),
    ("LunarLander-v3", {"continuous": True}, {"random": [1, 2]}),
    ("LunarLander-v3", {"enable_wind": True}, {"random": [1, 2]}),
]
