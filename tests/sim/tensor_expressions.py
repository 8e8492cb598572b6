"""Random well-typed tensor expressions, with their values by the one table of arithmetic."""

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spatial.types.arithmetic import (
    Operator,
    UnaryOperator,
    Value,
    apply,
    apply_unary,
    common_type,
    convert,
    signature,
    unary_signature,
)
from spatial.types.dtype import DType, Int, UInt, bool_, float16, float32, float64, int8, int16, is_float, uint8

LEAVES = (int8, int16, uint8, Int(5), UInt(3), float16, float32, float64)
BINARY = (Operator.ADD, Operator.SUB, Operator.MUL, Operator.LT, Operator.EQ)
BITWISE = (Operator.AND, Operator.OR, Operator.XOR)
WIDEST = 200
Objects = np.ndarray[tuple[int, ...], np.dtype[np.object_]]


@dataclass(frozen=True)
class Expression:
    """An expression's text, type and value, whose elements are Python numbers."""

    text: str
    dtype: DType
    value: Objects


def mapped(function: Callable[..., Value], *arrays: Objects) -> Objects:
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    result = np.empty(shape, object)
    for at, *values in zip(np.ndindex(shape), *(np.broadcast_to(array, shape).flat for array in arrays), strict=True):
        result[at] = function(*values)
    return result


def joined(op: Operator, a: Expression, b: Expression, text: str) -> Expression | None:
    rule = signature(op, a.dtype, b.dtype)
    if rule is None or rule.result.bits > WIDEST:
        return None
    value = mapped(lambda x, y: apply(op, a.dtype, x, b.dtype, y), a.value, b.value)
    return Expression(text, rule.result, value)


def folded(a: Expression, axis: int | None, text: str, *, op: Operator) -> Expression:
    """A reduction in the order of the indices."""
    rows = a.value.reshape(1, -1) if axis is None else np.moveaxis(a.value, axis, -1)
    dtype = UInt(1) if a.dtype == bool_ and op is Operator.ADD else a.dtype
    for _ in range((rows.shape[-1] - 1).bit_length() if op is Operator.ADD else 0):
        rule = signature(Operator.ADD, dtype, dtype)
        assert rule is not None
        dtype = rule.result

    def total(row: Objects) -> Value:
        values = [convert(x, a.dtype, dtype) for x in row]
        rule = signature(op, dtype, dtype)
        assert rule is not None
        return functools.reduce(lambda x, y: convert(apply(op, dtype, x, dtype, y), rule.result, dtype), values)

    result = np.empty(rows.shape[:-1], object)
    for at in np.ndindex(result.shape):
        result[at] = total(rows[at])
    return Expression(text, dtype, result if axis is not None else result.reshape(()))


def product(a: Expression, b: Expression, text: str) -> Expression | None:
    """`a @ b` of matrices: all products, then their sums in order."""
    left = Expression("", a.dtype, a.value[:, None, :])
    right = Expression("", b.dtype, b.value.T[None, :, :])
    products = joined(Operator.MUL, left, right, "")
    return products and folded(products, 2, text, op=Operator.ADD)


def leaves(draw: random.Random, value: Callable[[random.Random, DType], Value]) -> list[Expression]:
    shapes = [(3, 4), (4, 3), (4,), (3, 1), (4, 4), (1, 4), (3, 4), (3, 3)]
    found = []
    for number, shape in enumerate(shapes):
        dtype = draw.choice(LEAVES)
        array = np.empty(shape, object)
        for at in np.ndindex(shape):
            array[at] = value(draw, dtype)
        found.append(Expression(f"x{number}", dtype, array))
    return found


def random_expression(draw: random.Random, found: list[Expression]) -> Expression | None:
    """An expression of what was found so far, or None if what was drawn is no expression."""
    a, b, c = (draw.choice(found) for _ in range(3))
    try:
        np.broadcast_shapes(a.value.shape, b.value.shape)
        fits = True
    except ValueError:
        fits = False
    match draw.randrange(11):
        case 0 | 1 | 2 if fits:
            op = draw.choice(BINARY if is_float(a.dtype) or is_float(b.dtype) else (*BINARY, *BITWISE))
            return joined(op, a, b, f"({a.text} {op.value} {b.text})")
        case 3 if fits:
            op, word = draw.choice([(Operator.MAX, "sp.maximum"), (Operator.MIN, "np.minimum")])
            return joined(op, a, b, f"{word}({a.text}, {b.text})")
        case 4 if a.dtype.bits < WIDEST:
            rule = unary_signature(UnaryOperator.NEG, a.dtype)
            assert rule is not None
            value = mapped(lambda x: apply_unary(UnaryOperator.NEG, a.dtype, x), a.value)
            return Expression(f"(-{a.text})", rule.result, value)
        case 5:
            folds = "@" in a.text or "sum" in a.text  # whose totals would have the type of the cast
            dtype = draw.choice((int8, int16) if folds else (int8, int16, float32, float64))
            return Expression(f"{dtype}({a.text})", dtype, mapped(lambda x: convert(x, a.dtype, dtype), a.value))
        case 6 if a.value.ndim == 2 and draw.random() < 0.5:
            return Expression(f"{a.text}.T", a.dtype, a.value.T)
        case 6 if a.value.size == 12:
            return Expression(f"{a.text}.reshape(2, 6)[:, 0:4]", a.dtype, a.value.reshape(2, 6)[:, 0:4])
        case 7 | 8 if a.value.ndim and a.dtype.bits < WIDEST - 8:
            axis = draw.choice([None, *range(a.value.ndim)])
            word, op = draw.choice([("sum", Operator.ADD), ("max", Operator.MAX), ("min", Operator.MIN)])
            return folded(a, axis, f"sp.{word}({a.text}, axis={axis})", op=op)
        case 9 if a.value.ndim == b.value.ndim == 2 and a.value.shape[1] == b.value.shape[0]:
            return product(a, b, f"({a.text} @ {b.text})") if a.dtype.bits + b.dtype.bits < WIDEST else None
        case 10 if fits and c.value.shape == a.value.shape and (dtype := common_type(a.dtype, b.dtype)):
            truth = mapped(lambda x: int(x > 0), c.value)
            value = mapped(
                lambda t, x, y: convert(x, a.dtype, dtype) if t else convert(y, b.dtype, dtype), truth, a.value, b.value
            )
            return Expression(f"sp.where({c.text} > 0, {a.text}, {b.text})", dtype, value)
    return None
