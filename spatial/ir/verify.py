"""Checks that a module is one of ours: what MLIR's verifier cannot know about actors and the functions they run."""

from spatial.ir.dialect import context
from spatial.ir.graph import Actor, ActorGraph, actor_graph
from spatial.ir.mlir import ir
from spatial.source.errors import InternalError
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["verify"]


def verify(module: ir.Module) -> ActorGraph:
    """The graph of a sound module; raises `InternalError` where a rule of MLIR, of `df` or of a call is broken."""
    with context():
        try:
            module.operation.verify()
        except ir.MLIRError as error:
            raise InternalError(f"the module does not verify: {error}") from error
        try:
            graph = actor_graph(module)
        except KeyError as error:
            raise InternalError(f"an actor names {error}, which the module does not declare") from error
    for actor in graph.actors:
        _verify_call(actor, graph)
    return graph


def _verify_call(actor: Actor, graph: ActorGraph) -> None:
    """An actor gives its function as many values, channels and arrays as it takes, of the same types."""
    parameters = graph.specializations[actor.function].parameters
    wanted: list[DType | TensorType] = [parameter.type for parameter in parameters]
    channels = [graph.channel[name].element for name in actor.channels]
    given = [*wanted[: len(actor.values)], *channels, *(graph.memory_types[name] for name in actor.arrays)]
    if given != wanted:
        told = ", ".join(map(str, given))
        raise InternalError(f"{actor.name} gives @{actor.function} ({told}), it takes ({', '.join(map(str, wanted))})")
