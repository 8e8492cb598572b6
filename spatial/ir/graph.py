"""The actor graph: who talks to whom, as frozen data read off a module."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import networkx

from spatial.ir.dialect import ActorOp, ChannelOp, MemoryOp
from spatial.ir.dtypes import parse_type
from spatial.ir.function import (
    End,
    Parameter,
    Result,
    arrays_of,
    ends_of,
    kernels,
    parameters,
    region_function,
    results_of,
    storage_of,
)
from spatial.ir.location import span_of
from spatial.ir.mlir import ir
from spatial.ir.tables import attribute_value
from spatial.source.span import Span
from spatial.types.dtype import DType, is_float
from spatial.types.tensor import TensorType, element_of, size_of

__all__ = [
    "Actor",
    "ActorGraph",
    "Array",
    "Channel",
    "Memory",
    "PortRef",
    "Scalar",
    "Specialization",
    "actor_graph",
    "element_name",
    "sink_name",
    "source_name",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRef:
    """One end of a channel: the actor that holds it and the position of the function parameter it is bound to."""

    actor: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A bounded FIFO from one actor's port to another's: element `indices` of the user's `stream`.

    It starts with the tokens of which `initial` are the elements, one token after the other.
    Its `role` is "start" or "end" where it starts a part of a region that a kernel calls, or tells its end. It may be
    bound to `storage`, "srl" or "bram".
    """

    name: str
    stream: str
    indices: tuple[int, ...]
    element: DType | TensorType
    depth: int
    initial: tuple[int | float, ...]
    writer: PortRef | None
    reader: PortRef | None
    span: Span = field(compare=False)
    role: str = ""
    storage: str = ""

    @property
    def bits(self) -> int:
        """Memory the channel takes."""
        return self.depth * self.element.bits

    @property
    def initial_tokens(self) -> tuple[object, ...]:
        """The initial tokens; a block is a tuple of its elements."""
        if not isinstance(self.element, TensorType):
            return self.initial
        size = self.element.size
        return tuple(self.initial[start : start + size] for start in range(0, len(self.initial), size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialization:
    """A function that is the body of one or more actors; channel and array uses by parameter position."""

    name: str
    kernel: str
    parameters: tuple[Parameter, ...]
    ends: Mapping[int, End] = field(compare=False)
    arrays: Mapping[int, tuple[bool, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One PE of a kernel: its function and what the parameters are bound to, in order.

    `values` come first among the parameters, then `channels`, then `arrays` (both by name).
    """

    name: str
    kernel: str
    pid: tuple[int, ...]
    function: str
    values: tuple[int | float, ...]
    channels: tuple[str, ...]
    arrays: tuple[str, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """Memory that actors share: a parameter of the region. `storage` says what it is bound to, if anything."""

    name: str
    type: TensorType
    storage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A number that a run is given and that every actor may read: a parameter of the region."""

    name: str
    type: DType


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Memory of the module's own: `initial` are its first values in C order, one for all elements, none for zeros.

    What is `stateful` keeps its values from one call of a built module to the next.
    """

    name: str
    type: TensorType | DType
    initial: tuple[int | float, ...]
    stateful: bool
    storage: str
    span: Span = field(compare=False)

    @property
    def values(self) -> tuple[int | float, ...]:
        """Its first values, each in its place."""
        zeros = (0.0 if is_float(element_of(self.type)) else 0,)
        initial = self.initial or zeros
        return initial if len(initial) > 1 else initial * size_of(self.type)


@dataclass(frozen=True, kw_only=True)
class ActorGraph:
    """A region's actors, channels and memory, each in the order of the program.

    `parameters` are what a run is given, in order, but for outputs; `arrays` and `scalars` those of them that are
    memory, `memories` the module's own, `results` what a call gives back.
    """

    name: str
    actors: tuple[Actor, ...]
    channels: tuple[Channel, ...]
    parameters: tuple[Parameter, ...]
    arrays: tuple[Array, ...]
    scalars: tuple[Scalar, ...]
    memories: tuple[Memory, ...]
    specializations: Mapping[str, Specialization]
    results: tuple[Result, ...] = ()

    @cached_property
    def actor(self) -> Mapping[str, Actor]:
        """Actors by name."""
        return {actor.name: actor for actor in self.actors}

    @cached_property
    def channel(self) -> Mapping[str, Channel]:
        """Channels by name."""
        return {channel.name: channel for channel in self.channels}

    @cached_property
    def is_timed(self) -> bool:
        """Whether an actor asks what a channel holds now, so that values can depend on time."""
        return any(end.timed for body in self.specializations.values() for end in body.ends.values())

    @cached_property
    def memory_types(self) -> Mapping[str, TensorType | DType]:
        """The type of everything that an actor can be given as an array, by name."""
        given: dict[str, TensorType | DType] = {array.name: array.type for array in self.arrays}
        given |= {scalar.name: scalar.type for scalar in self.scalars}
        return given | {memory.name: memory.type for memory in self.memories}

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The streams that are parameters and that actors put into: a run is not given them."""
        written = {channel.stream for channel in self.channels if self._is_output(channel)}
        return frozenset(parameter.name for parameter in self.parameters if parameter.stream) & written

    @cached_property
    def made(self) -> frozenset[str]:
        """The arrays among the parameters that a call gives back without being given them."""
        return frozenset(result.name for result in self.results if not result.given)

    @property
    def asked(self) -> tuple[Parameter, ...]:
        """The parameters that a run is given, in order."""
        return tuple(each for each in self.parameters if each.name not in self.outputs | self.made)

    def _is_output(self, channel: Channel) -> bool:
        """Whether nothing gets from a channel but the sink that closes it."""
        return channel.reader is None or self.actor[channel.reader.actor].kernel == sink_name(channel.stream)

    @cached_property
    def network(self) -> "networkx.MultiDiGraph[str]":
        """The same as a networkx graph: a node per actor, an edge per channel, keyed by names."""
        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name=self.name)
        graph.add_nodes_from(actor.name for actor in self.actors)
        for channel in self.channels:
            if channel.writer and channel.reader:
                graph.add_edge(channel.writer.actor, channel.reader.actor, key=channel.name)
        return graph

    @cached_property
    def circles(self) -> tuple[frozenset[str], ...]:
        """The largest sets of actors each of which can hear of each other; all others are alone in one."""
        return tuple(map(frozenset, networkx.strongly_connected_components(self.network)))


def sink_name(stream: str) -> str:
    """What the kernel is called that takes the tokens of a program's output."""
    return f"{stream}.sink"


def source_name(stream: str) -> str:
    """What the kernel is called that puts the tokens of a program's input."""
    return f"{stream}.source"


def element_name(name: str, indices: tuple[int, ...]) -> str:
    """What the user calls one element: `fifo_A[1,2]`, or just the name where there are no indices."""
    return f"{name}[{','.join(map(str, indices))}]" if indices else name


def actor_graph(module: ir.Module) -> ActorGraph:
    """Reads the graph off a verified module."""
    functions = {f.name.value: f for f in kernels(module)}
    specializations = {
        name: Specialization(
            name=name,
            kernel=f.attributes["df.kernel"].value,
            parameters=parameters(f),
            ends=ends_of(f),
            arrays=arrays_of(f),
        )
        for name, f in functions.items()
    }
    region = region_function(module)
    taken = parameters(region)
    storage = storage_of(region)
    arrays = (
        Array(name=p.name, type=p.type, storage=storage.get(p.name, ""))
        for p in taken
        if p.kind == "array" and isinstance(p.type, TensorType)
    )
    scalars = (Scalar(name=p.name, type=p.type) for p in taken if p.kind == "scalar" and isinstance(p.type, DType))
    operations = list(region.entry_block.operations)
    read = _Readers()
    actors = [_read_actor(op, read) for op in operations if isinstance(op, ActorOp)]
    ends = _ends(actors, specializations)
    channels = [_read_channel(op, read, *ends) for op in operations if isinstance(op, ChannelOp)]
    if unknown := {name for actor in actors for name in actor.channels} - {channel.name for channel in channels}:
        raise KeyError(min(unknown))
    return ActorGraph(
        name=region.name.value,
        actors=tuple(actors),
        channels=tuple(channels),
        parameters=taken,
        arrays=tuple(arrays),
        scalars=tuple(scalars),
        memories=tuple(_read_memory(op) for op in operations if isinstance(op, MemoryOp)),
        specializations=specializations,
        results=results_of(region),
    )


Ends = dict[str, PortRef]


def _ends(actors: Sequence[Actor], bodies: Mapping[str, Specialization]) -> tuple[Ends, Ends]:
    """Who writes and who reads each channel; of two claimants the first (a check reports the second)."""
    writers: Ends = {}
    readers: Ends = {}
    for actor in actors:
        ends = bodies[actor.function].ends
        for position, name in enumerate(actor.channels, start=len(actor.values)):
            if (end := ends.get(position)) is not None:
                port = PortRef(actor=actor.name, position=position)
                if end.puts:
                    writers.setdefault(name, port)
                if end.gets:
                    readers.setdefault(name, port)
    return writers, readers


class _Readers:
    """What attributes and locations say; the many that are the same are read once."""

    def __init__(self) -> None:
        self.values = functools.cache(_values)
        self.type = functools.cache(_type)
        self.place = functools.cache(_place)

    def span(self, op: ir.OpView) -> Span:
        """Where an operation comes from."""
        return self.place(op.location.attr)


def _values(attribute: ir.ArrayAttr) -> tuple[Any, ...]:
    return tuple(each.value for each in attribute)


def _type(attribute: ir.StringAttr) -> DType | TensorType:
    return parse_type(attribute.value)


def _place(attribute: ir.Attribute) -> Span:
    return span_of(ir.Location.from_attr(attribute, attribute.context))


def _read_channel(op: ChannelOp, read: _Readers, writers: Ends, readers: Ends) -> Channel:
    given = op.attributes
    stream, indices = given["stream"].value, read.values(given["indices"])
    name = element_name(stream, indices)
    return Channel(
        name=name,
        stream=stream,
        indices=indices,
        element=read.type(given["dtype"]),
        depth=given["depth"].value,
        initial=tuple(attribute_value(value) for value in given["initial"]),
        writer=writers.get(name),
        reader=readers.get(name),
        span=read.span(op),
        role=given["df.role"].value if "df.role" in given else "",
        storage=given["df.storage"].value if "df.storage" in given else "",
    )


def _read_memory(op: MemoryOp) -> Memory:
    type_ = parse_type(op.dtype.value)
    return Memory(
        name=op.memory.value,
        type=type_,
        initial=tuple(attribute_value(value) for value in op.initial),
        stateful=bool(op.stateful.value),
        storage=op.storage.value,
        span=span_of(op.location),
    )


def _read_actor(op: ActorOp, read: _Readers) -> Actor:
    given = op.attributes
    pid, kernel = read.values(given["pid"]), given["kernel"].value
    return Actor(
        name=element_name(kernel, pid),
        kernel=kernel,
        pid=pid,
        function=given["callee"].value,
        values=_values(given["values"]),
        channels=_values(given["channels"]),
        arrays=read.values(given["arrays"]),
        span=read.span(op),
    )
