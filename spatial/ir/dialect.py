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
    "ChannelOp",
    "GetOp",
    "MemoryOp",
    "PutOp",
    "StreamType",
    "ToIntegerOp",
    "context",
    "declare_actor",
    "declare_channel",
    "declare_memory",
]

T = TypeVar("T")


class Df(ext.Dialect, name="df"):  # type: ignore[misc,call-arg]
    """Dataflow: actors joined by bounded first-in-first-out channels."""


class StreamType(Df.Type, name="stream"):  # type: ignore[name-defined,misc,call-arg]
    """A channel end; `element` is the type of one token."""

    element: Any


class ChannelOp(Df.Operation, name="channel"):  # type: ignore[name-defined,misc,call-arg]
    """Declares a channel of `depth` tokens of the value type `dtype`: element `indices` of the user's `stream`.

    The attribute `df.role` marks those that are none of the user's: by them a region that a kernel calls
    is started ("start") and tells its end ("end").
    """

    stream: ir.StringAttr
    indices: ir.ArrayAttr
    depth: ir.IntegerAttr
    dtype: ir.StringAttr


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
    """Appends a token; waits while the channel is full."""

    stream: ext.Operand[StreamType[T]]
    value: ext.Operand[T]


class GetOp(Df.Operation, name="get"):  # type: ignore[name-defined,misc,call-arg]
    """Takes the oldest token; waits while there is none."""

    stream: ext.Operand[StreamType[T]]
    value: ext.Result[T]


class ToIntegerOp(Df.Operation, name="to_integer"):  # type: ignore[name-defined,misc,call-arg]
    """Converts a float to an integer: toward zero, saturating, NaN to 0.

    `sign` says how its bits read, "signed" or "unsigned".
    """

    sign: ir.StringAttr
    operand: ext.Operand[Any]
    value: ext.Result[Any]


def declare_channel(stream: str, indices: Sequence[int], depth: int, dtype: str, *, role: str = "") -> None:
    """Builds a `ChannelOp` at the insertion point."""
    attributes: dict[str, ir.Attribute] = {
        "stream": ir.StringAttr.get(stream),
        "indices": _integers(indices),
        "depth": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), depth),
        "dtype": ir.StringAttr.get(dtype),
    }
    if role:
        attributes["df.role"] = ir.StringAttr.get(role)
    ir.Operation.create(ChannelOp.OPERATION_NAME, attributes=attributes)


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
) -> None:
    """Builds an `ActorOp` at the insertion point."""
    attributes = {
        "callee": ir.FlatSymbolRefAttr.get(callee),
        "kernel": ir.StringAttr.get(kernel),
        "pid": _integers(pid),
        "values": ir.ArrayAttr.get(list(values)),
        "channels": _strings(channels),
        "arrays": _strings(arrays),
    }
    ir.Operation.create(ActorOp.OPERATION_NAME, attributes=attributes)


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
