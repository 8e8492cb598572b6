"""Which variables of C++ hold a program's channels: arrays of streams, as far as they form full boxes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph, Channel
from spatial.lower.hls.emit.boxes import Box, Point, full_boxes, hull
from spatial.lower.hls.emit.scope import Scope
from spatial.source.span import Span
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["Place", "StreamVariable", "split_name", "stream_variables"]

INDICES = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamVariable:
    """A stream of the top function, or an array of streams; `stream` is what the user calls it.

    Its first element is the user's element `origin`. It is a `port` where it is a parameter of the region, `lasting`
    where tasks use it, which outlive a call. `storage` is what it is bound to, if it is.
    """

    name: str
    stream: str
    element: DType | TensorType
    depth: int
    origin: Point
    shape: Point
    span: Span = field(compare=False)
    port: bool = False
    lasting: bool = False
    storage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is: in which variable, by its name, and at which indices."""

    variable: str
    indices: Point


Kind = tuple[object, ...]
Whole = tuple[str, int]
"""The array of streams that a channel is in, whatever its name, and how many of the channel's last indices count."""
Members = dict[Point, Channel]


def split_name(name: str, indices: Point) -> tuple[str, Point]:
    """A name without indices, and these, with more behind: `inner[0].fifo` at 1, 2 is `inner.fifo` at 0, 1, 2."""
    if "[" not in name:
        return name, indices
    numbers = tuple(int(index) for group in INDICES.findall(name) for index in group.split(","))
    return INDICES.sub("", name), (*numbers, *indices)


def stream_variables(
    graph: ActorGraph, depths: Mapping[str, int], scope: Scope, wholes: Mapping[str, Whole]
) -> tuple[list[StreamVariable], dict[str, Place]]:
    """The variables, ports first, and the place of each channel that is used; names are taken from `scope`.

    The names of ports are those of the parameters in `scope`; `wholes` are channels whose variable a process has whole.
    """
    variables: list[StreamVariable] = []
    places: dict[str, Place] = {}
    ports = {parameter.name: parameter for parameter in graph.parameters if parameter.stream}
    for members in _by_kind(graph, depths, ports, wholes):
        for variable, box in _variables_of(members, depths, ports, scope):
            for point in box.points():
                if point in members:
                    indices = tuple(at - start for at, start in zip(point, box.origin, strict=True))
                    places[members[point].name] = Place(variable=variable.name, indices=indices)
            variables.append(variable)
    return variables, places


def _by_kind(
    graph: ActorGraph, depths: Mapping[str, int], ports: Mapping[str, Parameter], wholes: Mapping[str, Whole]
) -> list[Members]:
    """The channels that may share an array, by their indices; those of ports first."""
    kinds: dict[Kind, Members] = {}
    for channel in graph.channels:
        if channel.stream in ports:
            kinds.setdefault((False, channel.stream), {})[channel.indices] = channel
        elif channel.name in wholes:
            array, rank = wholes[channel.name]
            kinds.setdefault((True, array), {})[split_name(channel.stream, channel.indices)[1][-rank:]] = channel
        elif channel.writer or channel.reader:
            base, indices = split_name(channel.stream, channel.indices)
            kind = (True, base, len(indices), channel.element, depths[channel.name], channel.storage)
            kinds.setdefault(kind, {})[indices] = channel
    return [members for _, members in sorted(kinds.items(), key=lambda item: bool(item[0][0]))]


def _variables_of(
    members: Members, depths: Mapping[str, int], ports: Mapping[str, Parameter], scope: Scope
) -> Iterator[tuple[StreamVariable, Box]]:
    """The variables of channels of one kind, each with the box that it holds."""
    first = next(iter(members.values()))
    port = ports.get(first.stream)
    base, _ = split_name(first.stream, first.indices)
    for box in full_boxes(list(members)) if port is None else [hull(port.shape)]:
        variable = StreamVariable(
            name=scope.fresh(base) if port is None else scope.parameters[port.name],
            stream=base if port is None else port.name,
            element=first.element,
            depth=max(depths[channel.name] for channel in members.values()),
            origin=box.origin,
            shape=box.counts,
            span=first.span,
            port=port is not None,
            storage=first.storage,
        )
        yield variable, box
