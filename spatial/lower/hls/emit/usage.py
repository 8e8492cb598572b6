"""How a function uses its locals: what decides how they are declared."""

import math

from spatial.analysis.loops import is_endless
from spatial.ir.channels import FILLS, PEEKS
from spatial.ir.dialect import ActorOp, ByReferenceOp, PutOp, TryPutOp
from spatial.ir.external import is_dataflow
from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir, memref, scf

__all__ = ["endless_loop", "first_value", "is_dead", "is_filled", "is_token", "lasting_locals"]


def first_value(memory: ir.Value) -> ir.OpView | None:
    """The store that a scalar can be declared by: in its own block, or around all its uses, and before them."""
    first = _around(memory)
    return first if isinstance(first, memref.StoreOp) and first.memref == memory else None


def is_token(memory: ir.Value) -> bool:
    """Whether an array is a token somewhere, so that it lies in its struct."""
    return any(isinstance(use.owner, (*FILLS, PutOp, TryPutOp)) for use in memory.uses)


def endless_loop(function: func.FuncOp) -> scf.WhileOp | None:
    """The `while True` that a function is, behind locals that begin with constants at most.

    None where anything else stands in front, or where actors that share the function would share its locals.
    """
    loops = [op for op in function.entry_block.operations if is_endless(op)]
    others = [op for op in function.entry_block.operations if op not in loops]
    plain = all(isinstance(op, PLAIN) or _begins(op) for op in others)
    if len(loops) != 1 or not plain:
        return None
    looks_ahead = any(isinstance(op, PEEKS) for op in operations(function.entry_block))
    alone = _users(function) == 1
    return loops[0] if alone or not (looks_ahead or lasting_locals(function, loops[0])) else None


PLAIN = (memref.AllocaOp, arith.ConstantOp, func.ReturnOp, memref.GetGlobalOp)


def _begins(op: ir.OpView) -> bool:
    return isinstance(op, memref.StoreOp) and not list(op.indices) and _constant(op.value) is not None


def _users(function: func.FuncOp) -> int:
    """How many actors run a function."""
    module = function.operation.parent
    region = next(op for op in module.regions[0].blocks[0].operations if "df.region" in op.attributes)
    actors = [op for op in region.entry_block.operations if isinstance(op, ActorOp)]
    return sum(op.callee.value == function.name.value for op in actors)


def lasting_locals(function: func.FuncOp, endless: scf.WhileOp) -> set[ir.Value]:
    """The locals that carry something from one iteration of an endless loop to the next."""
    found = set()
    for op in function.entry_block.operations:
        if isinstance(op, memref.AllocaOp) and not is_dead(op.result):
            scalar = not list(op.result.type.shape)
            begins_inside = first_value(op.result) is not None if scalar else is_filled(op.result)
            if not begins_inside or any(use.owner.operation.block == function.entry_block for use in op.result.uses):
                found.add(op.result)
    return found


def is_dead(memory: ir.Value) -> bool:
    """Whether memory is only ever written."""
    return all(isinstance(use.owner, memref.StoreOp) and use.owner.value != memory for use in memory.uses)


def is_filled(memory: ir.Value) -> bool:
    """Whether every element of an array is written before anything is read, as far as is easy to see."""
    first = _around(memory)
    if isinstance(first, FILLS) and not first.operation.name.startswith("df.try"):
        return True
    if isinstance(first, ByReferenceOp) and first.direction.value == "out":
        return all(is_dataflow(use.owner) for use in first.passed.uses)
    shape = list(memory.type.shape)
    counters: list[ir.Value] = []
    stride = 1
    while isinstance(first, scf.ForOp):
        low, high, step = _constants(first)
        extent = shape[len(counters)] if len(counters) < len(shape) else 0
        if (low, high) != (0, extent) or not step or extent % step:
            return False
        stride = step
        counters.append(first.induction_variable)
        first = next((op for op in first.body.operations if _uses(op, memory)), None)
        if stride > 1:
            break
    if not isinstance(first, memref.StoreOp) or first.memref != memory:
        return False
    if stride > 1:
        return len(counters) == len(shape) and _is_unrolled(first, memory, counters, stride)
    return list(first.indices) == counters or (not counters and _is_listed(first, memory))


def _is_unrolled(first: memref.StoreOp, memory: ir.Value, counters: list[ir.Value], stride: int) -> bool:
    """Whether all elements up to the next iteration are written one after the other, beginning with this one."""
    written = set()
    for op in first.operation.block.operations:
        if _uses(op, memory):
            if not isinstance(op, memref.StoreOp):
                break
            *outer, last = op.indices
            if outer == counters[:-1]:
                written.add(_behind(last, counters[-1]))
    return written >= set(range(stride))


def _behind(index: ir.Value, counter: ir.Value) -> int | None:
    """How far an index lies behind a loop's counter, None where that is no constant."""
    if index == counter:
        return 0
    owner = index.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, arith.AddIOp):
        return None
    left, right = owner.operands
    return _constant(right) if left == counter else None


def _is_listed(first: memref.StoreOp, memory: ir.Value) -> bool:
    """Whether all elements are written one after the other, beginning with this one."""
    written, found = set[tuple[int | None, ...]](), False
    for op in first.operation.block.operations:
        found = found or op.operation == first.operation
        if found and _uses(op, memory):
            if not isinstance(op, memref.StoreOp) or op.memref != memory:
                break
            written.add(tuple(_constant(index) for index in op.indices))
    size: int = math.prod(memory.type.shape)
    return len({at for at in written if None not in at}) == size


def _constants(loop: scf.ForOp) -> tuple[int | None, ...]:
    return tuple(_constant(value) for value in list(loop.operands)[:3])


def _constant(value: ir.Value) -> int | None:
    owner = value.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, arith.ConstantOp):
        return None
    return int(owner.opview.attributes["value"].value)


def _around(memory: ir.Value) -> ir.OpView | None:
    """The first operation that uses a memory or holds a use, in the innermost block that has all uses inside."""
    home = memory.owner.operation.block
    chains = [_ancestors(use.owner, home) for use in memory.uses]
    if not chains:
        return None
    depth = 0
    while all(len(chain) > depth + 1 for chain in chains) and len({chain[depth] for chain in chains}) == 1:
        if len({chain[depth + 1].block for chain in chains}) > 1:
            break
        depth += 1
    block, users = chains[0][depth].block, {chain[depth] for chain in chains}
    return next(op for op in block.operations if op.operation in users)


def _ancestors(op: ir.OpView, home: ir.Block) -> list[ir.Operation]:
    """The operations around an operation from a block on, itself the last."""
    chain = [op.operation]
    while chain[-1].block != home:
        chain.append(chain[-1].parent.operation)
    return chain[::-1]


def _uses(op: ir.OpView, memory: ir.Value) -> bool:
    """Whether an operation uses a memory, or one inside it does."""
    users = {use.owner.operation for use in memory.uses}
    return op.operation in users or any(
        inner.operation in users for region in op.regions for block in region.blocks for inner in operations(block)
    )
