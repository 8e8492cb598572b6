"""Explains a deadlock: who waits for whom, and what would help."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import assert_never

import networkx

from spatial.ir.location import Call
from spatial.sim.called import call_labels
from spatial.sim.reference.actor import Wait
from spatial.sim.reference.engine import Outcome
from spatial.sim.reference.network import Network
from spatial.sim.reference.waits import WaitGraph, circles, idle_actors, wait_graph, waits_in
from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = [
    "DeadlockReport",
    "Deeper",
    "Hopeless",
    "PartnerFinished",
    "Undecided",
    "Verdict",
    "Waiting",
    "all_waits",
    "blocking_channels",
    "waiting_cycle",
]

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An actor that waits to put into or get from a channel; `fill` of `depth` tokens are in it.

    A `role` says that it waits for a call of its region ("start"), or for one of its own to end ("end").
    A `peek` waits for so many `tokens`. `held_back` names the channels it could use already, were it not
    for the rest of the stage.
    """

    actor: str
    puts: bool
    channel: str
    fill: int
    depth: int
    partner: str
    span: Span
    held_back: tuple[str, ...]
    role: str = ""
    tokens: int = 1
    calls: tuple[Call, ...] = ()

    def labels(self) -> tuple[Label, ...]:
        """Where it waits, and the calls of functions that stands in."""
        return Label(self.span, str(self)), *call_labels(self.calls)

    def __str__(self) -> str:
        match self.role:
            case "start":
                return f"`{self.actor}` waits for `{self.partner}` to call its region"
            case "end":
                return f"`{self.actor}` has called a region, and waits for `{self.partner}` to finish"
        bound = "full" if self.fill >= self.depth else "empty" if not self.fill else "not yet visible"
        purpose = "put into" if self.puts else "get from" if self.tokens == 1 else f"see {self.tokens} tokens of"
        return f"`{self.actor}` waits to {purpose} `{self.channel}` ({self.fill}/{self.depth} {bound})"

    def together(self) -> str:
        """What else waits with it, in a sentence, or nothing."""
        if not self.held_back:
            return ""
        channels = ", ".join(f"`{name}`" for name in self.held_back[:SHOWN])
        return f"`{self.actor}` uses {channels} in the same stage, whose operations happen together"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFinished:
    """The other end's actor has ended: `puts` tokens were put besides `initial` ones, `gets` were taken.

    A read waits for so many `tokens` at once.
    """

    channel: str
    partner: str
    puts: int
    gets: int
    waits_to_put: bool
    initial: int = 0
    tokens: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hopeless:
    """The network deadlocks even with unbounded channels, as `waits` show; `ended` is a partner that has finished."""

    waits: tuple[Waiting, ...]
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeper:
    """These depths, in place of the present ones, run to the end in `cycles`.

    `smallest` says that no other set with as few memory bits does; `checked` counts the runs behind it.
    In a `timed` network actors poll, so that other depths mean another course of events.
    """

    depths: Mapping[str, int]
    present: Mapping[str, int]
    cycles: int
    smallest: bool
    checked: int
    timed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """What would help could not be found out."""

    why: str


Verdict = PartnerFinished | Hopeless | Deeper | Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlockReport:
    """A deadlock at `cycle`: the cycle of waiting actors, how many wait in all, and the verdict.

    `printed` tells what was printed last, if anything.
    """

    cycle: int
    waits: tuple[Waiting, ...]
    blocked: int
    verdict: Verdict
    printed: str = ""

    def report(self) -> Report:
        labels = [label for wait in self.waits[:SHOWN] for label in wait.labels()]
        others = len({wait.actor for wait in self.waits})
        notes = [*filter(None, (wait.together() for wait in self.waits)), self.explanation()]
        if self.blocked > others:
            notes.insert(0, f"{self.blocked} actors wait in all, these explain it")
        notes += [self.printed] if self.printed else []
        return Report(
            code="run/deadlock",
            title=f"deadlock at cycle {self.cycle}: {self.summary()}",
            primary=labels[0],
            related=tuple(labels[1:]),
            notes=tuple(notes),
            hint=self.hint(),
        )

    def summary(self) -> str:
        """Who waits, in one line."""
        match self.verdict:
            case PartnerFinished(partner=partner):
                return f"`{self.waits[0].actor}` waits for `{partner}`, which has finished"
            case Hopeless(ended=ended, waits=waits) if ended:
                return f"`{waits[0].actor}` waits for `{ended}`, which has finished"
            case Hopeless() | Deeper() | Undecided():
                actors = list(dict.fromkeys(wait.actor for wait in self.waits))
                if len(actors) == 1:
                    return f"`{actors[0]}` waits for itself"
                return f"{len(actors)} actors wait for each other"
        assert_never(self.verdict)

    def explanation(self) -> str:
        """The verdict in a sentence."""
        match self.verdict:
            case PartnerFinished(channel=channel, puts=puts, gets=gets):
                began = f"began with {self.verdict.initial} tokens, " if self.verdict.initial else ""
                return (
                    f"`{channel}` {began}saw {puts} puts and {gets} gets, then its other end finished; {self.missed()}"
                )
            case Hopeless(ended=ended) if ended:
                return f"no depth helps: also with unbounded channels `{ended}` ends before it has put enough tokens"
            case Hopeless():
                alone = len({wait.actor for wait in self.waits}) == 1
                why = "it waits for a token that only it could put" if alone else "each waits for one that waits too"
                return f"no depth helps: also with unbounded channels {why}"
            case Deeper(depths=depths, present=present, cycles=cycles, smallest=smallest):
                told = ", ".join(f"`{name}` {present[name]} -> {depth}" for name, depth in depths.items())
                least = "the smallest depths that run" if smallest else "depths that run, perhaps not the smallest"
                least = f"{least} (actors poll: what happens depends on time)" if self.verdict.timed else least
                return f"too shallow; {least}: {told} (checked: {cycles} cycles)"
            case Undecided(why=why):
                return f"whether more depth helps is not known: {why}"
        assert_never(self.verdict)

    def missed(self) -> str:
        """What never comes, of a partner that has finished."""
        assert isinstance(self.verdict, PartnerFinished), "asked of this verdict only"
        if self.verdict.waits_to_put:
            return f"put {self.verdict.puts + 1} waits for a slot that never comes"
        if self.verdict.tokens > 1:
            return f"a peek waits for {self.verdict.tokens} tokens that never come"
        return f"get {self.verdict.gets + 1} waits for a token that never comes"

    def hint(self) -> str:
        """What to type."""
        match self.verdict:
            case PartnerFinished(waits_to_put=waits_to_put):
                return "make both ends count alike: " + (
                    "fewer puts or more gets" if waits_to_put else "fewer gets or more puts"
                )
            case Hopeless(ended=ended) if ended:
                return "make both ends count alike"
            case Hopeless(waits=waits) if any(wait.role for wait in waits):
                return "let another kernel do what the region that is called waits for"
            case Hopeless():
                return "put before the get, so that there is a first token, or declare one: `sp.pipe(..., initial=[0])`"
            case Deeper(depths=depths):
                told = ", ".join(f'"{name}": {depth}' for name, depth in depths.items())
                return f"depths={{{told}}}"
            case Undecided():
                return "try `depths={...}` with larger depths for the channels above"
        assert_never(self.verdict)


def waiting_cycle(network: Network, outcome: Outcome, depths: Mapping[str, int]) -> tuple[tuple[Waiting, ...], str]:
    """The waits that explain a deadlock: one for a partner that has finished, named second, else a cycle."""
    graph = wait_graph(network.graph, outcome.actors.values())
    ended = _wait_for_ended(network, graph, outcome)
    if ended is not None:
        actor, partner, wait = ended
        return (_waiting(network, outcome, depths, actor, wait, partner),), partner
    knot = _knot(graph)
    waits = [(actor, knot.edges[actor, partner, key]["wait"], partner) for actor, partner, key in _cycle(knot)]
    return tuple(_waiting(network, outcome, depths, *wait) for wait in waits), ""


def all_waits(network: Network, outcome: Outcome, depths: Mapping[str, int]) -> tuple[Waiting, ...]:
    """Everybody who waits, and for whom."""
    graph = wait_graph(network.graph, outcome.actors.values())
    return tuple(_waiting(network, outcome, depths, actor, wait, partner) for actor, partner, wait in waits_in(graph))


def blocking_channels(network: Network, outcome: Outcome) -> tuple[str, ...]:
    """The full channels of a deadlock of which at least one must be deeper for any of its actors to go on.

    They are those of a knot: actors that wait for no one outside, whatever other channels hold. A cycle
    of waits would not do: an elastic pipeline can wait in several stages at once, and the stage that
    waits need not be the one that is waited for.
    """
    graph = wait_graph(network.graph, outcome.actors.values())
    ended = _wait_for_ended(network, graph, outcome)
    if ended is not None:
        return (ended[2].fifo.name,)
    waits = (wait for _, _, wait in waits_in(_knot(graph)))
    return tuple(dict.fromkeys(wait.fifo.name for wait in waits if wait.puts))


def _wait_for_ended(network: Network, graph: WaitGraph, outcome: Outcome) -> tuple[str, str, Wait] | None:
    """A wait for an actor that has ended; that of a free-running one, which may be idle, only for want of a circle."""
    idle = idle_actors(network.graph, outcome.actors.values())
    ended = [edge for edge in waits_in(graph) if _is_for_idle(graph, edge, idle)]
    stuck = [edge for edge in ended if not outcome.actors[edge[0]].free_running]
    if stuck or not ended:
        return stuck[0] if stuck else None
    return None if list(circles(graph)) else ended[0]


def _is_for_idle(graph: WaitGraph, edge: tuple[str, str, Wait], idle: Collection[str]) -> bool:
    """Whether a wait is for an actor that does nothing more, with no other channel to go on with."""
    actor, partner, wait = edge
    choices = [other for source, other, each in waits_in(graph) if source == actor and each.choice]
    return all(other in idle for other in [partner, *(choices if wait.choice else ())])


def _knot(graph: WaitGraph) -> WaitGraph:
    """Actors that all wait for each other, and for no one else but those that are idle, first in the program."""
    order = {actor: number for number, actor in enumerate(graph)}
    groups = sorted(circles(graph), key=lambda group: min(order[actor] for actor in group))
    closed = [group for group in groups if all(partner in group for _, partner in graph.out_edges(group))]
    return (closed or groups)[0]


def _cycle(knot: WaitGraph) -> list[tuple[str, str, int]]:
    """A cycle of waits."""
    return list(networkx.find_cycle(knot))


def _waiting(
    network: Network, outcome: Outcome, depths: Mapping[str, int], actor: str, wait: Wait, partner: str
) -> Waiting:
    sites = network.functions[network.graph.actor[actor].function].sites
    fifo, held = outcome.fifos[wait.fifo.name], [other.name for other in wait.pending_fifos()]
    return Waiting(
        actor=actor,
        puts=wait.puts,
        channel=fifo.name,
        fill=fifo.held,
        depth=depths[fifo.name],
        partner=partner,
        span=sites[wait.site].span,
        held_back=tuple(name for name in dict.fromkeys(held) if not network.graph.channel[name].role),
        role=network.graph.channel[fifo.name].role,
        tokens=wait.tokens,
        calls=sites[wait.site].calls,
    )
