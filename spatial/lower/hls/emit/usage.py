"""How a function uses its locals: what decides how they are declared."""

from spatial.ir.channels import FILLS
from spatial.ir.dialect import PutOp, TryPutOp
from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, memref, scf

__all__ = ["first_value", "is_filled", "is_token"]


def first_value(memory: ir.Value) -> ir.OpView | None:
    """The store that a scalar can be declared by: in its own block, or around all its uses, and before them."""
    _, first = _around(memory)
    return first if isinstance(first, memref.StoreOp) and first.memref == memory else None


def is_token(memory: ir.Value) -> bool:
    """Whether an array is a token somewhere, so that it lies in its struct."""
    return any(isinstance(use.owner, (*FILLS, PutOp, TryPutOp)) for use in memory.uses)


def is_filled(memory: ir.Value) -> bool:
    """Whether every element of an array is written before anything is read, as far as is easy to see."""
    _, first = _around(memory)
    if isinstance(first, FILLS) and not first.operation.name.startswith("df.try"):
        return True
    shape = list(memory.type.shape)
    counters: list[ir.Value] = []
    while isinstance(first, scf.ForOp):
        if _constants(first) != (0, shape[len(counters)] if len(counters) < len(shape) else 0, 1):
            return False
        counters.append(first.induction_variable)
        first = next((op for op in first.body.operations if _touches(op, memory)), None)
    return isinstance(first, memref.StoreOp) and first.memref == memory and list(first.indices) == counters


def _constants(loop: scf.ForOp) -> tuple[int | None, ...]:
    return tuple(_constant(value) for value in list(loop.operands)[:3])


def _constant(value: ir.Value) -> int | None:
    owner = value.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, arith.ConstantOp):
        return None
    return int(owner.opview.attributes["value"].value)


def _around(memory: ir.Value) -> tuple[ir.Block | None, ir.OpView | None]:
    """The innermost block that holds every use of a memory, and the first operation in it that has one."""
    block: ir.Block = memory.owner.operation.block
    while True:
        users = [op for op in block.operations if op.operation != memory.owner and _touches(op, memory)]
        if len(users) != 1 or not isinstance(users[0], scf.IfOp | scf.ForOp | scf.WhileOp):
            return block, (users[0] if users else None)
        inside = [each for region in users[0].regions for each in region.blocks if _uses(each, memory)]
        if len(inside) != 1:
            return block, users[0]
        block = inside[0]


def _touches(op: ir.OpView, memory: ir.Value) -> bool:
    return memory in list(op.operands) or any(_uses(block, memory) for region in op.regions for block in region.blocks)


def _uses(block: ir.Block, memory: ir.Value) -> bool:
    return any(memory in list(op.operands) for op in operations(block))
