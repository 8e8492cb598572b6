"""Lowers array accesses: elements, slices, fills and copies."""

import ast
from dataclasses import replace

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import within
from spatial.ir.mlir import ir
from spatial.kernel.arrays.extents import taken_from
from spatial.kernel.arrays.tensor import materialized
from spatial.kernel.arrays.views import load, memory_extents, moved, view_of
from spatial.kernel.bits.slices import read_bits
from spatial.kernel.errors import IndexOutOfRange, NotAssignable, ShapeMismatch, TypeMismatch, WrongUse
from spatial.kernel.lower.arguments import constant_of
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import (
    Array,
    Dimension,
    Folded,
    Literal,
    Number,
    Scalar,
    Tensor,
    Tuple,
    Value,
    Varying,
    View,
)
from spatial.meta.plain import Known, Window
from spatial.types.dtype import Bool, index, is_integer

__all__ = ["check_writable", "select", "subscript"]

COUNT = "indices count from 0"
GUARD_PE = "guard the access with `sp.meta_if`"
GUARD_LOOP = "shorten the loop, or guard the access with `if`"


def subscript(lowering: Lowering, node: ast.expr) -> Value:
    """`A[i, j]`: an element, or a slice where dimensions are left; `x[i]`, `x[lo:hi]`: bits of a number."""
    assert isinstance(node, ast.Subscript), "the table of expressions says so"
    base = lowering.expression(node.value)
    if isinstance(base, Number):
        return read_bits(lowering, base, node)
    if isinstance(base, Tuple):
        return _part(lowering, base, node)
    view = select(lowering, node, base)
    return view if view.shape else load(view, [])


def _part(lowering: Lowering, base: Tuple, node: ast.Subscript) -> Value:
    """One of several values, by a constant."""
    number = constant_of(lowering, node.slice, "which of several values is meant")
    if type(number) is int and -len(base.parts) <= number < len(base.parts):
        return base.parts[number]
    title = f"there are {len(base.parts)} values, `{number}` is none of them"
    raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node.slice), hint="values count from 0"))


def check_writable(lowering: Lowering, array: Array, node: ast.expr) -> None:
    if array.constant:
        span = lowering.spans(node)
        raise lowering.rejected(
            NotAssignable(name=array.name, why=array.constant, span=span, hint="copy it into a local array")
        )


def select(lowering: Lowering, node: ast.Subscript, base: Value) -> View:
    """The part of an array that a subscript names; what is still to be computed is computed first."""
    if isinstance(base, Tensor | Folded):
        base = materialized(lowering, base, "indexed", node)
    if not isinstance(base, Array | View):
        title = "this is a number, it has no elements"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node.value)))
    view = view_of(base)
    indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if len(indices) > len(view.shape):
        title = f"`{view.array.name}` has {len(view.shape)} dimensions here, not {len(indices)}"
        label = f"its type is `{view.array.type}`"
        raise lowering.rejected(ShapeMismatch(title=title, label=label, span=lowering.spans(node)))
    dimensions, given = [], iter(indices)
    for dimension, whole in zip(view.dimensions, memory_extents(view.array), strict=True):
        part = next(given, None) if dimension.extent is not None else None
        cut = dimension.extent != whole
        dimensions.append(dimension if part is None else _narrow(lowering, view.array, dimension, part, cut=cut))
    return View(view.array, tuple(dimensions))


def _narrow(lowering: Lowering, array: Array, dimension: Dimension, node: ast.expr, *, cut: bool) -> Dimension:
    """A dimension after indexing or slicing it; where it was `cut` from a longer one, memory does not bound it."""
    assert dimension.extent is not None, "an index that is fixed is not narrowed"
    if isinstance(node, Window):
        return _window(lowering, array, dimension, dimension.extent, node)
    if isinstance(node, ast.Slice):
        return _running_window(lowering, array, dimension, dimension.extent, node, cut=cut)
    offset = _index(lowering, array, dimension.extent, node, cut=cut)
    return Dimension(moved(dimension.start, offset, dimension.step), None, 1)


def _window(lowering: Lowering, array: Array, dimension: Dimension, extent: int, node: Window) -> Dimension:
    """A dimension cut to a slice, which must lie within it for every PE."""
    labels = lowering.labels if len(node.windows) > 1 else ("",)
    taken = [_taken(lowering, array, window, extent, at, node) for window, at in zip(node.windows, labels, strict=True)]
    first = taken[0]
    if node.start is not None:
        start: ir.Value | None = lowering.typed(lowering.scalar(node.start), index, node).value
    else:
        start = constant(index, first.start) if first.start else None
    begin = dimension.start if start is None else moved(dimension.start, start, dimension.step)
    return replace(dimension, start=begin, extent=len(first), step=dimension.step * first.step)


def _running_window(
    lowering: Lowering, array: Array, dimension: Dimension, extent: int, node: ast.Slice, *, cut: bool
) -> Dimension:
    """A dimension cut to a slice that begins where the program says, but always takes as many elements."""
    if node.step is not None:
        raise lowering.unsupported(
            "a step in a slice that begins at run time", node.step, "copy the elements in a loop"
        )
    taken = taken_from(lowering, node)
    if taken is None:
        title = "how many elements a slice takes must be known at compile time"
        hint = "write a number, or as many elements from a running one on: `A[k : k + 8]`"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    lower, count = taken
    if not 1 <= count <= extent:
        title, label = f"this slice of `{array.name}` does not lie within its {extent} elements", f"takes {count}"
        hint = "a slice takes at least one element and ends inside"
        raise lowering.rejected(ShapeMismatch(title=title, label=label, span=lowering.spans(node), hint=hint))
    start = _running_index(lowering, array, lower, extent, node, count, cut=cut)
    return replace(dimension, start=moved(dimension.start, start, dimension.step), extent=count)


def _taken(lowering: Lowering, array: Array, window: slice, extent: int, at: str, node: Window) -> range:
    """The positions a slice takes; like Python's, but nothing is cut off silently."""
    given = (window.start, window.stop, window.step)
    if not all(part is None or (isinstance(part, int) and not isinstance(part, bool)) for part in given):
        title = "the bounds of a slice are integers"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=lowering.spans(node)))
    start = 0 if window.start is None else window.start + (extent if window.start < 0 else 0)
    stop = extent if window.stop is None else window.stop + (extent if window.stop < 0 else 0)
    step = 1 if window.step is None else window.step
    positions = range(start, stop, step) if step > 0 else range(0)
    if not positions or start < 0 or stop > extent:
        where = f" at `{at}`" if at else ""
        title = f"this slice of `{array.name}` does not lie within its {extent} elements{where}"
        label = f"{start} up to {stop}" if step == 1 else f"{start} up to {stop} by {step}"
        hint = "a slice has a positive step, takes at least one element and ends inside"
        raise lowering.rejected(ShapeMismatch(title=title, label=label, span=lowering.spans(node), hint=hint))
    return positions


def _index(lowering: Lowering, array: Array, extent: int, node: ast.expr, *, cut: bool) -> ir.Value:
    """An index as a value, checked where it is decidable; one written as `-1` counts from the end."""
    if isinstance(node, ast.Constant) and node.value is ...:
        raise lowering.unsupported("`...` as an index", node, "write `:`, which takes all that is left")
    value = lowering.scalar(node)
    if isinstance(value, Literal) and type(value.value) is int:
        return _constant_index(lowering, array, value.value, extent, node)
    return _running_index(lowering, array, value, extent, node, cut=cut)


def _running_index(
    lowering: Lowering, array: Array, value: Number, extent: int, node: ast.expr, count: int = 1, *, cut: bool
) -> ir.Value:
    """The first of `count` indices as a value; what is not decidable the run checks.

    It does so here where the array was `cut` from a longer one, else when memory is accessed.
    """
    settled = lowering.settled(value, node)
    if not is_integer(settled.dtype) or isinstance(settled.dtype, Bool):
        hint = "indices are integers: cast it, as in `int32(x)`"
        mismatch = TypeMismatch(given=str(settled.dtype), wanted="index", span=lowering.spans(node), hint=hint)
        raise lowering.rejected(mismatch)
    if not lowering.guards:
        _check_running_index(lowering, array, value, settled, extent, node, count)
    typed = lowering.typed(settled, index, node, cast=True)
    return _bounded(lowering, array, typed, extent, node, count) if cut else typed.value


def _bounded(lowering: Lowering, array: Array, first: Scalar, extent: int, node: ast.expr, count: int) -> ir.Value:
    """An index that the run checks, unless it is surely inside."""
    starts, affine = extent - count + 1, first.affine
    if affine is not None:
        bounds = affine.bounds_everywhere(len(lowering.labels))
        if all(low >= 0 and high < starts for low, high in bounds):
            return first.value
    what = f"the extent {extent} of `{array.name}`"
    if count > 1:
        what = f"0 to {starts - 1}, where {count} elements of `{array.name}` can begin"
    with lowering.at(node):
        return within(first.value, starts, what)


def _constant_index(lowering: Lowering, array: Array, number: int, extent: int, node: ast.expr) -> ir.Value:
    written = node.written if isinstance(node, Known) else node
    counts_back = isinstance(written, ast.UnaryOp) and isinstance(written.operand, ast.Constant)
    position = number + extent if counts_back and -extent <= number < 0 else number
    _check_range(lowering, array, (position, position), extent, node, str(number))
    return constant(index, position)


def _check_running_index(
    lowering: Lowering, array: Array, value: Number, settled: Scalar, extent: int, node: ast.expr, count: int
) -> None:
    """What every PE surely reaches here must lie within the array."""
    if settled.affine is None:
        return
    differs = settled.affine.differs
    labels = lowering.labels if differs else lowering.labels[:1]
    bounds = settled.affine.bounds_everywhere(len(labels))
    for label, (low, first) in zip(labels, bounds, strict=True):
        high = first + count - 1
        told = f"{low} to {high}" if low != high else str(low)
        if isinstance(value, Varying):
            told += f" (`{value.text}` at `{label}`)"
        elif differs:
            told += f" (at `{label}`)"
        _check_range(lowering, array, (low, high), extent, node, told, GUARD_PE if low == first else GUARD_LOOP)


def _check_range(
    lowering: Lowering,
    array: Array,
    interval: tuple[int, int],
    extent: int,
    node: ast.expr,
    told: str,
    hint: str = COUNT,
) -> None:
    if interval[0] < 0 or interval[1] >= extent:
        shape, span = str(list(array.type.shape)), lowering.spans(node)
        raise lowering.rejected(IndexOutOfRange(array=array.name, shape=shape, index=told, span=span, hint=hint))
