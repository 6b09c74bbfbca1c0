"""What goes wrong in environments: where `when` says, as `what` says."""

import gymnasium as gym
import numpy as np


class Trouble(gym.Env):
    action_space = gym.spaces.Discrete(2)
    observation_space = gym.spaces.Box(-1, 1, (2,), np.float32)

    def __init__(self, what="nothing", when="step"):
        self.what, self.when = what, when
        self.steps = 0
        self._meet("make")

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._meet("reset")
        return np.zeros(2, np.float32), {}

    def step(self, action):
        self.steps += 1
        if self.steps == 3:
            self._meet("step")
        shape = 3 if self.what == "shape" and self.steps == 3 else 2
        reward = float("nan") if self.what == "reward" and self.steps == 3 else 0.0
        seen = np.zeros(shape, np.float32)
        if self.what == "chance":
            seen[0] = np.random.default_rng().uniform()
        return seen, reward, False, False, {}

    def render(self):
        self._meet("render")
        return "no picture"

    def _meet(self, place):
        if place != self.when:
            return
        if self.what == "raise":
            raise RuntimeError("the kitchen is on fire")
        while self.what == "loop":
            pass
        if self.what == "recurse":
            self._meet(place)
        if self.what == "allocate":
            kept = []
            while True:
                kept.append(np.ones(1 << 20))
        if self.what == "print":
            for line in range(5000):
                print("line", line, "x" * 3000)
        if self.what == "exit":
            raise SystemExit(3)
