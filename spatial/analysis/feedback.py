"""Which puts of an actor can be answered by one of its own gets."""

from spatial.ir.graph import ActorGraph

__all__ = ["feedback"]


def feedback(graph: ActorGraph) -> dict[str, frozenset[int]]:
    """For each function the channel parameters through which some actor that runs it talks to itself.

    They belong to channels on a cycle of the actor graph. A `get` on one may wait for a token that
    exists only because of an earlier `put` on another, so the two must not wait for each other.
    """
    component = {actor: number for number, actors in enumerate(graph.circles) for actor in actors}
    found: dict[str, set[int]] = {name: set() for name in graph.specializations}
    for channel in graph.channels:
        writer, reader = channel.writer, channel.reader
        if writer and reader and component[writer.actor] == component[reader.actor]:
            for end in (writer, reader):
                found[graph.actor[end.actor].function].add(end.position)
    return {name: frozenset(positions) for name, positions in found.items()}
