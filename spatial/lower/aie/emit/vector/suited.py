"""Operations of a core in the forms that the compilers of mlir-aie have instructions for.

Read from `convert-vector-to-aievec` of mlir-aie and from the rules for AIE2 of Peano (`AIE2LegalizerInfo.cpp`), which
break down at whatever else reaches them.
"""

from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, vector
from spatial.lower.aie.emit.numbers.held import constant, integer

__all__ = ["suit"]

WHOLE = 512
"""Bits of a vector that integers are added in."""

FUSED = 16
"""Products of bfloat16 that are added to sums in float32 at once."""

ROUNDED = (arith.ShRSIOp, arith.MinSIOp, arith.MaxSIOp)
"""Behind these a truncation is taken for a shift that rounds and saturates as the core's registers say."""


def suit(block: ir.Block) -> None:
    """Rewrites what a core computes, with the same results.

    A truncated number keeps its low bits, whatever it comes from. A product of bfloat16 and its sum are one operation.
    A sum with products that takes two vectors is two sums.
    """
    for op in list(operations(block)):
        with op.location:
            match op:
                case arith.TruncIOp() if isinstance(op.result.type, ir.IntegerType):
                    _keep_low(op)
                case arith.AddFOp():
                    _fuse(op)
                case vector.StoreOp():
                    _halve(op)


def _keep_low(op: arith.TruncIOp) -> None:
    (given,) = op.operands
    if _made_by(given, *ROUNDED) is not None:
        with ir.InsertionPoint(op):
            low = constant((1 << int(op.result.type.width)) - 1, int(given.type.width))
            op.operation.operands[0] = arith.andi(given, low)


def _fuse(op: arith.AddFOp) -> None:
    for product, other in (op.operands, reversed(list(op.operands))):
        made = _made_by(product, arith.MulFOp)
        if made is None or not isinstance(product.type, ir.VectorType) or product.type.shape != [FUSED]:
            continue
        if _uses(product) == 1 and all(_narrow(each) is not None for each in made.operands):
            with ir.InsertionPoint(op):
                fused = vector.fma(*map(_extended, made.operands), other)
            op.result.replace_all_uses_with(fused)
            op.operation.erase()
            _erase(made)
            return


def _narrow(value: ir.Value) -> ir.Value | None:
    """The bfloat16 numbers that a vector of float32 is made of, one for all lanes or one each."""
    spread = _made_by(value, vector.BroadcastOp)
    widened = _made_by(spread.operands[0] if spread is not None else value, arith.ExtFOp)
    if widened is None:
        return None
    (narrow,) = widened.operands
    element = narrow.type.element_type if isinstance(narrow.type, ir.VectorType) else narrow.type
    return narrow if isinstance(element, ir.BF16Type) else None


def _extended(value: ir.Value) -> ir.Value:
    """The same vector, spread before it is widened."""
    narrow = _narrow(value)
    assert narrow is not None
    if isinstance(narrow.type, ir.VectorType):
        return value
    kind = ir.VectorType.get(value.type.shape, narrow.type)
    return arith.extf(value.type, vector.broadcast(kind, narrow))


def _halve(op: vector.StoreOp) -> None:
    """Adds products to numbers in memory a vector of 512 bits at a time."""
    value, memory, *places = op.operands
    added = _made_by(value, arith.AddIOp)
    if added is None or _uses(value) != 1 or value.type.shape[0] * int(value.type.element_type.width) != 2 * WHOLE:
        return
    for load, product in (added.operands, reversed(list(added.operands))):
        before, made = _made_by(load, vector.LoadOp), _made_by(product, arith.MulIOp)
        if before is None or made is None or _uses(load) != 1:
            continue
        count = value.type.shape[0] // 2
        for first in (0, count):
            with ir.InsertionPoint(before.operation):
                part = _part(before.operands[0], list(before.operands)[1:], first, value.type)
            with ir.InsertionPoint(op):
                total = arith.addi(part, _half(product, first, count))
                vector.store(total, memory, _moved(places, first))
        op.operation.erase()
        _erase(added, before)
        return


def _part(memory: ir.Value, places: list[ir.Value], first: int, kind: ir.VectorType) -> ir.Value:
    half = ir.VectorType.get([kind.shape[0] // 2], kind.element_type)
    return vector.load(half, memory, _moved(places, first))


def _half(value: ir.Value, first: int, count: int) -> ir.Value:
    half = ir.VectorType.get([count], value.type.element_type)
    offsets, sizes, strides = (
        ir.ArrayAttr.get([ir.IntegerAttr.get(integer(64), number)]) for number in (first, count, 1)
    )
    return vector.extract_strided_slice(half, value, offsets, sizes, strides)


def _moved(places: list[ir.Value], first: int) -> list[ir.Value]:
    """The place so many elements further."""
    if not first:
        return places
    step = arith.constant(ir.IndexType.get(), first)
    return [*places[:-1], arith.addi(places[-1], step)]


def _made_by(value: ir.Value, *kinds: type[ir.OpView]) -> ir.OpView | None:
    if isinstance(value.owner, ir.Block) or not isinstance(value.owner.opview, kinds):
        return None
    return value.owner.opview


def _uses(value: ir.Value) -> int:
    return len(list(value.uses))


def _erase(*unused: ir.OpView) -> None:
    for op in unused:
        op.operation.erase()
