"""Environments in Python that browsers run (worker/guest/python), without a browser: what they are asked, bytes in and out."""

from __future__ import annotations

import importlib
import importlib.util
import json
import struct
import sys
from pathlib import Path
from typing import ClassVar

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.utils import seeding
from pettingzoo import ParallelEnv
from pettingzoo.utils.wrappers import OrderEnforcingWrapper

ROOT = Path(__file__).parents[2]
WORLDS = ROOT / "tests/guests/worlds"


def _module(name, file, **options):
    spec = importlib.util.spec_from_file_location(name, file, **options)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _guest():
    """The module, in a package of the name that the Worker gives it."""
    folder = ROOT / "worker/guest/python"
    _module("palaestra_guest", folder / "__init__.py", submodule_search_locations=[str(folder)])
    return importlib.import_module("palaestra_guest.guest")


Guest = _guest().Guest


class Painter(gymnasium.Env):
    """Draws in the mode that it is made with."""

    metadata: ClassVar = {"render_modes": ["rgb_array"]}
    action_space = spaces.Discrete(2)
    observation_space = spaces.Discrete(1000)

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.t = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t = 0
        return 0, {}

    def step(self, action):
        self.t += 1
        return self.t, 1.0, False, False, {}

    def render(self):
        return np.zeros((2, 3, 3), np.uint8) if self.render_mode == "rgb_array" else None

    def get_state(self):
        return self.t

    def set_state(self, state):
        self.t = state


class Relay(ParallelEnv):
    """Three who leave after two steps, each in its own way, and one who stays for six."""

    metadata: ClassVar = {"name": "relay"}

    def __init__(self):
        self.possible_agents = ["ended", "cut", "both", "stays"]

    def observation_space(self, agent):
        return spaces.Discrete(1000)

    action_space = observation_space

    def reset(self, seed=None, options=None):
        self.agents, self.t = list(self.possible_agents), 0
        return dict.fromkeys(self.agents, 0), {agent: {} for agent in self.agents}

    def step(self, actions):
        self.t += 1
        alive = list(self.agents)
        leaving = [agent for agent in alive if self.t == (6 if agent == "stays" else 2)]
        terminated = {agent: agent in leaving and agent != "cut" for agent in alive}
        truncated = {agent: agent in leaving and agent in ("cut", "both") for agent in alive}
        self.agents = [agent for agent in alive if agent not in leaving]
        nothing = dict.fromkeys(alive, 0.0)
        return dict.fromkeys(alive, self.t), nothing, terminated, truncated, {agent: {} for agent in alive}

    def get_state(self):
        return self.t

    def set_state(self, state):
        self.t = state


class Drawn(ParallelEnv):
    """Draws for its players in turn, in the order of its dict, by a generator that it has as an attribute."""

    metadata: ClassVar = {"name": "drawn"}
    possible_agents: ClassVar = ["one"]

    def __init__(self):
        self.players = {}

    def observation_space(self, agent):
        return spaces.Discrete(1_000_000)

    def action_space(self, agent):
        return spaces.Discrete(2)

    def reset(self, seed=None, options=None):
        self.agents = ["one"]
        self.np_random, _ = seeding.np_random(seed)
        self.players = {"b": 0, "a": 0}
        return {"one": 0}, {"one": {}}

    def step(self, actions):
        for name in self.players:
            self.players[name] = int(self.np_random.integers(1000))
        seen = 1000 * self.players["a"] + self.players["b"]
        return {"one": seen}, {"one": 0.0}, {"one": False}, {"one": False}, {"one": {}}

    def get_state(self):
        return {"players": self.players}

    def set_state(self, state):
        self.players = state["players"]


class Late(Drawn):
    """Has it by Gymnasium's name, from its first reset on."""

    def reset(self, seed=None, options=None):
        returned = super().reset(seed, options)
        self._np_random = vars(self).pop("np_random")
        return returned

    def step(self, actions):
        self.np_random = self._np_random
        try:
            return super().step(actions)
        finally:
            del self.np_random


class Turns(_module("turns", WORLDS / "turns.py").Turns):
    """With a state, which is taken between rounds."""

    def get_state(self):
        names = ("chosen", "rewards", "rounds", "_cumulative_rewards", "terminations")
        return {name: getattr(self, name) for name in names}

    def set_state(self, state):
        self.reset()
        vars(self).update(state)


class Surfaced(Painter):
    metadata: ClassVar = {"render_modes": ["interactive_gym"]}


class Strict(Painter):
    """Gymnasium's template has this check. It draws in a way that is no mode."""

    metadata: ClassVar = {"render_modes": ["human"]}

    def __init__(self, render_mode=None):
        assert render_mode is None or render_mode in self.metadata["render_modes"]
        super().__init__(render_mode)

    def draw(self, scene):
        scene.background("#ffffff")


class Lenient(Surfaced):
    """Takes whatever mode it is given, and has another one."""

    left: ClassVar = []

    def close(self):
        self.left.append(self.render_mode)


def make_strict(render_mode=None):
    return Strict(render_mode=render_mode)


def make_strict_for_people(render_mode="human"):
    return Strict(render_mode=render_mode)


def make_strict_as_told(render_mode):
    return Strict(render_mode=render_mode)


def make_lenient(render_mode=None):
    return Lenient(render_mode)


def make_broken(render_mode=None):
    raise RuntimeError(f"no engine for {render_mode}")


class Nameless(Painter):
    """Says nothing of its modes, as many do."""

    metadata: ClassVar = {}


def make_nameless(render_mode=None):
    return Nameless(render_mode)


def make_painter(render_mode=None):
    return Painter(render_mode)


def make_for_people(render_mode="human"):
    return Painter(render_mode)


def make_in_its_own_mode(render_mode="interactive_gym"):
    return Painter(render_mode)


class Numbered(Painter):
    number: ClassVar = None


def make_numbered(number):
    Numbered.number = number
    return Numbered()


def make_turns():
    return OrderEnforcingWrapper(Turns())


def make_without():
    return Painter()


for name, maker, limit in [
    ("Limited-v0", "Painter", 5),
    ("Unlimited-v0", "Painter", None),
    ("Made-v0", "make_painter", None),
    ("Strict-v0", "make_strict", None),
]:
    gymnasium.register(f"palaestra_tests/{name}", f"{__name__}:{maker}", max_episode_steps=limit)


def guest_of(entry, **options):
    """A guest that an entry of this file makes, or an id."""
    module = {} if "/" in entry else {"module_name": __name__}
    return Guest("guest/test", {"entry": entry, **module, **options})


def stepped(guest):
    """What a step returned: rewards, `terminated`, `truncated` and observations, an agent each."""
    count = len(guest.agents)
    answer = guest.step(struct.pack(f"<{count}q", *[0] * count))
    rewards = struct.unpack_from(f"<{count}d", answer)
    flags = list(map(bool, answer[8 * count : 10 * count]))
    # An empty info, and then an observation each: lengths, and numbers.
    observations = struct.unpack_from("<" + "Iq" * count, answer, 10 * count + 4)[1::2]
    return rewards, flags[:count], flags[count:], list(observations)


def act(guest):
    """A step: `terminated` and `truncated`, an agent each."""
    return stepped(guest)[1:3]


def kept(guest):
    """What it is given to go back to the present: worker/guest/src/guest.rs keeps its observations beside the state."""
    return b"".join(struct.pack("<I", len(part)) + part for part in guest.shown) + guest.save()


GIVEN = ["make_painter", "make_nameless", "make_for_people", "Painter", "palaestra_tests/Limited-v0", "palaestra_tests/Made-v0"]


@pytest.mark.filterwarnings("ignore:.*render fps")
@pytest.mark.parametrize("entry", GIVEN)
def test_what_takes_a_render_mode_gives_pictures(entry):
    guest = guest_of(entry)
    guest.reset(1, "{}")
    assert guest.draw()[:5] == b"\1" + struct.pack("<HH", 3, 2)


@pytest.mark.parametrize(
    ("entry", "mode"),
    [
        ("Surfaced", None),
        ("make_without", None),
        ("make_in_its_own_mode", "interactive_gym"),
        ("make_strict", None),
        ("make_strict_for_people", "human"),
        ("make_strict_as_told", None),
        ("palaestra_tests/Strict-v0", None),
        ("make_lenient", None),
    ],
)
def test_a_render_mode_is_not_forced_on_what_has_another(entry, mode):
    assert guest_of(entry).env.render_mode == mode


def test_what_was_made_with_a_mode_that_it_does_not_have_is_closed():
    Lenient.left.clear()
    guest_of("make_lenient")
    assert Lenient.left == ["rgb_array"]


def test_what_a_maker_raises_without_a_mode_is_told():
    with pytest.raises(RuntimeError, match="no engine for None"):
        guest_of("make_broken")


def test_a_page_that_names_a_render_mode_has_it():
    assert guest_of("make_painter", kwargs={"render_mode": "ansi"}).env.render_mode == "ansi"


LEFT = ([True, False, True, False], [False, True, True, False])


def _members(space, *values):
    """What a space's writer makes of values, or what it raises."""
    write = importlib.import_module("palaestra_guest.spaces").writer(space)
    found = []
    for value in values:
        try:
            found.append(write(value))
        except ValueError as error:
            found.append(str(error))
    return found


def test_an_observation_that_its_type_does_not_hold_is_refused_and_does_not_wrap_around():
    byte = spaces.Box(0, 255, (1,), np.uint8)
    good = _members(byte, np.array([255]), np.array([7.0]), [True])
    assert good == [b"\xff", b"\x07", b"\x01"]
    for text in _members(byte, np.array([300]), np.array([-1]), np.array([0.5]), np.array([np.nan])):
        assert "of type uint8, found other numbers" in text
    huge = spaces.Box(0, 2**64 - 1, (1,), np.uint64)
    assert _members(huge, np.array([5], np.uint64)) == [struct.pack("<q", 5)]
    assert "of type int64" in _members(huge, np.array([2**63], np.uint64))[0]
    assert "of type int64" in _members(spaces.MultiDiscrete([3]), np.array([0.5]))[0]
    # A float is rounded to the type that the space has.
    assert _members(spaces.Box(0, 1, (1,), np.float32), np.array([0.1])) == [struct.pack("<f", 0.1)]


class Still(gymnasium.Env):
    """Nothing is done in it, and much may be seen."""

    observation_space = spaces.Discrete(1)

    def __init__(self, action_space, observation_space=observation_space):
        self.action_space = action_space
        self.observation_space = observation_space

    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        return 0, 0.0, False, False, {}


def still(actions, seen=Still.observation_space):
    return guest_of("Still", kwargs={"action_space": actions, "observation_space": seen})


def test_actions_and_members_of_a_sequence_that_have_no_bytes_are_refused():
    empty = spaces.Tuple([spaces.Box(0, 1, (2, 0)), spaces.Dict({})])
    members = spaces.Dict({"all": spaces.Sequence(empty)})
    for given, told in [
        ([empty], r"expected actions of something, such as Discrete\(1\), found \[Tuple\("),
        ([spaces.Discrete(1), members], r"expected a Sequence of something, found Sequence\("),
        ([members], r"expected a Sequence of something, found Sequence\("),
    ]:
        with pytest.raises(TypeError, match=told):
            still(*given)
    # Nothing may be seen, and be a part of what is done.
    assert still(spaces.Tuple([empty, spaces.Discrete(2)]), empty).spec


def test_a_discrete_observation_that_is_no_integer_is_refused_and_does_not_become_one():
    five = spaces.Discrete(5)
    two = struct.pack("<q", 2)
    assert _members(five, 2, 2.0, np.float64(2), np.array(2), np.int8(2)) == [two] * 5
    assert _members(five, True) == [struct.pack("<q", 1)]
    for text in _members(five, 2.7, np.float32(2.5), "3"):
        assert "expected a member of Discrete(5), an integer, found" in text


def test_python_has_every_integer_that_the_page_gave():
    module = importlib.import_module("palaestra_guest.guest")
    entry = {"entry": "make_numbered", "module_name": __name__, "kwargs": {"number": 2.0**60}}
    module.begin("guest/test", json.dumps(entry), '{"entry": "make_numbered", "kwargs": {"number": 1152921504606846977}}')
    assert Numbered.number == 2**60 + 1


def test_an_agent_stays_gone_in_the_way_it_left():
    guest = guest_of("Relay")
    for _ in range(2):
        guest.reset(1, "{}")
        assert act(guest) == ([False] * 4, [False] * 4)
        assert [act(guest) for _ in range(3)] == [LEFT] * 3


def test_the_way_in_which_agents_left_is_a_part_of_the_state():
    guest = guest_of("Relay")
    guest.reset(1, "{}")
    act(guest)
    early = kept(guest)
    act(guest)
    late = kept(guest)
    fresh = guest_of("Relay")
    assert fresh.restore(late)
    assert kept(fresh) == late
    assert [act(fresh) for _ in range(2)] == [LEFT] * 2
    assert fresh.restore(early)
    assert kept(fresh) == early
    assert [act(fresh) for _ in range(2)] == [LEFT] * 2
    # Where nobody was cut off, a state is what it always was.
    fresh.restore(early)
    assert set(json.loads(fresh.save())) == {"state", "generator", "elapsed", "live"}


@pytest.mark.parametrize(
    ("entry", "options", "expected"),
    [
        ("Limited-v0", {}, 5),
        ("Limited-v0", {"max_episode_steps": 8}, 8),
        ("Limited-v0", {"max_episode_steps": 3}, 3),
        ("Limited-v0", {"max_episode_steps": 8, "kwargs": {"max_episode_steps": 6}}, 8),
        ("Limited-v0", {"kwargs": {"max_episode_steps": 6}}, 6),
        # Palaestra's own limit ends these.
        ("Unlimited-v0", {"max_episode_steps": 8}, None),
    ],
)
def test_an_id_has_the_limit_that_the_page_says(entry, options, expected):
    guest = guest_of(f"palaestra_tests/{entry}", **options)
    guest.reset(1, "{}")
    ended = [act(guest)[1] for _ in range(20)]
    assert (ended.index([True]) + 1 if [True] in ended else None) == expected


def test_a_state_is_restored_where_nothing_was_reset():
    guest = guest_of("palaestra_tests/Limited-v0")
    guest.reset(1, "{}")
    act(guest)
    state = kept(guest)
    fresh = guest_of("palaestra_tests/Limited-v0")
    assert fresh.restore(state)
    assert [act(fresh)[1] for _ in range(4)] == [[False], [False], [False], [True]]
    assert fresh.env.unwrapped.t == 5


def test_a_state_of_agents_in_turns_is_restored_where_nothing_was_reset():
    guest = guest_of("make_turns")
    guest.reset(1, "{}")
    act(guest)
    state = kept(guest)
    fresh = guest_of("make_turns")
    assert fresh.restore(state)
    assert kept(fresh) == state
    assert [act(fresh)[0] for _ in range(2)] == [[False, False], [True, True]]


@pytest.mark.parametrize("entry", ["Drawn", "Late"])
def test_a_generator_of_either_name_and_the_order_of_a_dict_are_restored(entry):
    guest = guest_of(entry)
    guest.reset(1, "{}")
    act(guest)
    state = kept(guest)
    once = [stepped(guest)[3] for _ in range(5)]
    other = guest_of(entry)
    other.reset(2, "{}")
    for of in (guest, guest_of(entry), other):
        assert of.restore(state)
        assert kept(of) == state
        assert [stepped(of)[3] for _ in range(5)] == once
    names = {"state", "generator", "elapsed", "live"}
    assert set(json.loads(guest.save())) == names | ({"generator_name"} if entry == "Drawn" else set())


def test_what_is_no_generator_of_numpy_s_is_the_environment_s_affair():
    guest = guest_of("Drawn")
    guest.reset(1, "{}")
    guest.env.np_random = np.random.RandomState(3)
    assert json.loads(guest.save())["generator"] is None


def test_dicts_of_a_state_come_back_in_their_order():
    states = importlib.import_module("palaestra_guest.states")
    state = {"b": {"z": 1, "y": [2]}, "a": {"c": 3, "d": 4}, "ab": {}, 5: "six"}
    back = states.load(states.dump(state, {}))["state"]
    assert back == state
    assert [list(back), list(back["b"]), list(back["a"])] == [["b", "a", "ab", 5], ["z", "y"], ["c", "d"]]


def test_a_state_whose_keys_are_in_order_is_the_text_that_it_always_was():
    states = importlib.import_module("palaestra_guest.states")
    generator = np.random.default_rng(1).bit_generator.state
    assert list(generator) != sorted(generator)
    parts = {"generator": generator, "elapsed": [None], "live": [True]}
    state = {"a": 1, "b": {"c": [2.5]}}
    expected = json.dumps({"state": state, **parts}, sort_keys=True, separators=(",", ":"))
    assert states.dump(state, parts) == expected


def test_agents_that_have_left_see_again_what_they_saw_when_the_state_was_taken():
    guest = guest_of("Relay")
    guest.reset(1, "{}")
    for _ in range(3):
        act(guest)
    state = kept(guest)
    other = guest_of("Relay")
    other.reset(1, "{}")
    for of in (guest, guest_of("Relay"), other):
        assert of.restore(state)
        assert stepped(of)[3] == [2, 2, 2, 4]


def test_what_is_no_state_is_refused():
    guest = guest_of("Relay")
    guest.reset(1, "{}")
    state = kept(guest)
    for wrong in (b"", state[:7], state[:-1], state[12:], b"\xff" * 60):
        assert not guest.restore(wrong)
