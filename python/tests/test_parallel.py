"""Environments with several agents, as PettingZoo drives them."""

import warnings

import numpy as np
import pytest
from conftest import SEVERAL, same
from pettingzoo.test import parallel_api_test, parallel_seed_test

import palaestra


@pytest.mark.parametrize("id", SEVERAL)
@pytest.mark.filterwarnings("ignore:reset of .*options.*:UserWarning")
def test_every_environment_passes_pettingzoos_test(id):
    with warnings.catch_warnings():
        # What it does not like it only warns of.
        warnings.filterwarnings("error", message=".*(Live agent|dead last turn|No agents).*")
        parallel_api_test(palaestra.parallel_env(id), num_cycles=450)


@pytest.mark.parametrize("id", ["overcooked_ai/cramped_room", "mpe2/simple_tag_v3", "Foraging-8x8-3p-4f-v3"])
def test_the_same_seed_is_the_same_game(id):
    parallel_seed_test(lambda: palaestra.parallel_env(id), num_cycles=60)


def played(env, steps, seed=1):
    rows = [env.reset(seed=seed)]
    for number, agent in enumerate(env.possible_agents):
        env.action_space(agent).seed(seed + number)
    for _ in range(steps):
        if not env.agents:
            break
        rows.append(env.step({agent: env.action_space(agent).sample() for agent in env.agents}))
    return rows


def test_agents_spaces_and_arguments_are_the_references():
    env = palaestra.parallel_env("mpe2/simple_tag_v3", num_adversaries=2, max_cycles=7)
    assert env.possible_agents == ["adversary_0", "adversary_1", "agent_0"]
    rows = played(env, 50)
    assert len(rows) == 8 and env.agents == []
    assert all(rows[-1][3].values())
    with pytest.raises(palaestra.ResetNeeded):
        env.step({})
    with pytest.raises(palaestra.ArgumentError, match=r"did you mean `num_adversaries`"):
        palaestra.parallel_env("mpe2/simple_tag_v3", num_adversarie=2)
    with pytest.raises(palaestra.UnknownEnvironmentError, match="did you mean `overcooked_ai/cramped_room`"):
        palaestra.parallel_env("overcooked_ai/cramped_rooms")


def test_everybody_ends_in_the_same_step():
    for id in SEVERAL:
        env = palaestra.parallel_env(id)
        for _, _, terminated, truncated, _ in played(env, 1_100)[1:]:
            assert len({(terminated[agent], truncated[agent]) for agent in env.possible_agents}) == 1, id


def test_what_all_share_each_agent_has_for_itself():
    env = palaestra.parallel_env("overcooked_ai/cramped_room")
    (observations, _), (_, rewards, _, _, infos) = played(env, 1)
    assert same(observations["agent_0"], observations["agent_1"])
    observations["agent_0"]["players"][0]["orientation"] = None
    assert not same(observations["agent_0"], observations["agent_1"])
    assert rewards["agent_0"] == rewards["agent_1"]
    assert infos["agent_0"].keys() == {"sparse", "shaped"}


def test_an_info_by_agent_reaches_its_agent():
    env = palaestra.parallel_env("mpe2/simple_adversary_v3", benchmark_data=True)
    infos = played(env, 1)[1][4]
    assert all(infos[agent].keys() == {"benchmark_data"} for agent in env.possible_agents)
    # The adversary's is one distance, a good agent's one to each landmark and to the goal.
    assert np.shape(infos["adversary_0"]["benchmark_data"]) != np.shape(infos["agent_0"]["benchmark_data"])


def test_actions_are_of_all_agents_and_within_their_spaces():
    env = palaestra.parallel_env("Foraging-8x8-3p-4f-v3")
    env.reset(seed=1)
    before = env.save()
    with pytest.raises(palaestra.ActionError, match="found none of agent_2"):
        env.step({"agent_0": 1, "agent_1": 1})
    with pytest.raises(palaestra.ActionError, match="agent_1"):
        env.step({"agent_0": 1, "agent_1": 99, "agent_2": 1})
    assert env.save() == before


def test_unknown_options_are_passed_over_with_a_warning():
    env = palaestra.parallel_env("mpe2/simple_v3")
    with pytest.warns(UserWarning, match="reset of mpe2/simple_v3: nonsense"):
        env.reset(seed=1, options={"nonsense": 1})


def test_a_state_is_saved_and_gone_back_to():
    env = palaestra.parallel_env("Overcooked-CrampedRoom-V0")
    played(env, 30)
    state = env.save()
    actions = {"agent_0": 1, "agent_1": 2}
    ahead = [env.step(actions) for _ in range(5)]
    env.restore(state)
    assert same([env.step(actions) for _ in range(5)], ahead)
