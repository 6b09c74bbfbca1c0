"""Minari datasets."""

from __future__ import annotations

from typing import Any, Protocol

import gymnasium
import numpy as np

from palaestra._native import PalaestraError


class Played(Protocol):
    """What is asked of a record: `palaestra.records.Replay` has it."""

    env_id: str
    kwargs: dict[str, Any]
    header: dict[str, Any]
    several: bool
    action_space: gymnasium.Space
    observation_space: gymnasium.Space
    episodes: list[Any]


def create_dataset(replay: Played, dataset_id: str, **kwargs: Any):
    """A new dataset of a replay's episodes. Those without a step are left out: Minari has none.

    Raises:
        PalaestraError: A space that Minari cannot write, such as that of Overcooked's state.
    """
    import minari
    from minari.data_collector import EpisodeBuffer
    from minari.serialization import serialize_space

    try:
        # Before anything is written: Minari leaves what it has begun.
        for one in (replay.action_space, replay.observation_space):
            serialize_space(one)
    except NotImplementedError as error:
        raise PalaestraError(f"{replay.env_id}: expected spaces that Minari can write: {error}") from error
    episodes = [episode for episode in replay.episodes if len(episode) > 0]
    buffers = [
        EpisodeBuffer(
            id=index,
            seed=episode.seed,
            options=episode.options or None,
            observations=episode.observations,
            actions=episode.actions,
            rewards=_total(episode.rewards, np.sum).tolist(),
            **_ends(episode),
        )
        for index, episode in enumerate(episodes)
    ]
    described = {
        "env": None if replay.several else gymnasium.make(f"palaestra/{replay.env_id}", **replay.kwargs),
        "algorithm_name": replay.header.get("policy"),
        "description": f"Replayed from a record of {replay.env_id} {replay.kwargs}",
    }
    return minari.create_dataset_from_buffers(
        dataset_id,
        buffer=buffers,
        action_space=replay.action_space,
        observation_space=replay.observation_space,
        **{name: value for name, value in described.items() if value is not None} | kwargs,
    )


def _ends(episode: Any) -> dict[str, list[bool]]:
    """The flags of an episode. One that was broken off has none: it is truncated, as by Minari's own collector, since whoever joins a
    dataset's episodes finds their ends by the flags alone."""
    terminations = _total(episode.terminated, np.all).tolist()
    truncations = _total(episode.truncated, np.all).tolist()
    truncations[-1] = truncations[-1] or not terminations[-1]
    return {"terminations": terminations, "truncations": truncations}


def _total(values: Any, of: Any) -> np.ndarray:
    return of(list(values.values()), axis=0) if isinstance(values, dict) else values
