"""Lowers scalar expressions: names, operators, comparisons, conditionals."""

import ast
import functools
from collections.abc import Callable, Mapping

from spatial.ir.arithmetic import convert, unary
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.kernel.arrays import subscript
from spatial.kernel.calls import call
from spatial.kernel.errors import NoSuchOperation, TypeMismatch, WrongUse
from spatial.kernel.lowering import Lowering, Rejected
from spatial.kernel.operators import Operand, operate
from spatial.kernel.tables import table
from spatial.kernel.values import Array, Cell, Literal, Number, Scalar, Tuple, Value, Varying, View
from spatial.meta.errors import UndefinedName
from spatial.meta.fingerprint import plain_number
from spatial.meta.plain import Argument, Known
from spatial.meta.trace import FAILED
from spatial.stream.stream import ChannelRef, Stream
from spatial.types.arithmetic import Operator, UnaryOperator, common_type
from spatial.types.dtype import DType, as_dtype, bool_, is_float

__all__ = ["EXPRESSIONS", "operator_of"]

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
    if hasattr(value, "__array__"):
        return table(lowering, value, node)
    kind = type(value).__name__
    title, hint = f"a value of type `{kind}` is no number", "a kernel computes with numbers and NumPy arrays"
    if isinstance(value, list | tuple):
        hint = "make it a table that a kernel can index: `np.array(...)`"
    if isinstance(value, Stream | ChannelRef):
        title, hint = "a stream is no number", "take a token from it: `x = fifo.get()`"
    elif as_dtype(value) is not None or isinstance(value, type):
        title, hint = f"`{getattr(value, '__name__', value)}` is a type, not a number", ""
    raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))


def _argument(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, Argument), BY_TABLE
    return Varying(node.column, node.text, lowering.columns[node.column])


def _name(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.Name), BY_TABLE
    name = node.id
    if name not in lowering.names:
        raise lowering.undefined(node)
    bound = lowering.names[name]
    if bound is None:
        raise Rejected
    if not isinstance(bound, Scalar) and name not in lowering.definite and name not in lowering.parameters:
        raise _unassigned(lowering, node, bound)
    return Scalar(memref.load(bound.memory, []), bound.dtype) if isinstance(bound, Cell) else bound


def _unassigned(lowering: Lowering, node: ast.Name, bound: Cell | Array) -> Rejected:
    """A local that some way through the kernel leaves without a value."""
    type_ = bound.dtype if isinstance(bound, Cell) else bound.type
    hint = f"give it one first: `{node.id}: {type_} = 0`"
    told = "declared without one" if node.id in lowering.bare else "only given one here"
    why = "may be used before it has a value"
    span = lowering.spans(node)
    return lowering.rejected(UndefinedName(name=node.id, span=span, why=why, place=bound.span, told=told, hint=hint))


def _tuple(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.Tuple), BY_TABLE
    return Tuple(tuple(lowering.expression(part) for part in node.elts))


def _attribute(lowering: Lowering, node: ast.expr) -> Value:
    """No running value has attributes; but what stands in front of the dot may be wrong itself."""
    assert isinstance(node, ast.Attribute), BY_TABLE
    value = lowering.expression(node.value)
    hint = "use the numbers that the array is declared with" if isinstance(value, Array | View) else ""
    raise lowering.unsupported(f"the attribute `{node.attr}` of a running value", node, hint)


def _binary(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.BinOp), BY_TABLE
    operator = operator_of(lowering, node.op, node)
    left, right = Operand(lowering.scalar(node.left), node.left), Operand(lowering.scalar(node.right), node.right)
    return operate(lowering, operator, left, right, node)


def operator_of(lowering: Lowering, op: ast.operator, node: ast.AST) -> Operator:
    """The table's operator; gives the statement up for one that is not in the language."""
    if (operator := BINARY.get(type(op))) is None:
        what = "`**` on running values" if isinstance(op, ast.Pow) else "`@` on running values"
        raise lowering.unsupported(what, node, "write the multiplications out")
    return operator


def _unary(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.UnaryOp), BY_TABLE
    value = lowering.scalar(node.operand)
    if isinstance(node.op, ast.UAdd):
        return value
    operator, settled = UNARY[type(node.op)], lowering.settled(value, node.operand)
    made = unary(operator, settled.value, settled.dtype)
    if made is None:
        types, span = (str(settled.dtype),), lowering.spans(node)
        hint = "cast to an integer first, as in `int32(x)`" if is_float(settled.dtype) else ""
        raise lowering.rejected(NoSuchOperation(operator=operator.value, types=types, span=span, hint=hint))
    return Scalar(*made)


def _compare(lowering: Lowering, node: ast.expr) -> Value:
    """`a < b < c` compares each neighbouring pair; every operand is evaluated once, and all of them."""
    assert isinstance(node, ast.Compare), BY_TABLE
    for symbol in node.ops:
        if type(symbol) not in COMPARISON:
            words = {ast.In: "`in`", ast.NotIn: "`not in`", ast.Is: "`is`", ast.IsNot: "`is not`"}
            raise lowering.unsupported(f"{words[type(symbol)]} on running values", node, "compare with `==` and `or`")
    operands = [Operand(lowering.scalar(part), part) for part in (node.left, *node.comparators)]
    pairs = zip(node.ops, operands, operands[1:], strict=False)
    outcomes = [operate(lowering, COMPARISON[type(op)], left, right, node).value for op, left, right in pairs]
    return Scalar(functools.reduce(arith.andi, outcomes), bool_)


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
    values: list[Number] = []
    for side, block in zip(sides, (untyped.then_block, untyped.else_block), strict=True):
        with lowering.guarded(block):
            values.append(lowering.scalar(side))
    dtype = _joined(lowering, values, node)
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


def _joined(lowering: Lowering, values: list[Number], node: ast.IfExp) -> DType:
    types = [value.dtype for value in values if isinstance(value, Scalar)]
    if not types:
        types = [lowering.settled(value, node).dtype for value in values]
    joined = common_type(types[0], types[-1])
    if joined is None:
        given = (str(types[0]), str(types[-1]))
        what = "needs a type that holds both sides, which would have more than 1024 bits"
        problem = NoSuchOperation(operator="if else", types=given, span=lowering.spans(node), what=what)
        raise lowering.rejected(problem)
    return joined


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
    ast.Call: call,
}
