"""An environment in Python as Palaestra's Rust asks for it: bytes in, bytes out. worker/guest/src/lib.rs is the other side."""

import json
import math
import struct

import numpy as np

from . import spaces, states
from .entry import found
from .scene import Objects, Scene

# Beyond this a picture costs more than a tick.
MOST_PIXELS = 1 << 20
# `terminated` and `truncated` of an agent that is gone, where nothing else is known of how it left.
ENDED = (True, False)
# Where an environment has its generator: Gymnasium's behind the property `np_random`, those for PettingZoo as it is.
GENERATORS = ("_np_random", "np_random")


def unwrapped(env):
    return getattr(env, "unwrapped", env)


def layers(env, *others):
    """An environment and all that it wraps, from the outermost; `others` are names by which wrappers have it besides `env`."""
    while env is not None:
        yield env
        env = next((env.__dict__[name] for name in ("env", *others) if name in env.__dict__), None)


def generator_of(env):
    """The generator of an environment, and by what name it has it."""
    held = ((vars(env).get(name), name) for name in GENERATORS)
    return next((found for found in held if isinstance(found[0], np.random.Generator)), (None, GENERATORS[0]))


class Guest:
    """One environment. Whatever it raises ends it."""

    def __init__(self, name, options):
        self.make = found(options)
        self.options = options
        self.env = self.make()
        if any(base.__name__ == "AECEnv" for base in type(self.env).__mro__):
            from pettingzoo.utils.conversions import aec_to_parallel

            self.env = aec_to_parallel(self.env)
        for needed in ("reset", "step"):
            if not callable(getattr(self.env, needed, None)):
                raise TypeError(f"expected an environment with {needed}(), found {self.env!r:.200}")
        self.several = hasattr(self.env, "possible_agents")
        self.agents = list(self.env.possible_agents) if self.several else [None]
        self.names = [agent if isinstance(agent, str) else f"agent_{n}" for n, agent in enumerate(self.agents)]
        self.action_spaces = [self._space("action_space", agent) for agent in self.agents]
        # Many steps at once are told apart by the bytes of their actions.
        if all(map(spaces.is_nothing, self.action_spaces)):
            raise TypeError(f"expected actions of something, such as Discrete(1), found {self.action_spaces!r:.200}")
        self.observation_spaces = self._observation_spaces()
        self.read = [spaces.reader(space) for space in self.action_spaces]
        self.write = [spaces.writer(space) for space in self.observation_spaces]
        self.info_space = getattr(unwrapped(self.env), "info_space", None)
        self.write_info = spaces.writer(self.info_space) if self.info_space else None
        inner = unwrapped(self.env)
        self.can_save = all(callable(getattr(inner, needed, None)) for needed in ("get_state", "set_state"))
        self.shown = [b""] * len(self.agents)
        self.live = set(self.agents)
        # `terminated` and `truncated` with which each agent left that is gone.
        self.gone = {}
        self.objects = None
        self.spec = self._spec(name)

    def _space(self, what, agent):
        if not self.several:
            return getattr(self.env, what)
        space = getattr(self.env, what)
        return space(agent) if callable(space) else space[agent]

    def _observation_spaces(self):
        try:
            found = [self._space("observation_space", agent) for agent in self.agents]
            if all(space is not None for space in found):
                return found
        except (AttributeError, KeyError, NotImplementedError):
            pass
        # Some say nothing of it: another one of its kind is looked at.
        another = self.make()
        observation, _ = another.reset(seed=0)
        return [spaces.seen(observation[agent] if self.several else observation) for agent in self.agents]

    def _spec(self, name):
        metadata = getattr(self.env, "metadata", None) or {}
        limit = self.options.get("max_episode_steps") or getattr(getattr(self.env, "spec", None), "max_episode_steps", 0)
        surface = self._surface()
        aspect = self.options.get("aspect") or (surface[0] / surface[1] if surface else 1.5)
        info = spaces.written(self.info_space) if self.info_space else struct.pack("<BI", spaces.DICT, 0)
        several = int(self.several)
        return b"".join(
            [
                spaces.text(name),
                struct.pack("<I", len(self.names)),
                *map(spaces.text, self.names),
                struct.pack("<I", len(self.names)),
                *map(spaces.written, self.action_spaces),
                struct.pack("<I", len(self.names)),
                *map(spaces.written, self.observation_spaces),
                info,
                info,
                bytes([0, several, several, several]),
                struct.pack("<IIfB", int(limit or 0), max(1, round(metadata.get("render_fps") or 30)), float(aspect), 0),
            ]
        )

    def _surface(self):
        """Width and height of a surface of MUG's, where the environment has one."""
        for value in vars(unwrapped(self.env)).values():
            if type(value).__name__ == "Surface" and hasattr(value, "commit"):
                return value.width, value.height
        return None

    # What is asked.

    def about(self):
        return bytes([self.can_save]) + self.spec

    def reset(self, seed, options):
        options = json.loads(options) or None
        observation, info = self._pair(self.env.reset(seed=seed, options=options))
        self.live, self.gone = set(self.env.agents) if self.several else {None}, {}
        if self.several:
            self._observe(observation)
        else:
            self.shown = [self.write[0](observation)]
        nothing = [0.0] * len(self.agents)
        return self._returned(nothing, nothing, nothing, info)

    def _pair(self, returned):
        if not isinstance(returned, tuple) or len(returned) != 2:
            raise TypeError(f"reset: expected (observation, info), found {returned!r:.200}")
        return returned

    def step(self, data):
        at, actions = 0, []
        for read in self.read:
            action, at = read(data, at)
            actions.append(action)
        if not self.several:
            returned = self.env.step(actions[0])
        else:
            returned = self.env.step({a: action for a, action in zip(self.agents, actions) if a in self.live})
        if not isinstance(returned, tuple) or len(returned) != 5:
            raise TypeError(f"step: expected (observation, reward, terminated, truncated, info), found {returned!r:.200}")
        observation, reward, terminated, truncated, info = returned
        if not self.several:
            self.shown = [self.write[0](observation)]
            return self._returned([reward], [terminated], [truncated], info)
        self._observe(observation)
        rewards = [reward.get(agent, 0.0) for agent in self.agents]
        # Who has left stays gone, in the way it left.
        before = [(False, False) if agent in self.live else self.gone.get(agent, ENDED) for agent in self.agents]
        ended = [bool(terminated.get(agent, was)) for agent, (was, _) in zip(self.agents, before)]
        cut = [bool(truncated.get(agent, was)) for agent, (_, was) in zip(self.agents, before)]
        alive = set(self.env.agents)
        for agent, *flags in zip(self.agents, ended, cut):
            if agent in alive:
                self.gone.pop(agent, None)
            elif agent in self.live:
                self.gone[agent] = tuple(flags) if any(flags) else ENDED
        self.live = alive
        return self._returned(rewards, ended, cut, info)

    def _observe(self, observation):
        """Agents that have left go on seeing what they saw last."""
        for n, agent in enumerate(self.agents):
            if agent in observation:
                self.shown[n] = self.write[n](observation[agent])
            elif not self.shown[n]:
                raise KeyError(f"reset: expected an observation of {self.names[n]}, found those of {list(observation)}")

    def _returned(self, rewards, terminated, truncated, info):
        rewards = [float(reward) for reward in rewards]
        if not all(map(math.isfinite, rewards)):
            raise ValueError(f"step: expected finite rewards, found {rewards}")
        if self.several and self.write_info:
            # One `info` for all: the members of every agent's.
            info = {key: value for own in info.values() for key, value in own.items()}
        told = self.write_info(info) if self.write_info else b""
        flags = bytes(map(bool, terminated)) + bytes(map(bool, truncated))
        parts = [struct.pack(f"<{len(rewards)}d", *rewards), flags]
        for part in (told, *self.shown):
            parts += [struct.pack("<I", len(part)), part]
        return b"".join(parts)

    def draw(self):
        inner = unwrapped(self.env)
        if callable(getattr(inner, "draw", None)):
            scene = Scene()
            inner.draw(scene)
            return b"\0" + scene.bytes()
        drawn = self.env.render()
        if drawn is None:
            return b"\0"
        if isinstance(drawn, Scene):
            return b"\0" + drawn.bytes()
        if hasattr(drawn, "to_dict") or isinstance(drawn, dict) and "game_state_objects" in drawn:
            self.objects = self.objects or Objects(*(self._surface() or ()))
            return b"\0" + self.objects.scene(drawn).bytes()
        return self._picture(np.asarray(drawn))

    def _picture(self, picture):
        if picture.ndim != 3 or picture.shape[2] not in (3, 4) or picture.dtype != np.uint8:
            expected = "an rgb_array (height × width × 3, uint8), a Scene, or what MUG's Surface.commit() gives"
            raise TypeError(f"render: expected {expected}, found an array of shape {picture.shape} and type {picture.dtype}")
        height, width = picture.shape[:2]
        if height * width > MOST_PIXELS or max(height, width) > 65000:
            raise ValueError(f"render: expected a picture of at most {MOST_PIXELS} pixels, found {width} × {height}")
        rgba = np.full((height, width, 4), 255, np.uint8)
        rgba[:, :, : picture.shape[2]] = picture
        return b"\1" + struct.pack("<HH", width, height) + rgba.tobytes()

    # States: the environment's own, and what surrounds it.

    def save(self):
        inner = unwrapped(self.env)
        around = [vars(layer).get("_elapsed_steps") for layer in layers(self.env)]
        generator, name = generator_of(inner)
        surroundings = {
            "generator": None if generator is None else generator.bit_generator.state,
            "elapsed": around,
            "live": [agent in self.live for agent in self.agents],
        }
        ways = [self.gone.get(agent, ENDED) for agent in self.agents]
        # Left out where they say nothing, so that such states are what they always were.
        if any(way != ENDED for way in ways):
            surroundings["gone"] = [list(way) for way in ways]
        if name != GENERATORS[0]:
            surroundings["generator_name"] = name
        return states.dump(inner.get_state(), surroundings).encode()

    def restore(self, data):
        """Goes back to what every agent saw last, and to a state; says whether it is one."""
        try:
            shown, at = [], 0
            for _ in self.agents:
                end = at + 4 + struct.unpack_from("<I", data, at)[0]
                shown.append(bytes(data[at + 4 : end]))
                at = end
            state = states.load(bytes(data[at:]).decode())
            inner = unwrapped(self.env)
            inner.set_state(state["state"])
            if state["generator"] is not None:
                from gymnasium.utils import seeding

                name = state.get("generator_name", GENERATORS[0])
                # Not by Gymnasium's property, which would seed one from the system first.
                generator = vars(inner).get(name) or seeding.np_random(0)[0]
                generator.bit_generator.state = state["generator"]
                setattr(inner, name, generator)
            for layer, elapsed in zip(layers(self.env), state["elapsed"], strict=True):
                if elapsed is not None:
                    layer._elapsed_steps = elapsed
            for layer in layers(self.env, "aec_env"):
                # A state is of after a reset: wrappers that wait for one, or for what it returned, have waited enough.
                waits = ("_has_reset", "checked_reset", "checked_step", "checked_data_reuse")
                vars(layer).update((name, True) for name in waits if name in vars(layer))
            self.live = {agent for agent, lives in zip(self.agents, state["live"], strict=True) if lives}
            ways = state.get("gone", [ENDED] * len(self.agents))
            ways = zip(self.agents, ways, strict=True)
            self.gone = {agent: (bool(ended), bool(cut)) for agent, (ended, cut) in ways if agent not in self.live}
            if self.several:
                self.env.agents = [agent for agent in self.agents if agent in self.live]
            self.shown = shown
            return True
        except Exception as error:
            print(f"set_state: {type(error).__name__}: {error}")
            return False


# What JavaScript calls.

_guest = None


def begin(name, options, text):
    """`text` is what the page gave as JSON: Python has all of its integers, which JavaScript has not."""
    global _guest
    _guest = Guest(name, json.loads(options) | {"kwargs": json.loads(text).get("kwargs")})
    return _guest.about()


ABOUT, RESET, STEP, DRAW, SAVE, RESTORE = range(6)


def ask(operation, data):
    data = data.to_bytes()
    if operation == STEP:
        return _guest.step(data)
    if operation == DRAW:
        return _guest.draw()
    if operation == RESET:
        seed = struct.unpack_from("<Q", data, 1)[0] if data[0] else None
        return _guest.reset(seed, data[9:].decode())
    if operation == SAVE:
        return _guest.save()
    if operation == RESTORE:
        return bytes([_guest.restore(data)])
    return _guest.about()
