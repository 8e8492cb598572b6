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
from spatial.types.bits import from_bits, to_bits
from spatial.types.conversion import fits
from spatial.types.dtype import (
    Bool,
    DType,
    Fixed,
    Float,
    Index,
    Int,
    Struct,
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


def random_struct(draw: random.Random, name: str) -> Struct:
    """One to four fields, of which one may be a struct itself."""
    fields = [(f"f{n}", random_dtype(draw)) for n in range(draw.randint(1, 4))]
    if draw.random() < 0.3:
        fields[0] = ("f0", Struct(f"{name}_inner", (("g0", random_dtype(draw)), ("g1", random_dtype(draw)))))
    return Struct(name, tuple(fields))


def random_value(draw: random.Random, dtype: DType) -> Value:
    """Often a limit of the type; a struct of such values."""
    if isinstance(dtype, Struct):
        return joined([(random_value(draw, field), field) for _, field in dtype.fields])
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


def joined(parts: Sequence[tuple[Value, DType]]) -> int:
    """One word of the bits of all values, the first lowest."""
    word, offset = 0, 0
    for value, dtype in parts:
        word |= to_bits(value, dtype) << offset
        offset += dtype.bits
    return word


def fields_of(whole: Expression) -> list[Expression]:
    """The fields of a struct that are no structs, also those of the structs in it."""
    assert isinstance(whole.dtype, Struct)
    found: list[Expression] = []
    for name, dtype in whole.dtype.fields:
        part = Expression(f"{whole.text}.{name}", dtype, _bits_from(whole, whole.dtype.place(name)[0], dtype))
        found += fields_of(part) if isinstance(dtype, Struct) else [part]
    return found


def _bits_from(a: Expression, start: int, dtype: DType) -> Callable[[Row], Value]:
    """The value of some bits, read as a type."""
    return lambda row: from_bits(to_bits(a.value(row), a.dtype) >> start & (1 << dtype.bits) - 1, dtype)


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
    if kind < 0.35:
        return _binary(draw.choice(list(Operator)), *draw.sample([a, b], 2))
    if kind < 0.42:
        return _with_literal(draw, a)
    if kind < 0.48:
        return _unary(draw.choice(list(UnaryOperator)), a)
    if kind < 0.56:
        return _cast(a, random_dtype(draw), names)
    if kind < 0.62:
        return _shift(a, draw.choice([Operator.SHL, Operator.SHR]), draw.randint(0, 9))
    if kind < 0.66:
        return _boolean(draw.choice(["and", "or"]), a, b)
    if kind < 0.72:
        return _ternary(a, b, c)
    if kind < 0.75:
        return _where(a, b, c)
    if kind < 0.84:
        return _slice(draw, a)
    if kind < 0.88:
        return _running_slice(draw, a, b)
    if kind < 0.92:
        return _bitcast(draw, a, names)
    if kind < 0.96:
        return _pack(draw, [a, b, c])
    return _struct(draw, [a, b, c], names)


def _is_sliced(a: Expression) -> bool:
    """Whether a value has bits that a subscript names."""
    return isinstance(a.dtype, Int | UInt | Fixed | Index)


def _slice(draw: random.Random, a: Expression) -> Expression | None:
    """One bit, or some; counted from the end at times."""
    if not _is_sliced(a):
        return None
    low = draw.randrange(a.dtype.bits)
    high = draw.randint(low + 1, a.dtype.bits)
    if draw.random() < 0.3:
        place = low - a.dtype.bits * draw.randint(0, 1)
        return Expression(f"{a.text}[{place}]", bool_, _bits_from(a, low, bool_))
    text = f"{a.text}[{draw.choice([low, low - a.dtype.bits])}:{high if high < a.dtype.bits else ''}]"
    return Expression(text, UInt(high - low), _bits_from(a, low, UInt(high - low)))


def _running_slice(draw: random.Random, a: Expression, b: Expression) -> Expression | None:
    """Some bits from one of four places on, which the other operand says."""
    if not _is_sliced(a) or not _is_sliced(b) or a.dtype.bits < 4 or b.dtype.bits < 2:
        return None
    if re.search(r"\w\(", b.text):  # a call may have another value where it is written again
        return None
    width = draw.randint(1, a.dtype.bits - 3)
    start = f"{b.text}[0:2]"
    text = f"{a.text}[{start}:{start} + {width}]" if draw.random() < 0.7 else f"{a.text}[{start}]"
    dtype: DType = UInt(width) if text.endswith(f"+ {width}]") else bool_

    def value(row: Row) -> Value:
        return _bits_from(a, to_bits(b.value(row), b.dtype) & 3, dtype)(row)

    return Expression(text, dtype, value)


def _bitcast(draw: random.Random, a: Expression, names: dict[str, object]) -> Expression:
    bits = a.dtype.bits
    wanted = [Int(bits), UInt(bits), Fixed(bits, draw.randint(-3, 12)), *(kind for kind in FLOATS if kind.bits == bits)]
    dtype = draw.choice(wanted)
    return Expression(f"sp.bitcast({a.text}, {_named(dtype, names)})", dtype, _bits_from(a, 0, dtype))


def _pack(draw: random.Random, parts: Sequence[Expression]) -> Expression | None:
    total = sum(part.dtype.bits for part in parts)
    if total > WIDEST:
        return None
    text = f"sp.pack({', '.join(part.text for part in parts)})"
    return Expression(text, UInt(total), lambda row: joined([(part.value(row), part.dtype) for part in parts]))


def _struct(draw: random.Random, parts: Sequence[Expression], names: dict[str, object]) -> Expression | None:
    """A field of a struct that is made of values, or whether two structs are equal."""
    if sum(part.dtype.bits for part in parts) > WIDEST:
        return None
    struct = Struct(f"S{len(names)}", tuple((f"f{n}", part.dtype) for n, part in enumerate(parts)))
    names[struct.name] = struct

    def made(order: Sequence[Expression]) -> Callable[[Row], Value]:
        return lambda row: joined([(part.value(row), part.dtype) for part in order])

    def spelled(order: Sequence[Expression]) -> str:
        given = [f"f{n}={part.text}" if n else part.text for n, part in enumerate(order)]
        return f"{struct.name}({', '.join(given)})"

    whole = Expression(spelled(parts), struct, made(parts))
    alike = [*parts[:-1], next((part for part in parts if part.dtype == parts[-1].dtype), parts[-1])]
    other = Expression(spelled(alike), struct, made(alike))
    match draw.randint(0, 3):
        case 0:
            pairs = list(zip(parts, alike, strict=True))
            text = f"({whole.text} == {other.text})"
            return Expression(text, bool_, lambda row: int(all(one.value(row) == two.value(row) for one, two in pairs)))
        case 1 if (choice := _ternary(whole, other, parts[0])) is not None:
            return draw.choice(fields_of(choice))
    return draw.choice(fields_of(whole))


def _where(a: Expression, b: Expression, c: Expression) -> Expression | None:
    made = _ternary(a, b, c)
    if made is None:
        return None

    def value(row: Row) -> Value:
        """Both sides are computed, so neither may divide by zero."""
        return (a.value(row), b.value(row), made.value(row))[-1]

    return Expression(f"sp.where({c.text}, {a.text}, {b.text})", made.dtype, value)


def _with_literal(draw: random.Random, a: Expression) -> Expression | None:
    """A number without a type takes that of the other operand."""
    number = draw.choice([0, 1, 2, 3, -1, -5, 100, 0.5, 1.75, -2.0, True])
    operator = draw.choice([op for op in Operator if op not in (Operator.SHL, Operator.SHR)])
    rule = signature(operator, a.dtype, a.dtype)
    if rule is None or rule.working.bits > WIDEST or not fits(number, a.dtype):
        return None
    known = convert(number, float64 if isinstance(number, float) else Int(32), a.dtype)
    name, left = NAMES.get(operator), draw.random() < 0.5
    first, second = (a.text, str(number)) if left else (str(number), a.text)
    text = f"{name}({first}, {second})" if name else f"({first} {operator.value} {second})"

    def value(row: Row) -> Value:
        pair = (a.value(row), known) if left else (known, a.value(row))
        return apply(operator, a.dtype, pair[0], a.dtype, pair[1])

    return Expression(text, rule.result, value)


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
    text = f"{_named(dtype, names)}({a.text})"
    return Expression(text, dtype, lambda row: convert(a.value(row), a.dtype, dtype))


def _named(dtype: DType, names: dict[str, object]) -> str:
    """What a type is called in the text."""
    if isinstance(dtype, Bool):
        return "bool"
    name = re.sub(r"\W+", "_", str(dtype).replace("-", "minus"))
    names[name] = dtype
    return name


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
