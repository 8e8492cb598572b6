"""Makes the inputs of each try."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of, shape_of
from spatial.types.values import from_values
from spatial.verify.testing.values import FLAVOURS, MIXED, pool

__all__ = ["Array", "Case", "Draw", "Slot", "case_of", "in_call", "in_calls", "size_of_tokens"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
Case = Mapping[str, Array]
Draw = Callable[[np.random.Generator], object]

FIRST = ("zeros", "ones")
LATER = ("small", "wide", MIXED, "edges", "any")
TOKENS = (8, 1, 16, 5)
MOST_DISTINCT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Something that both programs are given: an array, a number, or a stream's tokens, for `axes` of channels.

    With `given` it is always this; with `draw` what that makes of a generator. Each channel of a stream gets so many
    `tokens`, or other numbers of them in each try.
    """

    name: str
    type: DType | TensorType
    kind: str = "array"
    axes: tuple[int, ...] = ()
    given: Array | None = None
    draw: Draw | None = None
    tokens: int | None = None

    @property
    def free(self) -> bool:
        """Whether any value of its type will do."""
        return self.given is None and self.draw is None


def in_call(name: str, call: int) -> str:
    """What a parameter is called in a call."""
    return name if call == 1 else f"call {call}: {name}"


def in_calls(slots: Sequence[Slot], calls: int) -> tuple[Slot, ...]:
    """What programs are given in so many calls."""
    return tuple(replace(slot, name=in_call(slot.name, call)) for call in range(1, calls + 1) for slot in slots)


def case_of(slots: Sequence[Slot], number: int, seed: int) -> Case:
    """The inputs of a try: zeros first, then ones, then edge values, small ones, any; the same for the same seed."""
    flavour = FIRST[number] if number < len(FIRST) else LATER[(number - len(FIRST)) % len(LATER)]
    tokens = size_of_tokens(number)
    return {slot.name: _made(slot, flavour, tokens, _own(slot, seed, number)) for slot in slots}


def size_of_tokens(number: int) -> int:
    """How many tokens each stream is given in a try."""
    return TOKENS[number % len(TOKENS)]


def _own(slot: Slot, seed: int, number: int) -> np.random.Generator:
    """A generator for the slot alone: giving another one leaves it as it is."""
    return np.random.default_rng([seed, number, zlib.crc32(slot.name.encode())])


def _made(slot: Slot, flavour: str, tokens: int, own: np.random.Generator) -> Array:
    if slot.given is not None:
        return slot.given
    if slot.draw is not None:
        return np.asarray(slot.draw(own))
    if flavour == MIXED:
        names = list(FLAVOURS)
        flavour = names[int(own.integers(len(names)))]
    shape = shape_of(slot.type)
    if slot.kind == "stream":
        shape = (*slot.axes, tokens if slot.tokens is None else slot.tokens, *shape)
    return _filled(element_of(slot.type), shape, flavour, own)


def _filled(dtype: DType, shape: tuple[int, ...], flavour: str, generator: np.random.Generator) -> Array:
    """An array of values of one flavour; a very large one repeats some thousands."""
    size = int(np.prod(shape, dtype=np.int64))
    count = min(size, MOST_DISTINCT)
    distinct = from_values(pool(dtype, flavour, count, generator), dtype, (count,))
    if size > MOST_DISTINCT:
        distinct = distinct[generator.integers(MOST_DISTINCT, size=size)]
    return distinct.reshape(shape)
