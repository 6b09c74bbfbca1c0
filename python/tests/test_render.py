"""Pictures."""

import gymnasium
import numpy as np
import pytest

import palaestra


@pytest.mark.parametrize("entry", palaestra.catalog(), ids=lambda entry: entry.id)
def test_every_environment_has_a_picture_that_changes_with_its_state(entry):
    env = palaestra.parallel_env(entry.id, render_mode="rgb_array", render_width=240)
    env.reset(seed=1)
    before = env.render()
    assert before.dtype == np.uint8 and before.shape[1:] == (240, 3)
    assert len(np.unique(before.reshape(-1, 3), axis=0)) > 8
    for agent in env.possible_agents:
        env.action_space(agent).seed(1)
    for _ in range(30):
        if env.agents:
            env.step({agent: env.action_space(agent).sample() for agent in env.agents})
    assert not np.array_equal(before, env.render())


def test_a_picture_is_as_wide_as_asked_for_and_the_same_for_the_same_state():
    env = gymnasium.make("palaestra/CartPole-v1", render_mode="rgb_array", render_width=300)
    env.reset(seed=1)
    first = env.render()
    assert first.shape == (168, 300, 3)
    env.reset(seed=1)
    assert np.array_equal(env.render(), first)
    first[:] = 0
    assert env.render().any()


def test_there_is_none_without_a_render_mode_and_none_of_an_impossible_size():
    env = gymnasium.make("palaestra/CartPole-v1")
    env.reset(seed=1)
    assert env.unwrapped.render() is None
    with pytest.raises(palaestra.ArgumentError, match="`render_width`: expected a picture of 1 to 8192 pixels"):
        env = palaestra.PalaestraEnv("CartPole-v1", render_mode="rgb_array", render_width=0)
        env.reset(seed=1)
        env.render()


def test_videos_and_windows_of_gymnasiums_wrappers_have_what_they_ask_for():
    env = gymnasium.make("palaestra/CartPole-v1", render_mode="rgb_array_list")
    env.reset(seed=1)
    env.step(0)
    assert [frame.shape for frame in env.render()] == [(338, 600, 3)] * 2
    assert env.metadata["render_fps"] == 50
