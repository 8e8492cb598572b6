"""Builds the program of a kernel that starts others: it calls external functions in their place."""

from collections.abc import Sequence

from spatial.analysis.sharing import array_uses
from spatial.ir.arithmetic import constant
from spatial.ir.calls import MEMORY
from spatial.ir.dialect import ActorOp, ByReferenceOp
from spatial.ir.dtypes import memory_type
from spatial.ir.external import by_reference, call_dataflow
from spatial.ir.function import kernels, memory_kind, parameter_attribute, parameters, region_function
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.ir.retyping import Added, replace_actor, with_parameters
from spatial.ir.text import copy_of
from spatial.lower.hls.calling.groups import Group, Grouped, grouped
from spatial.lower.hls.calling.pruning import prune
from spatial.types.dtype import index
from spatial.types.layout import whole
from spatial.types.tensor import TensorType, element_of

__all__ = ["caller_program"]


def caller_program(module: ir.Module, graph: ActorGraph, names: Sequence[str]) -> ir.Module:
    """The program of the kernel that starts all others; `names` are those of the functions that groups become."""
    made = copy_of(module)
    # The copy is asked anew: what is found is operations of it.
    found = grouped(made, graph)
    assert found is not None, "the module falls apart as the one it is a copy of"
    actor = graph.actor[found.caller]
    function = next(each for each in kernels(made) if each.name.value == actor.function)
    shared = list(dict.fromkeys(name for group in found.groups for name in group.given))
    function = _with_all(function, graph, found, shared)
    first = len(actor.values) + len(actor.channels)
    bound = [*actor.arrays, *(name for name in shared if name not in actor.arrays)]
    memory = dict(zip(bound, list(function.arguments)[first:], strict=True))
    for name in reversed(found.local):
        memory[name] = _local(function, graph, found, name, memory[name])
    for group, name in zip(found.groups, names, strict=True):
        _call(graph, group, name, memory)
    started = {channel.name for channel in graph.channels if channel.role}
    prune(made, graph, {found.caller}, started.union(found.local))
    _bind(made, function, graph, found, bound)
    return made


def _with_all(function: func.FuncOp, graph: ActorGraph, found: Grouped, shared: Sequence[str]) -> func.FuncOp:
    """The function with all memory that groups are given among its parameters, named as in the module."""
    arrays = graph.actor[found.caller].arrays
    count = len(function.arguments)
    added = [
        Added(
            name=name,
            kind=memory_kind(graph.memory_types[name])[0],
            type=graph.memory_types[name],
            location=function.location,
        )
        for name in shared
        if name not in arrays
    ]
    return with_parameters(function, [*range(count), *added])


def _local(function: func.FuncOp, graph: ActorGraph, found: Grouped, name: str, argument: ir.Value) -> ir.Value:
    """The local array that memory of the module becomes, cut as those who use it say."""
    type_ = graph.memory_types[name]
    layouts = [layout_of(argument), *(layout_of(each) for each in _bound_to(function, graph, found, name))]
    with ir.InsertionPoint.at_block_begin(function.entry_block), function.location:
        memory: ir.Value = memref.alloca(memory_type(type_), [], [])
    made = memory.owner
    made.attributes["df.name"] = ir.StringAttr.get(name.rpartition(".")[2])
    made.attributes["df.type"] = ir.StringAttr.get(str(type_))
    made.attributes[MEMORY] = ir.StringAttr.get(name)
    storage = next(each.storage for each in graph.memories if each.name == name)
    if storage and isinstance(type_, TensorType):
        made.attributes["df.storage"] = ir.StringAttr.get(storage)
    if layout := next((each for each in layouts if each is not None), None):
        give_layout(memory, layout)
    argument.replace_all_uses_with(memory)
    return memory


def _bound_to(function: func.FuncOp, graph: ActorGraph, found: Grouped, name: str) -> list[ir.Value]:
    """The arguments of the functions of groups that are bound to memory."""
    functions = {each.name.value: each for each in kernels(function.operation.parent.opview)}
    return [
        functions[actor.function].arguments[len(actor.values) + len(actor.channels) + actor.arrays.index(name)]
        for group in found.groups
        for actor in (graph.actor[each] for each in group.actors)
        if name in actor.arrays
    ]


def _call(graph: ActorGraph, group: Group, name: str, memory: dict[str, ir.Value]) -> None:
    """Calls a function where a group is started."""
    uses = array_uses(graph)
    members = set(group.actors)
    for site in group.sites:
        with ir.InsertionPoint(site.starts), site.starts.location:
            values = [
                by_reference(
                    memory[each],
                    constant(index, 0),
                    str(graph.memory_types[each]),
                    "inout" if members & uses[each].writers else "in",
                )
                for each in group.given
            ]
            call_dataflow(values, name)
        _unpipelined(site.starts)
        site.starts.operation.erase()
        site.ends.operation.erase()


def _unpipelined(op: ir.OpView) -> None:
    """Says of the loops around an operation that one iteration ends before the next begins."""
    around = op.operation.parent
    while not isinstance(around.opview, func.FuncOp):
        if isinstance(around.opview, scf.ForOp | scf.WhileOp) and "df.pipelined" not in around.attributes:
            around.attributes["df.pipelined"] = ir.BoolAttr.get(False)
        around = around.parent


def _bind(module: ir.Module, function: func.FuncOp, graph: ActorGraph, found: Grouped, bound: Sequence[str]) -> None:
    """Lets the actor give its function no more than is left: no channels that start others, no local memory.

    The numbers that it gives are constants, for it is the only one.
    """
    actor = graph.actor[found.caller]
    count = len(actor.values)
    before = [*actor.channels, *bound]
    _settle(function, actor)
    left = {channel.name for channel in graph.channels if channel.role}.union(found.local)
    kept = [n for n, each in enumerate(before) if each not in left]
    made = with_parameters(function, [count + n for n in kept])
    (op,) = [each for each in region_function(module).entry_block.operations if isinstance(each, ActorOp)]
    replace_actor(op, made, [before[n] for n in kept])
    _rename(made, [before[n] for n in kept])
    _only_passed(made)


def _settle(function: func.FuncOp, actor: Actor) -> None:
    """Puts constants in place of the numbers that an actor gives its function."""
    known = parameters(function)
    with ir.InsertionPoint.at_block_begin(function.entry_block), function.location:
        for argument, parameter, value in zip(function.arguments, known, actor.values, strict=False):
            argument.replace_all_uses_with(constant(element_of(parameter.type), value))


def _rename(function: func.FuncOp, names: Sequence[str]) -> None:
    """Calls the parameters that are memory of the program as the program does."""
    known = parameters(function)
    called = {
        each.name: name if each.kind in ("array", "scalar") else each.name
        for each, name in zip(known, names, strict=True)
    }
    kinds = [memory_kind(each.type) if each.kind in ("array", "scalar") else None for each in known]
    given = [
        attribute if kind is None else parameter_attribute([name], [kind])[0]
        for attribute, kind, name in zip(function.attributes["df.parameters"], kinds, names, strict=True)
    ]
    function.attributes["df.parameters"] = ir.ArrayAttr.get(given)
    for key in ("df.layouts", "df.storage"):
        if key in function.attributes:
            kept = {called[each.name]: each.attr for each in function.attributes[key]}
            function.attributes[key] = ir.DictAttr.get(kept)


def _only_passed(function: func.FuncOp) -> None:
    """Leaves arrays uncut that the function only passes on: banks are for those who use them."""
    arrays = [each for each in function.arguments if isinstance(each.type, ir.MemRefType)]
    for array in arrays:
        if layout_of(array) is not None and all(isinstance(use.owner, ByReferenceOp) for use in array.uses):
            give_layout(array, whole(tuple(array.type.shape)))
