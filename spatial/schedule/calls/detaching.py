"""Makes a kernel of a called function, which its caller starts, so that it can be unfolded in space."""

import itertools
from collections.abc import Iterator

from spatial.ir.calls import MEMORY, STARTED, STARTS, callee_of, callees
from spatial.ir.dialect import ActorOp, MemoryOp, declare_actor, declare_memory
from spatial.ir.dtypes import parse_dtype
from spatial.ir.function import kernels, operations, parameters, region_function
from spatial.ir.mlir import func, ir, memref
from spatial.ir.retyping import Added, with_parameters
from spatial.schedule.calls.writing import calls_in
from spatial.schedule.loops.requests import refused
from spatial.schedule.naming import fresh_name
from spatial.schedule.space.functions import symbol

__all__ = ["check_starts_none", "detach", "is_called"]


def is_called(function: func.FuncOp) -> bool:
    """Whether a function runs where it is called."""
    return "df.callee" in function.attributes and "df.kernel" not in function.attributes


def detach(module: ir.Module, function: func.FuncOp) -> func.FuncOp:
    """Makes a called function a kernel of one PE, which those who call it start and wait for.

    What it is given becomes memory of the module. A region that a kernel calls in the text is the same.
    """
    label = function.name.value
    calls = [(each, op) for each in _functions(module) for op in calls_in(each) if op.callee.value == label]
    _check_streams(function, calls[0][1])
    actor = _caller(module, calls[0][0], calls[0][1])
    function, calls = _values_in_cells(function, calls)
    arrays = [_memory_at(module, position, calls, actor) for position in range(len(function.arguments))]
    _declare(module, function, calls)
    function.attributes["df.kernel"] = function.attributes[STARTED] = ir.StringAttr.get(label)
    with ir.InsertionPoint.after(actor), function.location:
        declare_actor(label, label, [0], [], [], arrays)
    return function


def check_starts_none(function: func.FuncOp, name: str) -> None:
    """Refuses a function, which the user calls by this name, that starts kernels: several PEs cannot do that."""
    for op in operations(function.entry_block):
        if isinstance(op, func.CallOp) and STARTS in callee_of(op).attributes:
            started = callee_of(op).attributes[STARTS].value
            title = f"`{name}` starts `{started}`, which PEs cannot share"
            raise refused(title, (op, "started here"), hint="unfold the loops before the functions that they call")


def _functions(module: ir.Module) -> list[func.FuncOp]:
    return [*kernels(module), *callees(module)]


def _check_streams(function: func.FuncOp, call: func.CallOp) -> None:
    for each in parameters(function):
        if each.stream:
            title = f"`{function.name.value}` uses the stream `{each.name}`, and its PEs cannot share one"
            raise refused(title, (call, "called here"))


def _caller(module: ir.Module, function: func.FuncOp, call: func.CallOp) -> ActorOp:
    """The one PE in which a function is called in the end."""
    while is_called(function):
        function = next(each for each in _functions(module) if _calls(each, function))
    name = function.name.value
    operations = region_function(module).entry_block.operations
    actors = [op for op in operations if isinstance(op, ActorOp) and op.callee.value == name]
    if len(actors) != 1:
        title = f"`{call.callee.value}` is called by {len(actors)} PEs of `{function.attributes['df.kernel'].value}`"
        raise refused(title, (call, "each would start a grid of its own"), hint="unfold what one PE calls")
    return actors[0]


def _calls(function: func.FuncOp, callee: func.FuncOp) -> bool:
    return any(op.callee.value == callee.name.value for op in calls_in(function))


Calls = list[tuple[func.FuncOp, func.CallOp]]


def _values_in_cells(function: func.FuncOp, calls: Calls) -> tuple[func.FuncOp, Calls]:
    """Numbers are given in memory: the caller stores them before the call, the function reads them first."""
    numbers = [(n, each) for n, each in enumerate(parameters(function)) if each.kind == "value"]
    count = len(function.arguments)
    added = [
        Added(name=each.name, kind="scalar", type=parse_dtype(str(each.type)), location=function.arguments[n].location)
        for n, each in numbers
    ]
    function = with_parameters(function, [*range(count), *added])
    with ir.InsertionPoint.at_block_begin(function.entry_block), function.location:
        for (n, _), cell in zip(numbers, list(function.arguments)[count:], strict=True):
            function.arguments[n].replace_all_uses_with(memref.load(cell, []))
    kept = [n for n in range(len(function.arguments)) if n >= len(numbers)]
    made = with_parameters(function, kept)
    return made, [(caller, _with_cells(caller, call, added)) for caller, call in calls]


def _with_cells(caller: func.FuncOp, call: func.CallOp, added: list[Added]) -> func.CallOp:
    """A call that gives numbers in cells."""
    values = list(call.operands)
    cells = [_cell(caller, call, value, each) for value, each in zip(values, added, strict=False)]
    with ir.InsertionPoint(call), call.location:
        made = func.CallOp([], call.callee.value, [*values[len(added) :], *cells])
    call.operation.erase()
    return made


def _cell(caller: func.FuncOp, call: func.CallOp, value: ir.Value, parameter: Added) -> ir.Value:
    name = fresh_name(caller, f"{call.callee.value}.{parameter.name}")
    with ir.InsertionPoint.at_block_begin(caller.entry_block), call.location:
        cell: ir.Value = memref.alloca(parameter.ir_type, [], [])
    cell.owner.attributes["df.name"] = ir.StringAttr.get(name)
    cell.owner.attributes["df.type"] = ir.StringAttr.get(str(parameter.type))
    with ir.InsertionPoint(call), call.location:
        memref.store(value, cell, [])
    return cell


def _memory_at(module: ir.Module, position: int, calls: Calls, actor: ActorOp) -> str:
    """The memory that all calls give for a parameter, by its name in the module."""
    found = {_memory(module, call.operands[position], caller, actor): call for caller, call in calls}
    if len(found) > 1:
        places = ((call, f"`{name}` here") for name, call in found.items())
        title = f"`{calls[0][1].callee.value}` is given several arrays for one parameter"
        raise refused(title, *places, hint="call it once, in a loop, or with the same arrays")
    return next(iter(found))


def _memory(module: ir.Module, value: ir.Value, function: func.FuncOp, actor: ActorOp) -> str:
    """What memory is called in the module; a local array becomes memory of the module."""
    owner = value.owner
    if not isinstance(owner, ir.Block):
        return _raised(module, owner, actor)
    if not is_called(function):
        first = len(actor.values) + len(actor.channels)
        return str(actor.arrays[value.arg_number - first].value)
    caller, call = next(_calls_of(module, function))
    return _memory(module, call.operands[value.arg_number], caller, actor)


def _calls_of(module: ir.Module, callee: func.FuncOp) -> Iterator[tuple[func.FuncOp, func.CallOp]]:
    for function in _functions(module):
        for op in calls_in(function):
            if callee_of(op) == callee:
                yield function, op


def _raised(module: ir.Module, local: ir.Operation, actor: ActorOp) -> str:
    """The memory of the module that a local array is from now on; every call finds in it what the last one left."""
    if MEMORY in local.attributes:
        return str(local.attributes[MEMORY].value)
    operations = list(region_function(module).entry_block.operations)
    taken = {op.memory.value for op in operations if isinstance(op, MemoryOp)}
    taken |= {each.name for each in parameters(region_function(module))}
    wanted = f"{actor.kernel.value}.{local.attributes['df.name'].value}"
    name = next(each for n in itertools.count() if (each := f"{wanted}_{n}" if n else wanted) not in taken)
    storage = local.attributes["df.storage"].value if "df.storage" in local.attributes else ""
    first = next(op for op in operations if isinstance(op, ActorOp))
    with ir.InsertionPoint(first), local.location:
        declare_memory(name, local.attributes["df.type"].value, [], storage=storage)
    local.attributes[MEMORY] = ir.StringAttr.get(name)
    return name


def _declare(module: ir.Module, function: func.FuncOp, calls: Calls) -> None:
    """What is called from now on: a function that is declared only, and stands for the start of the other one."""
    name = symbol(module, f"start_{function.name.value}")
    with ir.InsertionPoint(function), function.location:
        declared = func.FuncOp(name, (list(function.arguments.types), []), visibility="private")
    declared.attributes[STARTS] = function.name
    for _, call in calls:
        with ir.InsertionPoint(call), call.location:
            func.CallOp([], name, list(call.operands))
        call.operation.erase()
