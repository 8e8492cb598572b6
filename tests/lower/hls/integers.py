"""What the operators of `ap_int` give, by Python's integers, and the C++ program that prints what they gave."""

import math
import random
from dataclasses import dataclass
from itertools import pairwise

from spatial.types.rounding import wrap

Number = tuple[int, bool, int]
"""A width, whether it is signed, and the value."""

HEAD = '#include "integers.h"\nint main() {\n'
TAIL = "    return 0;\n}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    call: str
    lines: list[str]
    mixed: bool = True


def without_mixed_division(cases, lines):
    """Without quotients and rests of a signed and an unsigned number, which the genuine headers get wrong."""
    wanted = [line for case in cases for line in case.lines]
    mixed = [case.mixed for case in cases for _ in case.lines]
    assert len(lines) == len(wanted)
    divisions = ("div", "mod", "x/=", "x%=", "a%9", "a/-7")
    return [line for line, skip in zip(lines, mixed, strict=True) if not (skip and line.startswith(divisions))]


def program_of(cases):
    return HEAD + "".join(f"    {case.call};\n" for case in cases) + TAIL


def expected(cases):
    return "".join(f"{line}\n" for case in cases for line in case.lines)


def shown(name, width, signed, value):
    digits = value % (1 << width)
    return f"{name} {width} {'s' if signed else 'u'} {digits:0{(width + 3) // 4}x}"


def fitted(width, signed, value):
    return wrap(width, signed, value)


def spelled(number):
    """The constant in C++."""
    width, signed, value = number
    return f'ap_{"" if signed else "u"}int<{width}>("{value}")'


def random_value(rng, width, signed):
    """Often at an end of the range."""
    least, greatest = (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    edges = [least, greatest, 0, 1, -1, least + 1, greatest - 1]
    value = rng.choice(edges) if rng.random() < 0.4 else rng.getrandbits(rng.randint(1, width))
    return fitted(width, signed, value)


def quotient(a, b):
    """Toward zero."""
    return abs(a) // abs(b) * (-1 if (a < 0) != (b < 0) else 1)


def common(w1, s1, w2, s2):
    """The width that holds either."""
    return max(w1 + (s2 and not s1), w2 + (s1 and not s2))


def binary_lines(a, b):
    w1, s1, x = a
    w2, s2, y = b
    both, signed = common(w1, s1, w2, s2), s1 or s2
    lines = [
        shown("add", both + 1, signed, x + y),
        shown("sub", both + 1, True, x - y),
        shown("mul", w1 + w2, signed, x * y),
    ]
    if y:
        q = quotient(x, y)
        rest_width = min(w1, w2 + (s1 and not s2))
        lines += [shown("div", w1 + s2, signed, q), shown("mod", rest_width, s1, x - q * y)]
    lines += [shown(name, both, signed, v) for name, v in (("and", x & y), ("or", x | y), ("xor", x ^ y))]
    truths = {"eq": x == y, "ne": x != y, "lt": x < y, "gt": x > y, "le": x <= y, "ge": x >= y}
    lines += [f"{name} {int(truth)}" for name, truth in truths.items()]
    side_by_side = (x % (1 << w1) << w2) + y % (1 << w2)
    return [
        *lines,
        shown("to", w2, s2, x),
        shown("from", w1, s1, y),
        shown("concat", w1 + w2, False, side_by_side),
    ]


def assignment_lines(a, b):
    w, s, x = a
    y = b[2]
    lines = [shown("x+=", w, s, x + y), shown("x-=", w, s, x - y), shown("x*=", w, s, x * y)]
    if y:
        q = quotient(x, y)
        lines += [shown("x/=", w, s, q), shown("x%=", w, s, x - q * y)]
    return lines + [shown(name, w, s, v) for name, v in (("x&=", x & y), ("x|=", x | y), ("x^=", x ^ y))]


def beside_native(number):
    """Beside native numbers, which count as integers of their width."""
    w, s, x = number
    int_width, long_width, unsigned_width = common(w, s, 32, True), w + 64, min(w, 32 + s)
    return [
        shown("a+5", int_width + 1, True, x + 5),
        shown("5-a", int_width + 1, True, 5 - x),
        shown("a*-3", long_width, True, x * -3),
        shown("a/-7", w + 1, True, quotient(x, -7)),
        shown("a%9", unsigned_width, s, x - 9 * quotient(x, 9)),
        f"1000<a {int(x > 1000)}",
        f"a==-1 {int(x == -1)}",
        shown("a+true", common(w, s, 1, False) + 1, s, x + 1),
    ]


def single_lines(number, by, high, low):
    w, s, x = number
    bits = x % (1 << w)
    mask = (1 << high + 1) - (1 << low)
    changed = bits & ~mask | by << low & mask
    up, down = shown("_", w, s, x << by)[2:], shown("_", w, s, x >> by)[2:]
    return [
        shown("neg", w + 1 if w > 1 or not s else 3, True, -x),
        shown("inv", w, s, ~x),
        f"not {int(x == 0)}",
        *(f"{name} {text}" for name, text in (("shl", up), ("shr", down), ("shl-", down), ("shr-", up))),
        *(f"{name} {text}" for name, text in (("shl_ap", up), ("shr_ap", down))),
        shown("inc", w, s, x + 1),
        shown("dec", w, s, x - 1),
        *(f"{'' if t else 'u'}int{n or ''} {fitted(n or 32, t, x)}" for n in (0, 64) for t in (True, False)),
        f"double {c_hex(nearest(x))}",
        f"bit {bits >> low & 1}",
        shown("range", w, False, (bits & mask) >> low),
        shown("set", w, s, changed),
        shown("flip", w, s, bits ^ 1 << high),
        f"and_reduce {int(bits == (1 << w) - 1)}",
        f"xor_reduce {bits.bit_count() % 2}",
        *beside_native(number),
    ]


def nearest(value):
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def c_hex(value):
    """A double as `%a` prints it."""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    mantissa, exponent = value.hex().split("p")
    head, digits = mantissa.split(".")
    digits = digits.rstrip("0")
    return f"{head}{'.' + digits if digits else ''}p{exponent}"


def binary_cases(rng, types, count):
    """`count` cases of each pair of neighbours in a list of types."""
    cases = []
    for first, second in pairwise(types):
        for _ in range(count):
            a, b = ((*kind, random_value(rng, *kind)) for kind in (first, second))
            both = f"({spelled(a)}, {spelled(b)})"
            mixed = first[1] != second[1]
            cases.append(Case(call=f"operators{both}", lines=binary_lines(a, b), mixed=mixed))
            cases.append(Case(call=f"assignments{both}", lines=assignment_lines(a, b), mixed=mixed))
    return cases


def single_cases(rng, types, count):
    cases = []
    for width, signed in types:
        for _ in range(count):
            number = (width, signed, random_value(rng, width, signed))
            low, high = sorted((rng.randrange(width), rng.randrange(width)))
            by = rng.randint(0, min(width + 2, 63))
            call = f"single({spelled(number)}, {by}, {high}, {low})"
            cases.append(Case(call=call, lines=single_lines(number, by, high, low)))
    return cases


def double_cases(rng, types, count, *, least=-2):
    """Doubles from 2**`least` up as integers: toward zero, then the lowest bits."""
    cases = []
    for width, signed in types:
        for _ in range(count):
            x = rng.choice([-1, 1]) * rng.uniform(1, 2) * 2.0 ** rng.randint(least, min(width + 2, 1000))
            call = f"from_double<ap_{'' if signed else 'u'}int<{width}> >({x!r})"
            cases.append(Case(call=call, lines=[shown("from", width, signed, fitted(width, signed, int(x)))]))
    return cases


def random_types(seed, widths):
    rng = random.Random(seed)
    return [(width, rng.random() < 0.5) for width in widths]
