"""CartPole-v1 in plain Python: the equations and limits of Gymnasium's, without numpy, rendering or wrappers."""
import math
import random


class CartPole:
    GRAVITY = 9.8
    MASS_POLE = 0.1
    TOTAL_MASS = 1.1
    HALF_LENGTH = 0.5
    POLE_MASS_LENGTH = MASS_POLE * HALF_LENGTH
    FORCE = 10.0
    TAU = 0.02
    ANGLE_LIMIT = 12 * 2 * math.pi / 360
    TRACK_LIMIT = 2.4
    MAX_STEPS = 500

    def __init__(self, seed=None):
        self.random = random.Random(seed)
        self.state = None
        self.steps = 0

    def reset(self):
        uniform = self.random.uniform
        self.state = (uniform(-0.05, 0.05), uniform(-0.05, 0.05), uniform(-0.05, 0.05), uniform(-0.05, 0.05))
        self.steps = 0
        return self.state, {}

    def step(self, action):
        x, speed, angle, turning = self.state
        force = self.FORCE if action == 1 else -self.FORCE
        cosine = math.cos(angle)
        sine = math.sin(angle)
        pushed = (force + self.POLE_MASS_LENGTH * turning * turning * sine) / self.TOTAL_MASS
        angular = (self.GRAVITY * sine - cosine * pushed) / (
            self.HALF_LENGTH * (4.0 / 3.0 - self.MASS_POLE * cosine * cosine / self.TOTAL_MASS)
        )
        linear = pushed - self.POLE_MASS_LENGTH * angular * cosine / self.TOTAL_MASS
        x += self.TAU * speed
        speed += self.TAU * linear
        angle += self.TAU * turning
        turning += self.TAU * angular
        self.state = (x, speed, angle, turning)
        self.steps += 1
        terminated = not (-self.TRACK_LIMIT <= x <= self.TRACK_LIMIT and -self.ANGLE_LIMIT <= angle <= self.ANGLE_LIMIT)
        return self.state, 1.0, terminated, self.steps >= self.MAX_STEPS, {}


def step_many(env, actions):
    """Plays actions one after another, an episode after another. Gives the sum of the rewards."""
    earned = 0.0
    step = env.step
    for action in actions:
        _, reward, terminated, truncated, _ = step(action)
        earned += reward
        if terminated or truncated:
            env.reset()
    return earned
