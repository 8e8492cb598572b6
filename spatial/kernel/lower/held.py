"""Holds together what a called function does, so that a schedule can tell it from what is around."""

from collections.abc import Callable, Mapping

from spatial.ir.calls import dissolve
from spatial.ir.dialect import GivenOp, WrittenOp
from spatial.ir.location import location
from spatial.ir.mlir import ir
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Array, Scalar, Single, View
from spatial.meta.plain import Inlined

__all__ = ["held"]


def held(
    lowering: Lowering, node: Inlined, given: Mapping[str, Single], work: Callable[[], list[Single]]
) -> list[Single]:
    """Does what a function does; in one operation where calls are kept, and it takes and returns memory as a whole.

    It may take numbers too. What it returns is the caller's memory, since all memory of a function is.
    """
    if not lowering.keeps_calls or any(_is_part(value) for value in given.values()):
        return work()
    op = _begin(lowering, node)
    with ir.InsertionPoint(op.regions[0].blocks.append()):
        for name, value in given.items():
            _tell(name, value)
        values = work()
    if not all(isinstance(value, Array) and not value.origin for value in values):
        dissolve(op)
    return values


def _is_part(value: Single) -> bool:
    """Whether a value is memory, but not all of it."""
    return isinstance(value, View) or (isinstance(value, Array) and bool(value.origin))


def _begin(lowering: Lowering, node: Inlined) -> ir.OpView:
    calls = ((node.callee.name, lowering.spans(node)), *lowering.inside_of)
    attributes = {"callee": ir.StringAttr.get(node.callee.name)}
    with location(node.callee.closure.definition.text.name_span(), None, calls):
        return ir.Operation.create(WrittenOp.OPERATION_NAME, attributes=attributes, regions=1)


def _tell(name: str, value: Single) -> None:
    """Keeps what a parameter is given, where that is not known before the program runs."""
    text = ir.StringAttr.get
    match value:
        case Array():
            GivenOp(text(name), text(str(value.type)), value.memory)
        case Scalar():
            GivenOp(text(name), text(str(value.dtype)), value.value)
