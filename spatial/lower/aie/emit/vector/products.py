"""Products of narrow integers at the widths that cores multiply in."""

from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, memref, scf

__all__ = ["SUMS", "sums_narrow", "widen_products"]

NARROW = 16
"""Bits of what a core multiplies in one step, 32 lanes at a time, into sums of 32 bits."""

SUMS = 32
KEPT = (arith.AddIOp, arith.SubIOp, arith.MulIOp, arith.ExtSIOp, arith.TruncIOp, arith.ConstantOp)
"""Operations that cores do on 32 lanes of 32 bits."""


def widen_products(block: ir.Block) -> None:
    """Multiplies 8-bit integers into 32 bits where 16 are extended to that, so that product and sum are one step.

    A product of two numbers of 8 bits fits in 16, so both are the same.
    """
    for op in list(operations(block)):
        if isinstance(op, arith.ExtSIOp) and op.out.type == ir.IntegerType.get_signless(SUMS):
            factors = _factors(op.operands[0])
            if factors is not None:
                _widen(op, factors)


def _factors(value: ir.Value) -> tuple[ir.Value, ir.Value] | None:
    """The 8-bit numbers with a sign that a 16-bit one is the product of."""
    product = _made_by(value, arith.MulIOp)
    if product is None or len(list(value.uses)) != 1:
        return None
    found = [_made_by(each, arith.ExtSIOp) for each in product.operands]
    given = [each.operands[0] for each in found if each is not None]
    narrow = [each for each in given if int(each.type.width) <= NARROW // 2]
    return (narrow[0], narrow[1]) if len(narrow) == 2 else None


def _widen(op: arith.ExtSIOp, factors: tuple[ir.Value, ir.Value]) -> None:
    product = op.operands[0].owner
    with ir.InsertionPoint(op), op.location:
        wide = ir.IntegerType.get_signless(SUMS)
        op.result.replace_all_uses_with(arith.muli(*(arith.extsi(wide, each) for each in factors)))
    op.operation.erase()
    before = [each.owner for each in product.operands]
    product.erase()
    for each in dict.fromkeys(before):
        if not any(True for _ in each.results[0].uses):
            each.erase()


def _made_by(value: ir.Value, kind: type[ir.OpView]) -> ir.OpView | None:
    if isinstance(value.owner, ir.Block) or not isinstance(value.owner.opview, kind):
        return None
    return value.owner.opview


def sums_narrow(loop: scf.ForOp) -> bool:
    """Whether all that a loop does in 32 bits are sums, of products of narrower numbers or of these themselves.

    Without products, no number of 32 bits is in memory either: a core moves no more than 16 of them at once.
    """
    inside = [op for op in operations(loop.body) if len(op.results) == 1 and _is_wide(op.results[0])]
    computed = [op for op in inside if op.operation.name.startswith("arith.")]
    products = [op for op in computed if isinstance(op, arith.MulIOp)]
    factors = [factor for op in products for factor in op.operands]
    if not all(isinstance(op, KEPT) for op in computed) or not all(map(_extended, factors)):
        return False
    products += [op for op in computed if isinstance(op, arith.ExtSIOp) and _factors(op.operands[0]) is not None]
    return bool(products) or not any(_touches_wide(op) for op in operations(loop.body))


def _touches_wide(op: ir.OpView) -> bool:
    return isinstance(op, memref.LoadOp | memref.StoreOp) and bool(op.memref.type.element_type.width == SUMS)


def _extended(value: ir.Value) -> bool:
    """Whether a number is a narrow one with its sign."""
    found = _made_by(value, arith.ExtSIOp)
    return found is not None and int(found.operands[0].type.width) <= NARROW


def _is_wide(value: ir.Value) -> bool:
    return isinstance(value.type, ir.IntegerType) and int(value.type.width) == SUMS
