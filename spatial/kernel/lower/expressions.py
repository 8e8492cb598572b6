"""Lowers scalar expressions: names, operators, comparisons, conditionals."""

import ast
import functools
import math
from collections.abc import Callable, Mapping, Sequence

from spatial.ir.arithmetic import convert
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.kernel.arrays.contraction import matmul
from spatial.kernel.arrays.elements import subscript
from spatial.kernel.arrays.elementwise import binary, joined_type, power, unary_operator
from spatial.kernel.arrays.layout import transposed
from spatial.kernel.arrays.tensor import common_shape, copy_into, element_type, lift, result_type, shape_of
from spatial.kernel.arrays.views import view_of
from spatial.kernel.bits.structs import constant_struct, read_field
from spatial.kernel.errors import TypeMismatch, WrongUse
from spatial.kernel.loops.exits import Unset
from spatial.kernel.loops.jumps import is_unset
from spatial.kernel.lower.calls import call
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.operators import Operand, operate
from spatial.kernel.lower.tables import table
from spatial.kernel.lower.values import Array, ArrayValue, Cell, Literal, Number, Scalar, Single, Tuple, Value, Varying
from spatial.kernel.specialized.memory import scalar_around
from spatial.meta.errors import UndefinedName
from spatial.meta.fingerprint import plain_number
from spatial.meta.plain import Argument, Known
from spatial.meta.trace import FAILED
from spatial.stream.stream import ChannelArray, Channels, Stream
from spatial.types.arithmetic import Operator, UnaryOperator
from spatial.types.dtype import Struct, as_dtype, bool_
from spatial.types.record import Record
from spatial.types.tensor import TensorType

__all__ = ["BINARY", "EXPRESSIONS"]

BY_TABLE = "the table of expressions says so"

BINARY: Mapping[type[ast.operator], Operator] = {
    ast.Add: Operator.ADD,
    ast.Sub: Operator.SUB,
    ast.Mult: Operator.MUL,
    ast.Div: Operator.DIV,
    ast.FloorDiv: Operator.FLOORDIV,
    ast.Mod: Operator.MOD,
    ast.BitAnd: Operator.AND,
    ast.BitOr: Operator.OR,
    ast.BitXor: Operator.XOR,
    ast.LShift: Operator.SHL,
    ast.RShift: Operator.SHR,
}
COMPARISON: Mapping[type[ast.cmpop], Operator] = {
    ast.Lt: Operator.LT,
    ast.LtE: Operator.LE,
    ast.Gt: Operator.GT,
    ast.GtE: Operator.GE,
    ast.Eq: Operator.EQ,
    ast.NotEq: Operator.NE,
}
UNARY: Mapping[type[ast.unaryop], UnaryOperator] = {
    ast.USub: UnaryOperator.NEG,
    ast.Invert: UnaryOperator.INVERT,
    ast.Not: UnaryOperator.NOT,
}


def _constant(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.Constant), BY_TABLE
    return _known_value(lowering, node.value, node)


def _known(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, Known), BY_TABLE
    return _known_value(lowering, node.value, node)


def _known_value(lowering: Lowering, value: object, node: ast.expr) -> Value:
    """A compile-time value as an operand."""
    if value is FAILED:
        raise Rejected
    number = plain_number(value)
    if isinstance(number, bool | int | float):
        return Literal(number)
    if isinstance(value, Record):
        return constant_struct(lowering, value, node)
    if hasattr(value, "__array__"):
        return table(lowering, value, node)
    kind = type(value).__name__
    title, hint = f"a value of type `{kind}` is no number", "a kernel computes with numbers, arrays and structs"
    if isinstance(value, list | tuple):
        hint = "make it a table that a kernel can index: `np.array(...)`"
    if isinstance(value, Channels):
        title, hint = "a stream is no number", "take a token from it: `x = fifo.get()`"
        if isinstance(value, Stream | ChannelArray) and value.shape:
            hint = "take a token: `x = fifo[k].get()`"
    elif isinstance(getattr(value, "__self__", None), Channels):
        written = ast.unparse(node.written if isinstance(node, Known) else node)
        title, hint = f"`{written}` is not called", f"write `{written}()`"
    elif as_dtype(value) is not None or isinstance(value, type):
        title, hint = (
            f"`{getattr(value, '__name__', value)}` is a type, not a number",
            "cast a number to it: `int32(x)`",
        )
    raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))


def _argument(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, Argument), BY_TABLE
    return Varying(node.column, node.text, lowering.columns[node.column])


def _name(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.Name), BY_TABLE
    name = node.id
    if name not in lowering.names and (around := scalar_around(lowering, name)) is not None:
        lowering.names[name] = around
    if name not in lowering.names:
        raise lowering.undefined(node)
    bound = lowering.names[name]
    if bound is None:
        raise Rejected
    if isinstance(bound, Cell | Array) and name not in lowering.definite and name not in lowering.parameters:
        raise _unassigned(lowering, node, bound)
    return Scalar(memref.load(bound.memory, []), bound.dtype) if isinstance(bound, Cell) else bound


def _unassigned(lowering: Lowering, node: ast.Name, bound: Cell | Array) -> Rejected:
    """A local that some way through the kernel leaves without a value."""
    type_ = bound.dtype if isinstance(bound, Cell) else bound.type
    hint = f"give it one first: `{node.id}: {type_} = 0`"
    if isinstance(type_, Struct):
        hint = f"give it one first: `{node.id} = {type_.name}(...)`"
    told = "declared without one" if node.id in lowering.bare else "only given one here"
    why = "may be used before it has a value"
    span = lowering.spans(node)
    return lowering.rejected(UndefinedName(name=node.id, span=span, why=why, place=bound.span, told=told, hint=hint))


def _tuple(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.Tuple), BY_TABLE
    return Tuple(tuple(lowering.expression(part) for part in node.elts))


def _attribute(lowering: Lowering, node: ast.expr) -> Value:
    """A field of a struct, or `A.T`; what stands in front of the dot may be wrong itself."""
    assert isinstance(node, ast.Attribute), BY_TABLE
    value = lowering.expression(node.value)
    if isinstance(value, ArrayValue) and node.attr == "T":
        return transposed(lowering, value, None, node)
    if isinstance(value, Scalar):
        return read_field(lowering, value, node)
    if isinstance(value, ArrayValue):
        return _of_array(lowering, value, node)
    raise lowering.unsupported(f"the attribute `{node.attr}` of a running value", node)


def _of_array(lowering: Lowering, value: ArrayValue, node: ast.Attribute) -> Value:
    """What is known of an array: its shape, how many dimensions and elements it has."""
    shape = shape_of(value)
    match node.attr:
        case "shape":
            return Tuple(tuple(map(Literal, shape)))
        case "ndim":
            return Literal(len(shape))
        case "size":
            return Literal(math.prod(shape))
    element = element_type(value)
    if isinstance(element, Struct) and element.place(node.attr) is not None:
        hint = f"read it of each element: `{ast.unparse(node.value)}[k].{node.attr}`"
        raise lowering.unsupported(f"the field `{node.attr}` of a whole array", node, hint)
    hint = "an array has `shape`, `ndim`, `size`, `T`, and the methods `sum`, `max`, `reshape` and the like"
    raise lowering.unsupported(f"the attribute `{node.attr}` of an array", node, hint)


def _binary(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.BinOp), BY_TABLE
    left, right = lowering.operand(node.left), lowering.operand(node.right)
    if isinstance(node.op, ast.MatMult):
        return matmul(lowering, left, right, node)
    if isinstance(node.op, ast.Pow):
        return power(lowering, left, right, (node.left, node.right), node)
    return binary(lowering, BINARY[type(node.op)], (left, right), (node.left, node.right), node)


def _unary(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.UnaryOp), BY_TABLE
    value = lowering.operand(node.operand)
    if isinstance(node.op, ast.UAdd):
        return value
    if isinstance(node.op, ast.Not) and isinstance(value, ArrayValue):
        title, hint = "an array has no one truth", "write `~` for the opposite of each of its bools"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node.operand), hint=hint))
    return unary_operator(lowering, UNARY[type(node.op)], value, node.operand, node)


def _compare(lowering: Lowering, node: ast.expr) -> Value:
    """`a < b < c` compares each neighbouring pair; every operand is evaluated once, and all of them."""
    assert isinstance(node, ast.Compare), BY_TABLE
    for symbol in node.ops:
        if type(symbol) not in COMPARISON:
            words = {ast.In: "`in`", ast.NotIn: "`not in`", ast.Is: "`is`", ast.IsNot: "`is not`"}
            hint = "compare with `==`" if isinstance(symbol, ast.Is | ast.IsNot) else "compare with `==` and `or`"
            raise lowering.unsupported(f"{words[type(symbol)]} on running values", node, hint)
    parts = (node.left, *node.comparators)

    def compute(numbers: Sequence[Number]) -> Scalar:
        operands = [Operand(number, part) for number, part in zip(numbers, parts, strict=True)]
        pairs = zip(node.ops, operands, operands[1:], strict=False)
        outcomes = [operate(lowering, COMPARISON[type(op)], left, right, node).value for op, left, right in pairs]
        return Scalar(functools.reduce(arith.andi, outcomes), bool_)

    return lift(lowering, [lowering.operand(part) for part in parts], node, compute)


def _boolean(lowering: Lowering, node: ast.expr) -> Value:
    """`and` and `or` evaluate what stands behind them only where it decides, as in Python; their value is a bool."""
    assert isinstance(node, ast.BoolOp)
    first, *rest = node.values
    part_of = lowering.truth if node in lowering.conditions else lambda part: _flag(lowering, part)
    result = part_of(first)
    for part in rest:
        branch = scf.IfOp(result.value, [scalar_type(bool_)], has_else=True)
        decides, stands = branch.then_block, branch.else_block
        if isinstance(node.op, ast.Or):
            decides, stands = stands, decides
        with lowering.guarded(decides):
            scf.yield_([part_of(part).value])
        with ir.InsertionPoint(stands):
            scf.yield_([result.value])
        result = Scalar(branch.results[0], bool_)
    return result


def _flag(lowering: Lowering, node: ast.expr) -> Scalar:
    """A part of an `and` or `or` whose value is used: a bool, for of numbers Python would give one of them."""
    value = lowering.settled(lowering.scalar(node), node)
    if value.dtype != bool_:
        hint = "compare the parts, as in `x != 0`"
        mismatch = TypeMismatch(given=str(value.dtype), wanted="bool", span=lowering.spans(node), hint=hint)
        raise lowering.rejected(mismatch)
    return value


def _conditional(lowering: Lowering, node: ast.expr) -> Value:
    """`a if c else b`: only the chosen side is evaluated; the type is the smallest that holds both."""
    assert isinstance(node, ast.IfExp), BY_TABLE
    sides = (node.body, node.orelse)
    condition = lowering.truth(node.test)
    untyped = scf.IfOp(condition.value, [], has_else=True)
    found: list[Single] = []
    for side, block in zip(sides, (untyped.then_block, untyped.else_block), strict=True):
        with lowering.guarded(block):
            found.append(lowering.operand(side))
    values = [value for value in found if not isinstance(value, ArrayValue)]
    if len(values) < len(found):
        return _chosen_array(lowering, found, untyped, node)
    dtype = joined_type(lowering, values, node)
    typed = scf.IfOp(condition.value, [scalar_type(dtype)], has_else=True)
    blocks = ((untyped.then_block, typed.then_block), (untyped.else_block, typed.else_block))
    for side, value, (source, target) in zip(sides, values, blocks, strict=True):
        for op in list(source.operations):
            target.append(op)
        with lowering.guarded(target):
            known = value if isinstance(value, Scalar) else lowering.typed(value, dtype, side)
            scf.yield_([convert(known.value, known.dtype, dtype)])
    untyped.operation.erase()
    return Scalar(typed.results[0], dtype)


def _chosen_array(lowering: Lowering, sides: Sequence[Single], chosen: scf.IfOp, node: ast.IfExp) -> Array:
    """`a if c else b` of arrays, which are broadcast: a local array that the chosen side fills."""
    shape = common_shape(lowering, sides, node)
    kinds = [element_type(side) if isinstance(side, ArrayValue) else side for side in sides]
    type_ = TensorType(result_type(lowering, kinds, lambda numbers: _joined(lowering, numbers, node)), shape)
    array = Array("chosen", lowering.allocate(type_, "chosen"), type_, lowering.spans(node))
    for side, written, block in zip(
        sides, (node.body, node.orelse), (chosen.then_block, chosen.else_block), strict=True
    ):
        with lowering.guarded(block):
            copy_into(lowering, view_of(array), side, written)
            scf.yield_([])
    return array


def _joined(lowering: Lowering, numbers: Sequence[Number], node: ast.IfExp) -> Scalar:
    return lowering.typed(numbers[0], joined_type(lowering, numbers, node), node)


EXPRESSIONS: Mapping[type[ast.expr], Callable[[Lowering, ast.expr], Value]] = {
    ast.Constant: _constant,
    Known: _known,
    Argument: _argument,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Subscript: subscript,
    ast.Tuple: _tuple,
    Unset: is_unset,
    ast.Call: call,
}
