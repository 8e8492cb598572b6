"""Programs that no NPU runs, whatever their size."""

from collections.abc import Iterator

from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.lower.aie.errors import Called, TimedChannel, WideType
from spatial.source.report import Problem
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["check_program"]

WIDEST = 64  # bits that a core computes with


def check_program(module: ir.Module, graph: ActorGraph) -> list[Problem]:
    """What stands in the way: channels that are polled, calls of regions at run time, wide types."""
    return [*_timed(graph), *_called(graph), *_wide(graph)]


def _timed(graph: ActorGraph) -> Iterator[Problem]:
    for body in graph.specializations.values():
        for position, end in body.ends.items():
            if end.timed:
                yield TimedChannel(stream=body.parameters[position].name, kernel=body.kernel, span=end.timed[0])
                return


def _called(graph: ActorGraph) -> Iterator[Problem]:
    started = next((channel for channel in graph.channels if channel.role == "start"), None)
    if started is not None:
        yield Called(span=started.span)


def _wide(graph: ActorGraph) -> Iterator[Problem]:
    for channel in graph.channels:
        if _is_wide(channel.element):
            yield WideType(name=channel.name, type=str(channel.element), span=channel.span)
            return
    wide = {scalar.name: scalar.type for scalar in graph.scalars if _is_wide(scalar.type)}
    for actor in graph.actors:
        if name := next((name for name in actor.arrays if name in wide), None):
            label = f"`{actor.name}` reads it"
            yield WideType(name=name, type=str(wide[name]), span=actor.span, verb="is", label=label)
            return


def _is_wide(type_: DType | TensorType) -> bool:
    return element_of(type_).bits > WIDEST
