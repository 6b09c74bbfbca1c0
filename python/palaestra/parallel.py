"""Several agents: PettingZoo's parallel API."""

from __future__ import annotations

import warnings
from os import PathLike
from typing import Any

import gymnasium
import numpy as np
from pettingzoo import ParallelEnv

from palaestra import _native
from palaestra.entropy import new_seed
from palaestra.recording import write_record
from palaestra.spaces import space


class PalaestraParallelEnv(ParallelEnv):
    """An environment of the catalog, all of whose agents act at once.

    Agents, spaces, rewards and ends are the reference's, but for two: agents of cogrid and slimevb are ``agent_0`` and ``agent_1``, and
    slime volleyball's action spaces have all that the reference's ``step`` takes, not only what it declares. What all agents share (a
    team's observation, an episode's end) each of them is given. An info that the reference keys by agents reaches each agent as its own;
    any other reaches all of them.

    Args:
        id: The catalog's id, such as ``overcooked_ai/cramped_room``.
        render_mode: ``rgb_array``, or None.
        render_width: How many pixels across the picture is; its height follows from the scene's proportions.
        record: Whether all that is played is recorded; see :meth:`record`.
        **kwargs: The environment's own arguments.

    Raises:
        UnknownEnvironmentError: The catalog has no such id.
        ArgumentError: An argument that the environment does not take, or a value that it cannot have.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "is_parallelizable": True}

    def __init__(
        self, id: str, render_mode: str | None = None, render_width: int = 600, record: bool = False, **kwargs: Any
    ):
        if render_mode not in (None, "rgb_array"):
            raise _native.ArgumentError(f"argument `render_mode`: expected None or 'rgb_array', found {render_mode!r}")
        self._native = _native.NativeEnv(id, kwargs, record)
        facts = self._native.spec()
        self.metadata = {**self.metadata, "name": facts["id"], "render_fps": facts["render_fps"]}
        self.render_mode = render_mode
        self._render_width = render_width
        self.possible_agents: list[str] = list(facts["agents"])
        self.agents: list[str] = []
        self.action_spaces = dict(zip(self.possible_agents, map(space, facts["action_spaces"])))
        self.observation_spaces = dict(zip(self.possible_agents, map(space, facts["observation_spaces"])))
        self._seeded = False

    def observation_space(self, agent: str) -> gymnasium.spaces.Space:
        """What this agent sees is a member of it."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> gymnasium.spaces.Space:
        """This agent's actions."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Starts an episode. Without a seed the generator goes on; if it was never seeded, it starts from a seed of chance.

        An option that the environment does not know is passed over with a warning, as PettingZoo's environments do.
        """
        if seed is None and not self._seeded:
            seed = new_seed()
        observations, info = self._reset(seed, options)
        self._seeded = True
        self.agents = list(self.possible_agents)
        return dict(zip(self.possible_agents, observations)), self._infos(info)

    def _reset(self, seed: int | None, options: dict[str, Any] | None) -> tuple[list[Any], dict[str, Any]]:
        try:
            return self._native.reset(seed, options)
        except _native.ArgumentError as error:
            # A refused reset has changed nothing.
            known = error.known
            if known is None or not options:
                raise
            unknown = sorted(set(options) - set(known))
            warnings.warn(f"reset of {self.metadata['name']}: {', '.join(unknown)}: {error}", stacklevel=3)
            return self._native.reset(seed, {name: value for name, value in options.items() if name in known})

    def step(
        self, actions: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Advances by one step, given an action for every agent in ``agents``.

        Raises:
            ActionError: An action that is missing, or outside its space; nothing has changed then.
            ResetNeeded: The episode is over.
        """
        if not self.agents:
            raise _native.ResetNeeded("expected reset() before step(): no agent plays")
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise _native.ActionError(f"expected an action of every agent, found none of {', '.join(missing)}")
        observations, (rewards, terminated, truncated), info = self._native.step(
            [actions[agent] for agent in self.possible_agents if agent in actions]
        )
        # Every environment of the catalog ends for all agents in the same step.
        over = [end or cut for end, cut in zip(terminated, truncated)]
        results = (
            dict(zip(self.possible_agents, observations)),
            dict(zip(self.possible_agents, rewards)),
            dict(zip(self.possible_agents, terminated)),
            dict(zip(self.possible_agents, truncated)),
            self._infos(info),
        )
        self.agents = [agent for agent, end in zip(self.possible_agents, over) if not end]
        return results

    def _infos(self, info: dict[str, Any]) -> dict[str, dict[str, Any]]:
        if info and info.keys() <= set(self.possible_agents):
            return {agent: info.get(agent, {}) for agent in self.possible_agents}
        return {agent: dict(info) for agent in self.possible_agents}

    def render(self) -> np.ndarray | None:
        """The picture of the present state: uint8, height × width × 3. None without a render mode."""
        return None if self.render_mode is None else self._native.render(self._render_width)

    def close(self) -> None:
        """Nothing is left to release."""

    def save(self) -> bytes:
        """Everything the future depends on, the generator included."""
        return self._native.save()

    def restore(self, state: bytes) -> None:
        """Goes back to what :meth:`save` gave, in the midst of an episode: all agents play.

        Raises:
            StateError: Bytes that are no such state, or an environment that records: no record goes back in time.
        """
        self._native.restore(state)
        self._seeded = True
        self.agents = list(self.possible_agents)

    def hash(self) -> int:
        """The hash of the present state, the same as in a browser: 64 bits."""
        return self._native.hash()

    def record(
        self, path: str | PathLike | None = None, *, policy: str | None = None, header: dict[str, Any] | None = None
    ) -> bytes:
        """What was played so far, as a record; see :meth:`palaestra.PalaestraEnv.record`."""
        return write_record(self._native, path, policy, header)
