"""Lowers scalar expressions: names, operators, comparisons, conditionals."""

import ast
from collections.abc import Callable, Mapping

from spatial.ir.arithmetic import convert, unary
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.kernel.arrays import subscript
from spatial.kernel.calls import call
from spatial.kernel.errors import NoSuchOperation, TypeMismatch, UndefinedName, WrongUse
from spatial.kernel.lowering import Lowering
from spatial.kernel.operators import operate
from spatial.kernel.tables import table
from spatial.kernel.values import Array, Cell, Literal, Scalar, Value, Varying
from spatial.meta.plain import Argument, Known, Port
from spatial.types.arithmetic import Operator, UnaryOperator, common_type
from spatial.types.dtype import DType, bool_

__all__ = ["EXPRESSIONS"]

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
    assert isinstance(node, ast.Constant)
    return _known_value(lowering, node.value, node)


def _known(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, Known)
    return _known_value(lowering, node.value, node)


def _known_value(lowering: Lowering, value: object, node: ast.expr) -> Value:
    """A compile-time value as an operand."""
    if isinstance(value, bool | int | float):
        return Literal(value)
    if hasattr(value, "__array__"):
        return table(lowering, value, node)
    title = f"a compile-time value of type `{type(value).__name__}` is no operand of a running program"
    lowering.reject(WrongUse(title=title, span=lowering.spans(node), hint="numbers and NumPy arrays are"))


def _argument(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, Argument)
    return Varying(node.column, node.text, lowering.columns[node.column])


def _port(lowering: Lowering, node: ast.expr) -> Value:
    title = "a channel is no value: a kernel talks to it with `put` and `get`"
    lowering.reject(WrongUse(title=title, span=lowering.spans(node)))


def _name(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.Name)
    name = node.id
    if name not in lowering.names:
        later = lowering.assigned.get(name)
        similar = "" if later else lowering.similar(name)
        lowering.reject(UndefinedName(name=name, span=lowering.spans(node), similar=similar, later=later))
    match lowering.names[name]:
        case Cell(memory=memory, dtype=dtype):
            return Scalar(memref.load(memory, []), dtype)
        case Scalar() | Array() as value:
            return value
    lowering.give_up()


def _binary(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.BinOp)
    operator = BINARY.get(type(node.op))
    if operator is None:
        lowering.unsupported("`**`" if isinstance(node.op, ast.Pow) else "`@`", node, "write the multiplications out")
    return operate(lowering, operator, lowering.scalar(node.left), lowering.scalar(node.right), node)


def _unary(lowering: Lowering, node: ast.expr) -> Value:
    assert isinstance(node, ast.UnaryOp)
    value = lowering.scalar(node.operand)
    if isinstance(node.op, ast.UAdd):
        return value
    settled = lowering.settled(value, node.operand)
    made = unary(UNARY[type(node.op)], settled.value, settled.dtype)
    if made is None:
        operator = UNARY[type(node.op)].value
        lowering.reject(NoSuchOperation(operator=operator, types=(str(settled.dtype),), span=lowering.spans(node)))
    return Scalar(*made)


def _compare(lowering: Lowering, node: ast.expr) -> Value:
    """`a < b < c` compares each neighbouring pair; every operand is evaluated once, and all of them."""
    assert isinstance(node, ast.Compare)
    operands = [lowering.scalar(part) for part in (node.left, *node.comparators)]
    result: ir.Value | None = None
    for position, symbol in enumerate(node.ops):
        operator = COMPARISON.get(type(symbol))
        if operator is None:
            words = {ast.In: "`in`", ast.NotIn: "`not in`", ast.Is: "`is`", ast.IsNot: "`is not`"}
            lowering.unsupported(f"{words[type(symbol)]} on running values", node, "compare with `==`")
        made = operate(lowering, operator, operands[position], operands[position + 1], node)
        result = made.value if result is None else arith.andi(result, made.value)
    assert result is not None
    return Scalar(result, bool_)


def _boolean(lowering: Lowering, node: ast.expr) -> Value:
    """`and` and `or` evaluate what stands behind them only where it decides, as in Python; their value is a bool."""
    assert isinstance(node, ast.BoolOp)
    first, *rest = node.values
    result = lowering.truth(first)
    for part in rest:
        branch = scf.IfOp(result.value, [scalar_type(bool_)], has_else=True)
        decides, stands = branch.then_block, branch.else_block
        if isinstance(node.op, ast.Or):
            decides, stands = stands, decides
        with lowering.guarded(decides):
            scf.yield_([lowering.truth(part).value])
        with ir.InsertionPoint(stands):
            scf.yield_([result.value])
        result = Scalar(branch.results[0], bool_)
    return result


def _conditional(lowering: Lowering, node: ast.expr) -> Value:
    """`a if c else b`: only the chosen side is evaluated; the type is the smallest that holds both."""
    assert isinstance(node, ast.IfExp)
    sides = (node.body, node.orelse)
    condition = lowering.truth(node.test)
    untyped = scf.IfOp(condition.value, [], has_else=True)
    values = []
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


def _joined(lowering: Lowering, values: list[Scalar | Literal | Varying], node: ast.IfExp) -> DType:
    types = [value.dtype for value in values if isinstance(value, Scalar)]
    if not types:
        types = [lowering.settled(value, node).dtype for value in values]
    joined = common_type(types[0], types[-1])
    if joined is None:
        lowering.reject(TypeMismatch(given=str(types[0]), wanted=str(types[-1]), span=lowering.spans(node)))
    return joined


EXPRESSIONS: Mapping[type[ast.expr], Callable[[Lowering, ast.expr], Value]] = {
    ast.Constant: _constant,
    Known: _known,
    Argument: _argument,
    Port: _port,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Subscript: subscript,
    ast.Call: call,
}
