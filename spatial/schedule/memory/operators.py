"""Binds operators to what they are built from."""

from collections.abc import Iterator, Mapping

from spatial.analysis.loops import inner
from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir, memref
from spatial.schedule.memory.requests import wrong

__all__ = ["IMPLEMENTATIONS", "bind_operators"]

IMPLEMENTATIONS = ("dsp", "fabric")
OPERATORS: Mapping[str, tuple[type[ir.OpView], ...]] = {
    "mul": (arith.MulIOp, arith.MulFOp),
    "add": (arith.AddIOp, arith.AddFOp),
    "sub": (arith.SubIOp, arith.SubFOp),
}
WORDS = {"mul": "multiplication", "add": "addition", "sub": "subtraction"}


def bind_operators(place: ir.OpView | ir.Value, impl: str, op: str | None) -> None:
    """Lets operations be done by DSPs, "dsp", or by look-up tables, "fabric".

    They are those of the kind `op`, or of all kinds, in a loop, or of the expressions that an array or a local scalar
    is assigned. What computes indices stays as it is.
    """
    if op is not None and op not in tuple(OPERATORS):
        names = ", ".join(f'"{name}"' for name in OPERATORS)
        raise wrong(f"an operator {op!r} is not bound", f"there are {names}")
    kinds = OPERATORS[op] if op else tuple(kind for each in OPERATORS.values() for kind in each)
    meant = _assigned(place) if isinstance(place, ir.Value) else inner(place)
    found = [each for each in meant if isinstance(each, kinds) and not isinstance(each.result.type, ir.IndexType)]
    if not found:
        what = f"no {WORDS[op]}" if op else "no multiplication, addition or subtraction"
        raise wrong(f"there is {what} to bind", "name the loop that computes, or what it assigns")
    for each in found:
        each.attributes["df.impl"] = ir.StringAttr.get(impl)


def _assigned(memory: ir.Value) -> Iterator[ir.OpView]:
    """The operations of the expressions that are stored to a memory, by way of local scalars too."""
    owner = memory.owner
    function = owner.owner if isinstance(owner, ir.Block) else _function(owner)
    written = [op for op in operations(function.entry_block) if isinstance(op, memref.StoreOp)]
    seen: dict[ir.Operation, ir.OpView] = {}
    waiting = [op.value for op in written if op.memref == memory]
    while waiting:
        maker = waiting.pop().owner
        if isinstance(maker, ir.Block) or maker.operation in seen:
            continue
        seen[maker.operation] = op = maker.opview
        if isinstance(op, memref.LoadOp):
            waiting += [store.value for store in written if not op.indices and store.memref == op.memref]
        elif maker.operation.name.startswith(("arith.", "scf.if")):
            waiting += [*op.operands, *_yielded(op)]
    return iter(seen.values())


def _yielded(op: ir.OpView) -> Iterator[ir.Value]:
    for region in op.regions:
        for block in region.blocks:
            yield from list(block.operations)[-1].operands


def _function(op: ir.Operation) -> func.FuncOp:
    while not isinstance(op.opview, func.FuncOp):
        op = op.parent
    return op.opview
