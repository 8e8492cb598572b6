"""Lowers operations on a channel that the run chooses: a balanced tree of branches over the channels."""

import ast
from collections.abc import Callable, Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import within
from spatial.ir.mlir import arith, ir
from spatial.kernel.arrays.tensor import materialized
from spatial.kernel.channels.operations import put
from spatial.kernel.errors import NoSuchValue, TypeMismatch, WrongUse
from spatial.kernel.lower.either import either
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Array, ArrayValue, Folded, Literal, Number, Scalar, Tensor, Tuple, Value
from spatial.meta.plain import Choice, Port
from spatial.types.dtype import Bool, bool_, index, is_integer

__all__ = ["Lowered", "lowered", "switched", "switched_put"]

Operation = Callable[[ast.Call], Sequence[Number]]


class Lowered(ast.expr):
    """An expression whose value is there already."""

    _fields = ()

    def __init__(self, value: Value, node: ast.expr) -> None:
        super().__init__()
        self.value = value
        ast.copy_location(self, node)


def lowered(lowering: Lowering, node: ast.expr) -> Value:
    """The value that is there."""
    assert isinstance(node, Lowered), "the table of expressions says so"
    return node.value


def switched_put(lowering: Lowering, node: ast.Call) -> bool:
    """Lowers the call if it is a `put` into a channel that the run chooses, a statement of its own."""
    match node.func:
        case ast.Attribute(value=Choice() as choice, attr="put"):
            _operate(lowering, node, choice, lambda call: _put(lowering, call))
            return True
    return False


def _put(lowering: Lowering, call: ast.Call) -> Sequence[Number]:
    put(lowering, call)
    return ()


def switched(lowering: Lowering, node: ast.Call, choice: Choice, method: str) -> Value:
    """An operation with a value on a channel that the run chooses; its argument is evaluated before it chooses."""
    if method == "put":
        hint = "write it as a statement of its own"
        raise lowering.rejected(NoSuchValue(title="`put` has no value", span=lowering.spans(node), hint=hint))
    outcomes: list[Value] = []

    def operate(call: ast.Call) -> Sequence[Number]:
        outcomes.append(lowering.expression(call))
        _share(lowering, _blocks(outcomes[0]), _blocks(outcomes[-1]), node)
        return [part for part in _parts(outcomes[-1]) if not isinstance(part, Tuple | ArrayValue)]

    values = iter(_operate(lowering, node, choice, operate))
    first = outcomes[0]
    parts = [part if isinstance(part, Array) else next(values) for part in _parts(first)]
    return Tuple(tuple(parts)) if isinstance(first, Tuple) else parts[0]


def _parts(value: Value) -> Sequence[Value]:
    return value.parts if isinstance(value, Tuple) else (value,)


def _blocks(value: Value) -> list[Array]:
    return [part for part in _parts(value) if isinstance(part, Array)]


def _share(lowering: Lowering, first: Sequence[Array], blocks: Sequence[Array], node: ast.Call) -> None:
    """Whichever channel is chosen, its block goes into the memory of the first one's."""
    if [block.type for block in first] != [block.type for block in blocks]:
        title = "the channels hold tokens of different types"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint="declare them alike"))
    for kept, block in zip(first, blocks, strict=True):
        if kept is not block:
            block.memory.replace_all_uses_with(kept.memory)
            lowering.release(block.memory)


def _operate(lowering: Lowering, node: ast.Call, choice: Choice, operation: Operation) -> Sequence[Number]:
    assert isinstance(node.func, ast.Attribute), "a channel's operation is a method"
    method = node.func.attr
    position = _position(lowering, choice)
    arguments = [_settled(lowering, argument) for argument in node.args]

    def on(port: Port) -> Sequence[Number]:
        function = ast.copy_location(ast.Attribute(port, method, ast.Load()), node.func)
        return operation(ast.copy_location(ast.Call(function, arguments, node.keywords), node))

    return _among(lowering, position, choice.ports, 0, on, node)


def _settled(lowering: Lowering, node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Starred):
        return node
    value = lowering.operand(node)
    return Lowered(materialized(lowering, value, "token", node) if isinstance(value, Tensor | Folded) else value, node)


def _among(
    lowering: Lowering,
    position: ir.Value,
    ports: Sequence[Port],
    first: int,
    on: Callable[[Port], Sequence[Number]],
    node: ast.Call,
) -> Sequence[Number]:
    """Does it on the port with the number `position`, of those from `first` on."""
    if len(ports) == 1:
        return on(ports[0])
    half = len(ports) // 2
    below = arith.cmpi(arith.CmpIPredicate.slt, position, constant(index, first + half))
    ways = (
        lambda: _among(lowering, position, ports[:half], first, on, node),
        lambda: _among(lowering, position, ports[half:], first + half, on, node),
    )
    return either(lowering, Scalar(below, bool_), ways, node)


def _position(lowering: Lowering, choice: Choice) -> ir.Value:
    """The number of the chosen port; an index that names none is an error of the run."""
    position: ir.Value | None = None
    for node, extent in zip(choice.indices, choice.extents, strict=True):
        checked = _index(lowering, choice, node, extent)
        if position is None:
            position = checked
            continue
        row = arith.muli(position, constant(index, extent), overflow_flags=arith.IntegerOverflowFlags.nsw)
        position = arith.addi(row, checked, overflow_flags=arith.IntegerOverflowFlags.nsw)
    assert position is not None, "the run chooses by an index"
    return position


def _index(lowering: Lowering, choice: Choice, node: ast.expr, extent: int) -> ir.Value:
    value = lowering.scalar(node)
    settled = value if isinstance(value, Literal) else lowering.settled(value, node)
    if isinstance(settled, Scalar) and (not is_integer(settled.dtype) or isinstance(settled.dtype, Bool)):
        hint = "channel indices are integers: cast it, as in `int32(x)`"
        mismatch = TypeMismatch(given=str(settled.dtype), wanted=str(index), span=lowering.spans(node), hint=hint)
        raise lowering.rejected(mismatch)
    typed = lowering.typed(settled, index, node, cast=True)
    if typed.affine is not None:
        bounds = typed.affine.bounds_everywhere(len(lowering.labels))
        if all(low >= 0 and high < extent for low, high in bounds):
            return typed.value
    with lowering.at(node):
        return within(typed.value, extent, f"`{choice.text}`, which has {extent} channels there")
