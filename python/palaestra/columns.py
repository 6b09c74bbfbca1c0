"""Batches of members as flat columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces


def joined(batch: Any, part: slice = slice(None), space: spaces.Space | None = None) -> dict[str, np.ndarray]:
    """A batch's leaves by their paths, cut to a part of its members: ``{"": array}`` where it is one array itself.

    ``space`` is the members': without it no batch is a Tuple's.
    """
    if isinstance(batch, dict):
        within: Mapping[str, spaces.Space] = space if isinstance(space, spaces.Dict) else {}
        parts = [(name, member, within.get(name)) for name, member in batch.items()]
    elif isinstance(space, spaces.Tuple):
        # A batch per member of the Tuple. By its look a batch of whatever is no array, with a member per step, is the same.
        parts = [(str(index), *member) for index, member in enumerate(zip(batch, space.spaces))]
    elif isinstance(batch, tuple):
        objects = np.empty(len(batch), object)
        for index, member in enumerate(batch):
            # One by one: members of one length would be taken for the rows of a table.
            objects[index] = member
        return {"": objects[part]}
    else:
        return {"": batch[part]}
    return {f".{name}{path}": leaf for name, member, own in parts for path, leaf in joined(member, part, own).items()}


def named(name: str, episodes: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The episodes' columns, one after another, under this name."""
    paths = episodes[0] if episodes else {}
    return {f"{name}{path}": np.concatenate([episode[path] for episode in episodes]) for path in paths}
