"""Random typed expressions: their text in a kernel, and their value by the one table of arithmetic."""

import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
from spatial.types.dtype import (
    Bool,
    DType,
    Float,
    Int,
    UInt,
    bfloat16,
    bool_,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
    index,
    is_signed,
)
from spatial.types.rounding import limits, round_to
from tests.types.oracle import random_type as random_fixed

FLOATS = (float8_e4m3fn, float8_e5m2, float16, bfloat16, float32, float64)
NAMES = {Operator.MIN: "min", Operator.MAX: "max"}
WIDEST = 400  # bits beyond which expressions are not made wider

Row = Sequence[Value]


@dataclass(frozen=True)
class Expression:
    """`value` computes it from a row of operands."""

    text: str
    dtype: DType
    value: Callable[[Row], Value]


def random_dtype(draw: random.Random) -> DType:
    kind = draw.random()
    if kind < 0.25:
        return draw.choice(FLOATS)
    if kind < 0.33:
        return draw.choice([bool_, index])
    if kind < 0.5:
        return random_fixed(draw)
    width = draw.choice([1, 2, 4, 7, 8, 16, 31, 32, 33, 63, 64, 65, draw.randint(1, 70)])
    return draw.choice([Int, UInt])(width)


def random_value(draw: random.Random, dtype: DType) -> Value:
    """Often a limit of the type."""
    if isinstance(dtype, Float):
        special = [0.0, -0.0, 1.0, -1.5, math.inf, -math.inf, math.nan, 65504.0, 2.0**-140, 3e38, 0.1]
        return round_to(
            dtype, draw.choice(special) if draw.random() < 0.4 else draw.gauss(0, 10 ** draw.randint(-2, 6))
        )
    least, greatest = limits(dtype.bits, is_signed(dtype))
    if draw.random() < 0.4:
        return draw.choice([least, greatest, min(greatest, 1), max(least, -1), 0])
    return (
        draw.randint(max(least, -1000), min(greatest, 1000)) if draw.random() < 0.5 else draw.randint(least, greatest)
    )


def operands(dtypes: Sequence[DType]) -> list[Expression]:
    """The arrays' elements: `x0[k]`, `x1[k]`, ..."""
    return [
        Expression(f"x{n}[k]", dtype, lambda row, n=n: row[n])  # type: ignore[misc]
        for n, dtype in enumerate(dtypes)
    ]


def random_expression(draw: random.Random, leaves: Sequence[Expression], names: dict[str, object]) -> Expression:
    """Up to three levels of operators; `names` takes the types that its casts are written with."""
    level = list(leaves)
    made = draw.choice(level)
    for _ in range(draw.randint(1, 3)):
        made = _step(draw, made, draw.choice(level), draw.choice(level), names) or made
        level.append(made)
    return made


def _step(
    draw: random.Random, a: Expression, b: Expression, c: Expression, names: dict[str, object]
) -> Expression | None:
    kind = draw.random()
    if kind < 0.6:
        return _binary(draw.choice(list(Operator)), *draw.sample([a, b], 2))
    if kind < 0.7:
        return _unary(draw.choice(list(UnaryOperator)), a)
    if kind < 0.8:
        return _cast(a, random_dtype(draw), names)
    if kind < 0.87:
        return _shift(a, draw.choice([Operator.SHL, Operator.SHR]), draw.randint(0, 9))
    if kind < 0.93:
        return _boolean(draw.choice(["and", "or"]), a, b)
    return _ternary(a, b, c)


def _binary(operator: Operator, a: Expression, b: Expression) -> Expression | None:
    rule = signature(operator, a.dtype, b.dtype)
    if rule is None or rule.working.bits > WIDEST:
        return None
    name = NAMES.get(operator)
    text = f"{name}({a.text}, {b.text})" if name else f"({a.text} {operator.value} {b.text})"
    return Expression(text, rule.result, lambda row: apply(operator, a.dtype, a.value(row), b.dtype, b.value(row)))


def _shift(a: Expression, operator: Operator, amount: int) -> Expression | None:
    """By a literal: `<<` widens by it."""
    rule = signature(operator, a.dtype, Int(32), amount)
    if rule is None:
        return None
    text = f"({a.text} {operator.value} {amount})"
    return Expression(text, rule.result, lambda row: apply(operator, a.dtype, a.value(row), Int(32), amount, amount))


def _unary(operator: UnaryOperator, a: Expression) -> Expression | None:
    rule = unary_signature(operator, a.dtype)
    if rule is None:
        return None
    text = f"abs({a.text})" if operator is UnaryOperator.ABS else f"({operator.value} {a.text})"
    return Expression(text, rule.result, lambda row: apply_unary(operator, a.dtype, a.value(row)))


def _cast(a: Expression, dtype: DType, names: dict[str, object]) -> Expression:
    name = "bool" if isinstance(dtype, Bool) else re.sub(r"\W+", "_", str(dtype).replace("-", "minus"))
    if name != "bool":
        names[name] = dtype
    return Expression(f"{name}({a.text})", dtype, lambda row: convert(a.value(row), a.dtype, dtype))


def _boolean(word: str, a: Expression, b: Expression) -> Expression:
    """Python's own rule: what stands behind is evaluated only where it decides. The parts are bools."""
    left, right = (part.text if isinstance(part.dtype, Bool) else f"bool({part.text})" for part in (a, b))
    if word == "and":
        return Expression(f"({left} and {right})", bool_, lambda row: int(a.value(row) != 0 and b.value(row) != 0))
    return Expression(f"({left} or {right})", bool_, lambda row: int(a.value(row) != 0 or b.value(row) != 0))


def _ternary(a: Expression, b: Expression, c: Expression) -> Expression | None:
    joined = common_type(a.dtype, b.dtype)
    if joined is None:
        return None

    def value(row: Row) -> Value:
        chosen = a if c.value(row) != 0 else b
        return convert(chosen.value(row), chosen.dtype, joined)

    return Expression(f"({a.text} if {c.text} else {b.text})", joined, value)
