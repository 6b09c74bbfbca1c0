"""Drives the Python packages that the environments follow, and writes what they do as records.

    python tests/golden/reference list
    python tests/golden/reference parity ENV_ID --seed SEED --steps STEPS    records of many kinds, to standard output
    python tests/golden/reference golden FOLDER ENV_ID                       those that come with the project, into FOLDER

`npm run parity` and `npm run golden` make a virtual environment with the packages and call this.
"""
import argparse
import gzip
import io
import json
import pathlib
import sys

import families
from play import golden, mixed


def parity(env_id, seed, steps):
    """As many steps as are asked for, shared out among the arguments."""
    make, variants = families.environment(env_id)
    whole, done = sum(share for share, _ in variants), 0
    for number, (share, kwargs) in enumerate(variants):
        count = steps - done if number == len(variants) - 1 else max(1, round(steps * share / whole))
        for part in getattr(make, "parts", lambda whole: [whole])(count):
            mixed(sys.stdout, make(env_id, kwargs), seed, part)
            seed += 1
        done += count


def write_golden(folder, env_id):
    make, _ = families.environment(env_id)
    for name, kwargs, policy, seed, steps in families.committed(env_id):
        text = io.StringIO()
        golden(text, make(env_id, kwargs), policy, seed, steps)
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # No time stamp: the same record gives the same file.
        path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
        print(name, flush=True)


def main():
    parser = argparse.ArgumentParser(prog="reference")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list")
    compared = commands.add_parser("parity")
    compared.add_argument("env_id")
    compared.add_argument("--seed", type=int, required=True)
    compared.add_argument("--steps", type=int, required=True)
    written = commands.add_parser("golden")
    written.add_argument("folder")
    written.add_argument("env_id")
    arguments = parser.parse_args()
    if arguments.command == "list":
        print(json.dumps(families.listed()))
    elif arguments.command == "parity":
        parity(arguments.env_id, arguments.seed, arguments.steps)
    else:
        write_golden(arguments.folder, arguments.env_id)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        # Whoever reads has seen enough.
        sys.stderr.close()
