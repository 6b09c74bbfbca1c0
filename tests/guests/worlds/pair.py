"""Two who run for different lengths of time: agents of PettingZoo's parallel API leave in mid-episode."""

import numpy as np
from gymnasium import spaces
from pettingzoo import ParallelEnv


class Pair(ParallelEnv):
    metadata = {"name": "pair"}

    def __init__(self):
        self.possible_agents = ["hare", "tortoise"]
        self.lengths = {"hare": 3, "tortoise": 6}

    def observation_space(self, agent):
        return spaces.Box(0, 100, (2,), np.int16)

    def action_space(self, agent):
        return spaces.Discrete(2) if agent == "hare" else spaces.Box(-1, 1, (1,), np.float32)

    def reset(self, seed=None, options=None):
        self.agents, self.t = list(self.possible_agents), 0
        return {agent: self._seen(agent) for agent in self.agents}, {agent: {} for agent in self.agents}

    def step(self, actions):
        assert set(actions) == set(self.agents), actions
        self.t += 1
        alive = list(self.agents)
        ended = {agent: self.t >= self.lengths[agent] for agent in alive}
        self.agents = [agent for agent in alive if not ended[agent]]
        rewards = {agent: float(np.sum(actions[agent])) for agent in alive}
        seen = {agent: self._seen(agent) for agent in alive}
        return seen, rewards, ended, {agent: False for agent in alive}, {agent: {} for agent in alive}

    def _seen(self, agent):
        return np.array([self.t, len(self.agents)], np.int16)
