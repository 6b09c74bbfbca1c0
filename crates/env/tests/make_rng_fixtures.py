"""Writes data/rng.jsonl: draws of NumPy's Generator that tests/rng.rs repeats. Run with NumPy 2.4:

    python make_rng_fixtures.py [folder with trajectories of the Python reference]

One line a case: a seed (its 32-bit words, least significant first), the state it gives, calls with their results, and the
state afterwards. With a folder of trajectories, further cases end in a state that an environment recorded there.
"""
import gzip
import json
import random
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SEEDS = [0, 1, 2, 3, 7, 42, 123, 12345, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**53, 2**63 - 1, 2**63,
         2**64 - 1, 2**64, 2**96 + 5, 2**127 + 3, 2**128 - 1, 2**128, 2**200 + 17, [0, 1], [7, 0, 0, 0, 9], [5, 0]]
CALLS_PER_CASE = 160
POWERS = (31, 32, 33, 53, 62, 63)


def words(seed):
    if isinstance(seed, list):
        return seed
    out = [seed & 0xFFFFFFFF]
    while seed := seed >> 32:
        out.append(seed & 0xFFFFFFFF)
    return out


def state(rng):
    raw = rng.bit_generator.state
    return {"state": f"{raw['state']['state']:032x}", "inc": f"{raw['state']['inc']:032x}",
            "has_uint32": raw["has_uint32"], "uinteger": raw["uinteger"]}


def bounds(pick):
    """Half-open ranges of every kind that `integers` treats differently."""
    kind = pick.randrange(9)
    if kind < 4:
        low = pick.choice([0, 0, 1, -5, 100])
        return low, low + pick.choice([1, 2, 3, 4, 5, 6, 7, 13, 52, 256, 1000, 65537])
    if kind == 4:
        low = pick.randrange(-2**40, 2**40)
        return low, low + 1
    if kind == 5:
        low = pick.randrange(-2**31, 2**31)
        return low, low + 2**32 + pick.choice([-2, -1, 0, 1, 2])
    if kind == 6:
        power = pick.choice(POWERS)
        return pick.choice([(0, 2**power - 1), (-(2**power), 0), (-(2**power), 2**power - 1)])
    if kind == 7:
        low = pick.randrange(-2**63, 2**63 - 2)
        return low, pick.randrange(low + 1, 2**63)
    return 0, pick.randrange(2**31, 2**33)


def call(rng, pick):
    """One call as [name, arguments…, result]."""
    name = pick.choice(["integers"] * 5 + ["random", "uniform", "choice", "shuffle", "permutation", "choice_weighted",
                                           "integers_inclusive", "next_u32", "next_u64"])
    if name == "integers":
        low, high = bounds(pick)
        return [name, low, high, int(rng.integers(low, high))]
    if name == "integers_inclusive":
        low, high = pick.choice([(0, 2**32 - 1), (-2**63, 2**63 - 1), (5, 5), (0, 9), (2**63 - 3, 2**63 - 1)])
        return [name, low, high, int(rng.integers(low, high, endpoint=True))]
    if name == "random":
        return [name, float(rng.random())]
    if name == "uniform":
        low, high = pick.choice([(-0.05, 0.05), (-np.pi, np.pi), (-1.0, 1.0), (-0.6, -0.4), (3.0, 1e6)])
        return [name, low, high, float(rng.uniform(low, high))]
    if name == "choice":
        n = pick.choice([1, 2, 3, 4, 10, 13, 300, 2**33])
        return [name, n, int(rng.choice(n))]
    if name == "shuffle":
        items = list(range(pick.choice([0, 1, 2, 3, 5, 9])))
        rng.shuffle(items)
        return [name, len(items), items]
    if name == "permutation":
        n = pick.choice([0, 1, 2, 4, 17])
        return [name, n, rng.permutation(n).tolist()]
    if name == "choice_weighted":
        weights = [pick.choice([0.0, 0.1, 0.3, 1 / 3, 1.0, 2.5]) for _ in range(pick.randrange(1, 6))] + [0.7]
        p = np.array(weights) / np.sum(weights)
        return [name, p.tolist(), int(rng.choice(len(p), p=p))]
    if name == "next_u32":  # integers of all of uint32 is the plain buffered draw
        return [name, int(rng.integers(0, 2**32))]
    return [name, int(rng.bit_generator.random_raw())]


def repeat(rng, name, count, *arguments):
    return [[name, *arguments, np.asarray(getattr(rng, name)(*arguments)).item()] for _ in range(count)]


def cartpole(rng, lines):
    resets = sum(line["type"] == "reset" and bool(line.get("rng")) for line in lines)
    return repeat(rng, "uniform", 4 * resets, -0.05, 0.05)


def one_per_row(rng, lines):
    return repeat(rng, "random", len(lines) - 1)


def blackjack_reset(rng, lines):
    calls = repeat(rng, "choice", 4, 13) + repeat(rng, "choice", 1, 4)
    return calls + (repeat(rng, "choice", 1, 3) if calls[0][-1] >= 9 else [])


RECORDED = [("CartPole-v1.random-400steps", cartpole, None), ("CliffWalkingSlippery-v1.random-400steps", one_per_row, None),
            ("Blackjack-v1.random-400steps", blackjack_reset, 1)]


def recorded_cases(folder):
    for name, calls, rows in RECORDED:
        for seed in (1, 2):
            lines = [json.loads(line) for line in gzip.open(folder / f"{name}.{seed}.jsonl.gz")][1:]
            lines = lines[:rows]
            last = lines[-1]["rng"]
            rng = np.random.default_rng(seed)
            yield {"source": f"{name}.{seed}", "entropy": [seed], "start": state(rng), "calls": calls(rng, lines),
                   "end": {"state": f"{int(last['state'], 16):032x}", "inc": f"{int(last['inc'], 16):032x}",
                           "has_uint32": last["has_uint32"], "uinteger": last["uinteger"]}}


def cases():
    for number, seed in enumerate(SEEDS):
        rng = np.random.default_rng(seed)
        pick = random.Random(number)
        case = {"source": f"default_rng({seed})", "entropy": words(seed), "start": state(rng)}
        case["calls"] = [call(rng, pick) for _ in range(CALLS_PER_CASE)]
        case["end"] = state(rng)
        yield case
    if len(sys.argv) > 1:
        yield from recorded_cases(Path(sys.argv[1]))


with open(HERE / "data" / "rng.jsonl", "w") as out:
    header = {"made_by": "make_rng_fixtures.py", "numpy": np.__version__}
    for line in (header, *cases()):
        out.write(json.dumps(line, separators=(",", ":")) + "\n")
