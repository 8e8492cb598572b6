"""Finds loops that surely run for ever: nothing is heard of the others in them, and nothing ends them."""

from collections.abc import Sequence

from spatial.analysis.errors import EndlessLoop
from spatial.analysis.loops import body_of, halves_of, has_channel_operation, inner, is_endless
from spatial.ir.dialect import AssertOp, ExternalOp, PrintOp
from spatial.ir.function import kernels, memory_of, stores
from spatial.ir.location import span_of
from spatial.ir.mlir import ir, memref, scf
from spatial.source.report import Problem

__all__ = ["UNENDING", "check_endless", "is_unending"]

UNENDING = "this loop never ends, as nothing in it changes its condition or uses a channel,"
PURE = ("arith", "math")  # dialects whose operations depend on nothing but their operands
TOLD = (AssertOp, ExternalOp, PrintOp)  # what may end a loop, or shows that it goes on


def check_endless(module: ir.Module) -> list[Problem]:
    """A problem for each `while True` of a kernel without channels that shows nothing and ends in no other way."""
    return [
        EndlessLoop(span=span_of(op.location))
        for function in kernels(module)
        if not has_channel_operation(function)
        for op in inner(function)
        if is_endless(op) and not any(isinstance(each, TOLD) for each in inner(op))
    ]


def is_unending(loop: scf.WhileOp) -> bool:
    """Whether a `while` that is entered runs for ever."""
    if has_channel_operation(loop) or any(isinstance(op, TOLD) for op in inner(loop)):
        return False
    changed = [memory for op in inner(loop) if stores(op) and (memory := memory_of(op)) is not None]
    (condition, *_) = list(halves_of(loop)[0].operations)[-1].operands
    return _is_fixed(condition, loop, changed)


def _is_fixed(value: ir.Value, loop: scf.WhileOp, changed: Sequence[ir.Value]) -> bool:
    """Whether a value is surely the same in every iteration."""
    owner = value.owner
    if isinstance(owner, ir.Block):
        return owner not in body_of(loop)
    if all(owner != op.operation for op in inner(loop)):
        return True
    op = owner.opview
    if isinstance(op, memref.LoadOp):
        given = isinstance(op.memref.owner, ir.Block)
        fixed = not any(memory == op.memref or (given and isinstance(memory.owner, ir.Block)) for memory in changed)
    else:
        fixed = owner.name.partition(".")[0] in PURE
    return fixed and all(_is_fixed(operand, loop, changed) for operand in op.operands)
