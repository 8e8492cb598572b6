"""Memory that actors hand on: what one writes and another reads after a token has said so."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import networkx

from spatial.ir.dialect import GetBlockOp, GetOp, PutOp
from spatial.ir.function import kernels
from spatial.ir.graph import Channel
from spatial.lower.hls.legalize.boxes import Box, Interval, box_size
from spatial.lower.hls.legalize.changes import Change, Hand, Read, Write
from spatial.lower.hls.legalize.errors import NotHandedOn
from spatial.lower.hls.legalize.seen import Program, Seen, Shared
from spatial.source.report import Problem

__all__ = ["handed_on"]

Pair = tuple[Seen, Seen, Box]


def handed_on(program: Program, shared: Shared, seen: Sequence[Seen]) -> dict[str, Change] | list[Problem]:
    """The changes of actors that write apart, and read what others wrote; or why they cannot be made.

    Each works on a buffer of its own. With each token from a writer to a reader go the elements that the one may have
    written and the other may touch: an access that tokens order sees what it saw in memory that was shared. That
    holds if tokens come from the writer itself, so a way around by actors that have nothing to do with the memory is
    refused. The elements' channels hold as many of them as belong to the tokens that the others hold, so nobody waits
    longer than before.
    """
    pairs = list(pairs_of(seen))
    if problems := [each for pair in pairs for each in problems_of(program, shared, seen, pair)]:
        return problems[:1]
    return {each.actor.name: change_of(program, shared, each, pairs) for each in seen}


def pairs_of(seen: Sequence[Seen]) -> Iterator[Pair]:
    """A writer, a reader, and what the one may write and the other may touch."""
    for writer in seen:
        for reader in seen if writer.use.writes else ():
            if reader is not writer and reader.use.reads:
                box = tuple(map(common, writer.use.written, dense(reader.use.box)))
                if box_size(box):
                    yield writer, reader, box


def common(strided: Interval, plain: Interval) -> Interval:
    """The indices of the first that lie within the second, whose step is 1."""
    skipped = max(0, -(-(plain.first - strided.first) // strided.step))
    first = strided.first + skipped * strided.step
    count = max(0, (min(strided.last, plain.last) - first) // strided.step + 1)
    return Interval(first=first, count=count, step=strided.step)


def dense(box: Box) -> Box:
    """The box with all that lies between its elements."""
    return tuple(Interval(first=each.first, count=max(0, each.last - each.first + 1)) for each in box)


def problems_of(program: Program, shared: Shared, seen: Sequence[Seen], pair: Pair) -> Iterator[Problem]:
    """Why a reader cannot be handed what a writer wrote."""
    writer, reader, _ = pair
    channels = program.channels.get((writer.actor.name, reader.actor.name), [])
    back = program.channels.get((reader.actor.name, writer.actor.name), [])
    why = ""
    if shared.stateful:
        why = "and it is stateful"
    elif not channels:
        why = "and no stream leads from one to the other"
    elif any(not is_plain(program, channel) for channel in channels):
        why = "and a stream between them is polled, peeked or selected from"
    elif leads_around(program, seen, writer, reader):
        why = "and tokens can come by way of others"
    if why:
        yield NotHandedOn(
            array=shared.name,
            writer=writer.actor.name,
            first=writer.span,
            reader=reader.actor.name,
            second=reader.span,
            why=why,
            in_place=bool(back) and not channels,
        )


def is_plain(program: Program, channel: Channel) -> bool:
    """Whether a channel is only put into and got from."""
    functions = {function.name.value: function for function in kernels(program.module)}
    ports = [port for port in (channel.writer, channel.reader) if port is not None]
    uses = (
        use.owner
        for port in ports
        for use in functions[program.graph.actor[port.actor].function].arguments[port.position].uses
    )
    return all(isinstance(op, PutOp | GetOp | GetBlockOp) for op in uses)


def leads_around(program: Program, seen: Sequence[Seen], writer: Seen, reader: Seen) -> bool:
    """Whether a way of channels leads from one actor to another by one that has nothing to do with the memory."""
    network = program.graph.network
    ends = {writer.actor.name, reader.actor.name}
    users = {each.actor.name for each in seen}
    behind = networkx.descendants(without(network, reader.actor.name), writer.actor.name)
    before = networkx.ancestors(without(network, writer.actor.name), reader.actor.name)
    return bool((behind & before) - users - ends)


def without(network: "networkx.MultiDiGraph[str]", actor: str) -> "networkx.MultiDiGraph[str]":
    """The network with one actor left out."""
    found: networkx.MultiDiGraph[str] = network.subgraph(each for each in network if each != actor)
    return found


def change_of(program: Program, shared: Shared, each: Seen, pairs: Sequence[Pair]) -> Change:
    """What an actor does: it works on a buffer, tells readers what it writes, is told by writers."""
    box = dense(each.use.box)
    hands = [
        Hand(channel=port.position, puts=writer is each, box=relative(part, box))
        for writer, reader, part in pairs
        if each in (writer, reader)
        for channel in program.channels[writer.actor.name, reader.actor.name]
        if (port := channel.writer if writer is each else channel.reader) is not None
    ]
    change = shared.change(each, Read.BEGIN, Write.KEEP if each.use.writes else Write.NONE, box)
    if not shared.owned:
        stores = Write.MASKED if each.use.writes else Write.NONE
        change = replace(change, read=Read.FILL, write=stores)
    return replace(change, hands=tuple(hands))


def relative(box: Box, buffer: Box) -> Box:
    """Where a box lies in a buffer."""
    return tuple(replace(each, first=each.first - whole.first) for each, whole in zip(box, buffer, strict=True))
