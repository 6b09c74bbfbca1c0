"""Many environments at once: what SyncVectorEnv of the same ones gives, made in Rust."""

import threading
import time

import gymnasium
import numpy as np
import pytest
from conftest import ALONE, same
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import palaestra


def pair(id, count, mode=AutoresetMode.NEXT_STEP, **kwargs):
    ours = gymnasium.make_vec(f"palaestra/{id}", num_envs=count, autoreset_mode=mode, **kwargs)
    makers = [lambda: gymnasium.make(f"palaestra/{id}", **kwargs)] * count
    return ours, SyncVectorEnv(makers, autoreset_mode=mode)


def like(space, found, expected):
    """Whether two batches are the same but for the integers' type: a batch of a Discrete space is one of int64."""
    if isinstance(space, gymnasium.spaces.Dict):
        return all(like(part, found[name], expected[name]) for name, part in space.items())
    if isinstance(space, gymnasium.spaces.Tuple) and not isinstance(expected[0], str):
        return all(map(like, space, found, expected))
    return same(found, expected)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize("id", ALONE)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_is_the_same_as_one_after_another(id, mode):
    ours, theirs = pair(id, 3, mode)
    assert ours.single_observation_space == theirs.single_observation_space
    assert ours.observation_space == theirs.observation_space and ours.action_space == theirs.action_space
    seen, expected = ours.reset(seed=4), theirs.reset(seed=4)
    assert like(ours.observation_space, seen[0], expected[0]) and same(seen[1], expected[1])
    ours.action_space.seed(1)
    ended = 0
    for _ in range(260):
        actions = ours.action_space.sample()
        found, wanted = ours.step(actions), theirs.step(actions)
        assert like(ours.observation_space, found[0], wanted[0])
        for mine, reference in zip(found[1:4], wanted[1:4]):
            assert same(mine, reference)
        assert same(found[4], wanted[4]), (found[4], wanted[4])
        ended += int((found[2] | found[3]).sum())
    # Only mazes and cliffs are longer for somebody who walks at random.
    assert ended > 0 or id.startswith(("MiniGrid", "CliffWalking", "SlimeVolley", "MountainCarContinuous", "Acrobot"))


def test_disabled_waits_to_be_told_which_are_to_begin_anew():
    ours, theirs = pair("CartPole-v1", 4, AutoresetMode.DISABLED)
    ours.reset(seed=1), theirs.reset(seed=1)
    over = np.zeros(4, bool)
    resets = 0
    for step in range(120):
        if over.any():
            with pytest.raises(palaestra.ResetNeeded, match="whose episodes are over"):
                ours.step(np.zeros(4, int))
            found = ours.reset(options={"reset_mask": over})
            assert same(found[0], theirs.reset(options={"reset_mask": over})[0])
            resets += 1
        actions = np.full(4, step % 3 == 0, int)
        found, wanted = ours.step(actions), theirs.step(actions)
        assert all(map(same, found[:4], wanted[:4]))
        over = found[2] | found[3]
    assert resets > 2
    with pytest.raises(palaestra.ArgumentError, match="reset_mask"):
        ours.reset(options={"reset_mask": np.zeros(3, bool)})


def test_the_first_reset_is_one_of_all():
    ours, other = (palaestra.PalaestraVectorEnv("CartPole-v1", num_envs=3) for _ in range(2))
    some = {"reset_mask": np.array([True, False, False])}
    with pytest.raises(palaestra.ArgumentError, match="`reset_mask`: expected True .* never reset, found False: 1, 2$"):
        ours.reset(seed=7, options=some)
    # Nobody has been reset.
    with pytest.raises(palaestra.ResetNeeded):
        ours.step(np.zeros(3, int))
    assert same(ours.reset(seed=5)[0], other.reset(seed=5)[0])
    found = ours.reset(seed=9, options=some)[0]
    assert same(found[1:], other.reset(seed=5)[0][1:]) and not same(found[:1], other.reset(seed=5)[0][:1])


def test_however_many_threads_step_it_is_the_same():
    def run(threads, count=512):
        envs = palaestra.PalaestraVectorEnv("LunarLander-v3", num_envs=count, threads=threads)
        envs.reset(seed=1)
        rng = np.random.default_rng(1)
        steps = [envs.step(rng.integers(0, 4, count)) for _ in range(40)]
        return [np.concatenate([step[part] for step in steps]) for part in range(4)]

    alone = run(1)
    for threads in (2, 3, None):
        assert all(map(same, run(threads), alone))
    with pytest.raises(palaestra.ArgumentError, match="`threads`: expected 1 or more"):
        run(0)


def test_other_threads_of_python_run_while_it_steps():
    envs = palaestra.PalaestraVectorEnv("LunarLander-v3", num_envs=20_000, threads=1)
    envs.reset(seed=1)
    actions = np.zeros(20_000, int)
    envs.step(actions)
    counted, over = 0, threading.Event()

    def count():
        nonlocal counted
        while not over.is_set():
            time.sleep(0.0002)
            counted += 1

    other = threading.Thread(target=count)
    other.start()
    began, before = time.perf_counter(), counted
    for _ in range(5):
        envs._native.step(actions)
    took, turns = time.perf_counter() - began, counted - before
    over.set()
    other.join()
    # With the lock held a step of tens of milliseconds gives the other thread one turn.
    assert turns > 40, (turns, took)


def test_limits_and_arguments_are_those_of_make_vec():
    envs = gymnasium.make_vec("palaestra/FrozenLake-v1", num_envs=2, map_name="8x8", max_episode_steps=9)
    envs.reset(seed=1)
    flags = [envs.step(np.array([3, 3]))[3] for _ in range(9)]
    assert flags[-1].all() and not np.any(flags[:-1])
    assert envs.single_observation_space.n == 64 and envs.spec.kwargs["num_envs"] == 2
    assert gymnasium.make_vec("palaestra/CartPole-v1", 3).metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    with pytest.raises(palaestra.ArgumentError, match="`num_envs`"):
        palaestra.PalaestraVectorEnv("CartPole-v1", num_envs=0)
    with pytest.raises(palaestra.ArgumentError, match="expected an environment with one agent, found 2"):
        palaestra.PalaestraVectorEnv("slimevb/SlimeVolleyEnv", num_envs=2)
    with pytest.raises(palaestra.ArgumentError, match="did you mean `map_name`"):
        gymnasium.make_vec("palaestra/FrozenLake-v1", num_envs=2, map_nam="8x8")


def test_a_refused_batch_steps_nobody():
    envs = gymnasium.make_vec("palaestra/CartPole-v1", num_envs=3)
    envs.reset(seed=1)
    for actions in ([0, 1], [0, 1, 2], [0.0, 1.0, 1.0], 1, None, np.zeros((3, 1), int)):
        with pytest.raises(palaestra.ActionError):
            envs.step(actions)
    found = envs.step([0, 1, 0])
    envs.reset(seed=1)
    assert same(envs.step(np.array([0, 1, 0], np.int32))[0], found[0])


def test_pictures_of_all():
    envs = gymnasium.make_vec("palaestra/CartPole-v1", num_envs=2, render_mode="rgb_array", render_width=120)
    envs.reset(seed=1)
    one, two = envs.render()
    assert one.shape == two.shape == (68, 120, 3) and not np.array_equal(one, two)


def test_gymnasiums_vector_wrappers_take_it():
    envs = gymnasium.make_vec("palaestra/CartPole-v1", num_envs=4)
    envs = gymnasium.wrappers.vector.RecordEpisodeStatistics(gymnasium.wrappers.vector.NormalizeObservation(envs))
    envs.reset(seed=1)
    lengths = []
    for _ in range(200):
        *_, infos = envs.step(envs.action_space.sample())
        if "episode" in infos:
            lengths.extend(infos["episode"]["l"][infos["_episode"]].tolist())
    assert len(lengths) > 10 and min(lengths) > 5


def test_actions_of_a_space_that_is_not_gymnasiums_are_taken_one_by_one():
    ours, theirs = pair("SlimeVolley-v0", 2, atari_mode=True)
    ours.reset(seed=1), theirs.reset(seed=1)
    for actions in ((0, [1, 0, 1]), (np.array([0, 1, 0]), 5)):
        assert all(map(same, ours.step(actions)[:4], theirs.step(actions)[:4]))
    with pytest.raises(palaestra.ActionError):
        ours.step((0, 99))
