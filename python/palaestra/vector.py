"""Many environments at once: :class:`gymnasium.vector.VectorEnv`, stepped in Rust."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from palaestra import _native
from palaestra.entropy import new_seed
from palaestra.spaces import space


class PalaestraVectorEnv(VectorEnv):
    """So many environments with one agent each, as ``gymnasium.make_vec("palaestra/<id>", num_envs=…)`` makes them.

    They are stepped in Rust while other threads of Python run, on several cores where the work is worth it. What comes back is what
    ``gymnasium.vector.SyncVectorEnv`` of the same environments gives; observations are new arrays at every step.

    Args:
        id: The catalog's id, such as ``CartPole-v1``.
        num_envs: How many.
        autoreset_mode: When an environment whose episode is over starts the next one: in the step after (the default of Gymnasium),
            in the same step, or when it is told to.
        max_episode_steps: Truncates episodes earlier than the environment does by itself.
        threads: On how many threads they are stepped; None for as many as the machine has.
        render_mode: ``rgb_array``, or None.
        render_width: How many pixels across each picture is.
        **kwargs: The environment's own arguments.

    Raises:
        UnknownEnvironmentError: The catalog has no such id.
        ArgumentError: An argument that the environment does not take, or a value that it cannot have.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30, "autoreset_mode": AutoresetMode.NEXT_STEP}

    def __init__(
        self,
        id: str,
        num_envs: int = 1,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        max_episode_steps: int | None = None,
        threads: int | None = None,
        render_mode: str | None = None,
        render_width: int = 600,
        **kwargs: Any,
    ):
        if render_mode not in (None, "rgb_array"):
            raise _native.ArgumentError(f"argument `render_mode`: expected None or 'rgb_array', found {render_mode!r}")
        self._autoreset_mode = AutoresetMode(autoreset_mode)
        self._native = _native.NativeVector(
            id, kwargs, num_envs, self._autoreset_mode.value, max_episode_steps, threads
        )
        facts = self._native.spec()
        self.num_envs = num_envs
        self.metadata = {
            **self.metadata,
            "render_fps": facts["render_fps"],
            "autoreset_mode": self._autoreset_mode,
        }
        self.render_mode = render_mode
        self._render_width = render_width
        self.single_action_space = space(facts["action_spaces"][0])
        self.single_observation_space = space(facts["observation_spaces"][0])
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self._seeded = np.zeros(num_envs, bool)
        self._over = np.zeros(num_envs, bool)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Starts an episode in all of them, or in those that ``options["reset_mask"]`` has true; the first time in all.

        An integer seeds the first environment, one more the second, and so on; a list gives each its own.
        """
        options = dict(options or {})
        mask = options.pop("reset_mask", None)
        mask = np.ones(self.num_envs, bool) if mask is None else np.asarray(mask)
        if mask.shape != (self.num_envs,) or mask.dtype != bool or not mask.any():
            raise _native.ArgumentError(
                f"option `reset_mask`: expected {self.num_envs} bools, one of them True, found {mask!r}"
            )
        # A batch has an observation of each: the first reset is one of all.
        missing = np.flatnonzero(~(mask | self._seeded))
        if missing.size:
            places = ", ".join(map(str, missing))
            raise _native.ArgumentError(
                f"option `reset_mask`: expected True for environments that were never reset, found False: {places}"
            )
        seeds = self._seeds(seed, mask)
        observations, infos = self._native.reset(seeds, options, mask.tolist())
        self._seeded |= mask
        self._over &= ~mask
        return observations, self._vector_infos(infos, [], mask)

    def _seeds(self, seed: int | Sequence[int | None] | None, mask: np.ndarray) -> list[int | None]:
        if seed is None:
            seeds: list[int | None] = [None] * self.num_envs
        elif isinstance(seed, (int, np.integer)):
            seeds = [int(seed) + index for index in range(self.num_envs)]
        else:
            seeds = list(seed)
        if len(seeds) != self.num_envs:
            raise _native.ArgumentError(f"seeds: expected {self.num_envs}, one per environment, found {len(seeds)}")
        unseeded = [index for index in np.flatnonzero(mask & ~self._seeded) if seeds[index] is None]
        for index in unseeded:
            seeds[index] = new_seed()
        return seeds

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Steps all of them.

        Raises:
            ActionError: No batch of actions, or one outside its space; nothing has changed then.
            ResetNeeded: An environment whose episode is over, and that nobody has reset.
        """
        if self._autoreset_mode is AutoresetMode.DISABLED and self._over.any():
            places = ", ".join(map(str, np.flatnonzero(self._over)))
            raise _native.ResetNeeded(f"expected reset() of the environments whose episodes are over: {places}")
        observations, (rewards, terminated, truncated), infos, last = self._native.step(actions)
        self._over = terminated | truncated
        return observations, rewards, terminated, truncated, self._vector_infos(infos, last)

    def _vector_infos(self, infos: list | None, last: list, mask: np.ndarray | None = None) -> dict[str, Any]:
        """As SyncVectorEnv puts them together: an array per name, and a mask of those that have it."""
        together: dict[str, Any] = {}
        ended = {index: {"final_obs": seen, "final_info": info} for index, seen, info in last}
        for index in range(self.num_envs) if infos is not None else sorted(ended):
            if index in ended:
                together = self._add_info(together, ended[index], index)
            if infos is not None and (mask is None or mask[index]):
                together = self._add_info(together, infos[index], index)
        return together

    def render(self) -> tuple[np.ndarray, ...] | None:
        """The pictures of all of them: uint8, height × width × 3. None without a render mode."""
        return None if self.render_mode is None else tuple(self._native.render(self._render_width))
