"""How a run of a placed design ends: whether it stands still, as it would on the device, and what it leaves behind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from spatial.analysis.extraction import NotDecided
from spatial.analysis.figures import Figures, Waiting
from spatial.analysis.processes import Link, Pipeline, ProcessNetwork, Repeat
from spatial.device.npu import Npu
from spatial.lower.aie.design import Fifo, Kind, Mapped, Placement
from spatial.lower.aie.emit.sequence import Step
from spatial.sim.npu.network import design_network
from spatial.sim.timing.engine import TimingEngine
from spatial.sim.timing.figures import figures_of
from spatial.source.notice import Notice
from spatial.source.report import Label, Report
from spatial.source.span import UNKNOWN, Span

__all__ = ["Course", "NotProven", "StandsStill", "course_of"]


ROOM = "give the streams between them a larger depth, or put and get in the same order at both ends"
TOKENS = "nobody waits for room, so no depth helps: put as many tokens as are got, or begin with some, `initial=[...]`"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsStill:
    """Cores of a design wait for each other for ever; `waits` has who, at what, and where, round the circle.

    More room would let somebody go on if it is `full` somewhere.
    """

    waits: tuple[tuple[str, str, Span], ...]
    npu: str
    full: bool

    def report(self) -> Report:
        (who, what, span), *others = self.waits
        return Report(
            code="aie/standstill",
            title=f"the design stands still on `{self.npu}`: `{who}` waits {what} for ever",
            primary=Label(span, f"waits {what}"),
            related=tuple(Label(place, f"`{name}` waits {why} meanwhile") for name, why, place in others),
            hint=ROOM if self.full else TOKENS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotProven(Notice):
    """Only values tell how often a core uses its streams, so that nothing is proven of who waits for whom."""

    why: str
    npu: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/not-proven",
            title=f"that the design never stands still on `{self.npu}` is not proven: {self.why}",
            primary=Label(self.span, "values decide this"),
            notes=("a functional run shows it for its own inputs, with channels as deep as they are declared",),
            severity="note",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a run goes, as far as it is known without values.

    `still` are those that wait for each other for ever, `left` says what a run leaves behind that the next one would
    find, `unknown` why neither is known.
    """

    still: StandsStill | None = None
    left: tuple[str, ...] = ()
    unknown: NotProven | None = None


def course_of(mapped: Mapped, placement: Placement, device: Npu, sequence: tuple[Step, ...]) -> Course:
    """How a run of a placed design goes.

    Fifos between cores have room for what their channels hold, which is never more than they have on the device: what
    runs here runs there. Broadcasts, joins, distributes and the host's sequence wait as they do there.
    """
    least = _with_least_room(mapped)
    shared = {fifo.name: placement.tiles[fifo.producer.node] for fifo in mapped.fifos if _is_alone(mapped, fifo)}
    given = replace(placement, memory_of={**placement.memory_of, **shared})
    try:
        network = design_network(least, given, device, sequence, {}, at_once=True)
    except NotDecided as reason:
        return Course(unknown=NotProven(why=reason.why, npu=device.name, span=reason.span))
    figures = figures_of(network, TimingEngine(network).run())
    if figures.deadlock:
        waits = tuple(_told(mapped, network, figures))
        return Course(still=StandsStill(waits=waits, npu=device.name, full=_is_full(network, figures)))
    return Course(left=(*_left_over(network, figures), *_within(network, figures)))


def _left_over(network: ProcessNetwork, figures: Figures) -> Iterator[str]:
    """The fifos in which objects stay."""
    counts: dict[str, int] = {}
    for link in network.links:
        if link.name.endswith(" full"):
            fifo = _fifo(link.name)
            counts[fifo] = counts.get(fifo, 0) + figures.links[link.name].left - link.initial
    left = {fifo: count for fifo, count in counts.items() if count > 0}
    return (f"{_tokens(count)} left over in `{fifo}`" for fifo, count in left.items())


def _tokens(count: int) -> str:
    return "a token is" if count == 1 else f"{count} tokens are"


def _within(network: ProcessNetwork, figures: Figures) -> Iterator[str]:
    """The cores without an end that a run leaves within an iteration."""
    for process in network.processes:
        last = process.body[-1] if process.body else None
        if isinstance(last, Repeat) and last.count is None and (waits := figures.processes[process.name].waits):
            first = next((step for step in last.body if isinstance(step, Pipeline)), None)
            if first is None or not any(waits[0].operation is each for each in first.operations):
                yield f"`{process.name}` is left within an iteration of its loop"


def _is_alone(mapped: Mapped, fifo: Fifo) -> bool:
    """Whether a fifo leads from a core to one other."""
    return len(fifo.consumers) == 1 and all(mapped.node[end.node].kind is Kind.CORE for end in fifo.ends)


def _with_least_room(mapped: Mapped) -> Mapped:
    fifos = []
    for fifo in mapped.fifos:
        ends = [
            replace(end, depth=max(1, end.needs)) if mapped.node[end.node].kind is Kind.CORE else end
            for end in fifo.ends
        ]
        cores = all(mapped.node[end.node].kind is Kind.CORE for end in fifo.ends)
        fifos.append(replace(fifo, producer=ends[0], consumers=tuple(ends[1:])) if cores else fifo)
    return replace(mapped, fifos=tuple(fifos))


def _told(mapped: Mapped, network: ProcessNetwork, figures: Figures) -> Iterator[tuple[str, str, Span]]:
    """The waits of cores in a circle, or else of all cores that wait."""
    links = {link.name: link for link in network.links}
    waiting = {name: each.waits[0] for name, each in figures.processes.items() if each.waits}
    circle = _circle(links, waiting) or list(waiting)
    cores = {node.name: node.span for node in mapped.nodes if node.kind is Kind.CORE}
    names = [name for name in circle if name in cores] or [name for name in waiting if name in cores] or circle
    first = min(range(len(names)), key=lambda place: list(cores).index(names[place]) if names[place] in cores else 0)
    for name in (*names[first:], *names[:first]):
        span = _place(waiting[name]) or cores.get(name, UNKNOWN)
        yield name, _what(waiting[name].link), span


def _circle(links: Mapping[str, Link], waiting: Mapping[str, Waiting]) -> list[str]:
    """Processes each of which waits for the next, and the last for the first; none if there is no such circle."""
    for start in waiting:
        path = [start]
        while (other := _other(links[waiting[path[-1]].link], path[-1])) in waiting:
            if other in path:
                return path[path.index(other) :]
            path.append(other)
    return []


def _other(link: Link, name: str) -> str:
    return link.writer if link.reader == name else link.reader


def _is_full(network: ProcessNetwork, figures: Figures) -> bool:
    """Whether one of those in a circle waits for room, or one that waits for somebody who has ended."""
    links = {link.name: link for link in network.links}
    waiting = {name: each.waits[0] for name, each in figures.processes.items() if each.waits}
    last = (name for name, wait in waiting.items() if _other(links[wait.link], name) not in waiting)
    return any(waiting[name].link.endswith(" free") for name in _circle(links, waiting) or last)


def _place(wait: Waiting) -> Span | None:
    return wait.operation.span


def _what(link: str) -> str:
    """What a link of full or free objects is waited for, in words."""
    fifo = _fifo(link)
    return f"for room in `{fifo}`" if link.endswith(" free") else f"for a token of `{fifo}`"


def _fifo(link: str) -> str:
    """The fifo whose objects a link counts."""
    return link.split(" of ")[0].split(" at ")[0]
