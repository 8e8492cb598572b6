"""Tells which networks come to their end whatever the depths of their channels."""

from spatial.analysis.static import Arguments, evaluate
from spatial.ir.channels import CHANNEL_OPERATIONS, streams_of
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp, context
from spatial.ir.function import kernels, operations
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import func, ir, scf

__all__ = ["go_in_step"]

ONE_TOKEN = (PutOp, GetOp, GetBlockOp)


def go_in_step(module: ir.Module, graph: ActorGraph) -> bool:
    """Whether all actors go round equally often, move one token through each of their channels in each round, and
    no chain of channels leads back to where it begins.

    Then no channel is too shallow, if actors do their rounds one after the other: let all do their first round, writers
    before readers, then all their second. Each finds its tokens, put in the same round, and room, for those of the
    rounds before are gone. Nothing is lost by another order, for no actor asks what others do now.
    """
    if any(channel.initial or channel.writer is None or channel.reader is None for channel in graph.channels):
        return False
    with context():
        rounds = {function.name.value: _rounds(function) for function in kernels(module)}
    taken = [rounds[actor.function] for actor in graph.actors if actor.channels]
    if None in taken or len(set(taken)) > 1:
        return False
    return len(graph.circles) == len(graph.actors) and not _talks_to_itself(graph)


def _talks_to_itself(graph: ActorGraph) -> bool:
    return any(each.writer and each.reader and each.writer.actor == each.reader.actor for each in graph.channels)


def _rounds(function: func.FuncOp) -> int | None:
    """How often a function goes through the block in which it moves one token through each of its channels."""
    moves = [op for op in operations(function.entry_block) if isinstance(op, CHANNEL_OPERATIONS)]
    used = [stream for op in moves for stream in streams_of(op)]
    ends = [argument for argument in function.arguments if str(argument.type).startswith("!df.stream")]
    if not moves or not all(isinstance(op, ONE_TOKEN) for op in moves):
        return None
    if len(used) != len(ends) or any(end not in used for end in ends):
        return None
    if any(op.operation.block != moves[0].operation.block for op in moves):
        return None
    trips, block = 1, moves[0].operation.block
    while block != function.entry_block:
        loop = block.owner.opview
        bounds = [evaluate(bound, Arguments({})) for bound in list(loop.operands)[:3]]
        known = [bound for bound in bounds if bound is not None]
        if not isinstance(loop, scf.ForOp) or len(known) < 3:
            return None
        trips, block = trips * len(range(*known)), loop.operation.block
    return trips
