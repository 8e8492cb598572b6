"""What an expression of a kernel can be while it is lowered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spatial.ir.mlir import ir
from spatial.kernel.lower.affine import Affine
from spatial.source.span import Span
from spatial.types.dtype import DType, bool_, float64, index
from spatial.types.tensor import TensorType

__all__ = [
    "Array",
    "ArrayValue",
    "Cell",
    "ChannelEnd",
    "Dimension",
    "Folded",
    "Literal",
    "Number",
    "Origin",
    "Position",
    "Read",
    "Scalar",
    "Single",
    "Sink",
    "Tensor",
    "Tuple",
    "Value",
    "Varying",
    "View",
    "number_type",
]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A typed value of the running program; `affine` says it by loop variables and the PE, where that is known."""

    value: ir.Value
    dtype: DType
    affine: Affine | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A number known now that has no type yet: it takes its partner's."""

    value: int | float | bool


@dataclass(frozen=True, slots=True)
class Varying:
    """A number known for every PE but different among them: a parameter of the function, without a type yet."""

    column: int
    text: str
    values: tuple[int | float | bool, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A local scalar that can be assigned again."""

    memory: ir.Value
    dtype: DType
    span: Span


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an array begins in one dimension of the memory that holds it, None where that is 0.

    The array itself has the dimension only if it is `kept`.
    """

    offset: ir.Value | None
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Array:
    """An array in memory; `constant` says why it cannot be written, if it cannot.

    Where it is only a part of the memory, `origin` says which, for each dimension of that.
    One that is `taken` holds a block just taken from a channel, in memory that has no name yet.
    """

    name: str
    memory: ir.Value
    type: TensorType
    span: Span
    constant: str = ""
    origin: tuple[Origin, ...] = ()
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a view: from `start` every `step`-th element, `extent` of them.

    `start` is None where it is 0; `extent` is None where an index picked the one element at `start`.
    """

    start: ir.Value | None
    extent: int | None
    step: int


@dataclass(frozen=True, slots=True)
class View:
    """A slice of an array."""

    array: Array
    dimensions: tuple[Dimension, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of the dimensions that are left."""
        return tuple(dimension.extent for dimension in self.dimensions if dimension.extent is not None)


@dataclass(frozen=True, slots=True)
class Tuple:
    """Several values at once, as an assignment to several names takes them."""

    parts: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class ChannelEnd:
    """A channel as one of the function's parameters; its tokens are scalars, or blocks."""

    parameter: ir.Value
    token: DType | TensorType


@dataclass(frozen=True, slots=True)
class Read:
    """A part of memory that a value is computed from; `aligned` if each element only from the one in its own place."""

    view: View
    aligned: bool


Position = Sequence[ir.Value]
Sink = Callable[[Position, Scalar], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """An array whose elements are computed where they are used: `element` emits the one at a position.

    `stored` says that this is no more than reading it from memory.
    """

    shape: tuple[int, ...]
    dtype: DType
    element: Callable[[Position], Scalar]
    reads: tuple[Read, ...]
    stored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """An array whose elements are each made by a loop: `fill` emits the loops, which hand each to what it is given.

    A rank of 0 is one number, handed over at the empty position.
    """

    name: str
    shape: tuple[int, ...]
    dtype: DType
    fill: Callable[[Sink], None]
    reads: tuple[Read, ...]


Number = Scalar | Literal | Varying
ArrayValue = Array | View | Tensor | Folded
Single = Number | ArrayValue
Value = Single | Tuple


def number_type(number: float) -> DType:
    """The type by which a number that differs between PEs is handed over."""
    return bool_ if isinstance(number, bool) else index if isinstance(number, int) else float64
