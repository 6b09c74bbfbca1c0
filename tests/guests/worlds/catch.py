"""A basket under falling apples, drawn as pixels: an environment as its author has it for Gymnasium."""

import gymnasium as gym
import numpy as np
from gymnasium import spaces

SIDE = 8


class Catch(gym.Env):
    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}

    def __init__(self, render_mode=None, misses=3):
        self.action_space = spaces.Discrete(3)
        self.observation_space = spaces.Dict(
            {
                "apple": spaces.MultiDiscrete([SIDE, SIDE]),
                "basket": spaces.Discrete(SIDE),
                "wind": spaces.Box(-1, 1, (2,), np.float32),
            }
        )
        self.render_mode = render_mode
        self.misses = misses

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.basket, self.left = (options or {}).get("basket", SIDE // 2), self.misses
        self._drop()
        return self._seen(), {}

    def step(self, action):
        self.basket = int(np.clip(self.basket + action - 1, 0, SIDE - 1))
        self.apple[0] += 1
        reward = 0.0
        if self.apple[0] == SIDE - 1:
            caught = self.apple[1] == self.basket
            reward = 1.0 if caught else -1.0
            self.left -= not caught
            self._drop()
        return self._seen(), reward, self.left == 0, False, {}

    def render(self):
        picture = np.full((SIDE, SIDE, 3), (240, 248, 255), np.uint8)
        picture[self.apple[0], self.apple[1]] = (200, 30, 40)
        picture[SIDE - 1, self.basket] = (90, 60, 30)
        return picture

    def get_state(self):
        return {"basket": self.basket, "left": int(self.left), "apple": self.apple, "wind": self.wind}

    def set_state(self, state):
        self.basket, self.left = state["basket"], state["left"]
        self.apple, self.wind = np.array(state["apple"]), state["wind"]

    def _drop(self):
        self.apple = np.array([0, self.np_random.integers(SIDE)])
        self.wind = self.np_random.uniform(-1, 1, 2).astype(np.float32)

    def _seen(self):
        return {"apple": self.apple.copy(), "basket": self.basket, "wind": self.wind}
