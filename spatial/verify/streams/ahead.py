"""Tells which inputs a program looks ahead in."""

from spatial.ir.graph import ActorGraph, Channel

__all__ = ["looks_ahead"]


def looks_ahead(graph: ActorGraph, channel: Channel) -> bool:
    """Whether the reader of an input reads tokens that it does not take."""
    if channel.reader is None:
        return False
    actor = graph.actor[channel.reader.actor]
    return bool(graph.specializations[actor.function].ends[channel.reader.position].peeks)
