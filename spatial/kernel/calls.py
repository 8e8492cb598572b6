"""Lowers calls: casts, the few built-in functions, and channel operations."""

import ast
from typing import NoReturn

from spatial.ir.arithmetic import unary
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.dtypes import scalar_type
from spatial.kernel.errors import NoSuchOperation, UndefinedName, WrongArguments
from spatial.kernel.lowering import Lowering
from spatial.kernel.operators import operate
from spatial.kernel.values import ChannelEnd, Scalar, Value
from spatial.meta.plain import Port
from spatial.meta.scope import CHANNEL_METHODS, MISSING, Scope
from spatial.types.arithmetic import Operator, UnaryOperator
from spatial.types.dtype import DType, as_dtype

__all__ = ["call", "put"]

LATER = {"try_put", "try_get", "empty", "full", "peek"}


def call(lowering: Lowering, node: ast.expr) -> Value:
    """A call that has a value."""
    assert isinstance(node, ast.Call)
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, Port):
        return _channel_call(lowering, node, node.func.attr, lowering.ports[node.func.value.number])
    scope = Scope(environment=lowering.environment, local=frozenset(lowering.names))
    function = scope.resolve(node.func)
    if isinstance(function, DType):
        return _cast(lowering, node, function)
    if function is bool:
        return _cast(lowering, node, as_dtype(bool) or function)
    if function is min or function is max:
        return _extremum(lowering, node, Operator.MIN if function is min else Operator.MAX)
    if function is abs:
        return _absolute(lowering, node)
    if function is MISSING and isinstance(node.func, ast.Name) and node.func.id not in lowering.names:
        name = node.func.id
        span = lowering.spans(node.func)
        lowering.reject(UndefinedName(name=name, span=span, similar=lowering.similar(name)))
    _reject_function(lowering, node, function)


def put(lowering: Lowering, node: ast.Call) -> bool:
    """Lowers the call if it is a `put`, the one call that is a statement and has no value."""
    match node.func:
        case ast.Attribute(value=Port(number=number), attr="put"):
            end = lowering.ports[number]
            (argument,) = _arguments(lowering, node, "put", 1)
            value = lowering.typed(lowering.scalar(argument), end.dtype, argument)
            PutOp(end.parameter, value.value)
            return True
    return False


def _channel_call(lowering: Lowering, node: ast.Call, method: str, end: ChannelEnd) -> Value:
    if method in LATER:
        lowering.unsupported(f"`{method}` on a stream", node, "use `put` and `get`, which wait")
    if method == "put":
        title = "`put` has no value"
        lowering.reject(
            WrongArguments(title=title, span=lowering.spans(node), hint="write it as a statement of its own")
        )
    _arguments(lowering, node, method, 0)
    return Scalar(GetOp(end.parameter, scalar_type(end.dtype)).value, end.dtype)


def _cast(lowering: Lowering, node: ast.Call, dtype: DType) -> Scalar:
    (argument,) = _arguments(lowering, node, str(dtype), 1)
    return lowering.typed(lowering.scalar(argument), dtype, argument, cast=True)


def _extremum(lowering: Lowering, node: ast.Call, operator: Operator) -> Scalar:
    name = operator.value
    if len(node.args) < 2 or node.keywords:
        title = f"`{name}` takes two or more numbers"
        lowering.reject(WrongArguments(title=title, span=lowering.spans(node), hint=f"write `{name}(a, b)`"))
    first, *rest = node.args
    result: Value = lowering.scalar(first)
    for argument in rest:
        result = operate(lowering, operator, result, lowering.scalar(argument), node)  # type: ignore[arg-type]
    return result  # type: ignore[return-value]


def _absolute(lowering: Lowering, node: ast.Call) -> Scalar:
    (argument,) = _arguments(lowering, node, "abs", 1)
    operand = lowering.settled(lowering.scalar(argument), argument)
    made = unary(UnaryOperator.ABS, operand.value, operand.dtype)
    if made is None:
        lowering.reject(NoSuchOperation(operator="abs", types=(str(operand.dtype),), span=lowering.spans(node)))
    return Scalar(*made)


def _arguments(lowering: Lowering, node: ast.Call, name: str, count: int) -> list[ast.expr]:
    if len(node.args) != count or node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
        takes = ("no argument", "one argument")[count]
        lowering.reject(WrongArguments(title=f"`{name}` takes {takes}", span=lowering.spans(node)))
    return node.args


def _reject_function(lowering: Lowering, node: ast.Call, function: object) -> NoReturn:
    text = ast.unparse(node.func) if not isinstance(node.func, ast.Attribute) else node.func.attr
    if isinstance(node.func, ast.Attribute) and node.func.attr in CHANNEL_METHODS:
        hint = "index the stream with compile-time values, or declare it in the region"
        lowering.unsupported(f"`{node.func.attr}` on something that is no channel known at compile time", node, hint)
    if function in (int, float):
        better = "int32" if function is int else "float32"
        lowering.unsupported(f"`{text}` of a running value", node, f"cast to a type of the language: `{better}(x)`")
    lowering.unsupported(f"calling `{text}` on running values", node, "write its statements out in the kernel")
