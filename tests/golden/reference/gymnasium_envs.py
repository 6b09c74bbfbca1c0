"""What the environments of `gymnasium.make` have in common."""
import warnings

import gymnasium
import numpy

from play import Reference
from record import plain

gymnasium.logger.min_level = gymnasium.logger.ERROR
warnings.filterwarnings("ignore", module="gymnasium")


class Made(Reference):
    """An environment that `gymnasium.make` makes."""

    packages = ("gymnasium",)

    def __init__(self, env_id, kwargs):
        super().__init__(env_id, kwargs)
        self.env = gymnasium.make(env_id, disable_env_checker=True, **self.arguments(kwargs))
        self.inner = self.env.unwrapped
        self.actions = self.env.action_space
        self.obs = None

    def arguments(self, kwargs):
        """The arguments as Python has them."""
        return kwargs

    def seen(self, obs):
        """The observation as JSON has it."""
        return plain(obs)

    def reset(self, seed, options):
        self.obs, info = self.env.reset(seed=seed, options=options)
        return self.seen(self.obs), plain(info)

    def step(self, action):
        self.obs, reward, terminated, truncated, info = self.env.step(action)
        return self.seen(self.obs), plain(reward), bool(terminated), bool(truncated), plain(info)


class Numbered(Made):
    """With actions that are numbers from 0."""

    def drawn(self, generator):
        return int(generator.integers(0, self.actions.n))

    def random(self, rng):
        return rng.randrange(int(self.actions.n))

    def expert(self, rng, noise):
        return self.random(rng) if rng.random() < noise else self.best(rng)

    def best(self, rng):
        return self.random(rng)


class Pushed(Made):
    """With actions that are lists of float32."""

    # How far beyond the bounds an expert may go: what is beyond them is clipped.
    beyond = 1.0

    def drawn(self, generator):
        space = self.actions
        return generator.uniform(space.low, space.high, size=space.shape).astype("float32").tolist()

    def random(self, rng):
        return self.floats([rng.uniform(low, high) for low, high in zip(self.actions.low.tolist(), self.actions.high.tolist())])

    def expert(self, rng, noise):
        return self.random(rng) if rng.random() < noise else self.floats(self.best(rng))

    def floats(self, values):
        return numpy.array(values, dtype=numpy.float32).tolist()

    def step(self, action):
        return super().step(numpy.array(action, dtype=numpy.float32))

