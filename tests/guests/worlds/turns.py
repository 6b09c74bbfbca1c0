"""Two who choose a number, each without seeing the other's: PettingZoo's AEC API, as it is where nobody has to wait."""

import numpy as np
from gymnasium import spaces
from pettingzoo import AECEnv
from pettingzoo.utils.agent_selector import AgentSelector


class Turns(AECEnv):
    metadata = {"name": "turns", "is_parallelizable": True}

    def __init__(self):
        super().__init__()
        self.possible_agents = ["odd", "even"]

    def observation_space(self, agent):
        return spaces.MultiDiscrete([4, 4])

    def action_space(self, agent):
        return spaces.Discrete(3)

    def reset(self, seed=None, options=None):
        self.agents = list(self.possible_agents)
        self.rewards = dict.fromkeys(self.agents, 0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0)
        self.terminations, self.truncations = ({agent: False for agent in self.agents} for _ in range(2))
        self.infos = {agent: {} for agent in self.agents}
        self.chosen, self.rounds = {agent: 3 for agent in self.agents}, 0
        self._order = AgentSelector(self.agents)
        self.agent_selection = self._order.next()

    def observe(self, agent):
        return np.array([self.chosen["odd"], self.chosen["even"]])

    def step(self, action):
        agent = self.agent_selection
        if self.terminations[agent]:
            return self._was_dead_step(action)
        self._cumulative_rewards[agent] = 0
        self.chosen[agent] = action
        if self._order.is_last():
            odd = sum(self.chosen.values()) % 2
            self.rewards = {"odd": odd, "even": 1 - odd}
            self.rounds += 1
            self.terminations = {agent: self.rounds == 3 for agent in self.agents}
        else:
            self._clear_rewards()
        self.agent_selection = self._order.next()
        self._accumulate_rewards()
