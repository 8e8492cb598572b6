"""Lets PEs that are alike take turns in one actor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.dialect import ActorOp, GetBlockOp, GetOp, PutOp
from spatial.ir.dtypes import memory_type
from spatial.ir.function import kernels, operations, parameters, region_function
from spatial.ir.graph import ActorGraph, Channel
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.ir.pins import join_pins
from spatial.ir.retyping import declare, with_parameters
from spatial.schedule.copying import Values, clone, rename, statements
from spatial.schedule.indices import plus, times, value_of
from spatial.schedule.loops.requests import refused, wrong
from spatial.schedule.naming import fresh_name
from spatial.schedule.space.chaining import (
    check_ends,
    check_order,
    check_pins,
    clean,
    count_of,
    name_of,
    number_of,
    passes,
)
from spatial.schedule.space.functions import symbol
from spatial.schedule.space.merging import merged, piece_of
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["bundle"]

STEP = "bundle"
EQ = arith.CmpIPredicate.eq


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """An actor that does what the PEs `members` do, one in each iteration of `loop`.

    `given` says what it is given for its parameters, `buffers` has the arrays of the channels between members.
    """

    function: func.FuncOp
    loop: scf.ForOp
    members: Sequence[ActorOp]
    given: Sequence[str]
    buffers: Mapping[str, ir.Value]

    def is_turn(self, member: int) -> ir.Value:
        """Whether it is a member's turn, at the insertion point."""
        turn: ir.Value = arith.cmpi(EQ, self.loop.induction_variable, value_of(member))
        return turn


def bundle(module: ir.Module, graph: ActorGraph, names: Sequence[str]) -> str:
    """Makes one actor of PEs that run one function, which does it once for each; what its kernel is called.

    They take turns in the order given. Refused where they run several functions, have arrays of their own, or find in
    a local what another one left, and where `chain` is.
    """
    region = region_function(module).entry_block
    known = {name_of(op): op for op in region.operations if isinstance(op, ActorOp)}
    members = [known[name] for name in names]
    if len(set(names)) < 2 or len(set(names)) < len(names):
        raise wrong(f"`{STEP}` takes at least two different PEs", 'write `s.bundle(s["pe"][:, 0])`')
    body = _check_alike(module, members)
    check_ends(module, graph, members, STEP)
    check_order(graph, names, known, STEP)
    check_pins(members, STEP)
    inside = {each.name: each for each in graph.channels if passes(each, names)}
    kernel = symbol(module, members[0].kernel.value)
    function, given = merged(module, [piece_of(module, member) for member in members], kernel)
    turns = _turns(function, body, members, given, inside)
    for op in list(operations(turns.loop.body)):
        if isinstance(op, PutOp | GetOp | GetBlockOp):
            _dispatch(turns, body, op)
    used = [n for n, argument in enumerate(function.arguments) if any(True for _ in argument.uses)]
    function = with_parameters(function, used)
    with ir.InsertionPoint(members[0]), members[0].location:
        join_pins(members, declare(function, kernel, (0,), [given[n] for n in used]))
    clean(module, members, set(inside))
    return kernel


def _check_alike(module: ir.Module, members: Sequence[ActorOp]) -> func.FuncOp:
    """The function that all PEs run, with the same arrays, and without what one leaves for the next."""
    first = members[0]
    for other in members[1:]:
        if shared := _shared(first, other):
            title = f"`{STEP}` takes PEs that {shared}, `{name_of(first)}` and `{name_of(other)}` do not"
            raise refused(title, (first, "one PE"), (other, "another one"), hint="`chain` takes actors of any kind")
    function = next(each for each in kernels(module) if each.name.value == first.callee.value)
    dependences = Dependences.of(function)
    for access in dependences.accesses:
        if access.resource.local is not None and access not in dependences.scopes:
            title = f"`{STEP}` takes PEs that write locals before they read them, not `{access.resource.name}`"
            raise refused(title, (access.op, "here it may hold what another PE left"))
    return function


def _shared(first: ActorOp, other: ActorOp) -> str:
    """What two PEs should do alike and do not, empty if nothing."""
    if other.callee.value != first.callee.value:
        return "run one function"
    return "have the same arrays" if other.arrays != first.arrays else ""


def _turns(
    function: func.FuncOp,
    body: func.FuncOp,
    members: Sequence[ActorOp],
    given: Sequence[str],
    inside: Mapping[str, Channel],
) -> Turns:
    """Makes a function do what is in another one, in a loop over members; channel ends are still those of that one."""
    for op in reversed(statements(function.entry_block)):
        op.operation.erase()
    values: Values = {}
    for position, argument in enumerate(body.arguments):
        name = _bound(members[0], position)
        if isinstance(argument.type, ir.MemRefType):
            values[argument] = function.arguments[given.index(name)]
    memory = [op for op in statements(body.entry_block) if isinstance(op, memref.AllocaOp)]
    with ir.InsertionPoint.at_block_terminator(function.entry_block), body.location:
        clone(memory, values)
        buffers = {name: _buffer(function, body, members, each) for name, each in inside.items()}
        loop = scf.ForOp(value_of(0), value_of(len(members)), value_of(1))
        with ir.InsertionPoint(loop.body):
            told_of_all = zip(*(member.values for member in members), strict=True)
            for argument, told in zip(body.arguments, told_of_all, strict=False):
                values[argument] = _value(argument, told, loop.induction_variable)
            clone([op for op in statements(body.entry_block) if op not in memory], values)
            scf.yield_([])
    rename(loop, fresh_name(function, "turn"))
    return Turns(function=function, loop=loop, members=members, given=given, buffers=buffers)


def _bound(member: ActorOp, position: int) -> str:
    """What a PE is given by name at a position of its function's parameters, empty for a value."""
    names = [each.value for given in (member.channels, member.arrays) for each in given]
    place = position - len(member.values)
    return str(names[place]) if place >= 0 else ""


def _value(argument: ir.Value, told: Sequence[ir.Attribute], turn: ir.Value) -> ir.Value:
    """What a PE is given for a value when it is its turn."""
    numbers = [each.value for each in told] if isinstance(argument.type, ir.IndexType) else []
    if numbers:
        first, step = numbers[0], numbers[1] - numbers[0]
        if numbers == [first + place * step for place in range(len(numbers))]:
            return value_of(plus(times(turn, step), first) if step else first)
    *others, found = [arith.ConstantOp(argument.type, each).result for each in told]
    for place, other in reversed(list(enumerate(others))):
        found = arith.SelectOp(arith.cmpi(EQ, turn, value_of(place)), other, found).result
    return found


def _buffer(function: func.FuncOp, body: func.FuncOp, members: Sequence[ActorOp], channel: Channel) -> ir.Value:
    """Memory for the tokens from one PE to another, at the insertion point."""
    ops = [_only(body, members, channel, kind) for kind in (PutOp, GetOp)]
    title = f"`{STEP}` keeps the tokens of `{channel.name}` in an array"
    counts = [count_of(op, title) for op in ops]
    if counts[0] != counts[1] or channel.initial or isinstance(channel.element, TensorType):
        why = f"{title}, which passes as many numbers as are put, and begins with none"
        raise refused(why, (ops[0], f"puts {counts[0]} tokens"), (ops[1], f"gets {counts[1]}"))
    type_ = TensorType(element_of(channel.element), (counts[0],))
    return _memory(function, channel.stream, type_)


def _only(body: func.FuncOp, members: Sequence[ActorOp], channel: Channel, kind: type) -> ir.OpView:
    """The only operation of a kind that uses a channel."""
    found: list[ir.OpView] = []
    for member in members:
        names = [each.value for each in member.channels]
        if channel.name in names:
            argument = body.arguments[len(member.values) + names.index(channel.name)]
            found += [use.owner for use in argument.uses if isinstance(use.owner, kind)]
    if len(found) != 1:
        title = f"`{STEP}` keeps the tokens of `{channel.name}` in an array, where one `put` and one `get` use it"
        raise refused(title, *((op, "used here") for op in found))
    return found[0]


def _memory(function: func.FuncOp, wanted: str, type_: TensorType | DType) -> ir.Value:
    """Memory of a function's own, with a name that is near the one wanted."""
    name = fresh_name(function, wanted)
    memory: ir.Value = memref.alloca(memory_type(type_), [], [])
    memory.owner.attributes["df.name"] = ir.StringAttr.get(name)
    memory.owner.attributes["df.type"] = ir.StringAttr.get(str(type_))
    return memory


def _dispatch(turns: Turns, body: func.FuncOp, op: ir.OpView) -> None:
    """Uses the channel, or the array, of the PE whose turn it is."""
    position = list(body.arguments).index(op.stream)
    cell = None
    if isinstance(op, GetOp):
        dtype = element_of(parameters(body)[position].type)
        with ir.InsertionPoint.at_block_begin(turns.function.entry_block), op.location:
            cell = _memory(turns.function, f"{parameters(body)[position].name}_token", dtype)
    with ir.InsertionPoint(op), op.location:
        for number, member in enumerate(turns.members):
            branch = scf.IfOp(turns.is_turn(number), [], has_else=False)
            with ir.InsertionPoint(branch.then_block):
                _use(turns, op, _bound(member, position), cell)
                scf.yield_([])
        if cell is not None:
            op.results[0].replace_all_uses_with(memref.load(cell, []))
    op.operation.erase()


def _use(turns: Turns, op: ir.OpView, channel: str, cell: ir.Value | None) -> None:
    """Puts into, or gets from, a channel or the array that stands for it, at the insertion point."""
    buffer = turns.buffers.get(channel)
    at = [] if buffer is None else [value_of(number_of(op, turns.loop))]
    end = turns.function.arguments[turns.given.index(channel)]
    if isinstance(op, GetBlockOp):
        GetBlockOp(end, op.block)
        return
    if cell is None:
        put = op.operands[1]
        _ = PutOp(end, put) if buffer is None else memref.store(put, buffer, at)
        return
    token = GetOp(end, op.results[0].type).value if buffer is None else memref.load(buffer, at)
    memref.store(token, cell, [])
