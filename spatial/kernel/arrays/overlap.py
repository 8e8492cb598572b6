"""Whether a value can be stored element by element while it is computed."""

from spatial.ir.mlir import arith, ir
from spatial.kernel.lower.values import Dimension, Read, View

__all__ = ["is_disturbed"]

PURE = (arith.AddIOp, arith.SubIOp, arith.MulIOp, arith.IndexCastOp, arith.IndexCastUIOp, arith.ExtSIOp, arith.ExtUIOp)


def is_disturbed(target: View, read: Read) -> bool:
    """Whether storing into `target` in the order of its elements can change what is still to be read.

    Not where both are the same elements in the same places, nor where they are surely apart.
    """
    if target.array.memory != read.view.array.memory:
        return False
    pairs = list(zip(target.dimensions, read.view.dimensions, strict=True))
    if any(_is_apart(ours, theirs) for ours, theirs in pairs):
        return False
    return not (read.aligned and all(_is_same(ours, theirs) for ours, theirs in pairs))


def _is_apart(ours: Dimension, theirs: Dimension) -> bool:
    a, b = _interval(ours), _interval(theirs)
    return a is not None and b is not None and (a[1] < b[0] or b[1] < a[0])


def _interval(dimension: Dimension) -> tuple[int, int] | None:
    """The first and the last position, where they are known."""
    start = 0 if dimension.start is None else _constant(dimension.start)
    return None if start is None else (start, start + dimension.step * ((dimension.extent or 1) - 1))


def _is_same(ours: Dimension, theirs: Dimension) -> bool:
    if (ours.extent, ours.step) != (theirs.extent, theirs.step):
        return False
    if ours.start is None or theirs.start is None:
        return _interval(ours) is not None and _interval(ours) == _interval(theirs)
    return _is_equal(ours.start, theirs.start)


def _is_equal(a: ir.Value, b: ir.Value) -> bool:
    """Whether two values are surely the same number: one value, or the same arithmetic on the same values."""
    if a == b:
        return True
    if isinstance(a.owner, ir.Block) or isinstance(b.owner, ir.Block):
        return False
    if (first := _constant(a)) is not None:
        return first == _constant(b)
    one, other = a.owner.opview, b.owner.opview
    same = isinstance(one, PURE) and one.operation.name == other.operation.name and a.type == b.type
    return same and all(_is_equal(x, y) for x, y in zip(one.operands, other.operands, strict=True))


def _constant(value: ir.Value) -> int | None:
    owner = value.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, arith.ConstantOp):
        return None
    return int(owner.opview.attributes["value"].value)
