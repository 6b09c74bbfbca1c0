"""A sledge on a slope, written for Multi-User Gymnasium: it draws on its Surface, and has its state."""

import gymnasium as gym
import numpy as np
from mug.rendering import Surface


class Slope(gym.Env):
    metadata = {"render_modes": ["interactive_gym"], "render_fps": 20}
    action_space = gym.spaces.Discrete(3)
    observation_space = gym.spaces.Box(-np.inf, np.inf, (2,), np.float64)

    def __init__(self):
        self.surface = Surface(600, 400)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.surface.reset()
        self.x, self.speed, self.t = float(self.np_random.uniform(0.2, 0.8)), 0.0, 0
        return self._seen(), {}

    def step(self, action):
        self.speed = 0.9 * self.speed + 0.01 * (action - 1) + 0.001 * self.np_random.normal()
        self.x = float(np.clip(self.x + self.speed, 0, 1))
        self.t += 1
        return self._seen(), -abs(self.x - 0.5), self.t >= 200, False, {}

    def render(self):
        points = [(0, 300), (600, 300), (600, 400), (0, 400)]
        self.surface.polygon(points=points, color="#e8f4ff", id="snow", persistent=True)
        self.surface.circle(x=self.x * 600, y=280, radius=20, color="red", depth=2, id="sledge", tween_duration=50)
        self.surface.text(text=f"{self.t}", x=20, y=20, size=24)
        return self.surface.commit().to_dict()

    def get_state(self):
        return {"x": self.x, "speed": float(self.speed), "t": self.t}

    def set_state(self, state):
        self.x, self.speed, self.t = state["x"], state["speed"], state["t"]

    def _seen(self):
        return np.array([self.x, self.speed])
