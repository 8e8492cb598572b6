"""Writes loops and branches."""

from collections.abc import Callable, Sequence

from spatial.analysis.loops import PIPELINED, halves_of, is_endless
from spatial.ir.channels import CHANNEL_OPERATIONS, streams_of, writes_channel
from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, scf
from spatial.lower.aie.emit.body import Body
from spatial.lower.aie.emit.numbers.held import integer

__all__ = ["FOREVER", "branch", "endless", "forever", "loop", "zero"]

FOREVER = (1 << 63) - 1
"""The trip count of a loop that never ends."""

Write = Callable[[ir.Block], None]


def loop(body: Body, op: scf.ForOp, write: Write) -> None:
    """A counted loop."""
    low, high, step, *initial = op.operands
    made = scf.ForOp(*(body.value(each) for each in (low, high, step)), [body.value(each) for each in initial])
    if PIPELINED in op.attributes:
        made.attributes[PIPELINED] = op.attributes[PIPELINED]
    body.values[op.induction_variable] = made.induction_variable
    _hold(body, list(op.body.arguments)[1:], made.inner_iter_args)
    with ir.InsertionPoint(made.body):
        write(op.body)
        scf.YieldOp([body.value(each) for each in _end(op.body).operands])
    _hold(body, op.results, made.results)


def branch(body: Body, op: scf.IfOp, write: Write) -> None:
    """A branch. Where both sides use the same end of a channel it becomes two, one after the other.

    The vendor's pass counts what a core holds in the order of the text, and would count the first side in the second.
    """
    condition = body.held(op.operands[0]).value
    then, otherwise = _sides(op)
    if otherwise is None or not _share(then, otherwise):
        _hold(body, op.results, _chosen(body, op, condition, then, otherwise, write))
        return
    first = _chosen(body, op, condition, then, None, write)
    one = arith.constant(integer(1), ir.BoolAttr.get(True))
    inverse = arith.xori(condition, one)
    _hold(body, op.results, _chosen(body, op, inverse, otherwise, None, write, first))


def endless(body: Body, op: scf.WhileOp, write: Write) -> None:
    """A `while`: one without an end is counted, since a core runs until it is stopped."""
    before, after = halves_of(op)
    if is_endless(op) and not len(op.operands):
        with ir.InsertionPoint(forever().body):
            write(before)
            write(after)
            scf.YieldOp([])
        return
    if _share(before, after):
        raise body.refuse(
            op,
            "this loop",
            "its condition and its body use the same channel, and a core counts tokens in the order of the text",
            "take the token of the condition in the body, before the loop and at its end",
        )
    kinds = [body.kind(each) for each in op.results]
    made = scf.WhileOp(kinds, [body.value(each) for each in op.operands])
    heads = [made.regions[0].blocks.append(*(body.kind(each) for each in before.arguments))]
    heads.append(made.regions[1].blocks.append(*(body.kind(each) for each in after.arguments)))
    for head, block in zip(heads, (before, after), strict=True):
        _hold(body, block.arguments, head.arguments)
        with ir.InsertionPoint(head):
            write(block)
            _close(body, block)
    _hold(body, op.results, made.results)


def forever() -> scf.ForOp:
    """A loop that never ends."""
    return scf.ForOp(*(arith.constant(ir.IndexType.get(), number) for number in (0, FOREVER, 1)))


def _close(body: Body, block: ir.Block) -> None:
    end = _end(block)
    if isinstance(end, scf.ConditionOp):
        condition, *given = end.operands
        scf.ConditionOp(body.held(condition).value, [body.value(each) for each in given])
    else:
        scf.YieldOp([body.value(each) for each in end.operands])


def _chosen(
    body: Body,
    op: scf.IfOp,
    condition: ir.Value,
    then: ir.Block,
    otherwise: ir.Block | None,
    write: Write,
    instead: Sequence[ir.Value] = (),
) -> Sequence[ir.Value]:
    """One branch; without another side its results are `instead` there, or zeros."""
    kinds = [body.asked(each) for each in op.results]
    made = scf.IfOp(condition, kinds, has_else=otherwise is not None or bool(kinds))
    with ir.InsertionPoint(made.then_block):
        write(then)
        scf.YieldOp(list(map(body.value, _end(then).operands, kinds)))
    if otherwise is not None:
        with ir.InsertionPoint(made.else_block):
            write(otherwise)
            scf.YieldOp(list(map(body.value, _end(otherwise).operands, kinds)))
    elif kinds:
        with ir.InsertionPoint(made.else_block):
            scf.YieldOp(list(instead) or [zero(kind) for kind in kinds])
    return list(made.results)


def zero(kind: ir.Type) -> ir.Value:
    """Zero of a type."""
    if isinstance(kind, ir.IntegerType | ir.IndexType):
        return arith.constant(kind, ir.Attribute.parse("false") if str(kind) == "i1" else 0)
    return arith.constant(kind, ir.FloatAttr.get(kind, 0.0))


def _sides(op: scf.IfOp) -> tuple[ir.Block, ir.Block | None]:
    then, *more = (block for region in op.regions for block in region.blocks)
    return then, more[0] if more else None


def _share(left: ir.Block, right: ir.Block) -> bool:
    """Whether two blocks use the same end of a channel."""
    first, second = (
        {
            (stream, writes_channel(op))
            for op in operations(block)
            if isinstance(op, CHANNEL_OPERATIONS)
            for stream in streams_of(op)
        }
        for block in (left, right)
    )
    return not first.isdisjoint(second)


def _end(block: ir.Block) -> ir.OpView:
    return list(block.operations)[-1]


def _hold(body: Body, values: Sequence[ir.Value], made: Sequence[ir.Value]) -> None:
    for value, register in zip(values, made, strict=True):
        body.define(value, register)
