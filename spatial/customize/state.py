"""A program between two steps of a schedule: its module, and all that has a name in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from spatial.customize.references import Band, Buffer, Loop
from spatial.ir.calls import callees
from spatial.ir.function import kernels, parameters, region_function
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.location import span_of
from spatial.ir.mlir import arith, func, ir, scf
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.schedule.calls.writing import calls_in
from spatial.schedule.naming import buffers_of, loop_name, loops_of
from spatial.source.span import Span

__all__ = ["State", "copied", "extent_of"]


@dataclass(frozen=True, kw_only=True)
class State:
    """A module that verifies, which nobody changes any more, and its graph."""

    module: ir.Module
    graph: ActorGraph = field(repr=False)

    @cached_property
    def functions(self) -> dict[str, func.FuncOp]:
        """The bodies of actors, then the functions that they call, by their symbols."""
        return {function.name.value: function for function in (*kernels(self.module), *callees(self.module))}

    @cached_property
    def called(self) -> tuple[str, ...]:
        """The functions that are called, by their symbols."""
        return tuple(function.name.value for function in callees(self.module))

    def calls(self, callee: str) -> Iterator[tuple[str, func.CallOp]]:
        """The calls of a function, each with the function it stands in."""
        for name, function in self.functions.items():
            for op in calls_in(function):
                if op.callee.value == callee:
                    yield name, op

    @cached_property
    def actors(self) -> dict[str, list[Actor]]:
        """For each function the actors that run it."""
        found: dict[str, list[Actor]] = {name: [] for name in self.functions}
        for actor in self.graph.actors:
            found[actor.function].append(actor)
        return found

    def kernel(self, function: str) -> str:
        """What the user calls the kernel of a function; a function that is called has its own name."""
        return self.actors[function][0].kernel if self.actors[function] else function

    def address(self, function: str) -> str:
        """What the user calls a function: its kernel, or the first of the PEs that run it, where others run another."""
        kernel = self.kernel(function)
        alone = sum(self.kernel(other) == kernel for other in self.functions) == 1
        return kernel if alone else self.actors[function][0].name

    def loops(self, function: str) -> Iterator[Loop]:
        """The loops of a function in the order of the text."""
        for op in loops_of(self.functions[function]):
            yield self.loop(function, op)

    def loop(self, function: str, op: ir.OpView) -> Loop:
        """The name of a loop."""
        return Loop(
            name=loop_name(op),
            kernel=self.kernel(function),
            function=function,
            extent=extent_of(op),
            span=span_of(op.location),
        )

    def bands(self, function: str) -> Iterator[Band]:
        """The loops of a function that `sp.grid` or `range` gave a name."""
        for op in loops_of(self.functions[function]):
            if "df.label" in op.attributes:
                loops = tuple(self.loop(function, each) for each in band_of(op))
                yield Band(name=op.attributes["df.label"].value, loops=loops)

    def buffers(self, function: str) -> Iterator[Buffer]:
        """The arrays and scalars of a function, its parameters first."""
        for name, value in buffers_of(self.functions[function]).items():
            yield self.buffer(function, name, value)

    def buffer(self, function: str, name: str, value: ir.Value) -> Buffer:
        """The name of an array or a scalar."""
        owner = value.owner
        types = {each.name: str(each.type) for each in parameters(self.functions[function])}
        local = not isinstance(owner, ir.Block)
        type_ = owner.attributes["df.type"].value if local and "df.type" in owner.attributes else types.get(name)
        span = span_of(owner.location if local else value.location)
        return Buffer(
            name=name, kernel=self.kernel(function), function=function, type=type_ or str(value.type), span=span
        )

    def arrays(self) -> Iterator[Buffer]:
        """The arrays of the program itself, and its own memory."""
        region = region_function(self.module)
        taken = [each for each in parameters(region) if not each.stream]
        for parameter, value in zip(taken, region.arguments, strict=True):
            span = span_of(value.location)
            yield Buffer(name=parameter.name, kernel="", function="", type=str(parameter.type), span=span)
        for memory in self.graph.memories:
            yield Buffer(name=memory.name, kernel="", function="", type=str(memory.type), span=memory.span)

    def users(self, array: str) -> dict[str, set[int]]:
        """The functions that are given an array of the program, and at which of their parameters."""
        found: dict[str, set[int]] = {}
        for actor in self.graph.actors:
            first = len(actor.values) + len(actor.channels)
            for position, name in enumerate(actor.arrays, start=first):
                if name == array:
                    found.setdefault(actor.function, set()).add(position)
        return found

    def place(self, function: str) -> Span:
        """Where a function stands in the text."""
        return span_of(self.functions[function].location)


def copied(state: State) -> ir.Module:
    """A module of its own that is equal."""
    return copy_of(state.module)


def state_of(module: ir.Module) -> State:
    """The state that a module is; raises `InternalError` where it does not verify."""
    return State(module=module, graph=verify(module))


def band_of(op: ir.OpView) -> list[ir.OpView]:
    """The loops of the band that begins with one."""
    count = op.attributes["df.band"].value if "df.band" in op.attributes else 1
    found = [op]
    while len(found) < count:
        inner = [each for each in found[-1].body.operations if isinstance(each, scf.ForOp)]
        if len(inner) != 1:
            break
        found.append(inner[0])
    return found


def extent_of(op: ir.OpView) -> int | None:
    """How many iterations a loop has, where its bounds are constants."""
    if not isinstance(op, scf.ForOp):
        return None
    bounds = [_constant(bound) for bound in list(op.operands)[:3]]
    known = [bound for bound in bounds if bound is not None]
    return len(range(*known)) if len(known) == 3 else None


def _constant(value: ir.Value) -> int | None:
    owner = value.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, arith.ConstantOp):
        return None
    return int(owner.opview.attributes["value"].value)
