"""Passes an array from one kernel to another by a channel, an element at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spatial.ir.dialect import ActorOp, ChannelOp, GetOp, MemoryOp, PutOp
from spatial.ir.dtypes import parse_type
from spatial.ir.function import kernels, loads, region_function, stores
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref
from spatial.ir.retyping import Added, bound_to, first_array, replace_actor, with_parameters
from spatial.schedule.copying import erase_unused
from spatial.schedule.loops.requests import refused
from spatial.schedule.space.functions import actors_of, declare_fifo, unused
from spatial.schedule.space.sequences import check_same, sequence_of
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["pass_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An actor that is given memory, the function it runs, and what the function does to the memory."""

    actor: ActorOp
    function: func.FuncOp
    memory: ir.Value
    ops: tuple[ir.OpView, ...]

    @property
    def kernel(self) -> str:
        """What its kernel is called."""
        return str(self.actor.kernel.value)


def pass_on(module: ir.Module, array: str, kernel: str, depth: int | None) -> str:
    """Lets a kernel get what another one writes to memory of the program's own from a channel; the stream's name.

    One operation writes it, each element once, and the kernel reads each once, in that order. Memory that nobody uses
    any more is no more, nor is the token that said that it was written.
    """
    users = _users(module, array)
    writer, reader = _ends(module, array, kernel, users)
    store, load = _only(writer, array, writing=True), _only(reader, array, writing=False)
    check_same(sequence_of(writer.function, store, "to"), sequence_of(reader.function, load, "to"))
    stream = unused(module, f"fifo_{array}")
    element = element_of(_type(module, array))
    with ir.InsertionPoint.at_block_begin(region_function(module).entry_block), store.location:
        declare_fifo(stream, (), depth, element)
    end = Added(name=stream, kind="stream", type=element, location=ir.Location.name(stream, store.location))
    others = [user for user in users if user not in (writer, reader)]
    tokens = _tokens(module, array, writer, reader)
    _put(writer, end, tokens, keep=bool(others))
    _get(reader, end, tokens)
    _clean(module, array, tokens, keep=bool(others))
    return stream


def _users(module: ir.Module, array: str) -> list[User]:
    """The actors that are given memory, in the order of the program."""
    functions = {each.name.value: each for each in kernels(module)}
    found = []
    for op in region_function(module).entry_block.operations:
        if isinstance(op, ActorOp) and array in (names := [each.value for each in op.arrays]):
            function = functions[op.callee.value]
            memory = list(function.arguments)[len(op.values) + len(op.channels) + names.index(array)]
            ops = tuple(use.owner for use in memory.uses)
            found.append(User(actor=op, function=function, memory=memory, ops=ops))
    return found


def _ends(module: ir.Module, array: str, kernel: str, users: Sequence[User]) -> tuple[User, User]:
    """Who writes an array, and the kernel that reads it; refused where these are not one actor each."""
    declared = [op for op in region_function(module).entry_block.operations if isinstance(op, MemoryOp)]
    if array not in [op.memory.value for op in declared]:
        title = f"`to` passes on what only kernels use, `{array}` is an array that the program is given"
        raise refused(title, *((user.actor, f"`{user.kernel}` uses it") for user in users[:2]))
    writers = [user for user in users if any(map(stores, user.ops))]
    readers = [user for user in users if user.kernel == kernel]
    shared = [user for user in (*writers, *readers) if len(list(actors_of(module, user.kernel))) > 1]
    if shared:
        raise refused(f"`to` joins two actors, `{shared[0].kernel}` is a grid of PEs", (shared[0].actor, "the grid"))
    if len(writers) != 1 or len(readers) != 1 or writers[0] in readers:
        names = ", ".join(f"`{user.kernel}`" for user in users if user not in writers)
        title = f"`to` passes `{array}` from the actor that writes it to one that reads it, `{kernel}` is none"
        raise refused(title, *((user.actor, "this writes it") for user in writers), hint=f"it is read by {names}")
    return writers[0], readers[0]


def _only(user: User, array: str, *, writing: bool) -> ir.OpView:
    """The only operation by which an actor uses an array."""
    deed = "writes" if writing else "reads"
    kind = memref.StoreOp if writing else memref.LoadOp
    if len(user.ops) == 1 and isinstance(user.ops[0], kind):
        return user.ops[0]
    words = {True: "reads it too", False: "uses it here"}
    others = [op for op in user.ops if loads(op)] if writing else []
    shown = sorted(others or user.ops, key=lambda op: span_of(op.location))[:3]
    way = "cache_write" if writing else "cache_read"
    title = f"`to` needs one place in which `{user.kernel}` {deed} `{array}`, and nothing else that uses it there"
    hint = f"`s.{way}` lets it work on a copy, which is {'written back' if writing else 'read'} once"
    raise refused(title, *((op, words[writing]) for op in shown), hint=hint)


def _type(module: ir.Module, array: str) -> DType | TensorType:
    ops = region_function(module).entry_block.operations
    return next(parse_type(op.dtype.value) for op in ops if isinstance(op, MemoryOp) and op.memory.value == array)


def _tokens(module: ir.Module, array: str, writer: User, reader: User) -> list[str]:
    """The streams by which the writer only tells the reader that the array is written."""
    shared = {each.value for each in writer.actor.channels} & {each.value for each in reader.actor.channels}
    found = []
    for op in region_function(module).entry_block.operations:
        if isinstance(op, ChannelOp) and "df.orders" in op.attributes and op.attributes["df.orders"].value == array:
            found += [op.stream.value] if op.stream.value in shared else []
    return found


def _put(user: User, end: Added, tokens: Sequence[str], *, keep: bool) -> None:
    """Puts what is stored; it is stored too if others need it there."""
    (store,) = user.ops

    def change(stream: ir.Value) -> None:
        with ir.InsertionPoint(store), store.location:
            PutOp(stream, store.operands[0])
        if not keep:
            _erase(store, list(store.operands)[2:])

    _rewire(user, end, tokens, change)


def _get(user: User, end: Added, tokens: Sequence[str]) -> None:
    """Gets what was loaded."""
    (load,) = user.ops

    def change(stream: ir.Value) -> None:
        with ir.InsertionPoint(load), load.location:
            token = GetOp(stream, load.results[0].type).value
        load.results[0].replace_all_uses_with(token)
        _erase(load, list(load.operands)[1:])

    _rewire(user, end, tokens, change)


def _erase(op: ir.OpView, indices: Sequence[ir.Value]) -> None:
    op.operation.erase()
    erase_unused(indices)


def _rewire(user: User, end: Added, tokens: Sequence[str], change: Callable[[ir.Value], None]) -> None:
    """Gives an actor the end of a channel, changes its function, and takes away what that has no use for then."""
    count, bound = first_array(user.function), bound_to(user.actor)
    function = with_parameters(user.function, [*range(count), end, *range(count, len(bound))])
    given = [*bound[:count], end.name, *bound[count:]]
    change(function.arguments[count])
    for position, what in enumerate(given[:count]):
        if what in tokens:
            for use in list(function.arguments[position].uses):
                _erase(use.owner, list(use.owner.operands)[1:])
    used = [n for n, argument in enumerate(function.arguments) if any(True for _ in argument.uses)]
    replace_actor(user.actor, with_parameters(function, used), [given[n] for n in used])


def _clean(module: ir.Module, array: str, tokens: Sequence[str], *, keep: bool) -> None:
    """Takes away channels that nobody uses, and memory if nobody does."""
    for op in list(region_function(module).entry_block.operations):
        match op:
            case ChannelOp() if op.stream.value in tokens:
                op.operation.erase()
            case MemoryOp() if op.memory.value == array and not keep:
                op.operation.erase()
