"""Minari datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from palaestra.records import Replay


def create_dataset(replay: Replay, dataset_id: str, **kwargs: Any):
    """A new dataset of a replay's episodes. Those without a step are left out: Minari has none."""
    import minari
    from minari.data_collector import EpisodeBuffer

    episodes = [episode for episode in replay.episodes if len(episode) > 0]
    buffers = [
        EpisodeBuffer(
            id=index,
            seed=episode.seed,
            options=episode.options or None,
            observations=episode.observations,
            actions=episode.actions,
            rewards=_total(episode.rewards, np.sum).tolist(),
            terminations=_total(episode.terminated, np.all).tolist(),
            truncations=_total(episode.truncated, np.all).tolist(),
        )
        for index, episode in enumerate(episodes)
    ]
    described = {
        "eval_env": None,
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


def _total(values: Any, of: Any) -> np.ndarray:
    return of(list(values.values()), axis=0) if isinstance(values, dict) else values
