"""Lowers what is done with several channels at once."""

import ast
import itertools
from collections.abc import Iterator

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetOp, PutOp, SelectBlockOp, SelectOp
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import memref
from spatial.kernel.arrays.tensor import shape_of, tensor_of
from spatial.kernel.channels.operations import taken_block
from spatial.kernel.declared.movers import scatter
from spatial.kernel.errors import ShapeMismatch, WrongArguments, WrongUse
from spatial.kernel.lower.arguments import arguments_of
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import ArrayValue, ChannelEnd, Scalar, Tuple, Value
from spatial.meta.plain import Known, Ports
from spatial.meta.trace import FAILED
from spatial.types.dtype import DType, index
from spatial.types.tensor import TensorType

__all__ = ["gather", "scattered", "select"]


def select(lowering: Lowering, node: ast.Call) -> Value:
    """`k, token = sp.select(...)`."""
    if not node.args or node.keywords:
        title, hint = "`sp.select` takes one or more channels", "write `k, token = sp.select(a, b)`"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
    groups = [_ports(lowering, each.value if isinstance(each, ast.Starred) else each) for each in node.args]
    numbers = [number for ports in groups for number in ports.numbers]
    if len(set(numbers)) < len(numbers):
        hint = "give each channel once"
        raise lowering.rejected(WrongUse(title="a channel is given twice", span=lowering.spans(node), hint=hint))
    ends = [lowering.ports[number] for number in numbers]
    token = _common_token(lowering, ends, node)
    channels, counted = [end.parameter for end in ends], scalar_type(index)
    if isinstance(token, TensorType):
        block = taken_block(lowering, node, token)
        return Tuple((Scalar(SelectBlockOp(channels, block.memory, counted).chosen, index), block))
    made = SelectOp(channels, counted, scalar_type(token))
    return Tuple((Scalar(made.chosen, index), Scalar(made.value, token)))


def gather(lowering: Lowering, node: ast.Call) -> Value:
    """`array = sp.gather(channels)`: a token of each channel."""
    (argument,) = arguments_of(lowering, node, "gather", 1, "write `array = sp.gather(fifo)`")
    ports, ends, token = _array(lowering, argument)
    block = taken_block(lowering, node, TensorType(token, ports.shape))
    values = [GetOp(end.parameter, scalar_type(token)).value for end in ends]
    for at, value in zip(_positions(ports.shape), values, strict=True):
        memref.store(value, block.memory, [constant(index, place) for place in at])
    return block


def scattered(lowering: Lowering, node: ast.Call) -> bool:
    """Lowers the call if it is `sp.scatter(channels, array)`: an element into each channel."""
    if lowering.scope.resolve(node.func) is not scatter:
        return False
    channels, given = arguments_of(lowering, node, "scatter", 2, "write `sp.scatter(fifo, array)`")
    ports, ends, token = _array(lowering, channels)
    value = lowering.expression(given)
    if not isinstance(value, ArrayValue) or shape_of(value) != ports.shape:
        title = f"{len(ends)} channels of shape {list(ports.shape)} take an array of that shape"
        label = f"this has the shape {list(shape_of(value))}" if isinstance(value, ArrayValue) else "this is no array"
        raise lowering.rejected(ShapeMismatch(title=title, label=label, span=lowering.spans(given)))
    tensor = tensor_of(lowering, value, given)
    for at, end in zip(_positions(ports.shape), ends, strict=True):
        element = tensor.element([constant(index, place) for place in at])
        PutOp(end.parameter, lowering.typed(element, token, given).value)
    return True


def _ports(lowering: Lowering, node: ast.expr) -> Ports:
    if isinstance(node, Ports):
        return node
    if isinstance(node, Known) and node.value is FAILED:
        raise Rejected
    culprit = lowering.scope.first_running(node)
    title = "which channels are meant must be known at compile time"
    hint = "give channels or arrays of them, indexed with `get_pid()` and constants"
    raise lowering.rejected(WrongUse(title=title, span=lowering.spans(culprit), hint=hint))


def _array(lowering: Lowering, node: ast.expr) -> tuple[Ports, list[ChannelEnd], DType]:
    """An array of channels of scalars."""
    ports = _ports(lowering, node)
    ends = [lowering.ports[number] for number in ports.numbers]
    if not ports.shape:
        title, hint = "this is one channel, not an array of them", "use its `get` and `put`"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    token = _common_token(lowering, ends, node)
    if isinstance(token, TensorType):
        title, hint = f"tokens are blocks here, `{token}`", "get or put each block by itself"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    return ports, ends, token


def _common_token(lowering: Lowering, ends: list[ChannelEnd], node: ast.AST) -> DType | TensorType:
    tokens = list(dict.fromkeys(end.token for end in ends))
    if len(tokens) > 1:
        told = " and ".join(f"`{token}`" for token in tokens)
        title, hint = f"the channels hold tokens of different types, {told}", "declare them alike"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    return tokens[0]


def _positions(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    return itertools.product(*map(range, shape))
