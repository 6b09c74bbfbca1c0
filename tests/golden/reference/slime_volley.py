"""slimevolleygym and slimevb, with players of their built-in policy."""
import sys
import types

import numpy

# Both import it for drawing alone.
sys.modules.setdefault("cv2", types.ModuleType("cv2"))

import slimevolleygym.slimevolley as single  # noqa: E402
from slime_volleyball.baseline_policy import BaselinePolicy  # noqa: E402
from slime_volleyball.slimevolley_env import SlimeVolleyEnv  # noqa: E402

from play import Reference  # noqa: E402
from record import plain  # noqa: E402

BUTTONS = 3
# What three buttons are as an action: forward, backward, jump. Where there is none for them, the nearest.
ACTIONS = {(0, 0, 0): 0, (1, 0, 0): 1, (1, 0, 1): 2, (0, 0, 1): 3, (0, 1, 1): 4, (0, 1, 0): 5, (1, 1, 0): 0, (1, 1, 1): 3}


class Single(Reference):
    """One player against the built-in policy, whose memory outlives its games."""

    packages = ("slimevolleygym", "gym")

    def __init__(self, env_id, kwargs):
        super().__init__(env_id, kwargs)
        # The package has a class for each of these; what differs between them is this.
        modes = {name: value for name, value in kwargs.items() if name in ("atari_mode", "survival_bonus")}
        self.env, self.policy = type("Chosen", (single.SlimeVolleyEnv,), modes)(), single.BaselinePolicy()
        self.env.t_limit = kwargs.get("t_limit", self.env.t_limit)

    def reset(self, seed, options):
        if seed is not None:
            self.env.seed(seed)
        self.obs = self.env.reset()
        return plain(self.obs), {}

    def step(self, action):
        self.obs, reward, done, info = self.env.step(action)
        # The two observations once more.
        del info["state"], info["otherState"]
        return plain(self.obs), plain(reward), done, False, plain(info)

    def drawn(self, generator):
        return [int(button) for button in generator.integers(0, 2, size=BUTTONS)]

    def random(self, rng):
        return rng.randrange(6) if self.env.atari_mode else [rng.randrange(2) for _ in range(BUTTONS)]

    def expert(self, rng, noise):
        buttons = self.policy.predict(self.obs)
        if rng.random() < noise:
            return self.random(rng)
        return ACTIONS[tuple(buttons)] if self.env.atari_mode else buttons


class Double(Reference):
    """Two players; the left one may be left to the built-in policy."""

    packages = ("slimevb", "gymnasium")
    SIDES = ("agent_left", "agent_right")

    def __init__(self, env_id, kwargs):
        super().__init__(env_id, kwargs)
        self.env = SlimeVolleyEnv({**SlimeVolleyEnv.default_config, **kwargs})
        self.policies = [BaselinePolicy(), BaselinePolicy()]

    def both(self, values, read):
        return [read(values[side]) for side in self.SIDES]

    def reset(self, seed, options):
        self.obs, info = self.env.reset(seed=seed)
        return self.both(self.obs, lambda each: each["obs"].tolist()), info

    def step(self, action):
        actions = {side: each for side, each in zip(self.SIDES, action)}
        self.obs, rewards, terminated, truncated, info = self.env.step(actions)
        obs = self.both(self.obs, lambda each: each["obs"].tolist())
        return obs, self.both(rewards, float), self.both(terminated, bool), self.both(truncated, bool), info

    def drawn(self, generator):
        return [int(action) for action in generator.integers(0, 6, size=2)]

    def random(self, rng):
        return [rng.randrange(6), rng.randrange(6)]

    def begin(self, rng):
        self.alone = rng.random() < 0.5

    def expert(self, rng, noise):
        buttons = [policy.predict(self.obs[side]["obs"]) for policy, side in zip(self.policies, self.SIDES)]
        left, right = (
            rng.randrange(6) if rng.random() < noise else ACTIONS[tuple(each)] for each in buttons
        )
        return [None if self.alone else left, right]


# Of each environment: its class, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    "SlimeVolley-v0": (Single, [
        (9, {}), (1, {"survival_bonus": True}), (1, {"t_limit": 300}), (1, {"atari_mode": True}),
    ]),
    "slimevb/SlimeVolleyEnv": (Double, [(8, {}), (1, {"survival_reward": True, "human_inputs": True}), (1, {"max_steps": 500})]),
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [(env_id, {}, {"random": [1, 2], "scripted": [3]}) for env_id in ENVIRONMENTS]
