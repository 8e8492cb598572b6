"""The words of the language that are decided before the program runs."""

from collections.abc import Callable
from typing import Any, TypeVar

from spatial.source.errors import outside_kernel

__all__ = [
    "channel_word",
    "get_pid",
    "is_channel_word",
    "is_marker",
    "marker",
    "meta_elif",
    "meta_else",
    "meta_for",
    "meta_if",
]

F = TypeVar("F", bound=Callable[..., Any])
MARKERS: set[object] = set()
CHANNEL_WORDS: set[object] = set()


def marker(function: F) -> F:
    """Declares a word of the language: the compiler knows it by identity, Python must never call it."""
    MARKERS.add(function)
    return function


def is_marker(thing: object) -> bool:
    """Whether a value is a word of the language."""
    return callable(thing) and getattr(thing, "__hash__", None) is not None and thing in MARKERS


def channel_word(function: F) -> F:
    """Declares a word of the language whose first arguments are channels, or arrays of them."""
    CHANNEL_WORDS.add(function)
    return marker(function)


def is_channel_word(thing: object) -> bool:
    """Whether a value is a word of the language that is given channels."""
    return is_marker(thing) and thing in CHANNEL_WORDS


@marker
def get_pid() -> Any:
    """This PE's position in the kernel's mapping: an int for one axis, else a tuple of ints."""
    raise outside_kernel("get_pid")


@marker
def meta_if(condition: object) -> Any:
    """`with sp.meta_if(c):` keeps its body in the PEs where the compile-time condition `c` holds."""
    raise outside_kernel("meta_if")


@marker
def meta_elif(condition: object) -> Any:
    """`with sp.meta_elif(c):` follows a `meta_if`: the PEs where `c` holds and nothing before it did."""
    raise outside_kernel("meta_elif")


@marker
def meta_else() -> Any:
    """`with sp.meta_else():` ends a `meta_if` chain: all PEs that took none of its branches."""
    raise outside_kernel("meta_else")


@marker
def meta_for(*bounds: object) -> Any:
    """`for n in sp.meta_for(4):` (or `with sp.meta_for(4) as n:`) repeats its body once per compile-time `n`.

    Takes what `range` takes, or any compile-time sequence.
    """
    raise outside_kernel("meta_for")
