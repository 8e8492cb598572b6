"""What the body of a region holds in place of memory."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from spatial.source.span import Span
from spatial.types.tensor import TensorType

__all__ = ["ArrayRef", "arrays_in"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArrayRef:
    """An array as a region's body holds it, to be given to kernels.

    It is a parameter of the region, or, where it is `owned`, memory of the module: `initial` are then
    its first values in C order, one for all elements, none for zeros. Arrays are numbered in the order they are made.
    """

    name: str
    type: TensorType
    span: Span
    owned: bool = False
    initial: tuple[int | float | bool, ...] = ()
    number: int = field(default_factory=itertools.count().__next__)


def arrays_in(objects: Mapping[str, object]) -> dict[str, ArrayRef]:
    """The arrays among named objects."""
    return {name: value for name, value in objects.items() if isinstance(value, ArrayRef)}
