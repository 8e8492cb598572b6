"""What in a user's program Vitis HLS cannot build, or builds differently."""

from collections.abc import Iterator
from dataclasses import replace

from spatial.analysis.counts import check_counts
from spatial.analysis.errors import TokensLeft
from spatial.analysis.loops import inner, is_endless
from spatial.ir.dialect import AssertOp, ExternalOp, PrintOp
from spatial.ir.external import has_reference, is_dataflow
from spatial.ir.function import kernels
from spatial.ir.graph import ActorGraph, Channel
from spatial.ir.location import span_of
from spatial.lower.hls.errors import DeepChannel, Feedback, LeftOut, NonBlocking, ObjectFile, WideToken
from spatial.lower.hls.rules.rule import Subject
from spatial.source.report import Problem

__all__ = [
    "deep_channels",
    "feedback",
    "left_out",
    "non_blocking",
    "object_files",
    "unequal_counts",
    "wide_tokens",
]

WIDEST_TOKEN = 4096
BRAM_BITS, URAM_BITS = 18 * 1024, 288 * 1024


def unequal_counts(subject: Subject) -> list[Problem]:
    """Channels that surely get fewer tokens than are taken from them; where they get more, only a warning."""
    return [
        replace(problem, severity="warning") if isinstance(problem, TokensLeft) else problem
        for problem in check_counts(subject.module, subject.graph)
    ]


def non_blocking(subject: Subject) -> list[Problem]:
    """Kernels whose doing depends on the clock, the first place of each."""
    found: dict[str, Problem] = {}
    for body in subject.graph.specializations.values():
        places = sorted(span for end in body.ends.values() for span in end.timed)
        if places:
            found.setdefault(body.kernel, NonBlocking(kernel=body.kernel, span=places[0]))
    return list(found.values())


def left_out(subject: Subject) -> list[Problem]:
    """Prints and asserts, each line once."""
    words = ((PrintOp, "print"), (AssertOp, "assert"))
    found = (
        LeftOut(what=word, span=span_of(op.location))
        for function in kernels(subject.module)
        for op in inner(function)
        for kind, word in words
        if isinstance(op, kind)
    )
    return list(dict.fromkeys(found))


def object_files(subject: Subject) -> list[Problem]:
    """Calls of functions of which there is neither a text in C++ nor one in Python."""
    found = (
        ObjectFile(symbol=op.symbol.value, span=span_of(op.location))
        for function in kernels(subject.module)
        for op in inner(function)
        if isinstance(op, ExternalOp) and not (op.source.value or has_reference(op) or is_dataflow(op))
    )
    return list(dict.fromkeys(found))


def wide_tokens(subject: Subject) -> list[Problem]:
    """Streams whose tokens are wider than a FIFO of Vitis HLS; each stream once."""
    found: dict[str, Problem] = {}
    for channel in subject.graph.channels:
        bits = channel.element.bits
        if bits > WIDEST_TOKEN:
            problem = WideToken(stream=channel.stream, bits=bits, most=WIDEST_TOKEN, span=channel.span)
            found.setdefault(channel.stream, problem)
    return list(found.values())


def deep_channels(subject: Subject) -> list[Problem]:
    """Channels that a part could not hold if it held nothing else; each stream once."""
    budget = subject.device.budget
    if budget is None:
        return []
    holds = budget.bram18 * BRAM_BITS + budget.uram * URAM_BITS
    found: dict[str, Problem] = {}
    for channel in subject.graph.channels:
        if channel.bits > holds:
            name, title = channel.name, subject.device.title
            problem = DeepChannel(channel=name, bits=channel.bits, holds=holds, device=title, span=channel.span)
            found.setdefault(channel.stream, problem)
    return list(found.values())


def feedback(subject: Subject) -> list[Problem]:
    """Processes that feed each other, but for circles of kernels that run for ever, which become tasks."""
    endless = {f.name.value for f in kernels(subject.module) if any(is_endless(op) for op in inner(f))}
    found: list[Problem] = []
    for actors in _circles(subject.graph):
        if any(subject.graph.actor[name].function not in endless for name in actors):
            names = tuple(actor.name for actor in subject.graph.actors if actor.name in actors)
            closing = _closing(subject.graph, names)
            found.append(Feedback(actors=names, channel=closing.name, span=closing.span))
    return found


def _circles(graph: ActorGraph) -> Iterator[frozenset[str]]:
    """The largest sets of actors each of which hears of each other, or of itself."""
    selves = {c.writer.actor for c in graph.channels if c.writer and c.reader and c.writer.actor == c.reader.actor}
    yield from (actors for actors in graph.circles if len(actors) > 1 or not selves.isdisjoint(actors))


def _closing(graph: ActorGraph, names: tuple[str, ...]) -> Channel:
    """A channel inside a set of actors that leads to one that comes no later in the program."""
    order = {name: place for place, name in enumerate(names)}
    inside = (c for c in graph.channels if c.writer and c.reader and {c.writer.actor, c.reader.actor} <= order.keys())
    return next(c for c in inside if c.writer and c.reader and order[c.reader.actor] <= order[c.writer.actor])
