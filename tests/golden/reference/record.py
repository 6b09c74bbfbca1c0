"""Writes trajectories in the project's record format: docs/record-format.md."""
import json
import platform
import sys
from importlib import metadata

import numpy

encode = json.JSONEncoder(separators=(",", ":")).encode


def plain(value):
    """The value as JSON has it: a float32 widened, a tuple a list, a NumPy scalar Python's own."""
    if isinstance(value, numpy.ndarray) or isinstance(value, numpy.generic):
        return value.tolist()
    if isinstance(value, dict):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(member) for member in value]
    return value


class Record:
    """One record, from its header to its end."""

    def __init__(self, out, env_id, kwargs, packages, seed, policy, steps, **more):
        self.out, self.steps, self.episodes = out, 0, 0
        versions = {name: metadata.version(name) for name in packages}
        self.line({
            "type": "header", "env_id": env_id, "package": packages[0], "versions": versions,
            "python": platform.python_version(), "numpy": numpy.__version__,
            "platform": f"{sys.platform} {platform.machine()} {' '.join(platform.libc_ver())}".strip(),
            "seed": seed, "policy": policy, "kwargs": kwargs, "n_steps": steps, **more,
        })

    def line(self, content):
        self.out.write(encode(content) + "\n")

    def reset(self, seed, options, obs, info):
        self.episodes += 1
        line = {"type": "reset", "t": self.steps, "seed": seed}
        if options is not None:
            line["options"] = options
        self.line({**line, "obs": obs, "info": info})

    def step(self, action, obs, reward, terminated, truncated, info):
        self.steps += 1
        self.line({
            "type": "step", "t": self.steps, "action": action, "obs": obs, "reward": reward,
            "terminated": terminated, "truncated": truncated, "info": info,
        })

    def end(self):
        self.line({"type": "end", "steps": self.steps, "episodes": self.episodes})
