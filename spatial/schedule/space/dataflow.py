"""Makes processes of the nests of a function, which run beside each other and hand arrays on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import ActorOp, GetOp, PutOp, declare_channel, declare_memory
from spatial.ir.dtypes import scalar_type
from spatial.ir.function import memory_kind, region_function, storage_in
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.mlir import func, ir
from spatial.ir.retyping import Added, bound_to, declare, first_array, with_parameters
from spatial.schedule.copying import is_inside, statements
from spatial.schedule.loops.requests import refused
from spatial.schedule.memory.staging import type_of
from spatial.schedule.naming import buffers_of
from spatial.schedule.space.called import write_out_calls
from spatial.schedule.space.functions import copied, only_actor, symbol, unused
from spatial.schedule.space.processes import Handed, Part, handed_on, makers_of, parts_of
from spatial.types.dtype import Bool

__all__ = ["dataflow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something handed on, what its memory is called, and for each part that reads it the stream that tells it."""

    handed: Handed
    memory: str
    streams: Mapping[int, str]

    def ends(self, number: int) -> list[str]:
        """The streams that a part has an end of."""
        return [stream for reader, stream in self.streams.items() if number in (reader, self.handed.writer)]

    @property
    def local(self) -> bool:
        """Whether it was memory of the function's own."""
        return not isinstance(self.handed.memory.owner, ir.Block)


def dataflow(module: ir.Module, function: func.FuncOp) -> tuple[str, ...]:
    """Makes a process of each nest, and of each call, of a function that one actor runs; what they are called.

    An array that one nest writes and later ones read is handed on: memory of the program's own, if it was a local,
    that is read once a token has come. Refused where two nests write an array, where one is written after another nest
    has read it, where two use one stream, and where a value passes between them.
    """
    actor = only_actor(module, function)
    kernel = str(function.attributes["df.kernel"].value)
    _check_names(actor, kernel)
    parts = parts_of(function, write_out_calls(module, function))
    if len(parts) < 2:
        title = f"`dataflow` makes processes of several nests, `{kernel}` has {len(parts) or 'none'}"
        raise refused(title, (function, "the function"), hint="`distribute` makes several nests of one")
    told = [_told(module, actor, function, each) for each in handed_on(function, parts, "dataflow")]
    bound, names = bound_to(actor), []
    function.attributes["sym_name"] = ir.StringAttr.get(symbol(module, f"{kernel}_whole"))
    for number, part in enumerate(parts):
        name = symbol(module, part.label or f"{kernel}_{number}")
        process, given = _process(module, function, part, number, told, name)
        with ir.InsertionPoint(actor), part.head.location:
            declare(process, name, (0,), [each if isinstance(each, str) else bound[each] for each in given])
        names.append(name)
    actor.operation.erase()
    function.operation.erase()
    return tuple(names)


def _check_names(actor: ActorOp, kernel: str) -> None:
    """Refuses an actor that has one array under two names, of which only one could be handed on."""
    names = [each.value for each in actor.arrays]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        title = f"`dataflow` takes a function that has each array once, `{kernel}` is given `{twice}` twice"
        raise refused(title, (actor, "given here"))


def _told(module: ir.Module, actor: ActorOp, function: func.FuncOp, handed: Handed) -> Told:
    """Declares what something is handed on by: channels, and memory if it was a local."""
    local = not isinstance(handed.memory.owner, ir.Block)
    memory, streams = unused(module, handed.name) if local else _given(actor, function, handed), {}
    with ir.InsertionPoint.at_block_begin(region_function(module).entry_block), handed.memory.location:
        for reader in handed.readers:
            streams[reader] = unused(module, f"ready_{memory}")
            made = declare_channel(streams[reader], (), 2, str(Bool()))
            made.attributes["df.orders"] = ir.StringAttr.get(memory)
    if local:
        with ir.InsertionPoint(actor), handed.memory.location:
            declare_memory(memory, str(type_of(function, handed.memory)), [], storage=storage_in(handed.memory))
    return Told(handed=handed, memory=memory, streams=streams)


def _given(actor: ActorOp, function: func.FuncOp, handed: Handed) -> str:
    """What the program calls an array that the function is given."""
    return str(bound_to(actor)[list(function.arguments).index(handed.memory)])


def _process(
    module: ir.Module, function: func.FuncOp, part: Part, number: int, told: Sequence[Told], name: str
) -> tuple[func.FuncOp, list[int | str]]:
    """A function that does a part of another one, and what it is given: positions of parameters there, or names."""
    mine = [each for each in told if number in (each.handed.writer, *each.handed.readers)]
    made = copied(function, symbol(module, f"{name}_0"))
    made.attributes["df.kernel"] = ir.StringAttr.get(name)
    pairs = dict(zip(function.entry_block.operations, made.entry_block.operations, strict=True))
    ops = [pairs[op] for op in part.ops]
    _keep(made, ops)
    count, total = first_array(made), len(made.arguments)
    streams = [
        Added(name=stream, kind="stream", type=Bool(), location=made.location)
        for each in mine
        for stream in each.ends(number)
    ]
    arrays = [_memory(function, each) for each in mine if each.local]
    made = with_parameters(made, [*range(count), *streams, *range(count, total), *arrays])
    given: list[int | str] = [*range(count), *(each.name for each in streams), *range(count, total)]
    for each, argument in zip([each for each in mine if each.local], list(made.arguments)[len(given) :], strict=True):
        _replace(made, each, argument)
        given.append(each.memory)
    ends = dict(zip((each.name for each in streams), list(made.arguments)[count:], strict=False))
    for each in mine:
        _tell(made, each, ops, number, ends)
    used = [n for n, argument in enumerate(made.arguments) if any(True for _ in argument.uses)]
    return with_parameters(made, used), [given[n] for n in used]


def _keep(function: func.FuncOp, ops: Sequence[ir.OpView]) -> None:
    """Erases all that a function does beside some operations and what these need."""
    kept = {each.operation for op in ops for each in (op, *makers_of(op))}
    for op in reversed(statements(function.entry_block)):
        if op.operation not in kept:
            op.operation.erase()


def _memory(function: func.FuncOp, told: Told) -> Added:
    """The parameter that a local becomes."""
    type_ = type_of(function, told.handed.memory)
    kind, _ = memory_kind(type_)
    return Added(name=told.handed.name, kind=kind, type=type_, location=told.handed.memory.location)


def _replace(function: func.FuncOp, told: Told, argument: ir.Value) -> None:
    """Uses a parameter in place of a local."""
    local = next(
        op.result
        for op in statements(function.entry_block)
        if "df.name" in op.attributes and op.attributes["df.name"].value == told.handed.name and not len(op.regions)
    )
    local.replace_all_uses_with(argument)
    if layout := layout_of(local):
        give_layout(argument, layout)
    local.owner.erase()


def _tell(
    function: func.FuncOp, told: Told, ops: Sequence[ir.OpView], number: int, ends: Mapping[str, ir.Value]
) -> None:
    """Puts a token behind the last use of what is written, or takes it before the first use of what is read."""
    memory = buffers_of(function)[told.handed.name]
    using = [
        op
        for op in ops
        if any(
            use.owner.operation == op.operation or is_inside(use.owner.operation, op.operation) for use in memory.uses
        )
    ]
    if number == told.handed.writer:
        with ir.InsertionPoint.after(using[-1]), using[-1].location:
            for stream in told.streams.values():
                PutOp(ends[stream], constant(Bool(), True))
    else:
        with ir.InsertionPoint(using[0]), using[0].location:
            GetOp(ends[told.streams[number]], scalar_type(Bool()))
