"""Who waits for whom where nothing can go on."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import networkx

from spatial.ir.graph import ActorGraph, Channel
from spatial.sim.reference.actor import ActorState, Wait

__all__ = ["WaitGraph", "circles", "end_calls", "idle_actors", "is_quiet", "wait_graph", "waits_in"]

WaitGraph: TypeAlias = "networkx.MultiDiGraph[str]"


def wait_graph(graph: ActorGraph, actors: Iterable[ActorState]) -> WaitGraph:
    """An edge from each waiting actor to the one at the other end of the channel, with its `wait`.

    What is idle waits for no one.
    """
    found: WaitGraph = networkx.MultiDiGraph()
    states = list(actors)
    idle = idle_actors(graph, states)
    for state in states:
        for wait in state.waits if state.name not in idle else ():
            channel = graph.channel[wait.fifo.name]
            partner = channel.reader if wait.puts else channel.writer
            assert partner is not None, "every channel has two ends"
            found.add_edge(state.name, partner.actor, wait=wait)
    return found


def end_calls(graph: ActorGraph, actors: Iterable[ActorState]) -> list[ActorState]:
    """The actors of regions that kernels call, of a run that has finished: they have ended when their last call had."""
    ended = [state for state in actors if state.done is None and _was_called(graph, state)]
    for state in ended:
        state.done = state.since
        state.waits.clear()
    return ended


def _was_called(graph: ActorGraph, state: ActorState) -> bool:
    """Whether an actor waits for another call of its region, and has ended one."""
    return any(graph.channel[wait.fifo.name].role == "start" and wait.fifo.gets > 0 for wait in state.waits)


def idle_actors(graph: ActorGraph, actors: Iterable[ActorState]) -> frozenset[str]:
    """The actors that have ended, or have done their part of a call of their region that others have not."""
    states = {state.name: state for state in actors}
    waits = [(name, graph.channel[wait.fifo.name]) for name, state in states.items() for wait in state.waits]
    called = {(name, _instance(channel)) for name, channel in waits if channel.role == "end"}
    resting = {
        name
        for name, channel in waits
        if channel.role == "start" and channel.writer and (channel.writer.actor, _instance(channel)) in called
    }
    return frozenset({*resting, *(name for name, state in states.items() if state.done is not None)})


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


def is_quiet(graph: ActorGraph, actors: Iterable[ActorState]) -> bool:
    """Whether all that has not ended runs freely, and no token is stuck in a circle of waits."""
    waiting = [state for state in actors if state.done is None]
    if not all(state.free_running for state in waiting):
        return False
    groups = circles(wait_graph(graph, waiting))
    return not any(wait.puts for circle in groups for _, _, wait in waits_in(circle))


def _instance(channel: Channel) -> str:
    """The instance of a region that a channel starts, or whose end it tells."""
    return channel.stream.rpartition(".")[0]
