"""Puts a caller and what it calls together again, as one program that engines run."""

from collections.abc import Mapping

from spatial.analysis.loops import inner
from spatial.ir.calls import MEMORY
from spatial.ir.dialect import (
    ActorOp,
    ByReferenceOp,
    ChannelOp,
    ExternalOp,
    MemoryOp,
    declare_channel,
    declare_memory,
)
from spatial.ir.dtypes import parse_type
from spatial.ir.external import is_dataflow
from spatial.ir.function import kernels, memory_kind, region_function, storage_in
from spatial.ir.graph import ActorGraph, element_name
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.mlir import func, ir, memref
from spatial.ir.retyping import Added, bound_to, first_array, replace_actor, with_parameters
from spatial.ir.starting import call_loops, served, with_streams
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.lower.hls.calling.parts import Called, Parts
from spatial.lower.hls.legalize.names import Names
from spatial.types.dtype import bool_

__all__ = ["joined"]


def joined(parts: Parts, names: Names) -> tuple[ir.Module, ActorGraph]:
    """A program that does what the parts do: the caller starts the actors of what it calls, and waits for their ends.

    Memory that it has anew gets `names` that are new.
    """
    module = copy_of(parts.caller.module)
    name = parts.caller.graph.actors[0].function
    _take_memory(module, name, names)
    for called in parts.called:
        memory = _memory_given(module, name, called)
        streams = _add(module, called, memory)
        _start(module, name, called, *streams)
    return module, verify(module)


def _function(module: ir.Module, name: str) -> func.FuncOp:
    return next(each for each in kernels(module) if each.name.value == name)


def _actors(module: ir.Module, name: str) -> list[ActorOp]:
    """The actors that run a function."""
    operations = region_function(module).entry_block.operations
    return [op for op in operations if isinstance(op, ActorOp) and op.callee.value == name]


def _take_memory(module: ir.Module, name: str, names: Names) -> None:
    """Makes memory of the module of the locals that others are given."""
    function, (actor,) = _function(module, name), _actors(module, name)
    locals_ = [
        op
        for op in function.entry_block.operations
        if isinstance(op, memref.AllocaOp) and any(isinstance(use.owner, ByReferenceOp) for use in op.result.uses)
    ]
    called = [_called_in_module(op, actor.kernel.value, names) for op in locals_]
    with ir.InsertionPoint(actor):
        for op, each in zip(locals_, called, strict=True):
            with op.location:
                declare_memory(each, op.attributes["df.type"].value, [], storage=storage_in(op.result))
    count = len(function.arguments)
    function = with_parameters(function, [*range(count), *map(_as_parameter, locals_)])
    for op, argument in zip(locals_, list(function.arguments)[count:], strict=True):
        layout = layout_of(op.result)
        op.result.replace_all_uses_with(argument)
        if layout is not None:
            give_layout(argument, layout)
        op.operation.erase()
    replace_actor(actor, function, [*bound_to(actor), *called])


def _called_in_module(op: ir.OpView, kernel: str, names: Names) -> str:
    """What a local is called as memory of the module: as it was there, if it was."""
    if MEMORY in op.attributes:
        return str(op.attributes[MEMORY].value)
    return names.new(f"{kernel}.{op.attributes['df.name'].value}")


def _as_parameter(op: ir.OpView) -> Added:
    type_ = parse_type(op.attributes["df.type"].value)
    return Added(name=op.attributes["df.name"].value, kind=memory_kind(type_)[0], type=type_, location=op.location)


def _calls(function: func.FuncOp, called: Called) -> list[ExternalOp]:
    return [
        op
        for op in inner(function)
        if isinstance(op, ExternalOp) and is_dataflow(op) and op.symbol.value == called.name
    ]


def _memory_given(module: ir.Module, name: str, called: Called) -> dict[str, str]:
    """What the parameters of a region are, by their names, in the whole program."""
    function, (actor,) = _function(module, name), _actors(module, name)
    bound, call = bound_to(actor), _calls(function, called)[0]
    given = [ir.BlockArgument(value.owner.opview.memory).arg_number for value in call.operands]
    return {
        parameter.name: str(bound[position]) for parameter, position in zip(called.graph.parameters, given, strict=True)
    }


Streams = list[str]


def _add(module: ir.Module, called: Called, memory: Mapping[str, str]) -> tuple[Streams, Streams]:
    """Adds the actors of a region, with all that they need; the channels that start them, and those of their ends."""
    region = region_function(module)
    known = {op.memory.value for op in region.entry_block.operations if isinstance(op, MemoryOp)}
    first = next(op for op in region.entry_block.operations if isinstance(op, ActorOp))
    last = list(region.entry_block.operations)[-1]
    functions = _add_functions(module, called)
    starts: Streams = []
    ends: Streams = []
    for op in region_function(called.module).entry_block.operations:
        match op:
            case ChannelOp():
                with ir.InsertionPoint(first):
                    op.operation.clone()
            case MemoryOp() if op.memory.value not in known:
                with ir.InsertionPoint(first):
                    op.operation.clone()
            case ActorOp():
                with ir.InsertionPoint(first), op.location:
                    starts.append(_channel(called, "start", len(starts)))
                    ends.append(_channel(called, "end", len(ends)))
                with ir.InsertionPoint(last):
                    made = op.operation.clone().opview
                count = len(op.values) + len(op.channels)
                bound = bound_to(op)
                given = [*bound[:count], starts[-1], ends[-1], *(memory.get(str(n), n) for n in bound[count:])]
                replace_actor(made, functions[op.callee.value], given)
    return starts, ends


def _channel(called: Called, role: str, number: int) -> str:
    """Declares a channel between a caller and an actor; its name."""
    stream = f"{called.path}.{role}"
    declare_channel(stream, [number], 1, str(bool_), role=role)
    return element_name(stream, (number,))


def _add_functions(module: ir.Module, called: Called) -> dict[str, func.FuncOp]:
    """Copies the functions of a region, each of which does its work once for each start; by name."""
    tables = _add_tables(module, called)
    found = {}
    with ir.InsertionPoint(module.body):
        for each in kernels(called.module):
            made = each.operation.clone().opview
            for op in inner(made):
                if isinstance(op, memref.GetGlobalOp):
                    op.attributes["name"] = ir.FlatSymbolRefAttr.get(tables[op.attributes["name"].value])
            found[each.name.value] = made
    return {name: served(function) for name, function in found.items()}


def _add_tables(module: ir.Module, called: Called) -> dict[str, str]:
    """Copies constants; what each is called from now on, by what it was."""
    count = sum(isinstance(op, memref.GlobalOp) for op in module.body.operations)
    found: dict[str, str] = {}
    for op in called.module.body.operations:
        if isinstance(op, memref.GlobalOp):
            found[op.sym_name.value] = name = f"table.{count + len(found)}"
            with ir.InsertionPoint.at_block_begin(module.body):
                made = op.operation.clone().opview
            made.attributes["sym_name"] = ir.StringAttr.get(name)
    return found


def _start(module: ir.Module, name: str, called: Called, starts: Streams, ends: Streams) -> None:
    """Lets the caller start actors where it calls them."""
    function, (actor,) = _function(module, name), _actors(module, name)
    first = first_array(function)
    function = with_streams(function, ["start"] * len(starts) + ["end"] * len(ends))
    given = list(function.arguments)[first : first + len(starts) + len(ends)]
    for call in _calls(function, called):
        with ir.InsertionPoint(call), call.location:
            call_loops(given[: len(starts)], given[len(starts) :])
        passed = [value.owner for value in call.operands]
        call.operation.erase()
        for each in passed:
            each.erase()
    bound = bound_to(actor)
    replace_actor(actor, function, [*bound[:first], *starts, *ends, *bound[first:]])
