"""Refuses widths and shapes that no type has."""

import operator
from typing import SupportsIndex

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["MAX_FRACTION", "MAX_WIDTH", "OVERFLOWS", "ROUNDINGS", "checked_fixed", "checked_shape", "checked_width"]

MAX_WIDTH = 1024
"""The widest integer in bits, as in Vitis `ap_int` (UG1399, "Arbitrary Precision Data Types")."""

MAX_FRACTION = 1000
"""The most fraction bits of fixed point, and the most that can be missing: so a unit is a normal float64."""

ROUNDINGS = ("floor", "zero", "half_up", "half_down", "half_zero", "half_away", "half_even")
OVERFLOWS = ("wrap", "saturate", "symmetric", "zero")


def checked_width(name: str, width: object) -> int:
    """`width` as a Python int; raises `ProgramError` (api/misuse) unless it is an integer from 1 to 1024."""
    number = _as_int(width)
    if number is None or not 1 <= number <= MAX_WIDTH:
        title = f"{name}({width!r}) is no type: the width is an integer from 1 to {MAX_WIDTH}"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=f"write `{name}(12)`")])
    return number


def checked_fixed(name: str, width: object, fraction: object, rounding: str, overflow: str) -> tuple[int, int]:
    """Width and fraction as Python ints; raises `ProgramError` (api/misuse) unless there is such a type."""
    hint = f"write `{name}(16, 8)`"
    whole, part = _as_int(width), _as_int(fraction)
    if whole is None or not 1 <= whole <= MAX_WIDTH:
        raise _bad_fixed(f"{name}({width!r}, ...) is no type: the width is an integer from 1 to {MAX_WIDTH}", hint)
    if part is None or abs(part) > MAX_FRACTION:
        title = f"{name}({whole}, {fraction!r}) is no type: it has from -{MAX_FRACTION} to {MAX_FRACTION} fraction bits"
        raise _bad_fixed(title, hint)
    for what, given, known in (("rounding", rounding, ROUNDINGS), ("overflow", overflow, OVERFLOWS)):
        if given not in known:
            title = f"{given!r} is no {what} of fixed point"
            raise _bad_fixed(title, f"there are {', '.join(known)}")
    return whole, part


def checked_shape(element: str, dims: object) -> tuple[int, ...]:
    """What stands in the brackets of `element[...]`; raises `ProgramError` (array/extent) unless integers >= 1."""
    given = dims if isinstance(dims, tuple) else (dims,)
    if not given:
        raise _bad_shape(f"`{element}[()]` has no dimension")
    return tuple(_checked_dim(element, dim) for dim in given)


def _checked_dim(element: str, dim: object) -> int:
    number = _as_int(dim)
    if number is None:
        raise _bad_shape(f"a dimension of `{element}[...]` is an integer, not {dim!r}")
    if number < 1:
        raise _bad_shape(f"a dimension of `{element}[...]` is at least 1, not {number}")
    return number


def _as_int(given: object) -> int | None:
    """The integer that `given` stands for, or None: a truth value is not one."""
    if type(given) is int:
        return given
    if isinstance(given, bool) or not isinstance(given, SupportsIndex):
        return None
    try:
        return operator.index(given)
    except TypeError:
        return None


def _bad_fixed(title: str, hint: str) -> ProgramError:
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


def _bad_shape(title: str) -> ProgramError:
    return ProgramError([Misuse(title=title, span=caller_span(), hint="write `int8[4, 8]`", code="array/extent")])
