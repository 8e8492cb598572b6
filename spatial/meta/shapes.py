"""What is known of an array at compile time: its shape."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.types.tensor import TensorType

__all__ = ["ArrayShape"]


@dataclass(frozen=True, slots=True)
class ArrayShape:
    """An array's shape and element type, for compile-time expressions: `A.shape[0]`, `A.ndim`, `A.size`, `len(A)`."""

    shape: tuple[int, ...]
    dtype: object

    @classmethod
    def of(cls, type_: object) -> "ArrayShape":
        """The shape of values of a type; of one that is no array that of one element."""
        return cls(type_.shape, type_.element) if isinstance(type_, TensorType) else cls((), type_)

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
        """The shape of a part: a slice keeps a dimension, any other index takes it away."""
        left = list(self.shape[len(indices) :])
        kept = [len(range(*i.indices(n))) for i, n in zip(indices, self.shape, strict=False) if isinstance(i, slice)]
        return ArrayShape((*kept, *left), self.dtype)
