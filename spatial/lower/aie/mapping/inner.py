"""Fifos between cores."""

from collections.abc import Mapping

from spatial.analysis.counts import Tokens
from spatial.ir.graph import Channel
from spatial.lower.aie.design import End
from spatial.lower.aie.mapping.builder import Builder
from spatial.lower.aie.mapping.lines import DOUBLE
from spatial.lower.aie.mapping.passing import Passing

__all__ = ["between_cores"]


def between_cores(builder: Builder, passing: Passing, counts: Mapping[str, Tokens]) -> None:
    """Adds a fifo for each channel between two cores, and one for all copies of a channel."""
    copied = {name for names in passing.copies.values() for name in names}
    hosted = {name for name, _ in passing.ends}
    for channel in builder.graph.channels:
        if channel.name in hosted or channel.name in copied or channel.writer is None or channel.reader is None:
            continue
        if channel.writer.actor not in builder.cores:
            continue
        copies = passing.copies.get(channel.name, {channel.name: 0})
        found = {builder.graph.channel[name]: room for name, room in copies.items()}
        _fifo(builder, channel, found, counts[channel.name].puts or 0)


def _fifo(builder: Builder, channel: Channel, copies: Mapping[Channel, int], objects: int) -> None:
    """A fifo from a core to those that get its tokens, with room for as many as its channels and movers hold.

    Where there is one reader, the objects may all lie at the writer's end, in memory that both share.
    """
    readers = [(copy, copy.reader.actor) for copy in copies if copy.reader is not None]
    assert channel.writer is not None, "channels have two ends"
    if len(readers) == 1:
        first = channel.depth + sum(copies.values())
        ends = [End(node=reader, depth=DOUBLE) for _, reader in readers]
    else:
        first = channel.depth
        ends = [End(node=reader, depth=max(copies[copy], DOUBLE), needs=copies[copy]) for copy, reader in readers]
    builder.fifo(
        builder.symbols.new(channel.name),
        channel,
        End(node=channel.writer.actor, depth=max(first, DOUBLE), needs=first),
        ends,
        objects,
        channels=list(dict.fromkeys([*(copy.name for copy, _ in readers), channel.name])),
        initial=channel.initial,
    )
