"""The words of the language for computing with arrays."""

from typing import Any

from spatial.meta.markers import marker
from spatial.source.errors import outside_kernel

__all__ = [
    "argmax",
    "argmin",
    "clip",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "reshape",
    "sum",
    "transpose",
    "where",
]

Axis = int | tuple[int, ...] | None


@marker
def argmax(array: Any, axis: int | None = None) -> Any:
    """Where the greatest element stands, the first of equals: counted along an axis, or in C order among all.

    A NaN counts as the greatest. The places are `index`; takes a cycle for each element. `np.argmax` and
    `A.argmax(...)` are the same.
    """
    raise outside_kernel("argmax")


@marker
def argmin(array: Any, axis: int | None = None) -> Any:
    """Where the least element stands, the first of equals: counted along an axis, or in C order among all.

    A NaN counts as the least. The places are `index`; takes a cycle for each element. `np.argmin` and
    `A.argmin(...)` are the same.
    """
    raise outside_kernel("argmin")


@marker
def sum(array: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum of the elements, or the sums along an axis (or several), which the result has no more.

    With `keepdims=True` it has them with an extent of 1, as in NumPy, so that it broadcasts against the array.

    Elements are added one by one in the order of their indices, beginning with the first. The sum is kept in the
    type it is assigned or cast to; without one, a sum of integers has a type that holds every sum (a bit more for
    each doubling), a sum of floats their own. Takes a cycle for each element. `np.sum`, Python's `sum` and
    `A.sum(...)` are the same.
    """
    raise outside_kernel("sum")


@marker
def mean(array: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum of floats as `sp.sum` makes it, divided by how many there are. Integers must be cast first.

    Takes a cycle for each element. `np.mean` and `A.mean(...)` are the same.
    """
    raise outside_kernel("mean")


@marker
def max(*values: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The greatest element, or the greatest along an axis (or several): `sp.max(A)`, `sp.max(A, axis=0)`.

    NaN if one is NaN. Of several numbers, `sp.max(a, b)`, the greatest. Takes a cycle for each element of an array.
    `np.max`, Python's `max` and `A.max(...)` are the same.
    """
    raise outside_kernel("max")


@marker
def min(*values: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The least element, or the least along an axis (or several): `sp.min(A)`, `sp.min(A, axis=0)`.

    NaN if one is NaN. Of several numbers, `sp.min(a, b)`, the least. Takes a cycle for each element of an array.
    `np.min`, Python's `min` and `A.min(...)` are the same.
    """
    raise outside_kernel("min")


@marker
def maximum(a: Any, b: Any) -> Any:
    """The greater of two numbers, or element by element of arrays; NaN if one is NaN, and 0.0 is above -0.0."""
    raise outside_kernel("maximum")


@marker
def minimum(a: Any, b: Any) -> Any:
    """The lesser of two numbers, or element by element of arrays; NaN if one is NaN, and -0.0 is below 0.0."""
    raise outside_kernel("minimum")


@marker
def clip(x: Any, low: Any, high: Any) -> Any:
    """`minimum(maximum(x, low), high)`: numbers or arrays held between two limits."""
    raise outside_kernel("clip")


@marker
def where(condition: Any, a: Any, b: Any) -> Any:
    """Element by element `a` where the condition is not zero, else `b`; both are computed everywhere.

    The three broadcast; the type is the smallest that holds both.
    """
    raise outside_kernel("where")


@marker
def transpose(array: Any, axes: tuple[int, ...] | None = None) -> Any:
    """The array with its axes in the given order, reversed without one. Nothing is copied; `A.T` reverses them too."""
    raise outside_kernel("transpose")


@marker
def reshape(array: Any, shape: int | tuple[int, ...]) -> Any:
    """The elements in C order in another shape, in which one extent may be -1. Nothing is copied."""
    raise outside_kernel("reshape")
