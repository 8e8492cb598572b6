"""Lowers the operations on channels."""

import ast
from collections.abc import Callable, Mapping

from spatial.ir.dialect import (
    EmptyOp,
    FullOp,
    GetBlockOp,
    GetOp,
    PeekBlockOp,
    PeekOp,
    PutOp,
    TryGetBlockOp,
    TryGetOp,
    TryPutOp,
)
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import ir, memref
from spatial.kernel.arrays.tensor import copy_into, shape_of
from spatial.kernel.arrays.views import view_of
from spatial.kernel.errors import NoSuchValue, ShapeMismatch, TypeMismatch, WrongUse
from spatial.kernel.lower.arguments import arguments_of
from spatial.kernel.lower.destination import aim
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Array, ArrayValue, ChannelEnd, Literal, Scalar, Tuple, Value
from spatial.kernel.specialized.serving import CallEnds, call_region
from spatial.meta.plain import Port
from spatial.types.dtype import Bool, bool_, index, is_integer
from spatial.types.tensor import TensorType

__all__ = ["channel_call", "put", "taken_block"]


def put(lowering: Lowering, node: ast.Call) -> bool:
    """Lowers the call if it is a `put`, the one call that is a statement and has no value."""
    match node.func:
        case ast.Attribute(value=Port(number=number), attr="put"):
            if (call := lowering.calls.get(number)) is not None:
                _give_scalars(lowering, node, call)
                call_region(call)
                return True
            end = lowering.ports[number]
            (argument,) = arguments_of(lowering, node, "put", 1, "write `put(value)`")
            PutOp(end.parameter, token_of(lowering, argument, end))
            return True
    return False


def _give_scalars(lowering: Lowering, node: ast.Call, call: CallEnds) -> None:
    """Puts the numbers that a region is given while the program runs into their cells."""
    for position, name, dtype in call.scalars:
        argument = node.args[position]
        value = lowering.typed(lowering.scalar(argument), dtype, argument)
        memref.store(value.value, lowering.take(lowering.handed[0, name], dtype), [])


def channel_call(lowering: Lowering, node: ast.Call, method: str, end: ChannelEnd) -> Value:
    """A channel operation that has a value."""
    return METHODS[method](lowering, node, end)


def token_of(lowering: Lowering, node: ast.expr, end: ChannelEnd) -> ir.Value:
    """What an expression puts into a channel: a number, or the memory of a block.

    A slice, what is computed, and an array of another element type is stored into a local array first.
    """
    aim(lowering, node, end.token.element if isinstance(end.token, TensorType) else end.token)
    if not isinstance(end.token, TensorType):
        return lowering.typed(lowering.scalar(node), end.token, node).value
    value = lowering.expression(node)
    if not isinstance(value, ArrayValue):
        title = f"a token of this stream is a block, `{end.token}`, this is one number"
        hint = "put an array or a slice of this shape"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    shape = shape_of(value)
    if shape != end.token.shape:
        title = f"an array of shape {list(shape)} is no token of this stream, which is a block `{end.token}`"
        label = f"this has the shape {list(shape)}"
        raise lowering.rejected(ShapeMismatch(title=title, label=label, span=lowering.spans(node)))
    if isinstance(value, Array) and value.type == end.token and not value.origin:
        return value.memory
    copy = Array("token", lowering.allocate(end.token, "token"), end.token, lowering.spans(node))
    copy_into(lowering, view_of(copy), value, node)
    return copy.memory


def taken_block(lowering: Lowering, node: ast.AST, type_: TensorType) -> Array:
    """Memory for a block that a channel operation is about to take."""
    return Array("token", lowering.allocate(type_, "token"), type_, lowering.spans(node), taken=True)


def _get(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    arguments_of(lowering, node, "get", 0, "write `get()`")
    if isinstance(end.token, TensorType):
        block = taken_block(lowering, node, end.token)
        GetBlockOp(end.parameter, block.memory)
        return block
    return Scalar(GetOp(end.parameter, scalar_type(end.token)).value, end.token)


def _peek(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    position = _position(lowering, node)
    if isinstance(end.token, TensorType):
        block = taken_block(lowering, node, end.token)
        PeekBlockOp(end.parameter, position, block.memory)
        return block
    return Scalar(PeekOp(end.parameter, position, scalar_type(end.token)).value, end.token)


def _position(lowering: Lowering, node: ast.Call) -> ir.Value:
    """Which token is peeked at: the oldest unless it is given."""
    if not node.args:
        arguments_of(lowering, node, "peek", 0, "write `peek()` or `peek(i)`")
        return lowering.typed(Literal(0), index, node).value
    (argument,) = arguments_of(lowering, node, "peek", 1, "write `peek()` or `peek(i)`")
    value = lowering.scalar(argument)
    if isinstance(value, Literal) and type(value.value) is int:
        if value.value >= 0:
            return lowering.typed(value, index, argument).value
        title, hint = f"`peek({value.value})` looks at no token", "tokens count from 0, the oldest"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(argument), hint=hint))
    settled = lowering.settled(value, argument)
    if not is_integer(settled.dtype) or isinstance(settled.dtype, Bool):
        hint = "tokens are counted with integers: cast it, as in `int32(x)`"
        given, span = str(settled.dtype), lowering.spans(argument)
        raise lowering.rejected(TypeMismatch(given=given, wanted=str(index), span=span, hint=hint))
    return lowering.typed(settled, index, argument, cast=True).value


def _try_put(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    (argument,) = arguments_of(lowering, node, "try_put", 1, "write `ok = fifo.try_put(value)`")
    return Scalar(TryPutOp(end.parameter, token_of(lowering, argument, end), scalar_type(bool_)).done, bool_)


def _try_get(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    arguments_of(lowering, node, "try_get", 0, "write `ok, value = fifo.try_get()`")
    if isinstance(end.token, TensorType):
        block = taken_block(lowering, node, end.token)
        done = TryGetBlockOp(end.parameter, block.memory, scalar_type(bool_)).done
        return Tuple((Scalar(done, bool_), block))
    made = TryGetOp(end.parameter, scalar_type(bool_), scalar_type(end.token))
    return Tuple((Scalar(made.done, bool_), Scalar(made.value, end.token)))


def _empty(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    arguments_of(lowering, node, "empty", 0, "write `empty()`")
    return Scalar(EmptyOp(end.parameter, scalar_type(bool_)).holds, bool_)


def _full(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    arguments_of(lowering, node, "full", 0, "write `full()`")
    return Scalar(FullOp(end.parameter, scalar_type(bool_)).holds, bool_)


def _put_as_value(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    hint = "write it as a statement of its own, or `ok = fifo.try_put(value)`"
    raise lowering.rejected(NoSuchValue(title="`put` has no value", span=lowering.spans(node), hint=hint))


METHODS: Mapping[str, Callable[[Lowering, ast.Call, ChannelEnd], Value]] = {
    "empty": _empty,
    "full": _full,
    "get": _get,
    "peek": _peek,
    "put": _put_as_value,
    "try_get": _try_get,
    "try_put": _try_put,
}
