"""Records: a browser's replays here to the bit, and one that is written here is found true by the `palaestra` command."""

import gzip
import json

import gymnasium
import numpy as np
import pytest
from conftest import ALONE, DATA, SEVERAL, same

import palaestra

# What Chromium wrote of two games with keys and of a program's steps: see scripts/python/browser-records.mjs.
BROWSER = {"cart_pole": (67, 2), "cramped_room": (40, 1), "lunar_lander": (100, 2)}


def path(name):
    return DATA / f"{name}.jsonl.gz"


def lines(record):
    return [json.loads(line) for line in gzip.decompress(record).splitlines()]


@pytest.mark.parametrize("name", BROWSER)
def test_a_browsers_record_is_verified_from_its_path_and_from_its_bytes(name):
    steps, episodes = BROWSER[name]
    packed = path(name).read_bytes()
    for record in (path(name), str(path(name)), packed, gzip.decompress(packed)):
        assert palaestra.verify(record) == palaestra.Verification(steps, episodes)


@pytest.mark.parametrize("name", ["cart_pole", "lunar_lander"])
def test_a_browsers_record_played_through_gymnasium_gives_the_same_numbers(name):
    # Read with Python's own json and compared number by number: nothing of `verify` is in this.
    header, *rest = lines(path(name).read_bytes())
    env = gymnasium.make(f"palaestra/{header['env_id']}", **header["kwargs"])
    steps = 0
    for line in rest:
        if line["type"] == "reset":
            seen, _ = env.reset(seed=line["seed"], options=line.get("options"))
        elif line["type"] == "step":
            action = np.array(line["action"], env.action_space.dtype)
            seen, reward, terminated, truncated, _ = env.step(action)
            assert (reward, terminated, truncated) == (line["reward"], line["terminated"], line["truncated"])
            assert f"{env.unwrapped.hash():016x}" == line["hash"]
            steps += 1
        else:
            continue
        assert [float(number) for number in seen] == line["obs"]
    assert steps == BROWSER[name][0]


def test_a_kitchens_record_played_through_pettingzoo_gives_the_same_states():
    header, *rest = lines(path("cramped_room").read_bytes())
    env = palaestra.parallel_env(header["env_id"], **header["kwargs"])
    for line in rest:
        if line["type"] == "reset":
            seen, _ = env.reset(seed=line["seed"])
        elif line["type"] == "step":
            seen, rewards, *_ = env.step(dict(zip(header["agents"], line["action"])))
            assert rewards["agent_0"] == line["reward"]
            assert f"{env.hash():016x}" == line["hash"]
        else:
            continue
        assert json.loads(json.dumps(seen["agent_1"], default=lambda array: array.tolist())) == line["obs"]


def test_a_changed_record_is_told_with_the_place():
    changed = lines(path("lunar_lander").read_bytes())
    step = next(line for line in changed if line["type"] == "step" and line["t"] == 7)
    step["obs"][2] += 1e-7
    record = "\n".join(map(json.dumps, changed)).encode()
    with pytest.raises(palaestra.RecordError, match=r"t=7 obs\[2\]") as caught:
        palaestra.verify(record)
    error = caught.value
    assert (error.t, error.field) == (7, "obs[2]")
    assert float(error.expected) != float(error.found) and error.line > 7
    with pytest.raises(palaestra.RecordError):
        palaestra.replay(record)
    with pytest.raises(palaestra.RecordError, match="malformed: line 1") as caught:
        palaestra.verify(b"{}")
    assert caught.value.field is None


@pytest.mark.parametrize("id", ALONE)
def test_what_is_recorded_here_replays_and_is_found_true_by_the_command(id, tmp_path, command):
    env = gymnasium.make(f"palaestra/{id}", record=True)
    env.action_space.seed(1)
    env.reset(seed=2**64 - 1)
    for _ in range(120):
        *_, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            env.reset()
    file = tmp_path / "session.jsonl.gz"
    record = env.unwrapped.record(file, policy="sampled", header={"condition": "A"})
    assert file.read_bytes() == record
    header = lines(record)[0]
    assert (header["policy"], header["condition"], header["seed"]) == ("sampled", "A", 2**64 - 1)
    assert palaestra.verify(file).steps == 120
    status, said = command("verify", file)
    assert status == 0 and "120 steps in" in said and "1 passed, 0 failed" in said, said


@pytest.mark.parametrize("id", SEVERAL)
def test_so_is_a_game_of_several(id, tmp_path, command):
    env = palaestra.parallel_env(id, record=True)
    for number, agent in enumerate(env.possible_agents):
        env.action_space(agent).seed(number)
    env.reset()
    for _ in range(60):
        env.step({agent: env.action_space(agent).sample() for agent in env.agents})
        if not env.agents:
            env.reset()
    file = tmp_path / "game.jsonl"
    env.record(file)
    assert file.read_bytes().startswith(b'{"type":"header"')
    status, said = command("verify", file)
    assert status == 0 and "60 steps in" in said, said
    assert len(palaestra.replay(file)) == 60


def test_only_what_was_asked_for_is_recorded_and_no_record_goes_back_in_time():
    env = gymnasium.make("palaestra/CartPole-v1").unwrapped
    env.reset(seed=1)
    with pytest.raises(palaestra.PalaestraError, match="record=True"):
        env.record()
    recorded = gymnasium.make("palaestra/CartPole-v1", record=True).unwrapped
    recorded.reset(seed=1)
    with pytest.raises(palaestra.StateError, match="back in time"):
        recorded.restore(recorded.save())


def test_episodes_are_what_was_seen_while_they_were_played():
    env = gymnasium.make("palaestra/MiniGrid-DoorKey-8x8-v0", record=True)
    env.action_space.seed(3)
    seen, taken, rewards = [env.reset(seed=5)[0]], [], []
    for _ in range(30):
        taken.append(int(env.action_space.sample()))
        observation, reward, *_ = env.step(taken[-1])
        seen.append(observation)
        rewards.append(reward)
    replay = palaestra.replay(env.unwrapped.record())
    (episode,) = replay.episodes
    assert (episode.seed, len(episode), replay.lengths) == (5, 30, [30])
    assert episode.actions.tolist() == taken and episode.rewards.tolist() == rewards
    assert same(episode.observations["image"], np.stack([one["image"] for one in seen]))
    assert episode.observations["mission"] == tuple(one["mission"] for one in seen)
    assert episode.observations["direction"].tolist() == [one["direction"] for one in seen]
    assert replay.observation_space == env.observation_space and replay.action_space == env.action_space


def test_columns_are_as_long_as_there_are_steps_and_go_to_a_file(tmp_path):
    replay = palaestra.replay(path("cart_pole"))
    columns = replay.to_numpy()
    assert {len(column) for column in columns.values()} == {67}
    assert columns["episode"].tolist() == [0] * replay.lengths[0] + [1] * replay.lengths[1]
    assert columns["observations"].dtype == np.float32 and columns["observations"].shape == (67, 4)
    within = columns["t"][1:] > 0
    assert np.array_equal(columns["observations"][1:][within], columns["next_observations"][:-1][within])
    assert columns["terminated"].sum() == 2
    # What the browser measured is there as well: the picture of a step came after the step.
    painted, stepped = columns["metrics.paintTimestamp"], columns["metrics.stepEndTimestamp"]
    assert np.nanmin(painted - stepped) > 0
    np.savez(tmp_path / "columns.npz", **columns)
    with np.load(tmp_path / "columns.npz") as loaded:
        assert np.array_equal(loaded["observations"], columns["observations"])


def test_columns_of_several_agents_are_named_by_them():
    columns = palaestra.replay(path("cramped_room")).to_numpy()
    assert {"actions.agent_0", "actions.agent_1", "rewards.agent_0", "observations.timestep"} <= columns.keys()
    assert columns["observations.timestep"].tolist() == list(range(40))
    assert columns["observations.objects"].dtype == object
    assert {len(column) for column in columns.values()} == {40}


@pytest.mark.parametrize("length", [1, 2, 3])
def test_columns_of_alternatives_have_an_object_for_each_step(length):
    env = gymnasium.make("palaestra/SlimeVolley-v0", atari_mode=True, record=True)
    env.reset(seed=1)
    # Arrays, each a member of the space; a Tuple's batch looks the same.
    taken = [np.array([index % 2, 0, 1], np.int8) for index in range(length)]
    for action in taken:
        env.step(action)
    columns = palaestra.replay(env.unwrapped.record()).to_numpy()
    assert columns["actions"].dtype == object and {len(column) for column in columns.values()} == {length}
    assert all(same(found, action) for found, action in zip(columns["actions"], taken))


def test_columns_of_a_tuple_are_those_of_its_members():
    env = gymnasium.make("palaestra/Blackjack-v1", record=True)
    seen = env.reset(seed=1)[0]
    env.step(1)
    columns = palaestra.replay(env.unwrapped.record()).to_numpy()
    assert [columns[f"observations.{index}"].tolist() for index in range(3)] == [[int(one)] for one in seen]
    assert "observations" not in columns


@pytest.fixture
def minari(monkeypatch, tmp_path):
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    return pytest.importorskip("minari")


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_a_minari_dataset_has_the_same_steps_and_knows_its_environment(minari):
    replay = palaestra.replay(path("lunar_lander"))
    replay.to_minari("study/lander-v0", author="somebody")
    dataset = minari.load_dataset("study/lander-v0")
    assert (dataset.total_steps, dataset.total_episodes) == (100, 2)
    for episode, kept in zip(replay.episodes, dataset.iterate_episodes()):
        # One that was broken off is truncated: whoever joins the episodes finds their ends by the flags.
        assert kept.terminations[-1] or kept.truncations[-1]
        assert np.array_equal(kept.terminations, episode.terminated)
        assert np.array_equal(kept.truncations[:-1], episode.truncated[:-1])
        assert same(np.asarray(kept.observations), episode.observations)
        assert np.array_equal(kept.actions, episode.actions) and np.array_equal(kept.rewards, episode.rewards)
    env = dataset.recover_environment()
    assert np.array_equal(env.reset(seed=11)[0], replay.episodes[0].observations[0])


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_a_minari_dataset_of_several_agents_is_by_agent_and_one_it_cannot_write_is_told(minari):
    env = palaestra.parallel_env("Overcooked-CrampedRoom-V0", record=True)
    env.reset(seed=1)
    for _ in range(9):
        env.step({agent: 1 for agent in env.agents})
    palaestra.replay(env.record()).to_minari("study/kitchen-v0")
    (episode,) = minari.load_dataset("study/kitchen-v0").iterate_episodes()
    assert episode.observations["agent_1"].shape == (10, 892) and len(episode.rewards) == 9
    assert not any(episode.terminations) and episode.truncations.tolist() == [False] * 8 + [True]
    with pytest.raises(palaestra.PalaestraError, match="cramped_room: expected spaces that Minari can write"):
        palaestra.replay(path("cramped_room")).to_minari("study/state-v0")
