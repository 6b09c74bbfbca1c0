"""Gymnasium's registry."""

from __future__ import annotations

import gymnasium

from palaestra.catalog import catalog


def register_envs() -> None:
    """Registers every environment with one agent as ``palaestra/<id>``. Importing the package does this."""
    for entry in catalog():
        if entry.gymnasium_id is None or entry.gymnasium_id in gymnasium.registry:
            continue
        gymnasium.register(
            id=entry.gymnasium_id,
            entry_point="palaestra.env:PalaestraEnv",
            vector_entry_point="palaestra.vector:PalaestraVectorEnv",
            max_episode_steps=entry.max_episode_steps,
            kwargs={"id": entry.id},
        )
