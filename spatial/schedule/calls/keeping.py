"""Gives what called functions do functions of their own."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from spatial.ir.calls import dissolve
from spatial.ir.dialect import ActorOp, ExternalOp, GivenOp, StreamType, WrittenOp
from spatial.ir.function import kernels, operations, parameter_attribute, parameters, region_function
from spatial.ir.location import calls_of, location, name_of
from spatial.ir.mlir import arith, func, ir, memref
from spatial.schedule.copying import Values, is_inside, replace

__all__ = ["keep_calls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value that a function is given: what it is called there, its kind and its type."""

    value: ir.Value
    name: str
    kind: str
    type: str

    @property
    def place(self) -> int:
        """Where its kind stands among parameters."""
        return {"value": 0, "stream": 1}.get(self.kind, 2)


def keep_calls(module: ir.Module) -> None:
    """Makes a private function, with the attribute `df.callee`, and a call of it of each `WrittenOp` that can be one.

    That is one from which no value comes but what it stores; the others are written out where they stand. The functions
    are called as the user calls them, and numbered.
    """
    region = region_function(module)
    taken = {op.name.value for op in module.body.operations if isinstance(op, func.FuncOp)}
    taken |= {op.kernel.value for op in region.entry_block.operations if isinstance(op, ActorOp)}
    for function in kernels(module):
        _in_block(function.entry_block, function, taken)


def _in_block(block: ir.Block, function: func.FuncOp, taken: set[str]) -> None:
    for op in list(block.operations):
        _in_operation(op, function, taken)


def _in_operation(op: ir.OpView, function: func.FuncOp, taken: set[str]) -> None:
    if isinstance(op, WrittenOp):
        _called(op, function, taken)
    elif isinstance(op, ExternalOp):
        _dissolve_all(op)
    else:
        for block in (block for region in op.regions for block in region.blocks):
            _in_block(block, function, taken)


def _called(op: WrittenOp, function: func.FuncOp, taken: set[str]) -> None:
    body = op.regions[0].blocks[0]
    if not _stands_alone(op):
        for each in dissolve(op):
            _in_operation(each, function, taken)
        return
    made = _function(op, function, _symbol(op.callee.value, taken))
    _in_block(made.entry_block, made, taken)
    assert not list(body.operations), "all has moved"
    op.operation.erase()


def _symbol(wanted: str, taken: set[str]) -> str:
    """The name, numbered if it is taken, which it is then."""
    name = next(each for n in itertools.count() if (each := f"{wanted}_{n}" if n else wanted) not in taken)
    taken.add(name)
    return name


def _stands_alone(op: WrittenOp) -> bool:
    """Whether it does something, and nothing outside uses a value that it makes."""
    inside = [each for each in operations(op.regions[0].blocks[0]) if not isinstance(each, GivenOp)]
    uses = (use.owner.operation for each in inside for result in each.results for use in result.uses)
    return bool(inside) and all(is_inside(user, op.operation) for user in uses)


def _dissolve_all(op: ir.OpView) -> None:
    for block in (block for region in op.regions for block in region.blocks):
        for each in [each for each in operations(block) if isinstance(each, WrittenOp)]:
            dissolve(each)


def _function(op: WrittenOp, caller: func.FuncOp, symbol: str) -> func.FuncOp:
    """The function of a call, which is called in its place."""
    body = op.regions[0].blocks[0]
    for memory in reversed(_own_memory(op, caller)):
        memory.operation.move_before(body.operations[0])
    given, known = _taken(op, caller)
    with ir.InsertionPoint(caller.operation.block), op.location:
        made = func.FuncOp(symbol, ([each.value.type for each in given], []), visibility="private")
    made.attributes["df.callee"] = op.callee
    kinds = [(each.kind, each.type) for each in given]
    made.attributes["df.parameters"] = parameter_attribute([each.name for each in given], kinds)
    entry = made.add_entry_block([ir.Location.name(each.name, op.location) for each in given])
    values: Values = dict(zip((each.value for each in given), entry.arguments, strict=True))
    with ir.InsertionPoint(entry), op.location:
        for constant in known:
            values[constant.results[0]] = constant.operation.clone().results[0]
        inside = list(body.operations)
        for each in inside:
            entry.append(each.operation)
        func.ReturnOp([])
    replace(inside, values)
    (_, span), *around = calls_of(op.location)
    with ir.InsertionPoint(op), location(span, None, around):
        func.CallOp([], symbol, [each.value for each in given])
    return made


def _own_memory(op: WrittenOp, caller: func.FuncOp) -> list[ir.OpView]:
    """The memory of the caller that nothing but the call uses."""
    memory = [each for each in caller.entry_block.operations if isinstance(each, memref.AllocaOp)]
    return [each for each in memory if _only_in(each, op)]


def _only_in(memory: ir.OpView, op: WrittenOp) -> bool:
    users = [use.owner.operation for use in memory.result.uses]
    return bool(users) and all(is_inside(user, op.operation) for user in users)


def _taken(op: WrittenOp, caller: func.FuncOp) -> tuple[list[Given], list[ir.OpView]]:
    """What a call is given, values first and memory last, and what of the outside it can have copies of."""
    found = _told(op)
    known: dict[ir.Operation, ir.OpView] = {}
    names = {each.name for each in found.values()}
    for value in _used(op):
        owner = value.owner
        if not isinstance(owner, ir.Block) and isinstance(owner.opview, arith.ConstantOp | memref.GetGlobalOp):
            known[owner.operation] = owner.opview
        elif value not in found:
            name, type_ = _of_caller(value, caller)
            found[value] = _given(value, _symbol(name, names), type_)
    used = [each for value, each in found.items() if each.kind != "value" or _is_used(value, op, known)]
    return sorted(used, key=lambda each: each.place), list(known.values())


def _told(op: WrittenOp) -> dict[ir.Value, Given]:
    """What a call is told to be given; of one array under two names the first."""
    found: dict[ir.Value, Given] = {}
    for told in list(op.regions[0].blocks[0].operations):
        if isinstance(told, GivenOp):
            found.setdefault(told.operand, _given(told.operand, told.name.value, told.dtype.value))
            told.operation.erase()
    return found


def _is_used(value: ir.Value, op: WrittenOp, known: dict[ir.Operation, ir.OpView]) -> bool:
    """Whether a function has to be given a number: it needs it, and has it not."""
    owner = value.owner
    if not isinstance(owner, ir.Block) and owner.operation in known:
        return False
    return any(
        use.owner.operation != op.operation and is_inside(use.owner.operation, op.operation) for use in value.uses
    )


def _given(value: ir.Value, name: str, type_: str) -> Given:
    return Given(value=value, name=name, kind=_kind(value.type), type=type_)


def _kind(type_: ir.Type) -> str:
    if isinstance(type_, ir.MemRefType):
        return "array" if type_.rank else "scalar"
    return "stream" if isinstance(type_, StreamType) else "value"


def _used(op: WrittenOp) -> Iterator[ir.Value]:
    """Every value from outside that is used in a call."""
    for each in operations(op.regions[0].blocks[0]):
        for value in each.operands:
            owner = value.owner
            inner = owner.owner if isinstance(owner, ir.Block) else owner
            inside = inner.operation == op.operation or is_inside(inner.operation, op.operation)
            if not inside:
                yield value


def _of_caller(value: ir.Value, caller: func.FuncOp) -> tuple[str, str]:
    """What the caller calls a value, and its type."""
    owner = value.owner
    if isinstance(owner, ir.Block) and owner == caller.entry_block:
        each = parameters(caller)[value.arg_number]
        return each.name, str(each.type)
    if not isinstance(owner, ir.Block) and isinstance(owner.opview, memref.AllocaOp):
        return owner.attributes["df.name"].value, owner.attributes["df.type"].value
    return name_of(value.location) or "value", _number_type(value.type)


def _number_type(type_: ir.Type) -> str:
    """A type of numbers that are kept like this."""
    if isinstance(type_, ir.IntegerType):
        return "bool" if type_.width == 1 else f"int{type_.width}"
    return NUMBERS.get(str(type_), "index")


NUMBERS: dict[str, str] = {"f16": "float16", "bf16": "bfloat16", "f32": "float32", "f64": "float64"}
