"""Turns branches that data decides into choices between values, where both ways may be gone."""

from collections.abc import Collection

from spatial.ir.dialect import BitOp, TextOp, WithinOp, context
from spatial.ir.function import kernels, operations
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.ir.text import copy_of
from spatial.verify.flow import flow_of
from spatial.verify.operations import TOKENS

__all__ = ["without_branches"]

PLAIN = (arith.ConstantOp, memref.LoadOp, memref.StoreOp, memref.SubViewOp, memref.GetGlobalOp, WithinOp, BitOp, TextOp)


def without_branches(module: ir.Module, graph: ActorGraph, known: Collection[str]) -> ir.Module:
    """The program with both ways of a branch that data decides gone one after the other, and one's values chosen.

    A branch stays that uses channels, has loops, or may end the run. Accesses of both ways must be within bounds.
    """
    made = module
    while True:
        with context():
            flow = flow_of(made, graph, known)
            found = [
                place for place, op in enumerate(_branches(made)) if op.operands[0] in flow.values and _is_plain(op)
            ]
            if not found:
                return made
            made = copy_of(made)
            branches = _branches(made)
            for place in reversed(found):
                with branches[place].location:
                    _choose(branches[place])


def _branches(module: ir.Module) -> list[scf.IfOp]:
    """All branches of a module, outer before inner."""
    found = (op for function in kernels(module) for op in operations(function.entry_block))
    return [op for op in found if isinstance(op, scf.IfOp)]


def _is_plain(branch: scf.IfOp) -> bool:
    """Whether nothing is wrong with going both ways."""
    inside = (op for region in branch.regions for block in region.blocks for op in block.operations)
    return all(
        _is_plain(op) if isinstance(op, scf.IfOp) else isinstance(op, (*PLAIN, scf.YieldOp)) or type(op) in TOKENS
        for op in inside
    )


def _choose(branch: scf.IfOp) -> None:
    """Puts both ways before the branch, and the choice of their values in its place."""
    condition, given = branch.operands[0], []
    for number, region in enumerate(branch.regions):
        for block in region.blocks:
            given.append(_before(block, branch, condition, taken=number == 0))
    with ir.InsertionPoint(branch):
        for result, *values in zip(branch.results, *given, strict=True):
            result.replace_all_uses_with(arith.select(condition, *values))
    branch.operation.erase()


def _before(block: ir.Block, branch: scf.IfOp, condition: ir.Value, *, taken: bool) -> list[ir.Value]:
    """Moves what one way does before the branch; it stores only where the way is `taken`. What it yields."""
    yielded: list[ir.Value] = []
    for nested in [op for op in block.operations if isinstance(op, scf.IfOp)]:
        with nested.location:
            _choose(nested)
    for op in list(block.operations):
        if isinstance(op, scf.YieldOp):
            yielded = list(op.operands)
            continue
        op.operation.move_before(branch)
        if isinstance(op, memref.StoreOp):
            with op.location, ir.InsertionPoint(op):
                kept = memref.load(op.memref, list(op.indices))
                ways = (op.value, kept) if taken else (kept, op.value)
                op.operands[0] = arith.select(condition, *ways)
    return yielded
