"""Explains a livelock: who polls for ever, and what the channels hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.ir.location import Call
from spatial.sim.called import call_labels
from spatial.sim.explain.deadlock import Waiting, all_waits
from spatial.sim.reference.engine import Outcome
from spatial.sim.reference.network import Network
from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["LivelockReport", "Polling", "livelock"]

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """A place where an actor asks a channel again and again; `fill` of `depth` tokens are in it."""

    actor: str
    operation: str
    channel: str
    fill: int
    depth: int
    partner: str
    ended: bool
    span: Span
    calls: tuple[Call, ...] = ()

    def __str__(self) -> str:
        bound = "full" if self.fill >= self.depth else "empty" if not self.fill else "filled"
        told = f"`{self.actor}` polls here: `{self.operation}` of `{self.channel}` ({self.fill}/{self.depth} {bound})"
        return f"{told}, `{self.partner}` has finished" if self.ended else told


@dataclass(frozen=True, slots=True, kw_only=True)
class LivelockReport:
    """A livelock noticed at `cycle`: no token has moved since the cycle `since`, actors poll, others wait."""

    cycle: int
    since: int
    polls: tuple[Polling, ...]
    waits: tuple[Waiting, ...]

    def report(self) -> Report:
        polls = [(Label(poll.span, str(poll)), *call_labels(poll.calls)) for poll in self.polls]
        told = [*polls, *(wait.labels() for wait in self.waits)][:SHOWN]
        labels = [label for each in told for label in each]
        return Report(
            code="run/livelock",
            title=f"livelock: no token moves after cycle {self.since}, {self.summary()}",
            primary=labels[0],
            related=tuple(labels[1:]),
            notes=(f"noticed at cycle {self.cycle}: every actor that has not ended waits, or polls without end",),
            hint=self.hint(),
        )

    def summary(self) -> str:
        """Who polls, in one line."""
        actors = list(dict.fromkeys(poll.actor for poll in self.polls))
        return f"`{actors[0]}` polls for ever" if len(actors) == 1 else f"{len(actors)} actors poll for ever"

    def hint(self) -> str:
        """What to type."""
        if any(poll.ended for poll in self.polls):
            return "leave the loop after a token that says it is the last, or count the polls in vain"
        return "use `get` or `put`, which wait, or count the polls in vain"


def livelock(network: Network, outcome: Outcome, depths: Mapping[str, int]) -> LivelockReport:
    """The report of a run that ended in a livelock."""
    polls = [
        _polling(network, outcome, depths, actor, site, channel)
        for (actor, site), channel in sorted(
            ((key, fifo.name) for key, fifo in outcome.still.polled.items()), key=lambda poll: poll[0]
        )
    ]
    return LivelockReport(
        cycle=int(outcome.now),
        since=int(outcome.still.since),
        polls=tuple(polls),
        waits=all_waits(network, outcome, depths),
    )


def _polling(
    network: Network, outcome: Outcome, depths: Mapping[str, int], number: int, site: int, name: str
) -> Polling:
    actor = network.graph.actors[number]
    place = network.functions[actor.function].sites[site]
    channel = network.graph.channel[name]
    operation = place.operation.removeprefix("df.").removesuffix("_block")
    partner = channel.reader if operation in ("try_put", "full") else channel.writer
    assert partner is not None, "every channel has two ends"
    return Polling(
        actor=actor.name,
        operation=operation,
        channel=name,
        fill=outcome.fifos[name].held,
        depth=depths[name],
        partner=partner.actor,
        ended=outcome.actors[partner.actor].done is not None,
        span=place.span,
        calls=place.calls,
    )
