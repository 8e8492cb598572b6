"""Checks how a program uses the streams that it takes from outside or gives back."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spatial.ir.graph import ActorGraph, element_name
from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["StreamUse", "check_open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamUse:
    """A stream parameter of a program that is not its input or its output as a whole."""

    name: str
    told: str
    span: Span
    hint: str = ""
    why: str = "is neither an input nor an output"

    def report(self) -> Report:
        title = f"the stream parameter `{self.name}` {self.why}"
        return Report(code="stream/parameter", title=title, primary=Label(self.span, self.told), hint=self.hint)


def check_open(graph: ActorGraph, spans: Mapping[str, Span]) -> Iterator[StreamUse]:
    """What is wrong with how a program uses its stream parameters, which are declared at `spans`."""
    for name, span in spans.items():
        channels = [channel for channel in graph.channels if channel.stream == name]
        inputs = [channel.name for channel in channels if channel.writer is None]
        outputs = [channel.name for channel in channels if channel.reader is None]
        if inputs and outputs:
            told, hint = f"`{outputs[0]}` is written and `{inputs[0]}` read", "make two parameters of it"
            yield StreamUse(name=name, told=told, span=span, hint=hint)
        elif not channels:
            yield StreamUse(name=name, told="no kernel puts into it or gets from it", span=span)
        elif not inputs and not outputs:
            hint = f"declare it in the body: `{name}: Stream[...]`"
            yield StreamUse(name=name, told="the region both writes and reads it", span=span, hint=hint)
        elif inputs and (left := _unused(graph, name)):
            hint = f"get from it, or leave it out of `{name}`"
            told, why = f"no kernel gets from `{left}`, whose tokens would be lost", "is only an input in part"
            yield StreamUse(name=name, told=told, span=span, hint=hint, why=why)


def _unused(graph: ActorGraph, stream: str) -> str:
    """The first channel of a stream that no actor uses."""
    (shape,) = (parameter.shape for parameter in graph.parameters if parameter.name == stream)
    names = (element_name(stream, indices) for indices in itertools.product(*map(range, shape)))
    return next((name for name in names if name not in graph.channel), "")
