"""Arrays that cores use directly: what one touches comes as a token before everything, or goes as one behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp, declare_actor, declare_channel
from spatial.ir.dtypes import scalar_type
from spatial.ir.graph import Actor, ActorGraph, element_name
from spatial.ir.location import location
from spatial.ir.mlir import arith, ir, memref
from spatial.lower.aie.mapping.names import symbol
from spatial.lower.hls.legalize.build import Parameters, local, made_function, nest
from spatial.lower.hls.legalize.chains import Ends, Site
from spatial.lower.hls.legalize.changes import Change, Read, Write, shape_of_box
from spatial.lower.hls.legalize.names import Names
from spatial.lower.hls.legalize.wiring import wire
from spatial.types.dtype import index
from spatial.types.tensor import element_of

__all__ = ["add_windows"]

Changes = Mapping[str, Sequence[Change]]
DEPTH = 2
ROLES = {"in": "load", "out": "store"}


def add_windows(module: ir.Module, graph: ActorGraph, changes: Changes) -> None:
    """Rewrites the cores that have changes, and adds movers at the host's end of their windows."""
    windows = Windows(Site(module, Names(graph)))
    for actor in graph.actors:
        for change in changes[actor.name]:
            if change.read is Read.BLOCK:
                windows.add(actor, change, "in")
            if change.write is Write.BLOCK:
                windows.add(actor, change, "out")
    wire(windows.site, graph, changes, {actor.name: () for actor in graph.actors}, windows.ends)


@dataclass(slots=True)
class Windows:
    """Adds channels and movers; `ends` are the channels by the actors that are given them."""

    site: Site
    ends: Ends = field(default_factory=dict)
    names: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    functions: dict[tuple[object, ...], str] = field(default_factory=dict)

    def add(self, actor: Actor, change: Change, role: str) -> None:
        """The channel of a window, and the mover at its other end."""
        stream, kernel = self.named(actor, change, role)
        token = change.token
        with location(change.span):
            with self.site.channels:
                declare_channel(stream, actor.pid, DEPTH, str(token))
            place = self.site.producers if role == "in" else self.site.consumers
            with place:
                firsts = [ir.IntegerAttr.get(ir.IndexType.get(), each.first) for each in change.box]
                channel = element_name(stream, actor.pid)
                callee = self.function(change, role, kernel)
                declare_actor(callee, kernel, actor.pid, firsts, [channel], [change.array])
        self.ends[actor.name, change.position, role] = channel

    def named(self, actor: Actor, change: Change, role: str) -> tuple[str, str]:
        """What the stream and the kernel for windows of a kernel into an array are called."""
        key = (actor.kernel, change.array, role)
        if key not in self.names:
            name = symbol(f"{change.array}_{actor.kernel}")
            self.names[key] = self.site.names.new(f"{name}_{role}"), self.site.names.new(f"{ROLES[role]}_{name}")
        return self.names[key]

    def function(self, change: Change, role: str, kernel: str) -> str:
        """The function of a mover: one for all windows of a kind."""
        key = (kernel, shape_of_box(change.box), change.entire)
        if key not in self.functions:
            name = kernel if not any(other == kernel for other, *_ in self.functions) else self.site.names.new(kernel)
            with ir.InsertionPoint.at_block_begin(self.site.module.body):
                self.functions[key] = _function(change, role, name, kernel)
        return self.functions[key]


def _function(change: Change, role: str, name: str, kernel: str) -> str:
    """Reads a window of an array into a token, or writes one; it is given where the window begins."""
    element, token = element_of(change.type), change.token
    firsts: Parameters = [(f"first_{axis}", "value", index) for axis in range(len(change.box))]
    given = [*firsts, ("window", "stream", token), (change.array, "array", change.type)]
    counts = [each.count for each in change.box]
    loops = [f"{change.array}_{axis}" for axis in range(len(counts))]

    def body(arguments: Sequence[ir.Value]) -> None:
        *begins, channel, array = arguments
        block = local("token", token) if change.axes else None

        def outer(at: Sequence[ir.Value]) -> list[ir.Value]:
            steps = [each.step for each in change.box]
            moved = [at[n] if step == 1 else arith.muli(at[n], constant(index, step)) for n, step in enumerate(steps)]
            return [arith.addi(first, each) for first, each in zip(begins, moved, strict=True)]

        def load(at: Sequence[ir.Value]) -> None:
            memref.store(memref.load(array, outer(at)), block, [at[axis] for axis in change.axes])

        def store(at: Sequence[ir.Value]) -> None:
            memref.store(memref.load(block, [at[axis] for axis in change.axes]), array, outer(at))

        if role == "in" and block is not None:
            nest(counts, loops, load, ours=True)
            PutOp(channel, block)
        elif role == "in":
            PutOp(channel, memref.load(array, begins))
        elif block is not None:
            GetBlockOp(channel, block)
            nest(counts, loops, store, ours=True)
        else:
            memref.store(GetOp(channel, scalar_type(element)).value, array, begins)

    return made_function(name, kernel, given, change.span, body)
