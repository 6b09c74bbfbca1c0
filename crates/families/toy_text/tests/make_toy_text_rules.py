"""Records games of gymnasium 1.4.0's toy text environments with arguments that nobody plays by, and steps after their ends.

    npm run golden -- make_toy_text_rules        (python crates/families/toy_text/tests/make_toy_text_rules.py [FOLDER], with gymnasium==1.4.0)

Writes crates/families/toy_text/tests/golden/rules.*.jsonl.gz in the record format, for family.rs beside it.
"""
import gzip
import json
import pathlib
import sys
import warnings

import gymnasium
import numpy

STEPS = 300
# After an end two more steps are played: the reference allows them.
AFTERWARDS = 2

LAKE = ["SFFHS", "FFHFF", "FFFxF", "HSFFG"]
GAMES = [
    ("FrozenLake-v1", {"desc": LAKE, "success_rate": 0.5, "reward_schedule": [7, -2.5, -0.25]}),
    ("FrozenLake-v1", {"desc": ["FFF", "FHG"], "is_slippery": False}),
    ("FrozenLake-v1", {"success_rate": 0.95, "map_name": "8x8"}),
    ("FrozenLake8x8-v1", {}),
    ("CliffWalking-v1", {"is_slippery": True}),
    ("CliffWalkingSlippery-v1", {"is_slippery": False}),
    ("Taxi-v4", {"is_rainy": True, "rainy_probability": 0.55}),
    ("Taxi-v4", {"fickle_passenger": True, "fickle_probability": 0.9}),
    ("Blackjack-v1", {"natural": True, "sab": False}),
    ("Blackjack-v1", {"natural": True}),
]
STANDS = [(0, 0), (0, 4), (4, 0), (4, 3)]


def towards(observation):
    """A taxi driver's action who does not know of the walls."""
    place, passenger, destination = observation // 20, observation // 4 % 5, observation % 4
    row, column = place // 5, place % 5
    wanted_row, wanted_column = STANDS[destination if passenger == 4 else passenger]
    if row != wanted_row:
        return 0 if row < wanted_row else 1
    if column != wanted_column:
        return 2 if column < wanted_column else 3
    return 5 if passenger == 4 else 4


def plain(value):
    """As JSON has it."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, (tuple, list, numpy.ndarray)):
        return [plain(member) for member in value]
    return value.item() if isinstance(value, numpy.generic) else value


def game(env_id, kwargs, seed):
    """The lines of a record."""
    env = gymnasium.make(env_id, **kwargs)
    chooser = numpy.random.default_rng(seed + 1)
    yield {"type": "header", "env_id": env_id, "family": "gymnasium", "package": "gymnasium",
           "versions": {"gymnasium": gymnasium.__version__}, "numpy": numpy.__version__, "seed": seed,
           "policy": "a careless one", "kwargs": kwargs, "n_steps": STEPS}
    episodes, left, over = 1, AFTERWARDS, False
    observation, info = env.reset(seed=seed)
    yield {"type": "reset", "t": 0, "seed": seed, "obs": plain(observation), "info": plain(info)}
    for step in range(1, STEPS + 1):
        action = int(chooser.integers(0, env.action_space.n))
        if env_id == "Taxi-v4" and chooser.random() < 0.7:
            action = towards(observation)
        observation, reward, terminated, truncated, info = env.step(action)
        yield {"type": "step", "t": step, "action": action, "obs": plain(observation), "reward": plain(reward),
               "terminated": bool(terminated), "truncated": bool(truncated), "info": plain(info)}
        over = over or terminated or truncated
        if over and left == 0 and step < STEPS:
            episodes, left, over = episodes + 1, AFTERWARDS, False
            observation, info = env.reset()
            yield {"type": "reset", "t": step, "seed": None, "obs": plain(observation), "info": plain(info)}
        elif over:
            left -= 1
    yield {"type": "end", "steps": STEPS, "episodes": episodes}


def main():
    """Writes a file a game."""
    warnings.simplefilter("ignore")
    folder = (pathlib.Path(sys.argv[1]) / "toy_text" if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "golden")
    folder.mkdir(parents=True, exist_ok=True)
    for number, (env_id, kwargs) in enumerate(GAMES, start=1):
        lines = "".join(json.dumps(line) + "\n" for line in game(env_id, kwargs, 100 + number))
        # Without the time, so that the same game gives the same file.
        (folder / f"rules.{number}.jsonl.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))


if __name__ == "__main__":
    main()
