"""Who waits for whom where nothing can go on."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import networkx

from spatial.ir.graph import ActorGraph
from spatial.sim.lane import ActorState, Wait

__all__ = ["WaitGraph", "circles", "wait_graph", "waits_in"]

WaitGraph: TypeAlias = "networkx.MultiDiGraph[str]"


def wait_graph(graph: ActorGraph, actors: Iterable[ActorState]) -> WaitGraph:
    """An edge from each waiting actor to the one at the other end of the channel, with its `wait`."""
    found: WaitGraph = networkx.MultiDiGraph()
    for state in actors:
        for wait in state.waits:
            channel = graph.channel[wait.fifo.name]
            partner = channel.reader if wait.puts else channel.writer
            assert partner is not None, "every channel has two ends"
            found.add_edge(state.name, partner.actor, wait=wait)
    return found


def waits_in(graph: WaitGraph) -> Iterator[tuple[str, str, Wait]]:
    """The edges: who waits, for whom, and how."""
    yield from graph.edges(data="wait")


def circles(graph: WaitGraph) -> Iterator[WaitGraph]:
    """The groups of actors that wait for each other, their waits in the order of the program."""
    for actors in networkx.strongly_connected_components(graph):
        circle: WaitGraph = networkx.MultiDiGraph()
        circle.add_edges_from(edge for edge in graph.edges(data=True) if edge[0] in actors and edge[1] in actors)
        if circle:
            yield circle
