"""What several tests share."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

import palaestra

ALONE = [entry.id for entry in palaestra.catalog() if not entry.parallel]
SEVERAL = [entry.id for entry in palaestra.catalog() if entry.parallel]
DATA = Path(__file__).parent / "data"


def same(left, right) -> bool:
    """Whether two observations or infos agree in every bit and in every type."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, np.ndarray) and left.dtype == object:
        return left.shape == right.shape and all(map(same, left, right))
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    return left == right


@pytest.fixture(scope="session")
def command():
    """Runs the `palaestra` command with arguments; gives its status and what it printed."""
    program = os.environ.get("PALAESTRA_COMMAND")
    if not program:
        pytest.skip("PALAESTRA_COMMAND does not name the palaestra command: `npm test -- python` does")

    def run(*arguments: object) -> tuple[int, str]:
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    return run
