"""The environments that people play in their browser, for Gymnasium and PettingZoo; and their records, to the bit.

``import palaestra`` registers every environment with one agent, so that ``gymnasium.make("palaestra/CartPole-v1")`` and
``gymnasium.make_vec`` find it. :func:`parallel_env` makes those with several agents. :func:`verify` and :func:`replay` take a record:
a participant's, or one that was written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from palaestra._native import (
    ActionError,
    ArgumentError,
    PalaestraError,
    RecordError,
    ResetNeeded,
    StateError,
    UnknownEnvironmentError,
)
from palaestra.catalog import Entry, catalog
from palaestra.env import PalaestraEnv
from palaestra.records import Episode, Replay, Verification, replay, verify
from palaestra.registration import register_envs
from palaestra.vector import PalaestraVectorEnv

if TYPE_CHECKING:
    from palaestra.parallel import PalaestraParallelEnv

__all__ = [
    "ActionError",
    "ArgumentError",
    "Entry",
    "Episode",
    "PalaestraEnv",
    "PalaestraError",
    "PalaestraVectorEnv",
    "RecordError",
    "Replay",
    "ResetNeeded",
    "StateError",
    "UnknownEnvironmentError",
    "Verification",
    "catalog",
    "parallel_env",
    "register_envs",
    "replay",
    "verify",
]

register_envs()


def parallel_env(id: str, *, render_mode: str | None = None, **kwargs: Any) -> PalaestraParallelEnv:
    """The environment of this id by PettingZoo's parallel API; see :class:`palaestra.parallel.PalaestraParallelEnv`.

    Every environment of the catalog can be made so, one with a single agent as well. It needs the package ``pettingzoo``.
    """
    from palaestra.parallel import PalaestraParallelEnv

    return PalaestraParallelEnv(id, render_mode=render_mode, **kwargs)
