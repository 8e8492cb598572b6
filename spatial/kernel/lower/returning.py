"""What a function returns, while it is lowered."""

from dataclasses import dataclass, field

from spatial.kernel.lower.values import Array, Cell
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["Place", "Results", "Returning"]


@dataclass(slots=True)
class Returning:
    """What a function returns from within loops: the types it is declared with, the memory that keeps its values."""

    declared: tuple[DType | None, ...]
    cells: list[Cell] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The array that one of the values is returned in; a `number` is its only element."""

    array: Array
    number: bool = False


@dataclass(slots=True, kw_only=True)
class Results:
    """What a function returns that is a program by itself.

    `declared` are the types that its head says, None if it says nothing; `taken` the names of its parameters;
    `places` are known from the first `return` on.
    """

    function: str
    declared: tuple[TensorType | DType, ...] | None
    taken: frozenset[str]
    places: list[Place] | None = field(default=None)
