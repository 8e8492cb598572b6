"""Applies operators to numbers, or element by element to arrays."""

import ast
from collections.abc import Sequence

from spatial.ir.arithmetic import convert, unary
from spatial.ir.mlir import arith
from spatial.kernel.arrays.tensor import lift
from spatial.kernel.errors import NoSuchOperation, WrongUse
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.operators import WIDEST, Operand, operate
from spatial.kernel.lower.values import Literal, Number, Scalar, Single
from spatial.meta.plain import written
from spatial.types.arithmetic import Operator, UnaryOperator, common_type
from spatial.types.conversion import fits
from spatial.types.dtype import DType, Int, Struct, UInt, bool_, int32, is_float

__all__ = ["GREATEST_POWER", "binary", "cast", "joined_type", "power", "select", "unary_operator"]

GREATEST_POWER = 64


def binary(
    lowering: Lowering, operator: Operator, values: Sequence[Single], parts: Sequence[ast.AST], node: ast.AST
) -> Single:
    """`left operator right`, where `parts` are what the user wrote for the two."""

    def compute(numbers: Sequence[Number]) -> Scalar:
        left, right = (Operand(number, part) for number, part in zip(numbers, parts, strict=True))
        return operate(lowering, operator, left, right, node)

    return lift(lowering, values, node, compute)


def unary_operator(lowering: Lowering, operator: UnaryOperator, value: Single, part: ast.AST, node: ast.AST) -> Single:
    """`operator value`."""

    def compute(numbers: Sequence[Number]) -> Scalar:
        settled = lowering.settled(numbers[0], part)
        made = unary(operator, settled.value, settled.dtype)
        if made is None:
            types, span = (str(settled.dtype),), lowering.spans(node)
            hint = "cast to an integer first, as in `int32(x)`" if is_float(settled.dtype) else ""
            hint = "compute with its fields, as in `p.x`" if isinstance(settled.dtype, Struct) else hint
            raise lowering.rejected(NoSuchOperation(operator=operator.value, types=types, span=span, hint=hint))
        return Scalar(*made)

    return lift(lowering, [value], node, compute)


def cast(lowering: Lowering, value: Single, dtype: DType, node: ast.AST) -> Single:
    """`dtype(value)`."""
    return lift(lowering, [value], node, lambda numbers: lowering.typed(numbers[0], dtype, node, cast=True))


def select(lowering: Lowering, values: Sequence[Single], parts: Sequence[ast.AST], node: ast.AST) -> Single:
    """`where(condition, a, b)`: both sides are evaluated; the type is the smallest that holds both."""

    def compute(numbers: Sequence[Number]) -> Scalar:
        condition = lowering.settled(numbers[0], parts[0])
        truth = convert(condition.value, condition.dtype, bool_)
        dtype = joined_type(lowering, numbers[1:], node)
        sides = zip(numbers[1:], parts[1:], strict=True)
        yes, no = (lowering.typed(side, dtype, part).value for side, part in sides)
        return Scalar(arith.select(truth, yes, no), dtype)

    return lift(lowering, values, node, compute)


def joined_type(lowering: Lowering, numbers: Sequence[Number], node: ast.AST) -> DType:
    """The smallest type that holds both of two numbers; a literal takes its partner's.

    Two literals are as when alone, or as wide as they need.
    """
    types = [number.dtype for number in numbers if isinstance(number, Scalar)]
    if not types:
        types = _wide(numbers) or [lowering.settled(number, node).dtype for number in numbers]
    joined = common_type(types[0], types[-1])
    if joined is None:
        given = (str(types[0]), str(types[-1]))
        what = "needs a type that holds both sides, which would have more than 1024 bits"
        if isinstance(types[0], Struct) or isinstance(types[-1], Struct):
            what = "needs a type that holds both sides, and there is none"
        problem = NoSuchOperation(operator="if else", types=given, span=lowering.spans(node), what=what)
        raise lowering.rejected(problem)
    return joined


def _wide(numbers: Sequence[Number]) -> list[DType]:
    """The type of integers that an `int32` does not hold; empty where it holds them."""
    known = [number.value for number in numbers if isinstance(number, Literal) and isinstance(number.value, int)]
    if len(known) < len(numbers) or all(fits(value, int32) for value in known):
        return []
    bits = max(value.bit_length() for value in known)
    if bits >= WIDEST:
        return []
    return [Int(bits + 1) if min(known) < 0 else UInt(bits)]


def power(lowering: Lowering, value: Single, exponent: Single, parts: Sequence[ast.AST], node: ast.AST) -> Single:
    """`value ** n` for a constant integer: multiplications, by repeated squaring."""
    if not isinstance(exponent, Literal) or type(exponent.value) is not int or not 0 < exponent.value <= GREATEST_POWER:
        title = f"an exponent is a constant integer from 1 to {GREATEST_POWER}"
        hint = "roots are `sp.sqrt(x)`, other powers of positive numbers `sp.exp(y * sp.log(x))`"
        if isinstance(value, Literal) and value.value == 2 and written(parts[1]).isidentifier():
            hint = f"write `1 << {written(parts[1])}`"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(parts[1]), hint=hint))
    count = exponent.value

    def compute(numbers: Sequence[Number]) -> Scalar:
        square, result = lowering.settled(numbers[0], parts[0]), None
        for bit in range(count.bit_length()):
            if bit:
                square = _product(lowering, square, square, node)
            if count >> bit & 1:
                result = square if result is None else _product(lowering, result, square, node)
        assert result is not None, "the exponent is not zero"
        return result

    return lift(lowering, [value], node, compute)


def _product(lowering: Lowering, a: Scalar, b: Scalar, node: ast.AST) -> Scalar:
    return operate(lowering, Operator.MUL, Operand(a, node), Operand(b, node), node)
