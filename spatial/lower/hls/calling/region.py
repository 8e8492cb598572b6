"""Builds the program of a group of actors that a kernel starts: a region that runs once for each call."""

from collections.abc import Iterable, Mapping

from spatial.analysis.loops import halves_of, is_endless
from spatial.ir.dialect import ActorOp, GetOp, PutOp
from spatial.ir.dtypes import memory_type
from spatial.ir.function import (
    bind_storage,
    kernels,
    memory_kind,
    parameter_attribute,
    region_function,
    storage_of,
)
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.mlir import func, ir, scf
from spatial.ir.retyping import bound_to, replace_actor, with_parameters
from spatial.ir.text import copy_of
from spatial.lower.hls.calling.groups import Group
from spatial.lower.hls.calling.pruning import named, prune
from spatial.lower.hls.legalize.names import Names
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType

__all__ = ["group_region", "with_before"]


def group_region(
    module: ir.Module, graph: ActorGraph, group: Group, name: str, names: Names, used: set[str]
) -> ir.Module:
    """A program with the region `name`, whose parameters are the memory that the group is given.

    Its functions get names that are not `used`, new ones of `names` where they are, and are then.
    """
    made = copy_of(module)
    outer = {f"{group.path}.start", f"{group.path}.end"}
    channels = {channel.name for channel in graph.channels if channel.stream in outer}
    prune(made, graph, {*group.actors}, channels | {*group.given})
    _replace_region(made, graph, group, name)
    actors: dict[str, list[ActorOp]] = {}
    for op in region_function(made).entry_block.operations:
        if isinstance(op, ActorOp):
            actors.setdefault(op.callee.value, []).append(op)
    for function in kernels(made):
        mine = actors[function.name.value]
        users = [graph.actor[named(op.kernel, op.pid)] for op in mine]
        positions = _outer_positions(users[0], channels)
        function = _once(function, positions)
        kept = [n for n in range(len(function.arguments)) if n not in positions]
        word = function.name.value
        called = with_parameters(function, kept, names.new(word) if word in used else word)
        used.add(called.name.value)
        for op in mine:
            given = bound_to(op)
            replace_actor(op, called, [_renamed(given[n], group) for n in kept])
    return made


def _renamed(given: ir.Attribute | str, group: Group) -> ir.Attribute | str:
    """What an actor is given, as the group calls it."""
    return group.parameters.get(given, given) if isinstance(given, str) else given


def _outer_positions(actor: Actor, channels: set[str]) -> set[int]:
    """The parameters of an actor's function by which it is started, and tells its end."""
    return {n for n, name in enumerate(actor.channels, start=len(actor.values)) if name in channels}


def _once(function: func.FuncOp, positions: set[int]) -> func.FuncOp:
    """Takes a function's work out of the loop that serves one call after the other."""
    streams = [function.arguments[n] for n in positions]
    loop = next(op for op in function.entry_block.operations if is_endless(op))
    _, body = halves_of(loop)
    for op in list(body.operations):
        if (isinstance(op, GetOp | PutOp) and op.stream in streams) or isinstance(op, scf.YieldOp):
            continue
        op.operation.move_before(loop)
    loop.operation.erase()
    return function


def with_before(module: ir.Module, graph: ActorGraph, arrays: Iterable[str]) -> tuple[ir.Module, dict[str, str]]:
    """The program where some arrays are given to it twice, and by their names what they are called the other time."""
    names = Names(graph)
    found = {name: names.new(f"{name}_before") for name in arrays}
    types = {parameter.name: parameter.type for parameter in graph.parameters}
    made = copy_of(module)
    region = region_function(made)
    _retype(
        region, types | {other: types[name] for name, other in found.items()}, region.name.value, storage_of(region)
    )
    return made, found


def _replace_region(module: ir.Module, graph: ActorGraph, group: Group, name: str) -> None:
    """Puts the group's region in place of that of the program."""
    types = {word: graph.memory_types[each] for each, word in group.parameters.items()}
    storage = {array.name: array.storage for array in graph.arrays}
    storage |= {memory.name: memory.storage for memory in graph.memories}
    bound = {word: storage.get(each, "") for each, word in group.parameters.items()}
    _retype(region_function(module), types, name, bound)


def _retype(
    region: func.FuncOp, types: Mapping[str, TensorType | DType], name: str, storage: Mapping[str, str]
) -> None:
    """Gives a region other parameters, which are memory bound to `storage`, and a name."""
    with ir.InsertionPoint(region), region.location:
        made = func.FuncOp(name, ([memory_type(each) for each in types.values()], []))
    made.attributes["df.region"] = region.attributes["df.region"]
    made.attributes["df.parameters"] = parameter_attribute(list(types), list(map(memory_kind, types.values())))
    entry = made.add_entry_block([region.location for _ in types])
    for op in list(region.entry_block.operations):
        entry.append(op)
    bind_storage(made, storage)
    region.operation.erase()
