"""Tells whether compile-time values make PEs differ in their code or only in a number they are given."""

from collections.abc import Hashable

import numpy as np

from spatial.types.record import Record

__all__ = ["fingerprint", "is_number", "kind", "plain_number"]

LEAST, GREATEST = -(1 << 63), (1 << 63) - 1


def plain_number(value: object) -> object:
    """A NumPy number as Python's; anything else as it is."""
    return value.item() if isinstance(value, np.generic | np.ndarray) and value.shape == () else value


def is_number(value: object) -> bool:
    """Whether a value can be handed to a function as an argument: it has 64 bits at most."""
    return isinstance(value, float) or (isinstance(value, int) and LEAST <= value <= GREATEST)


def kind(value: object) -> Hashable:
    """What PEs must agree in to share code that uses the value: the kind of a number, all of anything else."""
    if not is_number(value):
        return fingerprint(value)
    return bool if isinstance(value, bool) else int if isinstance(value, int) else float


def fingerprint(value: object) -> Hashable:
    """Equal for equal values, as far as that can be told."""
    match value:
        case np.ndarray():
            return (str(value.dtype), value.shape, value.tobytes())
        case Record():
            return (value.__class__, repr(value), *map(fingerprint, value))
        case list() | tuple():
            return (type(value), *map(fingerprint, value))
        case bool() | int() | float() | str() | bytes() | None:
            return (type(value), repr(value))
    try:
        return (hash(value), repr(value))
    except Exception:  # whatever a value does when it is looked at, it is a value of its own then
        return id(value)
