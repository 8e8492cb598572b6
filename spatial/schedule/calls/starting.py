"""Lets callers start the kernels that called functions have become, and wait until all have finished."""

from collections.abc import Sequence

from spatial.ir.calls import MEMORY, STARTED, STARTS, callee_of
from spatial.ir.dialect import ActorOp, declare_channel
from spatial.ir.dtypes import parse_type
from spatial.ir.function import kernels, operations, region_function
from spatial.ir.graph import element_name
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.mlir import func, ir, memref
from spatial.ir.retyping import Added, bound_to, first_array, replace_actor, with_parameters
from spatial.ir.starting import call_loops, served, with_streams
from spatial.types.dtype import bool_
from spatial.types.tensor import TensorType

__all__ = ["start_all"]


def start_all(module: ir.Module) -> None:
    """Gives callers channels by which they start kernels, as they do where they call a region in the text.

    A start takes a cycle, waiting for the end one more, as do the start of a kernel and its telling the end. Calls of
    functions that are no kernels have been written out.
    """
    for name in [function.name.value for function in kernels(module)]:
        _take_memory(module, name)
        for started in dict.fromkeys(callee_of(op).attributes[STARTS].value for op in _starts(_function(module, name))):
            _start(module, name, started)
    for op in list(module.body.operations):
        if STARTS in op.attributes:
            op.operation.erase()


def _function(module: ir.Module, name: str) -> func.FuncOp:
    return next(each for each in kernels(module) if each.name.value == name)


def _actors(module: ir.Module, function: str) -> list[ActorOp]:
    operations = region_function(module).entry_block.operations
    return [op for op in operations if isinstance(op, ActorOp) and op.callee.value == function]


def _starts(function: func.FuncOp) -> list[func.CallOp]:
    calls = (op for op in operations(function.entry_block) if isinstance(op, func.CallOp))
    return [op for op in calls if STARTS in callee_of(op).attributes]


def _take_memory(module: ir.Module, name: str) -> None:
    """Gives a function the memory of the module that some of its locals are."""
    function = _function(module, name)
    found = [op for op in function.entry_block.operations if isinstance(op, memref.AllocaOp)]
    locals_ = [op for op in found if MEMORY in op.attributes]
    if not locals_:
        return
    count = len(function.arguments)
    function = with_parameters(function, [*range(count), *map(_as_parameter, locals_)])
    for op, argument in zip(locals_, list(function.arguments)[count:], strict=True):
        layout = layout_of(op.result)
        op.result.replace_all_uses_with(argument)
        if layout is not None:
            give_layout(argument, layout)
    names = [op.attributes[MEMORY].value for op in locals_]
    for op in locals_:
        op.operation.erase()
    for actor in _actors(module, name):
        replace_actor(actor, function, [*bound_to(actor), *names])


def _as_parameter(op: ir.OpView) -> Added:
    type_ = parse_type(op.attributes["df.type"].value)
    kind = "array" if isinstance(type_, TensorType) else "scalar"
    return Added(name=op.attributes["df.name"].value, kind=kind, type=type_, location=op.location)


def _start(module: ir.Module, name: str, started: str) -> None:
    """Lets the one PE that runs a function start the kernels of a called function."""
    bodies = [each.name.value for each in kernels(module) if _part_of(each, started)]
    members = [actor for body in bodies for actor in _actors(module, body)]
    (actor,) = _actors(module, name)
    caller = element_name(actor.kernel.value, tuple(axis.value for axis in actor.pid))
    starts, ends = (_channels(module, f"{caller}.{started}[0].{role}", role, len(members)) for role in ("start", "end"))
    _call(module, name, started, starts, ends)
    for body in bodies:
        function = served(_function(module, body))
        for each in _actors(module, body):
            position = members.index(each)
            _give(each, function, [starts[position], ends[position]])


def _part_of(function: func.FuncOp, started: str) -> bool:
    return STARTED in function.attributes and function.attributes[STARTED].value == started


def _channels(module: ir.Module, stream: str, role: str, count: int) -> list[str]:
    """Declares the channels by which kernels are started, or tell their end; their names."""
    with ir.InsertionPoint.at_block_begin(region_function(module).entry_block):
        for number in range(count):
            declare_channel(stream, [number], 1, str(bool_), role=role)
    return [element_name(stream, (number,)) for number in range(count)]


def _give(actor: ActorOp, function: func.FuncOp, names: Sequence[str]) -> None:
    """Gives an actor channels behind those that it has."""
    bound, count = bound_to(actor), len(actor.values) + len(actor.channels)
    replace_actor(actor, function, [*bound[:count], *names, *bound[count:]])


def _call(module: ir.Module, name: str, started: str, starts: Sequence[str], ends: Sequence[str]) -> None:
    """Puts into all channels to start, then gets from all, where a function starts kernels."""
    function = _function(module, name)
    first, count = first_array(function), len(starts)
    function = with_streams(function, ["start"] * count + ["end"] * count)
    given = list(function.arguments)[first : first + 2 * count]
    for call in _starts(function):
        if callee_of(call).attributes[STARTS].value == started:
            with ir.InsertionPoint(call), call.location:
                call_loops(given[:count], given[count:])
            call.operation.erase()
    (actor,) = _actors(module, name)
    _give(actor, function, [*starts, *ends])
