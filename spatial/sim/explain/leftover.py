"""Finds tokens that a finished run left in channels."""

from spatial.analysis.errors import TokensLeft
from spatial.ir.graph import ActorGraph, Channel
from spatial.sim.reference.channel import Fifo
from spatial.sim.reference.engine import Ending, Outcome

__all__ = ["tokens_left"]


def tokens_left(graph: ActorGraph, outcome: Outcome) -> tuple[TokensLeft, ...]:
    """A warning for each pair of lines that put more tokens than are taken, though both actors came to their ends.

    Tokens that a channel begins with may stay in it.
    """
    if outcome.ending is not Ending.FINISHED:
        return ()
    found: dict[object, TokensLeft] = {}
    for channel in graph.channels:
        if (problem := _left(graph, outcome, channel)) is not None:
            found.setdefault((problem.put, problem.get), problem)
    return tuple(found.values())


def _left(graph: ActorGraph, outcome: Outcome, channel: Channel) -> TokensLeft | None:
    fifo: Fifo = outcome.fifos[channel.name]
    if channel.role or channel.writer is None or channel.reader is None or fifo.puts <= fifo.gets:
        return None
    writer, reader = graph.actor[channel.writer.actor], graph.actor[channel.reader.actor]
    if outcome.actors[writer.name].done is None or outcome.actors[reader.name].done is None:
        return None
    return TokensLeft(
        channel=channel.name,
        writer=writer.name,
        reader=reader.name,
        puts=fifo.puts,
        gets=fifo.gets,
        put=graph.specializations[writer.function].ends[channel.writer.position].puts[0],
        get=graph.specializations[reader.function].ends[channel.reader.position].gets[0],
        severity="warning",
    )
