"""mpe2, with players who run to places, after each other, and out of the field."""
import importlib

import numpy
from pettingzoo.utils.env_logger import EnvLogger

from play import Reference
from record import plain

# It says something of every action that it clips.
EnvLogger.suppress_output()

NEAR = 0.03
# An action by the way it pushes: along which axis, and to which side.
PUSHES = {(0, -1): 1, (0, 1): 2, (1, -1): 3, (1, 1): 4}


class Particles(Reference):
    packages = ("mpe2", "pettingzoo")

    def __init__(self, env_id, kwargs):
        super().__init__(env_id, kwargs)
        self.env = importlib.import_module(env_id.replace("/", ".")).parallel_env(**kwargs)
        self.base = self.env.unwrapped
        self.world, self.names = self.base.world, self.env.possible_agents
        self.spaces = [self.env.action_space(name) for name in self.names]

    def listed(self, by_name):
        return [plain(by_name[name]) for name in self.names]

    def reset(self, seed, options):
        obs, infos = self.env.reset(seed=seed)
        return self.listed(obs), {name: plain(info) for name, info in infos.items() if info}

    def step(self, action):
        actions = {
            name: numpy.array(each, dtype=numpy.float32) if self.base.continuous_actions else each
            for name, each in zip(self.names, action)
        }
        obs, rewards, terminated, truncated, infos = self.env.step(actions)
        told = {name: plain(info) for name, info in infos.items() if info}
        return self.listed(obs), self.listed(rewards), self.listed(terminated), self.listed(truncated), told

    def drawn(self, generator):
        if self.base.continuous_actions:
            return [generator.random(space.shape, dtype=numpy.float32).tolist() for space in self.spaces]
        return [int(generator.integers(space.n)) for space in self.spaces]

    def random(self, rng):
        if not self.base.continuous_actions:
            return [rng.randrange(space.n) for space in self.spaces]
        # Now and then beyond the bounds, where it is clipped.
        low, high = rng.choice(((0, 1), (0, 1), (0, 1), (-0.5, 1.7)))
        return [self.numbers([rng.uniform(low, high) for _ in range(space.shape[0])]) for space in self.spaces]

    def numbers(self, numbers):
        return numpy.array(numbers, dtype=numpy.float32).tolist()

    def begin(self, rng):
        """Everybody chooses somebody or something to run to for this episode, or leaves the field."""
        entities, agents = self.world.entities, self.world.agents
        self.targets = [rng.choice([other for other in entities if other is not agent]) for agent in agents]
        good = [agent for agent in agents if not getattr(agent, "adversary", True)]
        landmarks = self.world.landmarks
        plan = rng.random()
        for number, agent in enumerate(agents):
            if getattr(agent, "adversary", False) and good and plan < 0.7:
                self.targets[number] = rng.choice(good)
            elif plan < 0.5 and landmarks:
                # A landmark each, where there are as many.
                self.targets[number] = landmarks[number % len(landmarks)]
            elif plan > 0.9:
                self.targets[number] = numpy.array([rng.uniform(-4, 4), rng.uniform(-4, 4)])
        self.words = [rng.randrange(self.world.dim_c) if self.world.dim_c else 0 for _ in agents]

    def expert(self, rng, noise):
        anything = self.random(rng)
        return [
            anything[number] if rng.random() < noise else self.chosen(number, agent)
            for number, agent in enumerate(self.world.agents)
        ]

    def chosen(self, number, agent):
        way = self.way(number, agent) if agent.movable else None
        if self.base.continuous_actions:
            push = [] if way is None else [0.0, max(0, -way[0]), max(0, way[0]), max(0, -way[1]), max(0, way[1])]
            words = [] if agent.silent else [float(word == self.words[number]) for word in range(self.world.dim_c)]
            return self.numbers([min(1.0, 3 * part) for part in push] + words)
        if way is None:
            return self.words[number]
        axis = int(abs(way[1]) > abs(way[0]))
        move = 0 if abs(way[axis]) < NEAR else PUSHES[axis, 1 if way[axis] > 0 else -1]
        return move if agent.silent else move + 5 * self.words[number]

    def way(self, number, agent):
        target = self.targets[number]
        place = target if isinstance(target, numpy.ndarray) else target.state.p_pos
        return place - agent.state.p_pos - 0.3 * agent.state.p_vel


CONTINUOUS = {"continuous_actions": True}
BENCHMARK = {"benchmark_data": True}
NEAREST = {"num_agent_neighbors": 2, "num_landmark_neighbors": 1}
MORE_THAN_THERE_ARE = {"num_agent_neighbors": 7, "num_landmark_neighbors": 9}
CURRICULUM = {"curriculum": True, "terminate_on_success": True}
# Of each environment: its class, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    "mpe2/simple_v3": (Particles, [
        (4, {}), (3, CONTINUOUS), (1, {"max_cycles": 200}), (1, BENCHMARK), (1, {"dynamic_rescaling": False}),
    ]),
    "mpe2/simple_spread_v3": (Particles, [
        (6, {}), (4, CONTINUOUS), (2, {"N": 1}), (2, {"N": 5}), (1, {"N": 12, "max_cycles": 100, **CONTINUOUS}),
        (2, {"local_ratio": 0.1, "max_cycles": 60}), (1, {"local_ratio": 1.0}), (1, BENCHMARK), (2, CURRICULUM),
        (1, NEAREST), (1, {**MORE_THAN_THERE_ARE, **BENCHMARK}), (1, {"N": 8, "num_agent_neighbors": 3}),
    ]),
    "mpe2/simple_tag_v3": (Particles, [
        (6, {}), (4, CONTINUOUS), (2, {"num_adversaries": 4, "num_obstacles": 1}), (1, {"num_good": 5, "num_adversaries": 7}),
        (1, {"num_good": 2, "num_adversaries": 0}), (1, {"num_good": 0, "num_obstacles": 0}), (2, {"max_cycles": 150}),
        (1, BENCHMARK), (2, CURRICULUM), (1, {"num_good": 3, **NEAREST}), (1, MORE_THAN_THERE_ARE), (1, {"num_obstacles": 9}),
    ]),
    "mpe2/simple_adversary_v3": (Particles, [
        (5, {}), (4, CONTINUOUS), (1, {"N": 1}), (2, {"N": 6, "max_cycles": 80}), (1, BENCHMARK), (1, {"N": 4, **NEAREST}),
        (1, MORE_THAN_THERE_ARE),
    ]),
    "mpe2/simple_speaker_listener_v4": (Particles, [(5, {}), (4, CONTINUOUS), (1, {"max_cycles": 90}), (1, BENCHMARK)]),
    "mpe2/simple_world_comm_v3": (Particles, [
        (6, {}), (4, CONTINUOUS), (2, {"num_good": 4, "num_adversaries": 6, "num_forests": 4, "num_food": 5}),
        (1, {"num_adversaries": 0}), (1, {"num_adversaries": 1, "num_good": 1, "num_forests": 0, "num_obstacles": 0}),
        (1, {"max_cycles": 120, "num_obstacles": 5, "num_food": 1}), (1, BENCHMARK),
    ]),
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [
    *((env_id, {}, {"random": [1], "scripted": [2]}) for env_id in ENVIRONMENTS),
    *((f"mpe2/{name}", CONTINUOUS, {"scripted": [3]}) for name in ("simple_spread_v3", "simple_world_comm_v3")),
    ("mpe2/simple_speaker_listener_v4", CONTINUOUS, {"random": [1]}),
    ("mpe2/simple_spread_v3", {"N": 5}, {"scripted": [4]}),
    ("mpe2/simple_tag_v3", {"num_adversaries": 4, "num_obstacles": 1}, {"scripted": [5]}),
]
