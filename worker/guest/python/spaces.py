"""Spaces and their members as the bytes that Palaestra's Rust has for them: crates/env/src/spec/codec.rs and crates/env/src/codec.rs."""

import struct

import numpy as np

DISCRETE, BOX, MULTI_DISCRETE, MULTI_BINARY, TUPLE, DICT, TEXT, SEQUENCE, ONE_OF, NONE, BOOL = range(11)
DTYPES = ("float32", "float64", "uint8", "int8", "int32", "int64")
# What there is none of becomes the narrowest that holds it.
WIDER = {"float16": "float32", "int16": "int32", "uint16": "int32", "uint32": "int64", "uint64": "int64", "bool": "uint8"}


def kind(space):
    """The name of the Gymnasium class of a space, whichever package has that."""
    names = [base.__name__ for base in type(space).__mro__]
    known = ("Discrete", "Box", "MultiDiscrete", "MultiBinary", "Tuple", "Dict", "Text", "Sequence", "OneOf")
    found = next((name for name in names if name in known), None)
    if found is None:
        raise TypeError(f"expected a space among {', '.join(known)}, found {space!r}")
    return found


def text(value):
    data = value.encode()
    return struct.pack("<I", len(data)) + data


def numbers(values, code):
    values = list(values)
    return struct.pack(f"<I{len(values)}{code}", len(values), *values)


def dtype_of(space):
    name = np.dtype(space.dtype).name
    name = WIDER.get(name, name)
    if name not in DTYPES:
        raise TypeError(f"expected a Box of {', '.join(DTYPES)}, found one of {name}")
    return name


def bounds(values):
    """One for all elements where they are the same."""
    values = np.asarray(values, dtype=np.float64).ravel()
    same = values.size > 0 and bool((values == values[0]).all())
    return numbers([values[0]] if same else values, "d")


def spaces_of(space):
    inner = space.spaces
    return list(inner.items()) if kind(space) == "Dict" else list(inner)


def is_nothing(space):
    """Whether no member of a space has a byte."""
    name = kind(space)
    if name == "Dict":
        return all(is_nothing(part) for _, part in spaces_of(space))
    if name == "Tuple":
        return all(map(is_nothing, spaces_of(space)))
    return name in ("Box", "MultiDiscrete", "MultiBinary") and int(np.prod(space.shape)) == 0


def written(space):
    """A space as bytes."""
    name = kind(space)
    if name == "Discrete":
        return struct.pack("<Bqq", DISCRETE, int(space.n), int(getattr(space, "start", 0)))
    if name == "Box":
        shape = numbers(space.shape, "I")
        return bytes([BOX]) + bounds(space.low) + bounds(space.high) + shape + bytes([DTYPES.index(dtype_of(space))])
    if name == "MultiDiscrete":
        if np.any(np.asarray(getattr(space, "start", 0))):
            raise TypeError(f"expected a MultiDiscrete space that starts with 0, found {space!r}")
        return bytes([MULTI_DISCRETE]) + numbers((int(n) for n in np.asarray(space.nvec).ravel()), "q")
    if name == "MultiBinary":
        return struct.pack("<BI", MULTI_BINARY, int(np.prod(space.shape)))
    if name == "Dict":
        inner = spaces_of(space)
        return struct.pack("<BI", DICT, len(inner)) + b"".join(text(str(key)) + written(part) for key, part in inner)
    if name in ("Tuple", "OneOf"):
        inner = spaces_of(space)
        return struct.pack("<BI", TUPLE if name == "Tuple" else ONE_OF, len(inner)) + b"".join(map(written, inner))
    if name == "Text":
        charset = "".join(sorted(space.character_set))
        return struct.pack("<BIIB", TEXT, int(space.min_length), int(space.max_length), 1) + text(charset)
    # How many members there are is not taken from a count that no bytes follow.
    if is_nothing(space.feature_space):
        raise TypeError(f"expected a Sequence of something, found {space!r}")
    return bytes([SEQUENCE]) + written(space.feature_space)


def cast(array, dtype, space):
    """The array in a space's own type. An integer type takes no other numbers than its own: they would wrap around, or lose their fractions."""
    if array.dtype == dtype:
        return array
    with np.errstate(invalid="ignore"):
        own = array.astype(dtype)
    if dtype.kind != "f" and not np.array_equal(own, array):
        raise ValueError(f"expected a member of {space!r}, of type {dtype.name}, found other numbers in {array!r:.200}")
    return own


def writer(space):
    """A function that gives a member of a space as bytes; it raises for what is none by its kind, type or shape."""
    name = kind(space)
    if name == "Discrete":

        def discrete(value):
            own = int(value)
            if own != value:
                raise ValueError(f"expected a member of {space!r}, an integer, found {value!r:.200}")
            return struct.pack("<q", own)

        return discrete
    if name == "Box":
        shape, dtype = tuple(space.shape), np.dtype(dtype_of(space)).newbyteorder("<")

        def box(value):
            array = np.asarray(value)
            if array.shape != shape:
                raise ValueError(f"expected a member of {space!r}, of shape {shape}, found one of shape {array.shape}")
            return cast(array, dtype, space).tobytes()

        return box
    if name in ("MultiDiscrete", "MultiBinary"):
        size = int(np.prod(space.shape))
        dtype = np.dtype("<i8" if name == "MultiDiscrete" else "u1")

        def flat(value):
            array = np.asarray(value)
            if array.size != size:
                raise ValueError(f"expected a member of {space!r}, of {size} elements, found {array.size}")
            return cast(array, dtype, space).tobytes()

        return flat
    if name == "Dict":
        parts = [(key, writer(part)) for key, part in spaces_of(space)]
        return lambda value: b"".join(write(value[key]) for key, write in parts)
    if name == "Tuple":
        writers = [writer(part) for part in spaces_of(space)]
        return lambda value: b"".join(write(part) for write, part in zip(writers, value, strict=True))
    if name == "OneOf":
        writers = [writer(part) for part in spaces_of(space)]
        return lambda value: bytes([int(value[0])]) + writers[int(value[0])](value[1])
    if name == "Text":
        return text
    write = writer(space.feature_space)
    return lambda value: struct.pack("<I", len(value)) + b"".join(map(write, value))


def reader(space):
    """A function that reads a member of a space from bytes at a place, and gives it and the place behind it."""
    name = kind(space)
    if name == "Discrete":
        return lambda data, at: (struct.unpack_from("<q", data, at)[0], at + 8)
    if name in ("Box", "MultiDiscrete", "MultiBinary"):
        shape = tuple(space.shape)
        stored = {"Box": lambda: dtype_of(space), "MultiDiscrete": lambda: "int64", "MultiBinary": lambda: "uint8"}[name]()
        stored, count = np.dtype(stored).newbyteorder("<"), int(np.prod(shape))

        def array(data, at):
            end = at + count * stored.itemsize
            return np.frombuffer(data, stored, count, at).reshape(shape).astype(space.dtype), end

        return array
    if name == "Text":

        def letters(data, at):
            (length,) = struct.unpack_from("<I", data, at)
            return bytes(data[at + 4 : at + 4 + length]).decode(), at + 4 + length

        return letters
    if name == "Sequence":
        read = reader(space.feature_space)

        def sequence(data, at):
            (count,) = struct.unpack_from("<I", data, at)
            return _several([read] * count, data, at + 4)

        return sequence
    if name == "OneOf":
        readers = [reader(part) for part in spaces_of(space)]

        def one_of(data, at):
            value, end = readers[data[at]](data, at + 1)
            return (data[at], value), end

        return one_of
    if name == "Tuple":
        readers = [reader(part) for part in spaces_of(space)]
        return lambda data, at: _several(readers, data, at)
    keys = [key for key, _ in spaces_of(space)]
    readers = [reader(part) for _, part in spaces_of(space)]

    def named(data, at):
        values, end = _several(readers, data, at)
        return dict(zip(keys, values)), end

    return named


def _several(readers, data, at):
    values = []
    for read in readers:
        value, at = read(data, at)
        values.append(value)
    return tuple(values), at


def seen(value):
    """The space of whatever looks like an observation, for environments that say nothing of it: without bounds."""
    from gymnasium import spaces

    if isinstance(value, dict):
        return spaces.Dict({key: seen(part) for key, part in value.items()})
    if isinstance(value, (tuple, list)) and any(isinstance(part, (dict, tuple, np.ndarray)) for part in value):
        return spaces.Tuple([seen(part) for part in value])
    array = np.asarray(value)
    name = WIDER.get(array.dtype.name, array.dtype.name)
    if name not in DTYPES:
        raise TypeError(f"expected an environment with an observation space, found none, and an observation {value!r:.200}")
    limits = (-np.inf, np.inf) if name.startswith("f") else (np.iinfo(name).min, np.iinfo(name).max)
    return spaces.Box(*limits, array.shape, name)
