"""Checks that every channel has one writer and one reader, which looks no deeper than it holds."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from spatial.ir.graph import ActorGraph
from spatial.region.errors import PeekTooDeep, SecondReader, SecondWriter, UndrivenChannel, UnreadChannel
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["check_channels"]

Uses = dict[str, list[tuple[str, Span]]]


def check_channels(graph: ActorGraph) -> list[Problem]:
    """What is wrong with the ends of the channels; of many channels wrong at one line, the first.

    A stream that is a parameter may lack an end: the run closes it.
    """
    taken = {parameter.name for parameter in graph.parameters if parameter.stream}
    writers, readers = _uses(graph)
    found: dict[object, Problem] = {}
    for channel in graph.channels:
        name = channel.name
        puts, gets = writers[name], readers[name]
        if len(puts) > 1:
            problem: Problem = _twice(graph, SecondWriter, name, puts)
        elif len(gets) > 1:
            problem = _twice(graph, SecondReader, name, gets)
        elif not (puts and gets) and channel.stream in taken:
            continue
        elif not puts:
            problem = UndrivenChannel(channel=name, actor=gets[0][0], span=gets[0][1])
        elif not gets:
            problem = UnreadChannel(channel=name, actor=puts[0][0], span=puts[0][1])
        else:
            continue
        found.setdefault((type(problem), problem.report().primary.span), problem)
    for problem in _deep_peeks(graph):
        found.setdefault((type(problem), problem.span), problem)
    return list(found.values())


def _deep_peeks(graph: ActorGraph) -> Iterator[PeekTooDeep]:
    """Reads of tokens that a channel never holds at once."""
    for actor in graph.actors:
        ends = graph.specializations[actor.function].ends
        for position, name in enumerate(actor.channels, start=len(actor.values)):
            depth = graph.channel[name].depth
            for place, span in ends[position].peeks if position in ends else ():
                if place >= depth:
                    yield PeekTooDeep(channel=name, position=place, depth=depth, span=span)


def _uses(graph: ActorGraph) -> tuple[Uses, Uses]:
    """Who puts into and who gets from each channel, with the first place."""
    writers: Uses = defaultdict(list)
    readers: Uses = defaultdict(list)
    for actor in graph.actors:
        ends = graph.specializations[actor.function].ends
        for position, name in enumerate(actor.channels, start=len(actor.values)):
            if position in ends and ends[position].puts:
                writers[name].append((actor.name, ends[position].puts[0]))
            if position in ends and ends[position].gets:
                readers[name].append((actor.name, ends[position].gets[0]))
    return writers, readers


def _twice(graph: ActorGraph, kind: Callable[..., Problem], channel: str, uses: list[tuple[str, Span]]) -> Problem:
    (first_actor, first), (second_actor, second), *_ = uses
    return kind(
        channel=channel,
        first_actor=first_actor,
        first=first,
        second_actor=second_actor,
        second=second,
        notes=tuple(_chosen(graph, channel, second_actor, second)),
    )


def _chosen(graph: ActorGraph, channel: str, name: str, place: Span) -> Iterator[str]:
    """That an actor uses several channels of a stream at one place, if it does."""
    actor = next(each for each in graph.actors if each.name == name)
    ends, stream = graph.specializations[actor.function].ends, graph.channel[channel].stream
    used = [ends.get(at) for at, _ in enumerate(actor.channels, start=len(actor.values))]
    ours = [end for end, each in zip(used, actor.channels, strict=True) if graph.channel[each].stream == stream]
    count = sum(1 for end in ours if end is not None and place in (*end.puts, *end.gets))
    if count > 1:
        yield (
            f"`{name}` uses {count} channels of `{stream}` with one line, so it is their only user: an index "
            "computed while the program runs, as a local declared with a type is, can mean each of them"
        )
