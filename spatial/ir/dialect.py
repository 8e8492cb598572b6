"""The `df` dialect: channels, actors, and the operations by which an actor uses its channels.

A program is one module. It holds a `func.func` with the unit attribute `df.region` (channels and
actors) and a `func.func` with the attribute `df.kernel` per specialization (an actor's body).
"""

import functools
import sys
from collections.abc import Sequence
from typing import Any, TypeVar

from spatial.ir.mlir import ext, ir

__all__ = [
    "ActorOp",
    "AssertOp",
    "BitOp",
    "ByReferenceOp",
    "ByValueOp",
    "ChannelOp",
    "EmptyOp",
    "ExternalOp",
    "FullOp",
    "GetBlockOp",
    "GetOp",
    "GivenOp",
    "MemoryOp",
    "PassedType",
    "PeekBlockOp",
    "PeekOp",
    "PrintOp",
    "PutOp",
    "SelectBlockOp",
    "SelectOp",
    "StreamType",
    "TextOp",
    "TextType",
    "ToIntegerOp",
    "TryGetBlockOp",
    "TryGetOp",
    "TryPutOp",
    "WithinOp",
    "WrittenOp",
    "context",
    "declare_actor",
    "declare_channel",
    "declare_memory",
    "within",
]

T = TypeVar("T")


class Df(ext.Dialect, name="df"):  # type: ignore[misc,call-arg]
    """Dataflow: actors joined by bounded first-in-first-out channels."""


class StreamType(Df.Type, name="stream"):  # type: ignore[name-defined,misc,call-arg]
    """A channel end; `element` is the type of one token, a memref where it is a block."""

    element: Any


class ChannelOp(Df.Operation, name="channel"):  # type: ignore[name-defined,misc,call-arg]
    """Declares a channel of `depth` tokens of the value type `dtype`: element `indices` of the user's `stream`.

    `initial` holds the elements of the tokens it starts with, one token after the other.
    The attribute `df.role` marks those that are none of the user's: by them a region that a kernel calls
    is started ("start") and tells its end ("end"). `df.orders` names memory where a token only says it is written.
    """

    stream: ir.StringAttr
    indices: ir.ArrayAttr
    depth: ir.IntegerAttr
    dtype: ir.StringAttr
    initial: ir.ArrayAttr


class MemoryOp(Df.Operation, name="memory"):  # type: ignore[name-defined,misc,call-arg]
    """Declares memory of the module's own, of the value type `dtype`, that actors are given by name as they are arrays.

    `initial` holds its elements in C order; one stands for all of them, none for zeros. Where it is
    `stateful` it keeps its values from one call to the next; `storage` says what it is bound to, if anything.
    """

    memory: ir.StringAttr
    dtype: ir.StringAttr
    initial: ir.ArrayAttr
    stateful: ir.IntegerAttr
    storage: ir.StringAttr


class ActorOp(Df.Operation, name="actor"):  # type: ignore[name-defined,misc,call-arg]
    """Runs the function `callee` as the PE `pid` of the user's `kernel`.

    The function's arguments are `values`, then the channels and arrays of these names; an array is a
    parameter of the region or a memory.
    """

    callee: ir.FlatSymbolRefAttr
    kernel: ir.StringAttr
    pid: ir.ArrayAttr
    values: ir.ArrayAttr
    channels: ir.ArrayAttr
    arrays: ir.ArrayAttr


class PutOp(Df.Operation, name="put"):  # type: ignore[name-defined,misc,call-arg]
    """Appends a token, a copy of the memory where it is a block; waits while the channel is full."""

    stream: ext.Operand[StreamType[T]]
    value: ext.Operand[T]


class GetOp(Df.Operation, name="get"):  # type: ignore[name-defined,misc,call-arg]
    """Takes the oldest token; waits while there is none."""

    stream: ext.Operand[StreamType[T]]
    value: ext.Result[T]


class GetBlockOp(Df.Operation, name="get_block"):  # type: ignore[name-defined,misc,call-arg]
    """Takes the oldest token into the memory `block`; waits while there is none."""

    stream: ext.Operand[StreamType[T]]
    block: ext.Operand[T]


class PeekOp(Df.Operation, name="peek"):  # type: ignore[name-defined,misc,call-arg]
    """Reads the token behind the `position` oldest ones and leaves it; waits until it is there."""

    stream: ext.Operand[StreamType[T]]
    position: ext.Operand[Any]
    value: ext.Result[T]


class PeekBlockOp(Df.Operation, name="peek_block"):  # type: ignore[name-defined,misc,call-arg]
    """Copies the token behind the `position` oldest ones into the memory `block`; waits until it is there."""

    stream: ext.Operand[StreamType[T]]
    position: ext.Operand[Any]
    block: ext.Operand[T]


class TryPutOp(Df.Operation, name="try_put"):  # type: ignore[name-defined,misc,call-arg]
    """Appends a token if there is room now; `done` says whether there was."""

    stream: ext.Operand[StreamType[T]]
    value: ext.Operand[T]
    done: ext.Result[Any]


class TryGetOp(Df.Operation, name="try_get"):  # type: ignore[name-defined,misc,call-arg]
    """Takes the oldest token if there is one now; `done` says whether there was, else `value` is zero."""

    stream: ext.Operand[StreamType[T]]
    done: ext.Result[Any]
    value: ext.Result[T]


class TryGetBlockOp(Df.Operation, name="try_get_block"):  # type: ignore[name-defined,misc,call-arg]
    """Takes the oldest token into the memory `block` if there is one now, else fills it with zeros."""

    stream: ext.Operand[StreamType[T]]
    block: ext.Operand[T]
    done: ext.Result[Any]


class EmptyOp(Df.Operation, name="empty"):  # type: ignore[name-defined,misc,call-arg]
    """Whether there is no token to take now."""

    stream: ext.Operand[StreamType[T]]
    holds: ext.Result[Any]


class FullOp(Df.Operation, name="full"):  # type: ignore[name-defined,misc,call-arg]
    """Whether there is no room for a token now."""

    stream: ext.Operand[StreamType[T]]
    holds: ext.Result[Any]


class SelectOp(Df.Operation, name="select"):  # type: ignore[name-defined,misc,call-arg]
    """Takes the oldest token of all channels, equally old ones in turn; waits while there is none.

    `chosen` is the number of its channel.
    """

    streams: Sequence[ext.Operand[StreamType[T]]]
    chosen: ext.Result[Any]
    value: ext.Result[T]


class SelectBlockOp(Df.Operation, name="select_block"):  # type: ignore[name-defined,misc,call-arg]
    """Takes the oldest token of all channels into the memory `block`, as `SelectOp` does."""

    streams: Sequence[ext.Operand[StreamType[T]]]
    block: ext.Operand[T]
    chosen: ext.Result[Any]


class ToIntegerOp(Df.Operation, name="to_integer"):  # type: ignore[name-defined,misc,call-arg]
    """Converts a float to an integer: toward zero, saturating, NaN to 0.

    `sign` says how its bits read, "signed" or "unsigned".
    """

    sign: ir.StringAttr
    operand: ext.Operand[Any]
    value: ext.Result[Any]


class BitOp(Df.Operation, name="bit"):  # type: ignore[name-defined,misc,call-arg]
    """Gives its operand, the number of a bit from 0 to below `limit`; `what` ends the sentence about any other."""

    limit: ir.IntegerAttr
    what: ir.StringAttr
    operand: ext.Operand[Any]
    value: ext.Result[Any]


class WithinOp(Df.Operation, name="within"):  # type: ignore[name-defined,misc,call-arg]
    """An index from 0 to below `extent`: the run ends with an error at any other, which is outside of `what`."""

    what: ir.StringAttr
    extent: ir.IntegerAttr
    operand: ext.Operand[Any]
    value: ext.Result[Any]


class TextType(Df.Type, name="text"):  # type: ignore[name-defined,misc,call-arg]
    """A text for the user."""


class TextOp(Df.Operation, name="format"):  # type: ignore[name-defined,misc,call-arg]
    """A value of the type `dtype` as Python writes it, after a conversion ("", "s", "r" or "a"), in a format."""

    dtype: ir.StringAttr
    conversion: ir.StringAttr
    form: ir.StringAttr
    operand: ext.Operand[Any]
    value: ext.Result[TextType]


class PrintOp(Df.Operation, name="print"):  # type: ignore[name-defined,misc,call-arg]
    """Writes a text to the user, then `end`: the `pieces`, where each that is no string stands for the next value."""

    values: Sequence[ext.Operand[TextType]]
    pieces: ir.ArrayAttr
    end: ir.StringAttr


class AssertOp(Df.Operation, name="assert"):  # type: ignore[name-defined,misc,call-arg]
    """Ends the run where the condition does not hold; the text says why, as in `PrintOp`."""

    condition: ext.Operand[Any]
    values: Sequence[ext.Operand[TextType]]
    pieces: ir.ArrayAttr


class PassedType(Df.Type, name="passed"):  # type: ignore[name-defined,misc,call-arg]
    """What a function in C++ is given for one of its parameters."""


class ByValueOp(Df.Operation, name="by_value"):  # type: ignore[name-defined,misc,call-arg]
    """A number of the type `dtype`, as the function takes it."""

    dtype: ir.StringAttr
    operand: ext.Operand[Any]
    passed: ext.Result[PassedType]


class ByReferenceOp(Df.Operation, name="by_reference"):  # type: ignore[name-defined,misc,call-arg]
    """An array of the type `dtype`: as many elements of `memory`, in C order, from the position `first` on.

    The function uses them as `direction` says: "in", "out" or "inout".
    """

    dtype: ir.StringAttr
    direction: ir.StringAttr
    memory: ext.Operand[Any]
    first: ext.Operand[Any]
    passed: ext.Result[PassedType]


class ExternalOp(Df.Operation, name="external", traits=[ir.NoTerminatorTrait]):  # type: ignore[name-defined,misc,call-arg]
    """Calls the function `symbol` of a C++ file `source` or of an `object` file; what is not given is empty.

    A tool compiles it with the folders `include` and `flags`. It takes `cycles`, where those are not 0, else
    what `body` takes, which does the same in the language; an empty one says that nothing does.
    """

    symbol: ir.StringAttr
    source: ir.StringAttr
    object: ir.StringAttr
    include: ir.ArrayAttr
    flags: ir.ArrayAttr
    cycles: ir.IntegerAttr
    values: Sequence[ext.Operand[PassedType]]
    body: ext.Region


class WrittenOp(Df.Operation, name="written", traits=[ir.NoTerminatorTrait]):  # type: ignore[name-defined,misc,call-arg]
    """What a call of the function `callee` does, in its `body`, which begins with what it is given.

    Only a schedule's program holds calls together so, until they have functions of their own.
    """

    callee: ir.StringAttr
    body: ext.Region


class GivenOp(Df.Operation, name="given"):  # type: ignore[name-defined,misc,call-arg]
    """Says that a call is given its operand for the parameter `name` of the type `dtype`."""

    name: ir.StringAttr
    dtype: ir.StringAttr
    operand: ext.Operand[Any]


def within(index: ir.Value, extent: int, what: str) -> ir.Value:
    """Builds a `WithinOp` at the insertion point."""
    limit = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), extent)
    return WithinOp(ir.StringAttr.get(what), limit, index, ir.IndexType.get()).value


def declare_channel(
    stream: str,
    indices: Sequence[int],
    depth: int,
    dtype: str,
    initial: Sequence[ir.Attribute] = (),
    *,
    role: str = "",
) -> ir.Operation:
    """Builds a `ChannelOp` at the insertion point."""
    attributes: dict[str, ir.Attribute] = {
        "stream": ir.StringAttr.get(stream),
        "indices": _integers(indices),
        "depth": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), depth),
        "dtype": ir.StringAttr.get(dtype),
        "initial": ir.ArrayAttr.get(list(initial)),
    }
    if role:
        attributes["df.role"] = ir.StringAttr.get(role)
    return ir.Operation.create(ChannelOp.OPERATION_NAME, attributes=attributes)


def declare_memory(
    name: str, dtype: str, initial: Sequence[ir.Attribute], *, stateful: bool = False, storage: str = ""
) -> None:
    """Builds a `MemoryOp` at the insertion point."""
    attributes = {
        "memory": ir.StringAttr.get(name),
        "dtype": ir.StringAttr.get(dtype),
        "initial": ir.ArrayAttr.get(list(initial)),
        "stateful": ir.BoolAttr.get(stateful),
        "storage": ir.StringAttr.get(storage),
    }
    ir.Operation.create(MemoryOp.OPERATION_NAME, attributes=attributes)


def declare_actor(
    callee: str,
    kernel: str,
    pid: Sequence[int],
    values: Sequence[ir.Attribute],
    channels: Sequence[str],
    arrays: Sequence[str],
) -> ir.Operation:
    """Builds an `ActorOp` at the insertion point."""
    attributes = {
        "callee": ir.FlatSymbolRefAttr.get(callee),
        "kernel": ir.StringAttr.get(kernel),
        "pid": _integers(pid),
        "values": ir.ArrayAttr.get(list(values)),
        "channels": _strings(channels),
        "arrays": _strings(arrays),
    }
    return ir.Operation.create(ActorOp.OPERATION_NAME, attributes=attributes)


def _strings(texts: Sequence[str]) -> ir.ArrayAttr:
    return ir.ArrayAttr.get([ir.StringAttr.get(text) for text in texts])


def _integers(numbers: Sequence[int]) -> ir.ArrayAttr:
    i64 = ir.IntegerType.get_signless(64)
    return ir.ArrayAttr.get([ir.IntegerAttr.get(i64, number) for number in numbers])


@functools.cache
def context() -> ir.Context:
    """The context all our modules live in, with the dialect loaded."""
    shared = ir.Context()
    # The bindings look for a Python module of each operation's dialect whenever they meet one.
    sys.modules[f"{ir.Context.__module__.split('.')[0]}.dialects.df"] = sys.modules[__name__]
    with shared, ir.Location.unknown():
        Df.load()
    return shared
