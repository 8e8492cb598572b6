"""Tensor types by the name other packages import them by, with scalars seen as tensors of no dimensions."""

import math

from spatial.types.dtype import DType, TensorType

__all__ = ["TensorType", "element_of", "shape_of", "size_of"]


def element_of(type_: TensorType | DType) -> DType:
    """The type of one element."""
    return type_.element if isinstance(type_, TensorType) else type_


def shape_of(type_: TensorType | DType) -> tuple[int, ...]:
    """The extents, none of a scalar."""
    return type_.shape if isinstance(type_, TensorType) else ()


def size_of(type_: TensorType | DType) -> int:
    """The number of elements."""
    return math.prod(shape_of(type_))
