"""Elements of arrays that a loop works on in every iteration, kept in registers while it runs."""

from collections.abc import Iterator

from spatial.ir.function import operations
from spatial.ir.mlir import ir, memref, scf

__all__ = ["settle"]

Pair = tuple[memref.LoadOp, memref.StoreOp]
KNOWN = ("arith", "math", "memref", "scf")


def settle(loop: scf.ForOp) -> scf.ForOp:
    """The loop with a number that it carries for each element that each iteration loads and stores, one of an array.

    The loop has an iteration at least, and no other one inside.
    """
    for pair in list(_pairs(loop)):
        loop = _carried(loop, *pair)
    return loop


def _pairs(loop: scf.ForOp) -> Iterator[Pair]:
    """The loads and stores of one element each, in arrays that the loop uses nowhere else."""
    inside = list(operations(loop.body))
    if any(op.operation.name.partition(".")[0] not in KNOWN for op in inside):
        return
    for store in inside:
        if not isinstance(store, memref.StoreOp) or store.operation.block != loop.body:
            continue
        users = [op for op in inside if store.memref in op.operands]
        if len(users) != 2 or not isinstance(users[0], memref.LoadOp) or users[0].operation.block != loop.body:
            continue
        load = users[0]
        if list(load.indices) == list(store.indices) and all(_is_outside(loop, each) for each in load.indices):
            yield load, store


def _is_outside(loop: scf.ForOp, value: ir.Value) -> bool:
    """Whether a value is there before a loop begins."""
    inside = value.owner if isinstance(value.owner, ir.Block) else value.owner.operation.block
    return bool(inside != loop.body)


def _carried(loop: scf.ForOp, load: memref.LoadOp, store: memref.StoreOp) -> scf.ForOp:
    """The loop with one number more that it carries."""
    low, high, step, *before = loop.operands
    memory, places = store.memref, list(store.indices)
    with ir.InsertionPoint(loop), loop.location:
        first = memref.load(memory, places)
        made = scf.ForOp(low, high, step, [*before, first])
    for name in loop.attributes:
        made.operation.attributes[name] = loop.attributes[name]
    old, end = loop.body, list(loop.body.operations)[-1]
    load.result.replace_all_uses_with(made.inner_iter_args[-1])
    given = [*end.operands, store.value]
    for argument, new in zip(old.arguments, made.body.arguments, strict=False):
        argument.replace_all_uses_with(new)
    given = [made.body.arguments[_place(old, each)] if _is_argument(old, each) else each for each in given]
    for op in (load, store, end):
        op.operation.erase()
    for op in list(old.operations):
        made.body.append(op)
    with ir.InsertionPoint(made.body), loop.location:
        scf.YieldOp(given)
    for result, new in zip(loop.results, made.results, strict=False):
        result.replace_all_uses_with(new)
    with ir.InsertionPoint.after(made.operation), loop.location:
        memref.store(made.results[-1], memory, places)
    loop.operation.erase()
    return made


def _is_argument(block: ir.Block, value: ir.Value) -> bool:
    return isinstance(value.owner, ir.Block) and value.owner == block


def _place(block: ir.Block, value: ir.Value) -> int:
    return next(n for n, each in enumerate(block.arguments) if each == value)
