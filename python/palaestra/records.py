"""Records: verified, replayed, as arrays, as a Minari dataset."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np

from palaestra import _native
from palaestra.columns import joined, named
from palaestra.spaces import space


@dataclass(frozen=True)
class Verification:
    """What a verified record holds: all of it was replayed, and agreed in every bit."""

    steps: int
    episodes: int
    #: Whether it was taken while its session went on: it lacks how that ended, and what was played afterwards.
    unfinished: bool = False


@dataclass(frozen=True)
class Episode:
    """An episode of a record, as the replay returned it.

    With several agents ``actions``, ``rewards``, ``terminated`` and ``truncated`` are dicts by agent, and so are ``observations`` unless
    all agents see the same.
    """

    #: The seed of its reset; None where the generator went on.
    seed: int | None
    #: What the reset was given beside the seed.
    options: dict[str, Any]
    #: A member more than there are steps: the first is the reset's.
    observations: Any
    actions: Any
    rewards: Any
    terminated: Any
    truncated: Any
    #: The info of the reset.
    reset_info: dict[str, Any]
    #: The infos of the steps, by name, each with an element per step.
    infos: dict[str, Any]

    def __len__(self) -> int:
        """How many steps it has."""
        ends = self.terminated
        return len(next(iter(ends.values())) if isinstance(ends, dict) else ends)


def verify(record: str | PathLike | bytes) -> Verification:
    """Replays a record, a file or its bytes, plain or gzipped, and compares every observation, reward, flag and hash.

    Raises:
        RecordError: It is no record, or the replay went another way: ``line``, ``t``, ``field``, ``expected`` and ``found`` say where.
    """
    return Verification(*_native.verify(_bytes(record)))


def replay(record: str | PathLike | bytes) -> Replay:
    """Replays a record, a file or its bytes, plain or gzipped, and gives what the environment returned.

    Raises:
        RecordError: As :func:`verify` does.
    """
    return Replay(_native.NativeReplay(_bytes(record)))


def _bytes(record: str | PathLike | bytes) -> bytes:
    return bytes(record) if isinstance(record, (bytes, bytearray, memoryview)) else Path(record).read_bytes()


class Replay:
    """A record that was verified, and what its replay returned."""

    def __init__(self, native: _native.NativeReplay):
        self._native = native
        facts = native.spec()
        #: The record's first line.
        self.header: dict[str, Any] = json.loads(native.header())
        #: The id that ``make`` takes.
        self.env_id: str = self.header["env_id"]
        #: The arguments that ``make`` takes.
        self.kwargs: dict[str, Any] = self.header.get("kwargs", {})
        #: The agents, in their order.
        self.agents: list[str] = list(facts["agents"])
        #: How many steps each episode has.
        self.lengths: list[int] = native.lengths()
        self._shared = facts["shared_observation"]
        #: Whether actions, rewards and ends are dicts by agent.
        self.several: bool = len(self.agents) > 1 or not self._shared
        self._actions = [space(one) for one in facts["action_spaces"]]
        self._observations = [space(one) for one in facts["observation_spaces"]]
        self._infos = space(facts["step_info"])

    def __len__(self) -> int:
        """How many steps it has."""
        return sum(self.lengths)

    def __repr__(self) -> str:
        return f"Replay({self.env_id!r}, {len(self)} steps in {len(self.lengths)} episodes)"

    @property
    def action_space(self) -> gymnasium.spaces.Space:
        """The action space; with several agents a Dict of them."""
        return self._by_agent_space(self._actions)

    @property
    def observation_space(self) -> gymnasium.spaces.Space:
        """The observation space; a Dict by agent where each sees something of its own."""
        return self._observations[0] if self._shared else self._by_agent_space(self._observations)

    @cached_property
    def episodes(self) -> list[Episode]:
        """The episodes, in their order."""
        return [self._episode(index) for index in range(len(self.lengths))]

    @property
    def metrics(self) -> dict[str, np.ndarray]:
        """What the browser measured at each step, by name: milliseconds, NaN where it measured nothing."""
        return self._native.metrics()

    @property
    def times(self) -> dict[str, np.ndarray]:
        """When each step was played (``time``), and when the key went down that it was the first to take (``key_time``; NaN: none was).

        In milliseconds of the page's clock, which began at the header's ``time_origin``. Empty where the record does not say.
        """
        return self._native.times()

    def to_numpy(self) -> dict[str, np.ndarray]:
        """All steps, one after another, as flat columns of NumPy, as ``numpy.savez`` takes them.
        ``pandas.DataFrame`` takes those with one number for each step.

        ``episode`` and ``t`` (within the episode, from 0) say which step it is. ``observations`` are those that the action was chosen
        on, ``next_observations`` what it led to. What is a Dict or a Tuple, or is there per agent, has a column per member:
        ``observations.image``, ``observations.0``, ``rewards.agent_1``. What is no array (a text, a list, a member of an AnyOf) is an
        object in its column.
        """
        columns = {
            "episode": np.repeat(np.arange(len(self.lengths)), self.lengths),
            "t": np.concatenate([np.arange(length) for length in self.lengths] or [np.zeros(0, int)]),
        }
        columns.update(self.times)
        for name, pick in {
            "observations": lambda episode: joined(episode.observations, slice(None, -1), self.observation_space),
            "actions": lambda episode: joined(episode.actions, space=self.action_space),
            "rewards": lambda episode: joined(episode.rewards),
            "next_observations": lambda episode: joined(episode.observations, slice(1, None), self.observation_space),
            "terminated": lambda episode: joined(episode.terminated),
            "truncated": lambda episode: joined(episode.truncated),
            "infos": lambda episode: joined(episode.infos, space=self._infos),
        }.items():
            columns.update(named(name, [pick(episode) for episode in self.episodes]))
        columns.update({f"metrics.{name}": values for name, values in self.metrics.items()})
        return columns

    def to_minari(self, dataset_id: str, **kwargs: Any):
        """The record as a new Minari dataset of this id, such as ``study/cartpole-v0``; the package ``minari`` makes it.

        With several agents actions and observations are Dicts by agent, the reward is their sum, and an episode is over when it is for
        all. One that was broken off is truncated at its last step. ``kwargs`` go to ``minari.create_dataset_from_buffers``.
        """
        from palaestra.minari import create_dataset

        return create_dataset(self, dataset_id, **kwargs)

    def _episode(self, index: int) -> Episode:
        played = self._native.episode(index)
        observations = played["observations"]
        return Episode(
            seed=played["seed"],
            options=json.loads(played["options"]),
            observations=observations[0] if self._shared else self._by_agent(observations),
            actions=self._by_agent(played["actions"]),
            rewards=self._by_agent(played["rewards"].T),
            terminated=self._by_agent(played["terminated"].T),
            truncated=self._by_agent(played["truncated"].T),
            reset_info=played["reset_info"],
            infos=played["infos"],
        )

    def _by_agent(self, values: Any) -> Any:
        return dict(zip(self.agents, values)) if self.several else values[0]

    def _by_agent_space(self, spaces: list[gymnasium.spaces.Space]) -> gymnasium.spaces.Space:
        return gymnasium.spaces.Dict(list(zip(self.agents, spaces))) if self.several else spaces[0]
