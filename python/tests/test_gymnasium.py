"""Environments with one agent, as Gymnasium drives them."""

import warnings

import gymnasium
import numpy as np
import pytest
from conftest import ALONE, same
from gymnasium.utils.env_checker import check_env

import palaestra


def make(id, **kwargs):
    return gymnasium.make(f"palaestra/{id}", **kwargs)


@pytest.mark.parametrize("id", ALONE)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:.*(Box|symmetric).*:UserWarning")
def test_every_environment_passes_gymnasiums_check(id):
    env = make(id)
    check_env(env.unwrapped)
    env.close()


# What the parity tests compare over hundreds of thousands of steps, in a glance and through both packages as they are installed.
@pytest.mark.parametrize(
    ("id", "kwargs"),
    [
        ("CartPole-v1", {}),
        ("CartPole-v1", {"sutton_barto_reward": True}),
        ("MountainCar-v0", {}),
        ("Acrobot-v1", {}),
        ("FrozenLake-v1", {"is_slippery": True}),
        ("FrozenLake-v1", {"desc": ["SFF", "FHF", "FFG"]}),
        ("Taxi-v4", {}),
        ("CliffWalking-v1", {}),
        ("Blackjack-v1", {"natural": True}),
    ],
)
def test_it_is_gymnasiums_own_step_for_step(id, kwargs):
    ours, theirs = make(id, **kwargs), gymnasium.make(id, **kwargs)
    assert ours.action_space == theirs.action_space
    assert ours.observation_space == theirs.observation_space
    assert ours.spec.max_episode_steps == theirs.spec.max_episode_steps
    ours.action_space.seed(5)
    seed = 42
    for _ in range(4):
        seen, expected = ours.reset(seed=seed), theirs.reset(seed=seed)
        assert _alike(seen, expected)
        seed, over = None, False
        while not over:
            action = ours.action_space.sample()
            found, wanted = ours.step(action), theirs.step(action)
            assert _alike(found, wanted)
            over = found[2] or found[3]


def _alike(ours, theirs):
    """The references return NumPy's integers where ours are Python's; the numbers have to be the same in every bit."""
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(_alike(ours[name], theirs[name]) for name in ours)
    if isinstance(ours, tuple):
        return len(ours) == len(theirs) and all(map(_alike, ours, theirs))
    if isinstance(ours, np.ndarray) and ours.dtype == np.float32:
        return same(ours, theirs)
    return np.array_equal(ours, theirs)


def test_without_a_seed_the_generator_goes_on_and_the_first_seed_is_of_chance():
    one, two = make("CartPole-v1"), make("CartPole-v1")
    assert not np.array_equal(one.reset()[0], two.reset()[0])
    first, second = one.reset(seed=3)[0], one.reset()[0]
    assert not np.array_equal(first, second)
    two.reset(seed=3)
    assert np.array_equal(two.reset()[0], second)


def test_options_and_arguments_are_passed_on():
    env = make("CartPole-v1")
    observation, _ = env.reset(seed=1, options={"low": -0.001, "high": np.float64(0.001)})
    assert np.abs(observation).max() <= 0.001
    assert make("FrozenLake-v1", map_name="8x8").observation_space.n == 64
    assert make("Pendulum-v1", g=np.float32(2.5)).reset(seed=1)[0].shape == (3,)


def test_what_is_wrong_is_told_with_what_was_probably_meant():
    with pytest.raises(
        palaestra.ArgumentError, match=r"found `sutton_barto_rewards` \(did you mean `sutton_barto_reward`\?\)"
    ):
        make("CartPole-v1", sutton_barto_rewards=True)
    with pytest.raises(palaestra.ArgumentError, match="`sutton_barto_reward`: expected true or false, found 3"):
        make("CartPole-v1", sutton_barto_reward=3)
    with pytest.raises(palaestra.ArgumentError, match="expected what JSON can say, found <object"):
        make("CartPole-v1", sutton_barto_reward=object())
    with pytest.raises(
        palaestra.UnknownEnvironmentError, match=r"found `Cartpole-v1` \(did you mean `CartPole-v1`\?\)"
    ):
        palaestra.PalaestraEnv("Cartpole-v1")
    with pytest.raises(palaestra.ArgumentError, match="parallel_env"):
        palaestra.PalaestraEnv("overcooked_ai/cramped_room")
    with pytest.raises(palaestra.ArgumentError, match="`render_mode`"):
        palaestra.PalaestraEnv("CartPole-v1", render_mode="ansi")
    with pytest.raises(palaestra.ArgumentError, match="reset_mask|expected"):
        make("CartPole-v1").reset(options={"lwo": 0.0})
    assert issubclass(palaestra.ArgumentError, palaestra.PalaestraError)


def test_a_refused_action_changes_nothing():
    env = make("CartPole-v1").unwrapped
    with pytest.raises(palaestra.ResetNeeded):
        env.step(0)
    env.reset(seed=1)
    before = env.save()
    for action in (2, -1, 0.5, "left", None, [0, 1], np.array([1.0])):
        with pytest.raises(palaestra.ActionError, match=r"expected a member of .*Discrete|expected a member of"):
            env.step(action)
    assert env.save() == before
    for action in (1, np.int8(1), np.array(1), True):
        env.reset(seed=1)
        assert env.step(action)[1] == 1.0


def test_a_box_takes_lists_and_other_floats_and_nothing_of_another_shape():
    env = make("LunarLanderContinuous-v3").unwrapped
    results = []
    for action in ([0.5, -0.25], np.array([0.5, -0.25]), np.array([0.5, -0.25], np.float32)):
        env.reset(seed=4)
        results.append(env.step(action)[0])
    assert same(results[0], results[1]) and same(results[1], results[2])
    for action in (0.5, [0.5], [[0.5, -0.25]], ["a", "b"]):
        with pytest.raises(palaestra.ActionError):
            env.step(action)


def test_a_saved_state_is_gone_back_to_and_others_are_refused():
    env = make("LunarLander-v3").unwrapped
    env.reset(seed=9)
    for _ in range(20):
        env.step(2)
    state, hashed = env.save(), env.hash()
    ahead = [env.step(action)[0] for action in (0, 1, 2, 3)]
    env.restore(state)
    assert env.hash() == hashed
    assert same([env.step(action)[0] for action in (0, 1, 2, 3)], ahead)
    other = make("LunarLander-v3").unwrapped
    other.restore(state)
    assert same(other.step(0)[0], ahead[0])
    with pytest.raises(palaestra.StateError):
        env.restore(state[:-1])


def test_limits_of_make_and_of_the_environment_both_hold():
    def steps(**kwargs):
        env = make("MountainCar-v0", **kwargs)
        env.reset(seed=1)
        return next(step for step in range(1, 1000) if env.step(1)[3])

    assert steps() == 200
    assert steps(max_episode_steps=30) == 30
    # The environment's own limit is part of it, as in a browser.
    assert steps(max_episode_steps=-1) == 200


def test_only_the_environments_own_limit_goes_back_with_a_state():
    def steps_after_restoring(**kwargs):
        env = make("MountainCar-v0", **kwargs)
        env.reset(seed=1)
        state = env.unwrapped.save()
        for _ in range(150):
            env.step(1)
        env.unwrapped.restore(state)
        return next(step for step in range(1, 1000) if env.step(1)[3])

    # That of make counts on: see `restore`.
    assert steps_after_restoring() == 50
    assert steps_after_restoring(max_episode_steps=-1) == 200


def test_observations_are_new_arrays_every_time():
    env = make("CartPole-v1")
    first, _ = env.reset(seed=1)
    kept = first.copy()
    first[:] = 7
    assert not np.array_equal(env.step(0)[0], first)
    assert np.array_equal(env.reset(seed=1)[0], kept)


def test_importing_twice_registers_once_and_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        palaestra.register_envs()
    assert "palaestra/CartPole-v1" in gymnasium.registry
