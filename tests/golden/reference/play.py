"""Plays a reference, and records what comes of it."""
import random

import numpy

from record import Record


class Reference:
    """An environment of a package, with what it takes and gives as JSON has it. The first package is the one it is of."""

    packages = ()
    # Whether a reset in the middle of a record may have a seed of its own.
    reseeds = True
    # Steps after which an episode is cut short that does not end by itself.
    patience = 5_000

    def __init__(self, env_id, kwargs):
        self.env_id, self.kwargs = env_id, kwargs

    def reset(self, seed, options):
        """Gives the observation and the info."""
        raise NotImplementedError

    def step(self, action):
        """Gives the observation, the reward, whether it terminated, whether it was truncated, and the info."""
        raise NotImplementedError

    def drawn(self, generator):
        """An action drawn evenly by a NumPy generator, in the way that the headers of the committed records tell."""
        raise NotImplementedError

    def random(self, rng):
        """An action drawn evenly by Python's generator, which is faster."""
        raise NotImplementedError

    def expert(self, rng, noise):
        """An action that leads to what seldom happens by chance; with the probability `noise` any action."""
        return self.random(rng)

    def begin(self, rng):
        """An episode begins: the expert may choose what it wants."""

    def options(self, rng):
        """What a reset may be given beside its seed, or None."""
        return None


def over(flag):
    return any(flag) if isinstance(flag, list) else flag


def golden(out, reference, policy, seed, steps):
    """A record with one seed; over the resets the generators go on."""
    scripted = policy == "scripted"
    rule = "by the expert of tests/golden/reference" if scripted else "drawn evenly by numpy.random.default_rng(action_seed)"
    how = {"action_seed": seed + 1, "action_rule": rule}
    record = Record(out, reference.env_id, reference.kwargs, reference.packages, seed, policy, steps, **how)
    rng, generator = random.Random(seed + 1), numpy.random.default_rng(seed + 1)

    def begin(seed):
        record.reset(seed, None, *reference.reset(seed, None))
        reference.begin(rng)

    begin(seed)
    for _ in range(steps):
        action = reference.expert(rng, 0.15) if scripted else reference.drawn(generator)
        obs, reward, terminated, truncated, info = reference.step(action)
        record.step(action, obs, reward, terminated, truncated, info)
        if over(terminated) or over(truncated):
            begin(None)
    record.end()


# How noisy the expert is in an episode; 1 is a player who acts by chance.
NOISES = (0.0, 0.02, 0.05, 0.15, 0.4, 1.0, 1.0)


def mixed(out, reference, seed, steps):
    """A record of experts of every kind and of players who act by chance; with and without seeds; some episodes cut short."""
    rng = random.Random(f"{seed} {reference.env_id} {reference.kwargs}")
    record = Record(out, reference.env_id, reference.kwargs, reference.packages, seed, "mixed", steps)
    left = 0
    while record.steps < steps:
        if left == 0:
            fresh = record.episodes == 0 or (reference.reseeds and rng.random() < 0.5)
            chosen = (seed if record.episodes == 0 else rng.getrandbits(rng.choice((8, 31, 32, 63)))) if fresh else None
            options = reference.options(rng)
            record.reset(chosen, options, *reference.reset(chosen, options))
            reference.begin(rng)
            noise = rng.choice(NOISES)
            left = rng.randrange(1, 100) if rng.random() < 0.1 else reference.patience
        action = reference.random(rng) if noise == 1.0 else reference.expert(rng, noise)
        obs, reward, terminated, truncated, info = reference.step(action)
        record.step(action, obs, reward, terminated, truncated, info)
        left = 0 if over(terminated) or over(truncated) else left - 1
    record.end()
