"""Writing records."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path
from typing import Any


def write_record(native: Any, path: str | PathLike | None, policy: str | None, header: dict[str, Any] | None) -> bytes:
    """The record of what an environment has played so far, written to a file as well where one is named."""
    bytes_ = native.record(path is not None and fspath(path).endswith(".gz"), policy, header)
    if path is not None:
        Path(path).write_bytes(bytes_)
    return bytes_
