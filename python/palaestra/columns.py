"""Batches of members as flat columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


def joined(batch: Any, part: slice = slice(None)) -> dict[str, np.ndarray]:
    """A batch's leaves by their paths, cut to a part of its members: ``{"": array}`` where it is one array itself."""
    parts: Iterable[tuple[str, Any]]
    if isinstance(batch, dict):
        parts = batch.items()
    elif isinstance(batch, tuple) and batch and all(isinstance(member, (np.ndarray, dict)) for member in batch):
        # A Tuple space's: a batch per member, and not a member per step.
        parts = ((str(index), member) for index, member in enumerate(batch))
    elif isinstance(batch, tuple):
        objects = np.empty(len(batch), object)
        objects[:] = batch
        return {"": objects[part]}
    else:
        return {"": batch[part]}
    return {f".{name}{path}": leaf for name, member in parts for path, leaf in joined(member, part).items()}


def named(name: str, episodes: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The episodes' columns, one after another, under this name."""
    paths = episodes[0] if episodes else {}
    return {f"{name}{path}": np.concatenate([episode[path] for episode in episodes]) for path in paths}
