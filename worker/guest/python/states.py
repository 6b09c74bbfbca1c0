"""States of environments as text, in one form for each: what JSON has, and of what else states are made of."""

import base64
import json

import numpy as np

# The one key of an object that stands for something that JSON has not.
TAG = "__palaestra__"


def plain(value):
    """As JSON can have it. Raises for what is no state."""
    if value is None or isinstance(value, (bool, int, float, str)) and not isinstance(value, np.generic):
        return value
    if isinstance(value, np.ndarray) and value.dtype.hasobject is False:
        return {TAG: ["ndarray", value.dtype.str, list(value.shape), base64.b64encode(value.tobytes()).decode()]}
    if isinstance(value, np.generic):
        return {TAG: ["scalar", value.dtype.str, base64.b64encode(value.tobytes()).decode()]}
    if isinstance(value, (bytes, bytearray)):
        return {TAG: ["bytes", base64.b64encode(bytes(value)).decode()]}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, tuple):
        return {TAG: ["tuple", [plain(part) for part in value]]}
    if isinstance(value, (set, frozenset)):
        parts = sorted((plain(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
        return {TAG: [type(value).__name__, parts]}
    if isinstance(value, dict):
        # In the text these are in the order of their keys. Where they were in another, pairs keep it: a step may go by it.
        if all(isinstance(key, str) and key != TAG for key in value) and list(value) == sorted(value):
            return {key: plain(part) for key, part in value.items()}
        return {TAG: ["dict", [[plain(key), plain(part)] for key, part in value.items()]]}
    raise TypeError(
        "get_state: expected a state of numbers, texts, bytes, NumPy arrays, and lists, tuples, sets and dicts of them, "
        f"found {type(value).__name__} {value!r:.100}"
    )


def whole(value):
    """What `plain` was given."""
    if isinstance(value, list):
        return [whole(part) for part in value]
    if not isinstance(value, dict):
        return value
    if TAG not in value:
        return {key: whole(part) for key, part in value.items()}
    name, *parts = value[TAG]
    if name == "ndarray":
        return np.frombuffer(base64.b64decode(parts[2]), np.dtype(parts[0])).reshape(parts[1]).copy()
    if name == "scalar":
        return np.frombuffer(base64.b64decode(parts[1]), np.dtype(parts[0]))[0]
    if name == "bytes":
        return base64.b64decode(parts[0])
    if name == "dict":
        return {whole(key): whole(part) for key, part in parts[0]}
    return {"tuple": tuple, "set": set, "frozenset": frozenset}[name](whole(part) for part in parts[0])


def by_key(value):
    """Its dicts in the order of their keys, for what goes by no order."""
    return {key: by_key(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


def dump(state, surroundings):
    """A state as text, with what surrounds it; the same state is the same text."""
    parts = {"state": plain(state), **plain(by_key(surroundings))}
    return json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def load(text):
    return whole(json.loads(text))
