"""Lowers bit slices: which bits a subscript names, and reading them."""

import ast
from dataclasses import dataclass

from spatial.ir.dialect import BitOp
from spatial.ir.mlir import ir
from spatial.ir.packing import as_bits, extract
from spatial.kernel.arrays.extents import taken_from
from spatial.kernel.errors import BitsOutOfRange, TypeMismatch, WrongUse
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import Literal, Number, Scalar
from spatial.meta.plain import Window
from spatial.types.dtype import Bool, DType, Fixed, Index, Int, Struct, UInt, bool_, index, is_integer

__all__ = ["Selection", "read_bits", "selection"]

VARIES = "how many bits a slice takes must be known at compile time"
HINT = "write a number, or as many bits from a running one on: `x[k : k + 8]`"


@dataclass(frozen=True, slots=True)
class Selection:
    """Some bits of a number: `width` from `start` on, which lie within; `dtype` is what they are read as."""

    start: int | ir.Value
    width: int
    dtype: DType


def read_bits(lowering: Lowering, value: Number, node: ast.Subscript) -> Scalar:
    """`x[i]`, a bool, or `x[lo:hi]`, an unsigned integer."""
    if not isinstance(value, Scalar):
        title, hint = "a number without a type has no bits", "give it one, as in `UInt(8)(5)[k]`"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node.value), hint=hint))
    chosen = selection(lowering, value.dtype, node)
    return Scalar(extract(as_bits(value.value, value.dtype), chosen.start, chosen.width), chosen.dtype)


def selection(lowering: Lowering, dtype: DType, node: ast.Subscript) -> Selection:
    """Which bits of a `dtype` a subscript names."""
    if not isinstance(dtype, Int | UInt | Fixed | Index):
        title = f"a value of type `{dtype}` has no bits to index"
        hint = f"read them as an integer first: `sp.bitcast(x, UInt({dtype.bits}))[0:{min(8, dtype.bits)}]`"
        hint = "index its fields, as in `p.x[0]`" if isinstance(dtype, Struct) else hint
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node.value), hint=hint))
    part = node.slice
    match part:
        case Window():
            return _window(lowering, dtype, part)
        case ast.Slice():
            return _running_slice(lowering, dtype, part)
        case ast.Tuple():
            title = "bits are named by one number or one slice"
            raise lowering.rejected(WrongUse(title=title, span=lowering.spans(part), hint="write `x[0:8]`"))
    return Selection(_start(lowering, dtype, lowering.scalar(part), 1, part), 1, bool_)


def _window(lowering: Lowering, dtype: DType, node: Window) -> Selection:
    """A slice with compile-time bounds, which may differ between PEs."""
    taken = [_taken(lowering, dtype, window, node) for window in node.windows]
    start: int | ir.Value = taken[0][0]
    if node.start is not None:
        start = lowering.typed(lowering.scalar(node.start), index, node).value
    return Selection(start, taken[0][1], UInt(taken[0][1]))


def _taken(lowering: Lowering, dtype: DType, window: slice, node: Window) -> tuple[int, int]:
    given = (window.start, window.stop)
    if window.step not in (None, 1) or not all(part is None or type(part) is int for part in given):
        title = "the bounds of a bit slice are integers, without a step"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint="write `x[0:8]`"))
    ends = [None if part is None else part + (dtype.bits if part < 0 else 0) for part in given]
    start = 0 if ends[0] is None else ends[0]
    stop = dtype.bits if ends[1] is None else ends[1]
    if start == stop:
        title, hint = "this slice takes no bit", "a slice ends before its second bound: `x[0:8]` takes eight"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    if not 0 <= start < stop <= dtype.bits:
        raise _outside(lowering, dtype, f"bits {start} up to {stop} are", node)
    return start, stop - start


def _running_slice(lowering: Lowering, dtype: DType, node: ast.Slice) -> Selection:
    """A slice that begins where the program says, but always takes as many bits."""
    if node.step is not None:
        raise lowering.unsupported("a step in a bit slice", node.step, "take the bits one by one: `x[k]`")
    taken = taken_from(lowering, node)
    if taken is None:
        raise lowering.rejected(WrongUse(title=VARIES, span=lowering.spans(node), hint=HINT))
    lower, width = taken
    if not 1 <= width <= dtype.bits:
        raise _outside(lowering, dtype, f"{width} bits are", node)
    return Selection(_start(lowering, dtype, lower, width, node), width, UInt(width))


def _start(lowering: Lowering, dtype: DType, value: Number, width: int, node: ast.expr) -> int | ir.Value:
    """The lowest bit, checked now where it is known, otherwise while the program runs."""
    most = dtype.bits - width
    if isinstance(value, Literal) and type(value.value) is int:
        start = value.value + (dtype.bits if value.value < 0 else 0)
        if not 0 <= start <= most:
            raise _outside(lowering, dtype, _told(value.value, value.value + width - 1), node)
        return start
    settled = lowering.settled(value, node)
    if not is_integer(settled.dtype) or isinstance(settled.dtype, Bool):
        hint = "bits are numbered: cast it, as in `int32(x)`"
        mismatch = TypeMismatch(given=str(settled.dtype), wanted="index", span=lowering.spans(node), hint=hint)
        raise lowering.rejected(mismatch)
    start = lowering.typed(settled, index, node, cast=True).value
    if settled.affine is not None:
        bounds = settled.affine.bounds_everywhere(len(lowering.labels))
        low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
        if low >= 0 and high <= most:
            return start
        if not lowering.guards:
            raise _outside(lowering, dtype, _told(low, high + width - 1), node)
    told = f"of the {dtype.bits} bits" if width == 1 else f"as the start of {width} of the {dtype.bits} bits"
    number = ir.IntegerAttr.get(ir.IndexType.get(), most + 1)
    return BitOp(number, ir.StringAttr.get(told), start, ir.IndexType.get()).value


def _told(low: int, high: int) -> str:
    return f"bits {low} to {high} are" if low != high else f"bit {low} is"


def _outside(lowering: Lowering, dtype: DType, told: str, node: ast.AST) -> Rejected:
    return lowering.rejected(BitsOutOfRange(bits=told, type=str(dtype), width=dtype.bits, span=lowering.spans(node)))
