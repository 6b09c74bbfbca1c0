"""Spaces: the same in every part as those the environments describe."""

import pickle

import numpy as np
import pytest
from gymnasium import spaces

import palaestra
from palaestra.spaces import AnyOf, AnyText, Flag, Nothing, space


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (("Discrete", 3, -1), spaces.Discrete(3, start=-1)),
        (("Box", [-1.0], [1.0], [2, 3], "float32"), spaces.Box(-1, 1, (2, 3), np.float32)),
        (
            ("Box", [-1.0, 0.0], [0.5, float("inf")], [2], "float64"),
            spaces.Box(np.array([-1.0, 0.0]), np.array([0.5, np.inf]), dtype=np.float64),
        ),
        (("Box", [0.0], [255.0], [7, 7, 3], "uint8"), spaces.Box(0, 255, (7, 7, 3), np.uint8)),
        (("MultiDiscrete", [3, 2]), spaces.MultiDiscrete([3, 2])),
        (("MultiBinary", 5), spaces.MultiBinary(5)),
        (
            ("Tuple", [("Discrete", 2, 0), ("MultiBinary", 1)]),
            spaces.Tuple((spaces.Discrete(2), spaces.MultiBinary(1))),
        ),
        (("Text", 1, 4, "ab"), spaces.Text(4, min_length=1, charset="ab")),
        (("Sequence", ("Discrete", 2, 0)), spaces.Sequence(spaces.Discrete(2))),
        (("AnyOf", [("Nothing",), ("Flag",)]), AnyOf([Nothing(), Flag()])),
    ],
)
def test_a_space_is_the_one_that_is_described(description, expected):
    made = space(description)
    assert made == expected
    assert made.contains(made.sample())


def test_a_dict_keeps_the_order_of_its_members():
    assert list(space(("Dict", [("z", ("Flag",)), ("a", ("Flag",))]))) == ["z", "a"]


def test_bounds_beyond_a_dtype_are_its_own():
    box = space(("Box", [-(2.0**63)], [2.0**63], [], "int64"))
    assert (box.low, box.high) == (np.iinfo(np.int64).min, np.iinfo(np.int64).max)


def test_the_added_spaces_hold_what_they_say_and_nothing_else():
    text, any_of = AnyText(3), AnyOf([Nothing(), spaces.Discrete(2)])
    assert "é !" in text and "" not in AnyText(3, min_length=1) and "abcd" not in text and 3 not in text
    assert None in any_of and 1 in any_of and 2 not in any_of
    assert True in Flag() and 1 not in Flag() and None in Nothing() and 0 not in Nothing()
    for one in (text, any_of, Flag(), Nothing()):
        one.seed(1)
        assert one.sample() in one
        assert pickle.loads(pickle.dumps(one)) == one


@pytest.mark.parametrize("entry", palaestra.catalog(), ids=lambda entry: entry.id)
def test_every_observation_is_a_member_and_every_sampled_action_is_taken(entry):
    env = palaestra.parallel_env(entry.id)
    observations, _ = env.reset(seed=2)
    for agent in env.possible_agents:
        env.action_space(agent).seed(3)
    for _ in range(60):
        for agent, seen in observations.items():
            assert env.observation_space(agent).contains(seen), (agent, seen)
        if not env.agents:
            observations, _ = env.reset()
            continue
        observations, *_ = env.step({agent: env.action_space(agent).sample() for agent in env.agents})
