"""Writes data/correctly_rounded*.txt from mpmath, and data/glibc*.txt and data/numpy*.txt from the libraries of these names.

    python make_fixtures.py            needs mpmath and NumPy, on x86-64 Linux with glibc and fused multiply-add

Each line: a function, its arguments and its result, as the bits of doubles (or of float32s) in hexadecimal.
"""
import ctypes
import math
import platform
import random
from fractions import Fraction
from pathlib import Path
from struct import pack, unpack

import mpmath
import numpy as np
from mpmath import mp, mpf

DATA = Path(__file__).parent / "data"
SEARCHED = 60_000  # inputs per range, of which the hardest are kept
HARDEST, RANDOM = 24, 16
pick = random.Random(20240607)
libm = ctypes.CDLL("libm.so.6")

EXACT = {"sin": mpmath.sin, "cos": mpmath.cos, "exp": mpmath.exp, "tanh": mpmath.tanh, "ln": mpmath.log,
         "pow": mpmath.power}


def bits(x):
    return f"{unpack('<Q', pack('<d', x))[0]:016x}"


def bits_f32(x):
    return f"{unpack('<I', pack('<f', x))[0]:08x}"


def fraction(value):
    sign, mantissa, exponent, _ = value._mpf_
    return Fraction(-mantissa if sign else mantissa) * Fraction(2) ** exponent


def exact(function, arguments):
    """The value to 300 bits and more, as a fraction."""
    with mp.workprec(300):
        value = EXACT[function](*map(mpf, arguments))
        if function == "ln" or abs(value) < 0.01 or abs(value - 1) < 0.01:
            with mp.workprec(1400):
                value = EXACT[function](*map(mpf, arguments))
        return fraction(+value)


def nearest(value):
    """A fraction as the nearest double (division of integers rounds correctly, below the normal numbers too)."""
    try:
        return value.numerator / value.denominator
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def distance_from_middle(function, arguments):
    """How far the exact value is from the middle of two doubles, in units in the last place."""
    with mp.workprec(140):
        value = EXACT[function](*map(mpf, arguments))
        mantissa, exponent = mpmath.frexp(abs(value))
        scaled = mantissa * 2**53
        return float(abs(scaled - mpmath.floor(scaled) - 0.5))


def uniform(low, high):
    return lambda: (pick.uniform(low, high),)


def magnitude(low, high, signed=True):
    return lambda: (math.ldexp(pick.uniform(1, 2), pick.randint(low, high - 1)) * (pick.choice((1, -1)) if signed else 1),)


def with_exponent(base, exponent):
    return lambda: (base()[0], exponent())


ANGLES = [uniform(-1, 1), uniform(-10, 10), uniform(-1e3, 1e3), lambda: (3 * pick.uniform(-1.2, 0.6),),
          magnitude(-26, 15), magnitude(15, 1024), lambda: (pick.randint(1, 10**6) * math.pi / 2,)]
EXPONENTS = [uniform(-20, 20), uniform(-1, 1), magnitude(-30, 4)]
RANGES = {
    "sin": ANGLES,
    "cos": ANGLES,
    "exp": [*EXPONENTS, uniform(-708, 709), uniform(-745.1, -708)],
    "tanh": EXPONENTS,
    "ln": [uniform(0, 20), uniform(0.99, 1.01), magnitude(-1074, 1024, signed=False),
           lambda: (1 + pick.uniform(-1, 1) * 2.0 ** -pick.randint(8, 50),)],
    "pow": [with_exponent(uniform(0, 10), lambda: pick.choice([2.0, 3.0, 0.5, -1.0, 1.5, 1 / 3, -7.0])),
            with_exponent(uniform(-10, 0), lambda: float(pick.randint(-9, 9))),
            with_exponent(magnitude(-100, 100, signed=False), lambda: pick.uniform(-7, 7)),
            with_exponent(lambda: (1 + pick.uniform(-1, 1) * 2.0 ** -pick.randint(8, 30),), lambda: pick.uniform(-1e5, 1e5)),
            with_exponent(magnitude(-900, -500, signed=False), lambda: pick.uniform(1.1, 1.8))],
}
# All float32s (as bits) whose sine or cosine, rounded to a double, lies in the middle of two float32s.
MIDDLES = {"sin": ["46199998", "73243f06"], "cos": ["59443c0a", "5f18b878", "6115cb11", "7a4b1a27"]}
# Exactly representable powers and exact middles of two doubles.
TIES = [(float(pick.randrange(2**26, 2**27) | 1), 2.0) for _ in range(20)]
TIES += [(float(pick.randrange(2**17, 2**18) | 1), 3.0) for _ in range(20)]
TIES += [(float(pick.randrange(2, 200)) ** 4, pick.choice([0.25, 0.5, 0.75, 1.25])) for _ in range(10)]
EDGES = {
    "sin": [6381956970095103 * 2.0**797, 1e22, 2.0**-26, 2.0**-27, 5e-324, 1.7976931348623157e308, math.pi, 32767.999, 32768.0],
    "cos": [6381956970095103 * 2.0**797, 1e22, 2.0**-26, 2.0**-27, 5e-324, 1.7976931348623157e308, math.pi / 2, 32768.0],
    "exp": [709.782712893384, 709.7827128933841, -745.1332191019411, -745.1332191019412, -708.4, 2.0**-53, -(2.0**-54),
            2.0**-54, -(2.0**-55), 5e-324, 1e-10, 710.0, -746.0, 1e300, -1e300],
    "tanh": [2.0**-27, 2.0**-28, 5e-324, 19.06, 19.07, 20.0, 1e300],
    "ln": [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1 + 2.0**-52, 1 - 2.0**-53, 2.0, 0.5, math.e],
    "pow": [*TIES, (1 + 2.0**-52, 4e18), (1 - 2.0**-53, 4e18), (1 + 2.0**-52, 0.5), (2.0, 1023.5), (2.0, -1074.5),
            (2.0, -1075.0), (2.0, -1074.0), (3.0, 646.0), (3.0, 647.0), (10.0, 308.0), (10.0, -323.0), (10.0, 22.0),
            (5e-324, 0.5), (5e-324, 2.0), (1e-200, 2.0), (1e200, 2.0), (1.0000000001, 1e-9)],
}


def chosen(function):
    yield from (case if isinstance(case, tuple) else (case,) for case in EDGES[function])
    for draw in RANGES[function]:
        inputs = [draw() for _ in range(SEARCHED)]
        inputs = [case for case in inputs if all(case) and case[0] != 1.0]
        yield from sorted(inputs, key=lambda case: distance_from_middle(function, case))[:HARDEST]
        yield from inputs[:RANDOM]


def correctly_rounded():
    yield f"# mpmath {mpmath.__version__} at 300 bits and more, rounded to nearest even by make_fixtures.py"
    for function in EXACT:
        for case in chosen(function):
            extreme = function == "exp" and abs(case[0]) > 1000 or function == "tanh" and abs(case[0]) > 1000
            if extreme:
                result = {"exp": math.inf if case[0] > 0 else 0.0, "tanh": math.copysign(1.0, case[0])}[function]
            else:
                result = nearest(exact(function, case))
            yield " ".join([function, *map(bits, case), bits(result)])


def correctly_rounded_single():
    yield f"# mpmath {mpmath.__version__} at 300 bits and more, rounded once to a float32 by make_fixtures.py"
    for name in ("sin", "cos"):
        draws = [draw()[0] for draw in (uniform(-1, 1), uniform(-100, 100), magnitude(-20, 128)) for _ in range(40)]
        for x in [unpack("<f", pack("<I", int(word, 16)))[0] for word in MIDDLES[name]] + draws:
            x = float(np.float32(x))
            value = exact(name, (x,))
            # To the 24 digits of a float32 (none of these results is below its normal numbers).
            scale = Fraction(2) ** (23 - math.floor(math.log2(abs(value))))
            yield f"{name}_f32 {bits_f32(x)} {bits_f32(float(round(value * scale) / scale))}"


def glibc():
    yield f"# Python's math module over {' '.join(platform.libc_ver())} on {platform.machine()}, by make_fixtures.py"
    functions = {"sin": math.sin, "cos": math.cos, "pow": math.pow}
    ranges = {"sin": [*ANGLES[:4], magnitude(-26, 26)], "cos": [*ANGLES[:4], magnitude(-26, 26)],
              "pow": [with_exponent(uniform(-10, 10), lambda: 2.0), *RANGES["pow"][:3]]}
    for name, function in functions.items():
        for draw in ranges[name]:
            inputs = [draw() for _ in range(2 * SEARCHED)]
            inputs.sort(key=lambda case: distance_from_middle(name, case))
            # Its results are wrongly rounded where they are hard to round.
            hard = [case for case in inputs[: SEARCHED // 30] if function(*case) != nearest(exact(name, case))]
            for case in hard[:30] + inputs[:10] + inputs[-10:]:
                yield " ".join([name, *map(bits, case), bits(function(*case))])
    for name in ("sinf", "cosf"):
        function = getattr(libm, name)
        function.restype, function.argtypes = ctypes.c_float, [ctypes.c_float]
        for draw in (uniform(-0.75, 0.75), uniform(-4, 4), uniform(-119, 119), magnitude(-30, 6)):
            inputs = [float(np.float32(draw()[0])) for _ in range(4000)]
            hard = [x for x in inputs if function(x) != np.float32(getattr(math, name[:3])(x))]
            for x in hard[:30] + inputs[:20]:
                yield f"{name} {bits_f32(x)} {bits_f32(function(x))}"


def numpy():
    yield f"# NumPy {np.__version__} on {platform.machine()} with fused multiply-add, by make_fixtures.py"
    for name, up_to in (("sin", 117435.9921875), ("cos", 71476.0625)):
        function = getattr(np, name)
        cases = [0.0, -0.0, up_to, -up_to, 1e-45]
        for draw in (uniform(-0.1, 0.1), uniform(-1, 1), uniform(-4, 4), uniform(-1000, 1000), uniform(-up_to, up_to)):
            inputs = [np.float32(draw()[0]) for _ in range(20000)]
            hard = [x for x in inputs if function(x) != np.float32(function(np.float64(x)))]
            cases += hard[:40] + inputs[:20]
        for x in map(np.float32, cases):
            yield f"{name} {bits_f32(x)} {bits_f32(function(x))}"
    edges = [0.0, -0.0, 5e-324, 0.1875, 0.25, 6.0, 16.0, 23.999999999999996, 24.0, -1e300, math.inf, -math.inf]
    for draw in (uniform(-0.25, 0.25), uniform(-1, 1), uniform(-6, 6), uniform(-25, 25), magnitude(-60, 4)):
        edges += [draw()[0] for _ in range(120)]
    for x in edges:
        yield f"tanh {bits(x)} {bits(float(np.tanh(x)))}"


def numpy_dot():
    yield f"# numpy.dot of NumPy {np.__version__}'s wheel on {platform.machine()} with fused multiply-add, by make_fixtures.py"
    draw = random.Random(15).uniform
    for rows, columns in [(7, 15), (3, 15), (4, 12), (6, 13), (2, 14), (3, 9), (5, 3)]:
        for _ in range(12):
            matrix = np.array([[draw(-9, 9) for _ in range(columns)] for _ in range(rows)])
            x = np.array([draw(-2, 2) for _ in range(columns)])
            for row, result in enumerate(np.dot(matrix, x)):
                yield " ".join([f"{rows}x{columns}:{row}", *map(bits, matrix[row]), *map(bits, x), bits(result)])


def glibc_exponentials():
    yield f"# {' '.join(platform.libc_ver())} on {platform.machine()} with fused multiply-add, and numpy.logaddexp over it, by make_fixtures.py"
    draw = random.Random(16).uniform
    for name in ("exp", "log1p"):
        getattr(libm, name).restype, getattr(libm, name).argtypes = ctypes.c_double, [ctypes.c_double]
    ends = [0.0, -0.0, 5e-324, -(2.0**-60), 709.782712893384, 709.7827128933841, -708.4, -745.1332191019411, -745.1332191019412,
            1023.9, -1023.9, 1e300, -1e300, math.inf, -math.inf]
    ranges = [(-1, 1), (-40, 0), (0, 5), (-708, 709), (-745.2, -708)]
    for x in ends + [draw(*ends) for ends in ranges for _ in range(60)]:
        yield f"exp {bits(x)} {bits(libm.exp(x))}"
    # Its results are wrongly rounded where they are hard to round.
    inputs = [draw(-40, 5) for _ in range(SEARCHED)]
    for x in [x for x in inputs if libm.exp(x) != nearest(exact("exp", (x,)))][:40]:
        yield f"exp {bits(x)} {bits(libm.exp(x))}"
    ends = [0.0, -0.0, 5e-324, 1e-17, 2.0**-40, -1.0, 1.0, 3.0, 2.0**53, 1e300, math.inf, 2.0**-21 + 1, 3 - 2.0**-21, 0.41422, 2.0**-25]
    for x in ends + [draw(*ends) for ends in [(0, 1), (0, 0.001), (-0.3, 0.5), (-1, 0), (0, 1e4), (0, 1e17)] for _ in range(60)]:
        yield f"log1p {bits(x)} {bits(libm.log1p(x))}"
    ends = [(0.0, 0.0), (0.0, -0.0), (-1.5, -1.5), (0.0, -800.0), (0.0, 800.0), (math.inf, math.inf), (-math.inf, 2.0), (math.inf, -math.inf)]
    for x, y in ends + [(0.0, draw(*ends)) for ends in [(-1, 1), (-40, 40), (-800, 400)] for _ in range(80)] + [
            (draw(-9, 9), draw(-9, 9)) for _ in range(80)]:
        yield f"logaddexp {bits(x)} {bits(y)} {bits(float(np.logaddexp(x, y)))}"


for lines in (correctly_rounded, correctly_rounded_single, glibc, numpy, numpy_dot, glibc_exponentials):
    (DATA / f"{lines.__name__}.txt").write_text("".join(f"{line}\n" for line in lines()))
