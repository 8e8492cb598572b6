"""Our `ap_fixed.h` computes what exact fractions and the genuine headers compute."""

import random
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from spatial.types.checks import OVERFLOWS, ROUNDINGS
from spatial.types.dtype import Fixed
from tests.lower.hls.cpp import genuine, needs_compiler, needs_genuine, printed, program, run
from tests.lower.hls.integers import TAIL, c_hex, shown
from tests.types.oracle import assigned, computed, random_type, random_value

pytestmark = needs_compiler

HERE = Path(__file__).parent
HEAD = '#include "fixed.h"\nint main() {\n'
QUANTIZATION = dict(
    zip(ROUNDINGS, "TRN TRN_ZERO RND RND_MIN_INF RND_ZERO RND_INF RND_CONV".split(), strict=True),
)
OVERFLOW = dict(zip(OVERFLOWS, "WRAP SAT SAT_SYM SAT_ZERO".split(), strict=True))


def spelled(dtype):
    name = f"ap_{'' if dtype.signed else 'u'}fixed"
    modes = f"AP_{QUANTIZATION[dtype.rounding]}, AP_{OVERFLOW[dtype.overflow]}"
    return f"{name}<{dtype.width}, {dtype.width - dtype.fraction}, {modes}>"


def units(value, dtype):
    return int(value * Fraction(2) ** dtype.fraction)


def line(name, value, dtype):
    return shown(name, dtype.width, False, units(value, dtype))


def constant(value, dtype):
    return f'of_units<{spelled(dtype)} >("{units(value, dtype)}")'


def calculation(draw, left, right):
    """A C++ call with the lines that it prints."""
    a, b = random_value(draw, left), random_value(draw, right)
    divisor = b or Fraction(1)
    results = {operator: computed(operator, left, a, right, b) for operator in "+-*"}
    results["/"] = computed("/", left, a, right, divisor)
    lines = [line(name, *result) for name, result in results.items() if name != "/" or b]
    lines += [f"{name} {int(truth)}" for name, truth in (("<", a < b), (">", a > b), ("==", a == b))]
    lines += [line("to", assigned(a, right), right), line("from", assigned(b, left), left)]
    lines += [shown("whole", 40, True, int(a)), f"double {c_hex(float(a))}"]
    types = ", ".join(spelled(result[1]) for result in results.values())
    return f"calculate<{types} >({constant(a, left)}, {constant(b, right)})", lines


def conversions(draw, dtype, count):
    for _ in range(count):
        x = draw.choice(
            [draw.uniform(-9, 9), draw.randint(-80, 80) / 8, draw.uniform(-1, 1) * 2.0**40, 2.0**-70, -1e-30]
        )
        yield f"from_number<{spelled(dtype)} >({x!r})", [line("from", assigned(Fraction(x), dtype), dtype)]


def text_and_lines(calls):
    calls = list(calls)
    text = HEAD + "".join(f"    {call};\n" for call, _ in calls) + TAIL
    return text, [line for _, lines in calls for line in lines]


def random_calls(seed, count):
    draw = random.Random(seed)
    for _ in range(count):
        left, right = random_type(draw), random_type(draw)
        for _ in range(4):
            yield calculation(draw, left, right)


def calls_of_modes(count, shapes):
    draw = random.Random(1)
    for rounding, overflow, (width, fraction, signed) in product(ROUNDINGS, OVERFLOWS, shapes):
        dtype = Fixed(width, fraction, rounding=rounding, overflow=overflow, signed=signed)
        yield from conversions(draw, dtype, count)


def with_genuine(folder, text):
    binary = program(folder, text, headers=genuine(), options=("-std=c++14", "-w"), include=HERE)
    return run(binary).stdout.splitlines()


def without_whole(lines):
    return [line for line in lines if not line.startswith("whole")]


def test_operators_give_what_fractions_give(tmp_path):
    text, lines = text_and_lines(random_calls(5, 8))
    assert printed(tmp_path, text, include=HERE).splitlines() == lines


@pytest.mark.parametrize("shape", [(5, 1, True), (4, 0, False), (70, 64, True), (3, -2, True)], ids=str)
def test_modes_give_what_fractions_give(tmp_path, shape):
    text, lines = text_and_lines(calls_of_modes(6, [shape]))
    assert printed(tmp_path, text, include=HERE).splitlines() == lines


@needs_genuine
def test_results_are_those_of_the_genuine_headers(tmp_path):
    """But for negative numbers without integer bits, which those make -1 as integers."""
    text, lines = text_and_lines([*random_calls(6, 3), *calls_of_modes(1, [(5, 1, True)])])
    assert without_whole(with_genuine(tmp_path, text)) == without_whole(lines)
