"""Gymnasium's spaces, made from the environments' own descriptions of theirs.

Discrete, Box, MultiDiscrete, MultiBinary, Tuple, Dict, Text and Sequence are Gymnasium's. Three are added, for references whose
observations are plain Python objects: :class:`AnyOf`, :class:`Nothing` and :class:`Flag`; and :class:`AnyText` is a Text in which every
character is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence as Several
from typing import Any

import numpy as np
from gymnasium import spaces


class AnyText(spaces.Text):
    """A string of any characters, within its lengths."""

    def __repr__(self) -> str:
        return f"AnyText({self.min_length}, {self.max_length})"

    def contains(self, x: Any) -> bool:
        return isinstance(x, str) and self.min_length <= len(x) <= self.max_length


class AnyOf(spaces.Space):
    """A member of one of several spaces, alone: without its space's number, which Gymnasium's OneOf puts before it."""

    def __init__(self, spaces: Several[spaces.Space], seed: int | None = None):
        self.spaces = tuple(spaces)
        super().__init__(None, None, seed)

    @property
    def is_np_flattenable(self) -> bool:
        return False

    def seed(self, seed: int | None = None):
        return (super().seed(seed), *(space.seed(seed) for space in self.spaces))

    def sample(self, mask: Any = None, probability: Any = None) -> Any:
        return self.spaces[self.np_random.integers(len(self.spaces))].sample()

    def contains(self, x: Any) -> bool:
        return any(space.contains(x) for space in self.spaces)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnyOf) and self.spaces == other.spaces

    def __repr__(self) -> str:
        return f"AnyOf({', '.join(map(repr, self.spaces))})"


class Nothing(spaces.Space):
    """None, and nothing else."""

    def __init__(self, seed: int | None = None):
        super().__init__((), None, seed)

    @property
    def is_np_flattenable(self) -> bool:
        return False

    def sample(self, mask: Any = None, probability: Any = None) -> None:
        return None

    def contains(self, x: Any) -> bool:
        return x is None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Nothing)

    def __repr__(self) -> str:
        return "Nothing()"


class Flag(spaces.Space):
    """False and True, as Python's own."""

    def __init__(self, seed: int | None = None):
        super().__init__((), np.bool_, seed)

    @property
    def is_np_flattenable(self) -> bool:
        return False

    def sample(self, mask: Any = None, probability: Any = None) -> bool:
        return bool(self.np_random.integers(2))

    def contains(self, x: Any) -> bool:
        return isinstance(x, (bool, np.bool_))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Flag)

    def __repr__(self) -> str:
        return "Flag()"


def space(description: tuple) -> spaces.Space:
    """The space of a description: its name, then what it is made of."""
    kind, *parts = description
    match kind:
        case "Discrete":
            n, start = parts
            return spaces.Discrete(n, start=start)
        case "Box":
            low, high, shape, dtype = parts
            return spaces.Box(_bound(low, shape, dtype), _bound(high, shape, dtype), tuple(shape), np.dtype(dtype).type)
        case "MultiDiscrete":
            return spaces.MultiDiscrete(parts[0])
        case "MultiBinary":
            return spaces.MultiBinary(parts[0])
        case "Tuple":
            return spaces.Tuple([space(part) for part in parts[0]])
        case "Dict":
            # As pairs: a plain dict would be put in the order of its letters.
            return spaces.Dict([(name, space(part)) for name, part in parts[0]])
        case "Text":
            least, most, charset = parts
            if charset is None:
                return AnyText(max_length=most, min_length=least)
            return spaces.Text(max_length=most, min_length=least, charset=charset)
        case "Sequence":
            return spaces.Sequence(space(parts[0]))
        case "AnyOf":
            return AnyOf([space(part) for part in parts[0]])
        case "Nothing":
            return Nothing()
        case "Flag":
            return Flag()
    raise ValueError(f"expected a space, found {kind}")


def _bound(side: list[float], shape: list[int], dtype: str) -> np.ndarray:
    """One bound for all elements, or one for each, in the Box's own dtype."""
    values = np.array(side, np.float64)
    if not np.issubdtype(dtype, np.floating):
        # Beyond what the dtype holds there is no member. A float64 has not every int64: Python's integers do.
        least, most = (int(limit) for limit in (np.iinfo(dtype).min, np.iinfo(dtype).max))
        values = np.array([min(max(int(value), least), most) for value in np.clip(values, -(2.0**63), 2.0**63)], dtype)
    whole = np.empty(shape, dtype)
    whole[...] = values.astype(dtype).reshape(shape) if len(values) == whole.size else values.astype(dtype)
    return whole
