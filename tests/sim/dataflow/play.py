"""Plays a network to its end, one cycle after the other."""

from dataclasses import dataclass

import networkx

from tests.sim.dataflow.actors import Player
from tests.sim.dataflow.machine import Machine, Token
from tests.sim.dataflow.script import WRITES, Net, ends_of, ops_of
from tests.sim.dataflow.stages import feedback

QUIET = 16  # cycles without anything after which nothing more comes
VAIN = 250  # cycles with nothing but polls after which nothing more comes
LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """All that can be observed of a run: of each channel the values, the cycles of puts and gets.

    `cycles` counts to where the last actor ended or began to wait; where actors poll to no end it is not told.
    """

    ending: str
    channels: dict[str, tuple[list[Token], list[int], list[int]]]
    done: dict[str, int | None]
    waits: dict[str, set[tuple[str, bool]]]
    cells: dict[str, list[object]]
    cycles: int | None


def play(net: Net, depths: dict[str, int]) -> Played:
    """What happens, by the rules alone."""
    machine, loopback = Machine(net, depths), feedback(net)
    players = [Player(net, actor, machine, loopback[actor.name]) for actor in net.actors]
    acted, polls, vain = 0, 0, False
    for now in range(LONGEST):
        machine.now, before, polls = now, machine.steps, machine.polls
        for player in players:
            if player.done is None:
                player.step()
        if machine.steps != before:
            acted = now
        alive = [player for player in players if player.done is None]
        vain = machine.moved < now - VAIN and acted > now - QUIET
        if not alive or now - acted > QUIET or (vain and machine.polls != polls):
            break
    else:
        raise AssertionError("the oracle comes to no end")
    ending = ending_of(net, players, vain=vain)
    return Played(
        ending=ending,
        channels={name: (queue.values, queue.puts, queue.gets) for name, queue in machine.queues.items()},
        done={player.actor.name: player.done for player in players},
        waits={player.actor.name: player.waits for player in players if player.done is None},
        cells={p.actor.name: [p.cells[name] for name in p.actor.cells] for p in players if p.done is not None},
        cycles=None if vain and ending != "finished" else max(map(last_act, players), default=0),
    )


def last_act(player: Player) -> int:
    """Until when an actor did something: ended a stage, or began to wait or to ask in vain."""
    if player.done is not None:
        return player.done
    if player.waits:
        return max(player.since, player.ended)
    return player.since if player.idle is None else player.idle


def ending_of(net: Net, players: list[Player], *, vain: bool) -> str:
    """Finished, if all that has not ended runs freely, no token stuck in a circle; else a livelock or a deadlock."""
    waiting = [player for player in players if player.done is None]
    circle = circles(net, waiting)
    if all(player.free_running for player in waiting):
        return "deadlock" if any(puts for group in circle for _, puts in group) else "finished"
    if not vain:
        return "deadlock"
    ended = {player.actor.name for player in players if player.done is not None}
    polling = any(not player.waits and not player.free_running for player in waiting)
    stuck = circle or any(partner(net, p.actor.name, *wait) in ended for p in waiting for wait in p.waits)
    return "deadlock" if stuck and not polling else "livelock"


def partner(net: Net, actor: str, channel: str, puts: bool) -> str:
    """Who is at the other end of a channel."""
    for other in net.actors:
        for op in ops_of(other.body):
            if (op.what in WRITES) != puts and channel in ends_of(net, op):
                return other.name
    raise AssertionError("every channel has two ends")


def circles(net: Net, waiting: list[Player]) -> list[list[tuple[str, bool]]]:
    """The waits within each group of actors that wait for each other."""
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for player in waiting:
        for wait in player.waits:
            graph.add_edge(player.actor.name, partner(net, player.actor.name, *wait), wait=wait)
    groups = [graph.subgraph(group) for group in networkx.strongly_connected_components(graph)]
    return [waits for group in groups if (waits := [wait for _, _, wait in group.edges(data="wait")])]
