"""What C++ an expression is of: its type, which decides how its arithmetic goes."""

from dataclasses import dataclass
from typing import assert_never

__all__ = [
    "BFLOAT16",
    "DOUBLE",
    "FLOAT",
    "FLOAT8_E4M3FN",
    "FLOAT8_E5M2",
    "HALF",
    "INT",
    "LONG",
    "TRUTH",
    "Kind",
    "Native",
    "Point",
    "Real",
    "Truth",
    "Whole",
    "limits_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """`ap_int<width>` or `ap_uint<width>`, whose arithmetic widens so that nothing is lost."""

    width: int
    signed: bool

    def __str__(self) -> str:
        return f"{'ap_int' if self.signed else 'ap_uint'}<{self.width}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """`ap_fixed` or `ap_ufixed`: units of 2**-`fraction`, with the modes of what is assigned to it."""

    width: int
    fraction: int
    signed: bool
    rounding: str = "floor"
    overflow: str = "wrap"

    def __str__(self) -> str:
        modes = f", {QUANTIZATIONS[self.rounding]}" if (self.rounding, self.overflow) != ("floor", "wrap") else ""
        modes += f", {OVERFLOWS[self.overflow]}" if self.overflow != "wrap" else ""
        return f"ap_{'' if self.signed else 'u'}fixed<{self.width}, {self.width - self.fraction}{modes}>"


QUANTIZATIONS = {
    "floor": "AP_TRN",
    "zero": "AP_TRN_ZERO",
    "half_up": "AP_RND",
    "half_down": "AP_RND_MIN_INF",
    "half_zero": "AP_RND_ZERO",
    "half_away": "AP_RND_INF",
    "half_even": "AP_RND_CONV",
}
OVERFLOWS = {"wrap": "AP_WRAP", "saturate": "AP_SAT", "symmetric": "AP_SAT_SYM", "zero": "AP_SAT_ZERO"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """`int` or `long long`, whose arithmetic must not overflow."""

    width: int

    def __str__(self) -> str:
        return "int" if self.width == 32 else "long long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """`bool`."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """A floating-point type of C++.

    With a `format`, its precision, exponent bits and whether it is only finite, it holds numbers of that format.
    """

    name: str
    bits: int
    format: tuple[int, int, bool] | None = None

    def __str__(self) -> str:
        return self.name


Kind = Whole | Point | Native | Truth | Real

INT = Native(width=32)
LONG = Native(width=64)
TRUTH = Truth()
FLOAT = Real(name="float", bits=32)
DOUBLE = Real(name="double", bits=64)
HALF = Real(name="half", bits=16, format=(11, 5, False))
BFLOAT16 = Real(name="float", bits=16, format=(8, 8, False))
FLOAT8_E4M3FN = Real(name="float", bits=8, format=(4, 4, True))
FLOAT8_E5M2 = Real(name="float", bits=8, format=(3, 5, False))


def limits_of(kind: Kind) -> tuple[int, int]:
    """The least and the greatest integer of a kind, in units where it is fixed point; those of a float mean nothing."""
    match kind:
        case Whole(width=width, signed=False) | Point(width=width, signed=False):
            return 0, (1 << width) - 1
        case Whole(width=width) | Point(width=width) | Native(width=width):
            return -(1 << (width - 1)), (1 << (width - 1)) - 1
        case Truth():
            return 0, 1
        case Real():
            return 0, 0
        case _:
            assert_never(kind)
