"""The Python that documents show runs as it stands, in the order in which a reader meets it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from pathlib import Path

import gymnasium
import numpy
import pytest

import palaestra

DATA = Path(__file__).parent / "data"
DOCUMENTS = Path(__file__).parents[2] / "docs"
# What a document's text says that the reader has by then.
RECORDS = ["p07.jsonl.gz", "participant.jsonl.gz"]


def programs(name: str) -> list[tuple[int, str]]:
    """Each block of Python in a document, with the line at which it begins."""
    text = (DOCUMENTS / name).read_text(encoding="utf-8")
    found = re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, block.start()) + 2, block[1]) for block in found]


def missing(code: str) -> list[str]:
    """The packages that a program imports and that are not installed here."""
    names = re.findall(r"^(?:import|from) ([\w, ]+?)(?: as \w+| import .*)?$", code, re.MULTILINE)
    modules = {name.strip() for line in names for name in line.split(",")}
    return sorted(name for name in modules if importlib.util.find_spec(name) is None)


@pytest.mark.parametrize("document", ["python.md", "loop.md"])
def test_documents(document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path / "datasets"))
    for name in RECORDS:
        shutil.copy(DATA / "cart_pole.jsonl.gz", name)
    known = {"palaestra": palaestra, "gymnasium": gymnasium, "numpy": numpy}
    blocks = programs(document)
    assert blocks, f"{document} shows no Python any more"
    skipped, ran = [], 0
    for line, code in blocks:
        if absent := missing(code):
            skipped.append(f"{document}:{line}: {', '.join(absent)}")
            continue
        # Padded, so that a fault names the document's own line.
        exec(compile("\n" * (line - 1) + code, str(DOCUMENTS / document), "exec"), known)
        ran += 1
    if ran == 0:
        pytest.skip(f"not installed: {'; '.join(skipped)}")
    if document == "python.md":
        assert [line.split(": ")[1] for line in skipped] in ([], ["stable_baselines3"])
        assert os.path.getsize("mine.jsonl.gz") > 0 and os.path.getsize("p07.npz") > 0
