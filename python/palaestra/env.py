"""One agent: :class:`gymnasium.Env`."""

from __future__ import annotations

from os import PathLike
from typing import Any

import gymnasium
import numpy as np

from palaestra import _native
from palaestra.entropy import new_seed
from palaestra.recording import write_record
from palaestra.spaces import space


class PalaestraEnv(gymnasium.Env):
    """An environment with one agent, as ``gymnasium.make("palaestra/<id>")`` makes it.

    Args:
        id: The catalog's id, such as ``CartPole-v1``.
        render_mode: ``rgb_array``, or None.
        render_width: How many pixels across the picture is; its height follows from the scene's proportions.
        record: Whether all that is played is recorded; see :meth:`record`.
        **kwargs: The environment's own arguments, as its reference takes them.

    Raises:
        UnknownEnvironmentError: The catalog has no such id.
        ArgumentError: An argument that the environment does not take, or a value that it cannot have.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}

    def __init__(
        self, id: str, render_mode: str | None = None, render_width: int = 600, record: bool = False, **kwargs: Any
    ):
        if render_mode not in (None, "rgb_array"):
            raise _native.ArgumentError(f"argument `render_mode`: expected None or 'rgb_array', found {render_mode!r}")
        self._native = _native.NativeEnv(id, kwargs, record)
        facts = self._native.spec()
        if len(facts["agents"]) != 1:
            raise _native.ArgumentError(
                f"{id}: expected an environment with one agent, found {len(facts['agents'])}: "
                f"palaestra.parallel_env({id!r}) makes it"
            )
        self.metadata = {**self.metadata, "render_fps": facts["render_fps"]}
        self.render_mode = render_mode
        self._render_width = render_width
        self.action_space = space(facts["action_spaces"][0])
        self.observation_space = space(facts["observation_spaces"][0])
        self._seeded = False

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Starts an episode. Without a seed the generator goes on; if it was never seeded, it starts from a seed of chance."""
        super().reset(seed=seed)
        if seed is None and not self._seeded:
            seed = new_seed()
        (observation,), info = self._native.reset(seed, options)
        self._seeded = True
        return observation, info

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Advances by one step."""
        return self._native.step_alone(action)

    def render(self) -> np.ndarray | None:
        """The picture of the present state: uint8, height × width × 3. None without a render mode."""
        return None if self.render_mode is None else self._native.render(self._render_width)

    def save(self) -> bytes:
        """Everything the future depends on, the generator included."""
        return self._native.save()

    def restore(self, state: bytes) -> None:
        """Goes back to what :meth:`save` gave: of this environment, or of another one with the same id and arguments.

        The environment's own time limit goes back as well. That of :func:`gymnasium.make`, which stands around it, knows nothing of it: it
        counts on, and truncates too early. ``gymnasium.make(..., max_episode_steps=-1)`` leaves it out; the environment's own remains.

        Raises:
            StateError: Bytes that are no such state, or an environment that records: no record goes back in time.
        """
        self._native.restore(state)
        self._seeded = True

    def hash(self) -> int:
        """The hash of the present state, the same as in a browser: 64 bits."""
        return self._native.hash()

    def record(
        self, path: str | PathLike | None = None, *, policy: str | None = None, header: dict[str, Any] | None = None
    ) -> bytes:
        """What was played so far, as a record (JSON Lines; gzipped for a path that ends in ``.gz``).

        Args:
            path: Where it is written as well.
            policy: Who chose the actions, for the header.
            header: Fields of your own for the header: a condition, a participant. A `participant` is 1 to 128 characters that can be seen;
                another one raises `PalaestraError`.
        """
        return write_record(self._native, path, policy, header)
