"""gymnasium's classic control, with experts who keep poles up and swing cars, acrobats and pendulums."""
import math

from gymnasium_envs import Numbered, Pushed


class CartPole(Numbered):
    """Its expert wanders to a place and keeps the pole up for 500 steps on the way."""

    def begin(self, rng):
        self.place = rng.uniform(-1.2, 1.2)

    def best(self, rng):
        x, speed, angle, turn = self.obs.tolist()
        return int(angle + 0.3 * turn + 0.04 * (x - self.place) + 0.1 * speed + rng.gauss(0, 0.02) > 0)

    def options(self, rng):
        return {"low": -rng.random() / 5, "high": rng.random() / 5} if rng.random() < 0.05 else None


def within_the_valley(rng):
    low = rng.uniform(-1.0, 0.0)
    return {"low": low, "high": rng.uniform(low, 0.4)} if rng.random() < 0.05 else None


class MountainCar(Numbered):
    """Its expert drives the way the car rolls."""

    def best(self, rng):
        return 2 if self.obs[1] >= 0 else 0

    def options(self, rng):
        return within_the_valley(rng)


class MountainCarContinuous(Pushed):
    """Its expert drives the way the car rolls, with more force than there is or with less."""

    def begin(self, rng):
        self.force = rng.choice([0.4, 0.7, 1.0, 1.6])

    def best(self, rng):
        return [math.copysign(self.force * rng.uniform(0.7, 1.3), self.obs[1])]

    def options(self, rng):
        return within_the_valley(rng)


class Acrobot(Numbered):
    """Its expert kicks against the swing of its arms until the feet are over the line."""

    def best(self, rng):
        return 2 if self.obs[4] < 0 else 0

    def options(self, rng):
        return {"low": -rng.random() / 2, "high": rng.random() / 2} if rng.random() < 0.05 else None


class Pendulum(Pushed):
    """Its expert swings it up and holds it there."""

    def best(self, rng):
        cosine, sine, turn = self.obs.tolist()
        if cosine > 0.9:
            return [-12 * math.atan2(sine, cosine) - 3 * turn + rng.gauss(0, 0.1)]
        energy = turn * turn / 6 + self.inner.g * cosine / 2
        return [math.copysign(rng.uniform(1.0, 2.4), turn * (self.inner.g / 2 - energy))]

    def options(self, rng):
        return {"x_init": rng.uniform(0, 3), "y_init": rng.uniform(0, 2)} if rng.random() < 0.05 else None


# Of each environment: its class, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    "CartPole-v1": (CartPole, [(8, {}), (2, {"sutton_barto_reward": True})]),
    "CartPole-v0": (CartPole, [(1, {})]),
    "MountainCar-v0": (MountainCar, [(8, {}), (2, {"goal_velocity": 0.03})]),
    "MountainCarContinuous-v0": (MountainCarContinuous, [(8, {}), (2, {"goal_velocity": 0.02})]),
    "Acrobot-v1": (Acrobot, [(1, {})]),
    "Pendulum-v1": (Pendulum, [(6, {}), (2, {"g": 9.81}), (1, {"g": 2.5}), (1, {"g": 17})]),
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [
    ("CartPole-v1", {}, {"random": [1, 2], "scripted": [3]}),
    ("CartPole-v1", {"sutton_barto_reward": True}, {"random": [1, 2]}),
    ("MountainCar-v0", {}, {"random": [1, 2], "scripted": [3]}),
    ("MountainCarContinuous-v0", {}, {"random": [1], "scripted": [3]}),
    ("Acrobot-v1", {}, {"random": [1], "scripted": [3]}),
    ("Pendulum-v1", {}, {"random": [1], "scripted": [3]}),
    ("Pendulum-v1", {"g": 9.81}, {"random": [2]}),
]
