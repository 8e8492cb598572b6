"""Lowers the operations on channels."""

import ast
from collections.abc import Callable, Mapping

from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.dtypes import scalar_type
from spatial.kernel.arguments import arguments_of
from spatial.kernel.errors import WrongArguments
from spatial.kernel.lowering import Lowering
from spatial.kernel.serving import call_region
from spatial.kernel.values import ChannelEnd, Scalar, Value
from spatial.meta.plain import Port

__all__ = ["channel_call", "put"]


def put(lowering: Lowering, node: ast.Call) -> bool:
    """Lowers the call if it is a `put`, the one call that is a statement and has no value."""
    match node.func:
        case ast.Attribute(value=Port(number=number), attr="put"):
            if (call := lowering.calls.get(number)) is not None:
                call_region(call)
                return True
            end = lowering.ports[number]
            (argument,) = arguments_of(lowering, node, "put", 1, "write `put(value)`")
            value = lowering.typed(lowering.scalar(argument), end.dtype, argument)
            PutOp(end.parameter, value.value)
            return True
    return False


def channel_call(lowering: Lowering, node: ast.Call, method: str, end: ChannelEnd) -> Value:
    """A channel operation that has a value."""
    if (lower := METHODS.get(method)) is None:
        raise lowering.unsupported(f"`{method}` on a stream", node, "use `put` and `get`, which wait")
    return lower(lowering, node, end)


def _get(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    arguments_of(lowering, node, "get", 0, "write `get()`")
    return Scalar(GetOp(end.parameter, scalar_type(end.dtype)).value, end.dtype)


def _put_as_value(lowering: Lowering, node: ast.Call, end: ChannelEnd) -> Value:
    hint = "write it as a statement of its own"
    raise lowering.rejected(WrongArguments(title="`put` has no value", span=lowering.spans(node), hint=hint))


METHODS: Mapping[str, Callable[[Lowering, ast.Call, ChannelEnd], Value]] = {"get": _get, "put": _put_as_value}
