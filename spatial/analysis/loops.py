"""The shape of a function's loops: which are innermost, and which nests are perfect."""

from collections.abc import Iterator

from spatial.ir.channels import CHANNEL_OPERATIONS, POLLS
from spatial.ir.external import is_timed
from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, scf

__all__ = [
    "PIPELINED",
    "body_of",
    "halves_of",
    "has_channel_operation",
    "inner",
    "innermost",
    "is_endless",
    "is_loop",
    "nest_of",
    "polls",
    "runs_apart",
]

PIPELINED = "df.pipelined"
"""The attribute of a loop whose iterations the user said to overlap, or not to."""


def is_loop(op: ir.OpView) -> bool:
    """Whether an operation repeats its regions."""
    return isinstance(op, scf.ForOp | scf.WhileOp)


def body_of(loop: ir.OpView) -> tuple[ir.Block, ...]:
    """The blocks that one iteration runs, in order."""
    return tuple(block for region in loop.regions for block in region.blocks)


def halves_of(loop: scf.WhileOp) -> tuple[ir.Block, ir.Block]:
    """The block that decides whether a `while` goes on, and the block it repeats."""
    before, after = body_of(loop)
    return before, after


def is_endless(op: ir.OpView) -> bool:
    """Whether a loop is a `while True`."""
    if not isinstance(op, scf.WhileOp):
        return False
    (condition, *_) = list(halves_of(op)[0].operations)[-1].operands
    owner = condition.owner
    return not isinstance(owner, ir.Block) and isinstance(owner.opview, arith.ConstantOp)


def inner(loop: ir.OpView) -> Iterator[ir.OpView]:
    """Every operation inside a loop."""
    for block in body_of(loop):
        yield from operations(block)


def innermost(function: ir.OpView) -> list[ir.OpView]:
    """The loops of a function that hold no loop and nothing that takes time of its own, in the order of the text."""
    timed = {op for each in inner(function) if is_timed(each) for op in inner(each)}
    loops = [op for op in inner(function) if is_loop(op) and op not in timed]
    return [loop for loop in loops if not any(is_loop(op) or is_timed(op) for op in inner(loop))]


def has_channel_operation(loop: ir.OpView) -> bool:
    """Whether an iteration can use a channel."""
    return any(isinstance(op, CHANNEL_OPERATIONS) for op in inner(loop))


def runs_apart(loop: ir.OpView) -> bool:
    """Whether the user wrote that an iteration ends before the next one begins, as `pipeline=False`."""
    return PIPELINED in loop.attributes and not loop.attributes[PIPELINED].value


def polls(loop: ir.OpView) -> bool:
    """Whether an iteration can ask a channel without waiting."""
    return any(isinstance(op, POLLS) for op in inner(loop))


def nest_of(loop: ir.OpView) -> tuple[ir.OpView, ...]:
    """The perfect nest that ends in an innermost loop, outermost first.

    A loop joins where its body is nothing but the next loop and constants, and the next one's bounds
    do not depend on it; a loop whose pipelining was declined stays apart.
    """
    nest = [loop]
    while isinstance(nest[0], scf.ForOp) and _is_perfect(parent := nest[0].operation.parent.opview, nest[0]):
        nest.insert(0, parent)
    return tuple(nest)


def _is_perfect(outer: ir.OpView, loop: ir.OpView) -> bool:
    if not isinstance(outer, scf.ForOp) or any("df.pipelined" in op.attributes for op in (outer, loop)):
        return False
    others = [op for op in outer.body.operations if op != loop and not isinstance(op, scf.YieldOp)]
    bounds = list(loop.operands)
    return all(isinstance(op, arith.ConstantOp) for op in others) and not any(
        _depends(bound, outer.induction_variable) for bound in bounds
    )


def _depends(value: ir.Value, on: ir.Value) -> bool:
    if value == on:
        return True
    owner = value.owner
    return not isinstance(owner, ir.Block) and any(_depends(operand, on) for operand in owner.operands)
