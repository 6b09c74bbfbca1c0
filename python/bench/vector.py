"""Steps per second of many environments at once, each beside its reference, in one run: medians of several rounds and their spread.

    python python/bench/vector.py [--seconds 1] [--rounds 7]

CartPole: beside Gymnasium's own, written for NumPy. A kitchen: beside cogrid's and overcooked-ai's, where they are installed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import statistics
import time
from collections.abc import Callable

import gymnasium
import numpy as np

import palaestra


def of_vector(id: str, count: int, **kwargs) -> Callable[[float], float]:
    """Steps per second of a vector environment, a step of each of its environments counted."""
    envs = gymnasium.make_vec(id, num_envs=count, **kwargs)
    envs.reset(seed=1)
    rng = np.random.default_rng(1)
    batches = [rng.integers(0, envs.single_action_space.n, count) for _ in range(64)]

    def run(seconds: float) -> float:
        steps, began = 0, time.perf_counter()
        while (took := time.perf_counter() - began) < seconds:
            for actions in batches:
                envs.step(actions)
            steps += len(batches) * count
        return steps / took

    return run


def of_parallel(make: Callable[[], object]) -> Callable[[float], float]:
    """Steps per second of a game of several agents, with everything that PettingZoo's API returns."""
    env = make()
    env.reset(seed=1)
    rng = np.random.default_rng(1)
    batches = [
        {agent: int(rng.integers(env.action_space(agent).n)) for agent in env.possible_agents} for _ in range(64)
    ]

    def run(seconds: float) -> float:
        steps, began = 0, time.perf_counter()
        while (took := time.perf_counter() - began) < seconds:
            for actions in batches:
                if not env.agents:
                    env.reset()
                env.step(actions)
            steps += len(batches)
        return steps / took

    return run


def of_cogrid(id: str) -> Callable[[float], float]:
    import cogrid.envs  # noqa: F401 - registers the kitchens
    from cogrid.envs import registry

    return of_parallel(lambda: registry.make(id))


def of_overcooked_ai(layout: str) -> Callable[[float], float]:
    """The rules and the state as a dict, without the package's own Gym wrapper, which needs a NumPy of the past."""
    with contextlib.redirect_stderr(io.StringIO()):  # What its Gym says of itself.
        from overcooked_ai_py.mdp.actions import Action
    from overcooked_ai_py.mdp.overcooked_mdp import OvercookedGridworld

    kitchen = OvercookedGridworld.from_layout_name(layout)
    rng = np.random.default_rng(1)
    batches = [tuple(Action.INDEX_TO_ACTION[choice] for choice in rng.integers(0, 6, 2)) for _ in range(64)]

    def run(seconds: float) -> float:
        state = kitchen.get_standard_start_state()
        steps, began = 0, time.perf_counter()
        while (took := time.perf_counter() - began) < seconds:
            for actions in batches:
                state, _ = kitchen.get_state_transition(state, actions)
                state.to_dict()
            steps += len(batches)
        return steps / took

    return run


def cases() -> list[tuple[str, str, Callable[[], Callable[[float], float]]]]:
    """What is measured, whose it is, and what makes it ready."""
    found = []
    for count in (1, 16, 256, 4096):
        found += [
            (f"CartPole-v1 × {count}", "palaestra", lambda count=count: of_vector("palaestra/CartPole-v1", count)),
            (f"CartPole-v1 × {count}", "gymnasium", lambda count=count: of_vector("CartPole-v1", count)),
        ]
    kitchen = "Overcooked-CrampedRoom-V0"
    found.append((kitchen, "palaestra", lambda: of_parallel(lambda: palaestra.parallel_env(kitchen))))
    if importlib.util.find_spec("cogrid"):
        found.append((kitchen, "cogrid", lambda: of_cogrid(kitchen)))
    layout = "cramped_room"
    state = f"overcooked_ai/{layout}"
    found.append((state, "palaestra", lambda: of_parallel(lambda: palaestra.parallel_env(state))))
    if importlib.util.find_spec("overcooked_ai_py"):
        found.append((state, "overcooked_ai", lambda: of_overcooked_ai(layout)))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=1.0, help="of each round")
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    ready = [(what, whose, make()) for what, whose, make in cases()]
    measured: dict[tuple[str, str], list[float]] = {}
    # Round by round, not one after the other: whatever else the machine does, it does to all of them.
    for round_number in range(chosen.rounds + 1):
        for what, whose, run in ready:
            rate = run(chosen.seconds if round_number else chosen.seconds / 4)
            if round_number:
                measured.setdefault((what, whose), []).append(rate)
    width = max(len(what) for what, _, _ in ready)
    print(f"{'':{width}}  {'':13}  {'steps/s':>12}  {'from':>12}  {'to':>12}")
    for what, whose, _ in ready:
        rates = measured[what, whose]
        least, middle, most = min(rates), statistics.median(rates), max(rates)
        print(f"{what:{width}}  {whose:13}  {middle:12,.0f}  {least:12,.0f}  {most:12,.0f}")


if __name__ == "__main__":
    main()
