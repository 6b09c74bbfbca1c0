"""Writes the tables under src/tables from mpmath: python make_tables.py && cargo fmt -p palaestra-math"""
from pathlib import Path
from struct import pack, unpack

from mpmath import cos, exp, factorial, floor, log, mp, mpf, nint, pi, sin

mp.prec = 2000
OUT = Path(__file__).parent / "src" / "tables"
FRACTION_BITS = 192
TEST = "#[cfg(test)]\n"  # made when it is needed, and held to this by a test
HALVED_FROM = 53  # 1 + 53/128 is the first above √2


def bits(value):
    """The nearest double to an mpf, as its bits."""
    return f"{unpack('<Q', pack('<d', float(value)))[0]:#018x}"


def pair(value):
    """A double and the double nearest to what it leaves: hi + lo."""
    high = float(value)
    return f"[{bits(high)}, {bits(value - mpf(high))}]"


def leading(value, count):
    """The first `count` bits of a positive value, cut off."""
    scale = mpf(2) ** (count - 1 - int(floor(log(value, 2))))
    return floor(value * scale) / scale


def limbs(integer, count):
    return "[" + ", ".join(f"{integer >> 64 * i & 2**64 - 1:#018x}" for i in range(count)) + "]"


def fixed(value):
    """An unsigned fixed-point number: three limbs of fraction, least significant first, and one of integer."""
    return limbs(int(nint(value * mpf(2) ** FRACTION_BITS)), 4)


def array(doc, name, kind, items, test=""):
    return f"\n/// {doc}\n{test}pub(crate) static {name}: [{kind}; {len(items)}] = [{', '.join(items)}];\n"


def constant(doc, name, kind, value):
    return f"\n/// {doc}\npub(crate) const {name}: {kind} = {value};\n"


def double(doc, name, value):
    return constant(doc, name, "f64", f"f64::from_bits({bits(value)})")


def write(name, about, *parts):
    head = f"//! {about}\n//!\n//! Written by `make_tables.py`. Doubles are given as bits; a pair is hi + lo.\n"
    (OUT / f"{name}.rs").write_text(head + "".join(parts))


def sine():
    step = pi / 256
    first = leading(step, 31)
    second = leading(step - first, 31)
    write("sine", "Steps of π/256.",
          double("256/π.", "STEPS_PER_UNIT", 1 / step),
          double("The first 31 bits of π/256: exact times an integer below 2²².", "STEP_FIRST", first),
          double("The next 31 bits.", "STEP_SECOND", second),
          double("The rest.", "STEP_THIRD", step - first - second),
          array("sin(jπ/256) for j = 0 ..= 128.", "SINE", "[u64; 2]", [pair(sin(j * step)) for j in range(129)], TEST))


def exponential():
    step = log(2) / 128
    first = leading(step, 34)
    write("exponential", "Steps of ln 2 / 128.",
          double("128/ln 2.", "STEPS_PER_UNIT", 1 / step),
          double("The first 34 bits of ln 2 / 128: exact times an integer below 2¹⁹.", "STEP_FIRST", first),
          double("The rest.", "STEP_SECOND", step - first),
          array("2^(j/128) for j = 0 .. 128.", "POWER_OF_TWO", "[u64; 2]", [pair(exp(j * step)) for j in range(128)]))


def logarithm():
    rows = []
    for j in range(128):
        middle = 1 + mpf(2 * j + 1) / 256
        if j >= HALVED_FROM:
            middle /= 2
        reciprocal = 1 if j in (0, 127) else nint(256 / middle) / 256
        value = -log(reciprocal)
        high = nint(value * mpf(2) ** 42) / mpf(2) ** 42
        rows.append(f"[{bits(reciprocal)}, {bits(high)}, {bits(value - high)}]")
    first = leading(log(2), 42)
    write("logarithm", "Reciprocals of numbers in [√½, √2) and their logarithms.",
          double("The first 42 bits of ln 2: a multiple of 2⁻⁴², exact times an exponent.", "LN_2_FIRST", first),
          double("The rest.", "LN_2_SECOND", log(2) - first),
          constant("From this row on the number stands for half of m.", "HALVED_FROM", "usize", HALVED_FROM),
          array("Row j is for m in 1 + [j, j + 1)/128: r near 1/m in nine bits, and −ln r = a multiple of 2⁻⁴² + a rest.",
                "RECIPROCAL", "[u64; 3]", rows))


def wide():
    write("wide", "Constants of 192 and more bits for the second phase; limbs are least significant first unless said.",
          constant("ln 2.", "LN_2", "[u64; 4]", fixed(log(2))),
          constant("π/2.", "HALF_PI", "[u64; 4]", fixed(pi / 2)),
          array("1/n!.", "INVERSE_FACTORIAL", "[u64; 4]", [fixed(1 / factorial(n)) for n in range(47)], TEST),
          array("128 zero bits, then the fraction bits of 2/π, most significant limb first.", "TWO_OVER_PI", "u64",
                ["0", "0"] + limbs(int(floor(2 / pi * mpf(2) ** (64 * 22))), 22)[1:-1].split(", ")[::-1]))


def glibc():
    angles = [f"[{pair(sin(mpf(k) / 128))[1:-1]}, {pair(cos(mpf(k) / 128))[1:-1]}]" for k in range(110)]
    start, logarithms = 0x3FE6955500000000, []
    for row in range(128):
        low, high = (unpack("<d", pack("<Q", start + (row + i << 45)))[0] for i in (0, 1))
        middle = (mpf(low) + mpf(high)) / 2
        reciprocal = nint(128 / middle) / 128 if middle < 1 else nint(256 / middle) / 256
        value = -log(reciprocal)
        first = nint(value * mpf(2) ** 43) / mpf(2) ** 43
        logarithms.append(f"[{bits(reciprocal)}, {bits(first)}, {bits(value - first)}]")
    powers = []
    for k in range(128):
        value = mpf(2) ** (mpf(k) / 128)
        nearest = mpf(float(value))
        powers.append(f"[{bits((value - nearest) / nearest)}, {bits(nearest)}]")
    write("glibc_sine", "The table behind glibc's sin and cos, recomputed from what its numbers mean.",
          array("sin(k/128) and cos(k/128), each as a pair.", "SINE_COSINE", "[u64; 4]", angles))
    write("glibc_power", "The tables behind glibc's pow, recomputed from what their numbers mean.",
          constant("Where the first of the intervals of `RECIPROCAL` starts, as bits; each spans 2⁴⁵ of these.",
                   "RECIPROCAL_START", "u64", f"{start:#018x}"),
          array("r near the reciprocal of an interval's middle, in steps of 1/128 above 1 and of 1/256 below; −ln r in two parts.", "RECIPROCAL", "[u64; 3]", logarithms, TEST),
          array("2^(k/128): what the second number lacks, relative to it, and the nearest double.", "POWER_OF_TWO",
                "[u64; 2]", powers, TEST))


OUT.mkdir(exist_ok=True)
for make in (sine, exponential, logarithm, wide, glibc):
    make()
modules = sorted(path.stem for path in OUT.glob("*.rs") if path.stem != "mod")
(OUT / "mod.rs").write_text("//! Tables and constants, written by `make_tables.py`.\n"
                            + "".join(f"{TEST if name == 'glibc_sine' else ''}pub(crate) mod {name};\n" for name in modules))
