"""What there is to make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from palaestra import _native


@dataclass(frozen=True)
class Entry:
    """An environment of the catalog."""

    id: str
    family: str
    title: str
    summary: str
    #: How many agents it has by default.
    agents: int
    #: Whether observations, rewards or ends are one per agent: such an environment is made by ``palaestra.parallel_env``.
    parallel: bool
    #: Steps after which an episode is truncated.
    max_episode_steps: int | None
    #: The names of the keyword arguments it takes.
    arguments: tuple[str, ...]

    @property
    def gymnasium_id(self) -> str | None:
        """What ``gymnasium.make`` takes; None where it is made by ``palaestra.parallel_env``."""
        return None if self.parallel else f"palaestra/{self.id}"


@cache
def catalog() -> tuple[Entry, ...]:
    """Every environment, family by family."""
    return tuple(Entry(**{**entry, "arguments": tuple(entry["arguments"])}) for entry in _native.catalog())
