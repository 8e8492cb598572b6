"""Streams that are parameters of a program: the host feeds or takes their tokens as arrays, one after the other."""

import math
from collections.abc import Iterator

import numpy as np

from spatial.analysis.counts import FunctionCounter
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.function import kernels
from spatial.ir.graph import ActorGraph, Channel, PortRef
from spatial.ir.mlir import ir
from spatial.lower.aie.errors import OpenStream
from spatial.lower.aie.mapping.hosts import HostEnd
from spatial.lower.aie.movers.tokens import BASE, Maker
from spatial.source.report import Problem
from spatial.types.tensor import size_of

__all__ = ["stream_ends"]


def stream_ends(module: ir.Module, graph: ActorGraph, problems: list[Problem]) -> Iterator[HostEnd]:
    """The host's ends of all such streams; those whose tokens only a run counts are added to the problems."""
    given = {parameter.name: parameter for parameter in graph.parameters if parameter.stream}
    numbers = {name: len(graph.arrays) + place for place, name in enumerate(given)}
    arrays = {number: name for name, number in numbers.items()}
    for channel in graph.channels:
        port = channel.reader or channel.writer
        if channel.stream not in given or port is None:
            continue
        feeds = channel.reader is not None
        count = _count(module, graph, port, GetOp if feeds else PutOp)
        if count is None:
            problems.append(OpenStream(stream=channel.name, actor=port.actor, span=channel.span))
            continue
        extents = given[channel.stream].shape
        first = _linear(channel, extents) * count * size_of(channel.element) + (numbers[channel.stream] << BASE)
        maker = Maker(size_of(channel.element))
        maker.add(np.arange(first, first + count * size_of(channel.element), dtype=np.int64))
        yield HostEnd(
            channel=channel,
            feeds=feeds,
            tokens=maker.made(),
            arrays=arrays,
            mover=channel.stream,
            span=channel.span,
            origin=channel.span,
        )


def _linear(channel: Channel, extents: tuple[int, ...]) -> int:
    """Which of the streams of an array a channel is."""
    return sum(index * math.prod(extents[axis + 1 :]) for axis, index in enumerate(channel.indices))


def _count(module: ir.Module, graph: ActorGraph, port: PortRef, kind: type) -> int | None:
    """How many tokens an actor puts or gets; None where only a run can tell."""
    actor = graph.actor[port.actor]
    function = next(each for each in kernels(module) if each.name.value == actor.function)
    return FunctionCounter(function).of(actor).get((port.position, kind), 0)
