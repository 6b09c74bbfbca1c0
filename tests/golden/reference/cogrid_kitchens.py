"""cogrid, with two cooks who bring soups to the hatch, and rescuers who go to whatever there is.

Making an environment of cogrid changes those made later in the same process: every process plays one id alone."""
import sys
import types

import numpy


class Drawing(types.ModuleType):
    """OpenCV, which cogrid imports for drawing alone."""

    def __getattr__(self, name):
        return 0


sys.modules.setdefault("cv2", Drawing("cv2"))

import cogrid.envs  # noqa: E402, F401 - registers the environments
from cogrid.envs import registry  # noqa: E402

from errands import Floor  # noqa: E402
from play import Reference  # noqa: E402

STEPS = {0: (-1, 0), 1: (1, 0), 2: (0, -1), 3: (0, 1)}
PICK_OR_DROP, TOGGLE, NOTHING = 4, 5, 6
ACTIONS = 7
# By the number of the direction that an agent looks in: right, down, left, up.
LOOKS = ((0, 1), (1, 0), (0, -1), (-1, 0))
ITEMS = ("onion", "tomato", "broccoli", "mushroom")


class Kitchen(Reference):
    packages = ("cogrid", "pettingzoo", "gymnasium")

    def __init__(self, env_id, kwargs):
        super().__init__(env_id, kwargs)
        self.env = registry.make(env_id, **kwargs)
        self.agents = list(self.env.possible_agents)
        self.names = {number: name for name, number in self.env._type_ids.items()}
        self.names[0] = self.names[-1] = None

    def listed(self, values, read):
        return [read(values[agent]) for agent in self.agents]

    def reset(self, seed, options):
        obs, _ = self.env.reset(seed=seed)
        return self.listed(obs, numpy.ndarray.tolist), {}

    def step(self, action):
        obs, rewards, terminated, truncated, infos = self.env.step(dict(zip(self.agents, action)))
        info = {key: value for values in infos.values() for key, value in values.items()}
        flags = self.listed(terminated, bool), self.listed(truncated, bool)
        return self.listed(obs, numpy.ndarray.tolist), self.listed(rewards, float), *flags, info

    def drawn(self, generator):
        return [int(action) for action in generator.integers(0, ACTIONS, size=len(self.agents))]

    def random(self, rng):
        return [rng.randrange(ACTIONS) for _ in self.agents]

    def begin(self, rng):
        self.before, self.wish = [None] * len(self.agents), [None] * len(self.agents)
        self.favourite = rng.choice(ITEMS)

    def expert(self, rng, noise):
        state = self.env._env_state
        self.cells = {
            (row, column): self.names.get(number)
            for row, numbers in enumerate(state.object_type_map.tolist())
            for column, number in enumerate(numbers)
        }
        self.floor = Floor([cell for cell, name in self.cells.items() if self.walkable(name, cell, state)], STEPS)
        return [rng.randrange(ACTIONS) if rng.random() < noise else self.errand(agent, state, rng) for agent in range(len(self.agents))]

    def walkable(self, name, cell, state):
        return name in (None, "free_space", "floor")

    def errand(self, agent, state, rng):
        place, look = tuple(state.agent_pos[agent].tolist()), int(state.agent_dir[agent])
        held = self.names.get(int(state.agent_inv[agent, 0]))
        now = (place, look, held)
        stuck, self.before[agent] = self.before[agent] == now, now
        if stuck and rng.random() < 0.3:
            return rng.randrange(ACTIONS)
        for names in self.wishes(held, state, rng):
            target = self.floor.nearest(place, [cell for cell, name in self.cells.items() if name in names], rng)
            if target is not None:
                across, down = LOOKS[look]
                action = self.floor.action(place, (place[0] + across, place[1] + down), target, rng)
                return self.touch(self.cells[target], rng) if action is None else action
        return NOTHING

    def touch(self, name, rng):
        return TOGGLE if name == "button_indicator" or rng.random() < 0.05 else PICK_OR_DROP

    def wishes(self, held, state, rng):
        """What to touch: groups of names, the dearest wish first."""
        pots = ("pot", "open_pot")
        if held is None:
            counts = [(row >= 0).sum() for key, row in self.pots(state)]
            ready = any(count == 3 for count in counts)
            soups = tuple(name for name in set(self.cells.values()) if name and "soup" in name and "stack" not in name)
            item = self.favourite if rng.random() < 0.7 else rng.choice(ITEMS)
            stacks = (f"{item}_stack",) if rng.random() < 0.9 else ("button_indicator", *ITEMS, "plate")
            anything = tuple(f"{name}_stack" for name in ITEMS)
            return [soups, *([("plate_stack",)] if ready else []), stacks, anything, ITEMS, ("plate", "plate_stack")]
        if "soup" in held:
            return [("delivery_zone", "open_delivery_zone"), ("counter",)]
        if held == "plate" and not any((row >= 0).any() for _, row in self.pots(state)):
            return [("counter",)]
        return [pots if rng.random() < 0.97 else ("counter",), ("counter",)]

    def pots(self, state):
        for key, contents in state.extra_state.items():
            if key.endswith("pot_contents"):
                for row in contents:
                    yield key, row


class SecondKitchen(Kitchen):
    """V2: what is to be cooked is drawn by NumPy's global generator, so a record is seeded at its beginning alone."""

    reseeds = False

    def reset(self, seed, options):
        if seed is not None:
            numpy.random.seed(seed)
        return super().reset(seed, options)

    @staticmethod
    def parts(steps):
        """Records of so many steps, each with a seed of its own."""
        short = 2_500
        return [short] * (steps // short) + ([steps % short] if steps % short else [])


class Rescue(Kitchen):
    """Its agents go to anything that can be picked up, opened or saved."""

    def walkable(self, name, cell, state):
        return name in (None, "free_space", "floor") or (name == "door" and state.object_state_map[cell] == 2)

    def touch(self, name, rng):
        return rng.choice((PICK_OR_DROP, TOGGLE))

    def wishes(self, held, state, rng):
        things = {name for name in self.cells.values() if name not in (None, "wall", "floor", "free_space", "counter")}
        return [(name,) for name in rng.sample(sorted(things), len(things))] if rng.random() < 0.1 else [tuple(things)]


# Of each environment: its class, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    **{f"Overcooked-{name}-V0": (Kitchen, [(1, {})]) for name in (
        "CrampedRoom", "AsymmetricAdvantages", "CoordinationRing", "ForcedCoordination", "CounterCircuit",
        "AsymmetricAdvantages-PartialObs", "CrampedRoom-LocalView", "CrampedMixedKitchen",
    )},
    **{f"OvercookedV2-{name}-V0": (SecondKitchen, [(1, {})]) for name in (
        "CrampedRoomIndicator", "GroundedCoordSimple", "GroundedCoordRing", "TestTimeSimple", "TestTimeWide",
        "DemoCookSimple", "DemoCookWide",
    )},
    "SearchRescue-Test-V0": (Rescue, [(1, {})]),
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [(env_id, {}, {"random": [1], "scripted": [3]}) for env_id in ENVIRONMENTS]
