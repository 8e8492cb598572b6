"""Makes inputs that tell two programs apart small."""

import math
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from spatial.types.bits import from_bits
from spatial.types.conversion import Value
from spatial.types.dtype import Bool, DType, Fixed, Float, Index, Int, Struct, UInt
from spatial.types.rounding import round_to
from spatial.types.tensor import element_of
from spatial.types.values import from_values, to_values
from spatial.verify.testing.cases import Array, Case, Slot
from spatial.verify.testing.tested import Difference

__all__ = ["shrunk"]

MOST_ELEMENTS = 32  # that are made simpler one by one
Trial = Callable[[Case], Difference | None]


class Spent(Exception):
    """No more runs are allowed, or there is no more time."""


class Shrinking:
    """The smallest difference so far, and how many runs it took."""

    def __init__(self, found: Difference, trial: Trial, most: int, seconds: float) -> None:
        self.found = found
        self.runs = 0
        self._trial = trial
        self._most = most
        self._ends = time.monotonic() + seconds

    def array(self, name: str) -> Array:
        """An input as it is now."""
        return self.found.inputs[name]

    def accepts(self, name: str, array: Array) -> bool:
        """Whether the programs still differ with another array, which is then kept; raises `Spent`."""
        if self.runs >= self._most or time.monotonic() >= self._ends:
            raise Spent
        self.runs += 1
        difference = self._trial({**self.found.inputs, name: array})
        if difference is None:
            return False
        self.found = difference
        return True


def shrunk(
    found: Difference, slots: Sequence[Slot], trial: Trial, most: int, seconds: float = math.inf
) -> tuple[Difference, int]:
    """A difference with inputs as close to zeros as was found in so many runs and seconds, and how many runs it took.

    Only inputs that may be anything are changed. A run that has begun is not cut short.
    """
    state = Shrinking(found, trial, most, seconds)
    free = [slot for slot in slots if slot.free]
    try:
        for slot in free:
            _clear(state, slot)
        while sum(_simplify(state, slot) for slot in free):
            pass
    except Spent:
        pass
    return state.found, state.runs


def _clear(state: Shrinking, slot: Slot) -> None:
    """Sets as many elements to zero as can be: all, then halves of those left, then quarters."""
    zero = from_values([from_bits(0, element_of(slot.type))], element_of(slot.type), (1,))
    left = _others(state.array(slot.name), zero)
    parts = 1
    while left.size and parts <= 2 * left.size:
        kept = []
        for part in np.array_split(left, min(parts, left.size)):
            array = state.array(slot.name).copy()
            array.reshape(-1)[part] = zero[0]
            if not state.accepts(slot.name, array):
                kept.append(part)
        left = np.concatenate(kept) if kept else left[:0]
        parts *= 2


def _others(array: Array, zero: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """The positions of what is not zero; minus zero is not."""
    flat = array.reshape(-1)
    if array.dtype == object or array.dtype.names:
        return np.array([at for at, each in enumerate(flat) if each != zero[0]], dtype=np.intp)
    form = np.dtype((np.void, array.dtype.itemsize))
    return np.flatnonzero(np.ascontiguousarray(flat).view(form) != zero.view(form))


def _simplify(state: Shrinking, slot: Slot) -> bool:
    """Makes the elements that are left simpler, each as far as it goes; whether one was."""
    dtype = element_of(slot.type)
    zero = from_values([from_bits(0, dtype)], dtype, (1,))
    changed = False
    for at in _others(state.array(slot.name), zero)[:MOST_ELEMENTS].tolist():
        value = to_values(state.array(slot.name).reshape(-1)[at : at + 1], dtype)[0]
        while (simpler := _first_accepted(state, slot, at, value)) is not None:
            value, changed = simpler, True
    return changed


def _first_accepted(state: Shrinking, slot: Slot, at: int, value: Value) -> Value | None:
    """The first simpler value of an element with which the programs still differ."""
    dtype = element_of(slot.type)
    for simpler in _simpler(value, dtype):
        array = state.array(slot.name).copy()
        array.reshape(-1)[at] = from_values([simpler], dtype, (1,))[0]
        if state.accepts(slot.name, array):
            return simpler
    return None


def _simpler(value: Value, dtype: DType) -> Iterator[Value]:
    """Values simpler than one, the simplest first; none is simpler than itself, so this ends."""
    match dtype:
        case Float():
            known = _simpler_floats(float(value), dtype)
            measure: Callable[[Value], tuple[object, ...]] = _float_size
        case Struct():
            known = (int(value) & ~(1 << bit) for bit in reversed(range(dtype.bits)))
            measure = _integer_size
        case Int() | UInt() | Fixed() | Index() | Bool():
            whole = int(value)
            toward = int(math.copysign(1, whole))
            known = iter((0, 1, -whole if whole < 0 else 0, int(whole / 2), whole - toward))
            measure = _integer_size
    seen = {value}
    for each in known:
        if each not in seen and measure(each) < measure(value) and _is_value(each, dtype):
            seen.add(each)
            yield each


def _simpler_floats(value: float, dtype: Float) -> Iterator[Value]:
    yield from (0.0, 1.0, 2.0)
    if math.isfinite(value):
        yield from (-value, float(math.trunc(value)), round_to(dtype, value / 2))
        yield value - math.copysign(1.0, value)


def _is_value(value: Value, dtype: DType) -> bool:
    """Whether a type has it."""
    if isinstance(dtype, Float):
        return round_to(dtype, float(value)) == value
    return from_bits(int(value) & ((1 << dtype.bits) - 1), dtype) == value


def _integer_size(value: Value) -> tuple[object, ...]:
    return abs(value), value < 0


def _float_size(value: Value) -> tuple[object, ...]:
    """Numbers before infinities before NaN, whole ones before others."""
    number = float(value)
    if not math.isfinite(number):
        return 1, math.isnan(number), 0.0, number < 0
    return 0, number != math.trunc(number), abs(number), math.copysign(1.0, number) < 0
