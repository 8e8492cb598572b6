"""What is known of an array at compile time: its shape, and which array it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spatial.types.qualifiers import Qualified
from spatial.types.tensor import TensorType

__all__ = ["ORIGIN", "ArrayShape", "Origin"]

ORIGIN = "__array_origin__"  # the attribute by which rewritten text asks a shape for its origin


@dataclass(frozen=True, slots=True)
class Origin:
    """Which array a name stands for: a parameter of the kernel, or what its call number `call` declares as `type`.

    The kernel itself has the number 0. `taken` are the indices of the part that is meant, one pair of brackets after
    the other. It is `lost` where only the run knows which part is meant.
    """

    name: str
    call: int = 0
    type: object = None
    taken: tuple[tuple[object, ...], ...] = ()
    lost: bool = False

    def __getitem__(self, index: object) -> "Origin":
        return replace(self, taken=(*self.taken, index if isinstance(index, tuple) else (index,)))


@dataclass(frozen=True, slots=True)
class ArrayShape:
    """An array's shape and element type, for compile-time expressions: `A.shape[0]`, `A.ndim`, `A.size`, `len(A)`."""

    shape: tuple[int, ...]
    dtype: object
    __array_origin__: Origin

    @classmethod
    def of(cls, type_: object, origin: Origin) -> "ArrayShape":
        """The shape of values of a type; of one that is no array that of one element."""
        bare = type_.type if isinstance(type_, Qualified) else type_
        return cls(bare.shape, bare.element, origin) if isinstance(bare, TensorType) else cls((), bare, origin)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        size = 1
        for extent in self.shape:
            size *= extent
        return size

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("one element has no length")
        return self.shape[0]

    def part(self, indices: Sequence[object]) -> "ArrayShape":
        """The shape of a part: a slice keeps a dimension, an index takes it away, None if only the run knows it."""
        left = list(self.shape[len(indices) :])
        kept = [len(range(*i.indices(n))) for i, n in zip(indices, self.shape, strict=False) if isinstance(i, slice)]
        origin = self.__array_origin__
        if indices:
            origin = replace(origin, lost=True) if any(index is None for index in indices) else origin[tuple(indices)]
        return ArrayShape((*kept, *left), self.dtype, origin)
