"""The operations on floats as terms.

A float of 16 or 8 bits that C++ has no type for is a `float` while it is computed with, and its bits in memory.
"""

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace

from spatial.ir.dialect import ToIntegerOp
from spatial.ir.mlir import arith, ir
from spatial.ir.mlir import math as mlir_math
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.integers import signed, unsigned
from spatial.lower.hls.emit.kinds import (
    BFLOAT16,
    DOUBLE,
    FLOAT,
    FLOAT8_E4M3FN,
    FLOAT8_E5M2,
    HALF,
    TRUTH,
    Point,
    Real,
    Whole,
)
from spatial.lower.hls.emit.terms import Level, Term, call, cast, infix, joined, parenthesized, prefix
from spatial.lower.hls.emit.types import of_storage

__all__ = ["REALS", "REAL_OPERATIONS", "bits_of_value", "kept", "loaded", "real_constant", "value_of_bits"]

Emit = Callable[[Body, ir.OpView], Term]
REALS: Mapping[str, Real] = {
    "f64": DOUBLE,
    "f32": FLOAT,
    "f16": HALF,
    "bf16": BFLOAT16,
    "f8E4M3FN": FLOAT8_E4M3FN,
    "f8E5M2": FLOAT8_E5M2,
}
ORDERED = {"OLT": "<", "OLE": "<=", "OGT": ">", "OGE": ">=", "OEQ": "==", "UNE": "!="}
WORD, EXACT = 64, 53  # bits of an integer that C++ converts, and that a double holds


def _kind(value: ir.Value) -> Real:
    return REALS[str(value.type)]


def real_constant(value: float, kind: Real) -> Term:
    """A float known now."""
    if math.isnan(value) or math.isinf(value):
        text = "NAN" if math.isnan(value) else "INFINITY" if value > 0 else "-INFINITY"
        return Term(text=f"{kind}({text})", kind=kind, simple=True)
    if kind == HALF:
        return Term(text=f"half({value!r})", kind=kind, simple=True)
    text = repr(value) if kind == DOUBLE else f"{_shortest(value)}f"
    level = Level.PREFIX if text.startswith("-") else Level.PRIMARY
    return Term(text=text, kind=kind, level=level, simple=True)


def _shortest(value: float) -> str:
    """The fewest digits that give a float32 back."""
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if _as_float32(float(text)) == value:
            return repr(float(text))
    return repr(value)


def _as_float32(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.inf


# Arithmetic


def _rounded(body: Body, double: Term, kind: Real) -> Term:
    """A double as a float of a kind, in one rounding."""
    if kind in (FLOAT, DOUBLE):
        return cast(double, kind)
    assert kind.format is not None
    body.helpers.add("narrowed")
    text = call(f"narrowed<{_format(kind)}>", double, kind=kind)
    return cast(replace(text, kind=FLOAT), HALF) if kind == HALF else text


def _format(kind: Real) -> str:
    assert kind.format is not None
    precision, exponent, finite = kind.format
    return f"{precision}, {exponent}, {'true' if finite else 'false'}"


def _widened(term: Term) -> Term:
    """The same number as a double."""
    return term if term.kind == DOUBLE else cast(replace(term, kind=FLOAT) if _is_narrow(term.kind) else term, DOUBLE)


def _is_narrow(kind: object) -> bool:
    return isinstance(kind, Real) and kind.format is not None and kind != HALF


def _binary(operator: str) -> Emit:
    def emit(body: Body, op: ir.OpView) -> Term:
        a, b = (body.use(operand) for operand in op.operands)
        kind = _kind(op.result)
        if operator == "*" and a.number is not None and a.kind == DOUBLE and b.text == repr(2.0**-a.unit):
            return Term(text=f"{parenthesized(a.number, Level.PRIMARY)}.to_double()", kind=DOUBLE, **joined(a))
        if _is_narrow(kind):
            return _rounded(body, infix(operator, _widened(a), b, DOUBLE), kind)
        if operator == "+" and b.simple and b.text.startswith("-"):
            return infix("-", a, replace(b, text=b.text[1:], level=Level.PRIMARY), kind)
        return infix(operator, a, b, kind)

    return emit


def _exact(name: str) -> Emit:
    """A function of floats that needs no rounding."""

    def emit(body: Body, op: ir.OpView) -> Term:
        body.headers.add("<cmath>")
        kind = _kind(op.result)
        terms = [body.use(operand) for operand in op.operands]
        if kind == HALF:
            return cast(call(name, *(cast(term, FLOAT) for term in terms), kind=FLOAT), HALF)
        return call(name, *terms, kind=kind)

    return emit


def _root(body: Body, op: ir.OpView) -> Term:
    body.headers.add("<cmath>")
    kind, term = _kind(op.result), body.use(op.operands[0])
    if kind in (FLOAT, DOUBLE):
        return call("std::sqrt", term, kind=kind)
    return _rounded(body, call("std::sqrt", _widened(term), kind=DOUBLE), kind)


def _extreme(name: str) -> Emit:
    def emit(body: Body, op: ir.OpView) -> Term:
        body.helpers.add(name)
        kind = _kind(op.result)
        return call(f"{name}<{kind}>", *(body.use(operand) for operand in op.operands), kind=kind)

    return emit


def _negated(body: Body, op: ir.OpView) -> Term:
    term, kind = body.use(op.operands[0]), _kind(op.result)
    if kind == HALF:
        return cast(prefix("-", cast(term, FLOAT), FLOAT), HALF)
    return prefix("-", term, kind)


def _compare(body: Body, op: arith.CmpFOp) -> Term:
    a, b = (body.use(operand) for operand in op.operands)
    name = arith.CmpFPredicate(op.attributes["predicate"].value).name
    if a.text == b.text and not a.effect:
        # The compiler warns of a comparison with itself.
        body.headers.add("<cmath>")
        wide = cast(a, FLOAT) if a.kind == HALF else a
        odd = call("std::isnan", wide, kind=TRUTH)
        return odd if name == "UNE" else prefix("!", odd, TRUTH, 0, 1) if name in ("OEQ", "OLE", "OGE") else _never()
    return infix(ORDERED[name], a, b, TRUTH, 0, 1)


def _never() -> Term:
    return Term(text="false", kind=TRUTH, simple=True)


# Conversions


def _resized(body: Body, op: ir.OpView) -> Term:
    term, kind = body.use(op.operands[0]), _kind(op.result)
    if isinstance(op, arith.ExtFOp):
        plain = replace(term, kind=FLOAT) if _is_narrow(term.kind) else term
        return plain if plain.kind == kind else cast(plain, kind)
    return _rounded(body, _widened(term), kind)


def _from_integer(*, sign: bool) -> Emit:
    read = signed if sign else unsigned

    def emit(body: Body, op: ir.OpView) -> Term:
        width, kind = int(op.operands[0].type.width), _kind(op.result)
        term = read(body.use(op.operands[0]), width)
        if width <= WORD and kind in (FLOAT, DOUBLE):
            made = cast(term, kind)
            exact = (
                kind == DOUBLE and width <= EXACT and term.number is not None and isinstance(term.number.kind, Point)
            )
            return replace(made, number=term.number, unit=term.unit) if exact else made
        if width <= EXACT:
            return _rounded(body, cast(term, DOUBLE), kind)
        name = "nearest_double" if kind == DOUBLE else "odd_double"
        body.helpers.add(name)
        whole = Whole(width=width, signed=sign)
        return _rounded(body, call(f"{name}<{width}>", cast(term, whole), kind=DOUBLE), kind)

    return emit


def _to_integer(body: Body, op: ToIntegerOp) -> Term:
    kind = Whole(width=int(op.result.type.width), signed=op.sign.value == "signed")
    body.helpers.add("to_integer")
    term = body.use(op.operand)
    return call(f"to_integer<{kind}>", cast(term, DOUBLE) if term.kind == HALF else term, kind=kind)


def _bitcast(body: Body, op: arith.BitcastOp) -> Term:
    term = body.use(op.operands[0])
    if isinstance(op.result.type, ir.FloatType):
        return value_of_bits(body, unsigned(term, _kind(op.result).bits), _kind(op.result))
    if isinstance(op.operands[0].type, ir.FloatType):
        return bits_of_value(body, term)
    return term


def value_of_bits(body: Body, bits: Term, kind: Real) -> Term:
    """The float that has these bits."""
    if kind in (FLOAT, DOUBLE):
        name = "float_of_bits" if kind == FLOAT else "double_of_bits"
        body.helpers.add(name)
        return call(name, bits, kind=kind)
    body.helpers.add("narrow_value")
    value = call(f"narrow_value<{_format(kind)}>", bits, kind=kind)
    return cast(replace(value, kind=FLOAT), HALF) if kind == HALF else value


def bits_of_value(body: Body, term: Term) -> Term:
    """The bits of a float; every NaN has the same ones."""
    kind = term.kind
    assert isinstance(kind, Real)
    whole = Whole(width=kind.bits, signed=False)
    if kind in (FLOAT, DOUBLE):
        name = "bits_of_float" if kind == FLOAT else "bits_of_double"
        body.helpers.add(name)
        return call(name, term, kind=whole)
    body.helpers.add("narrow_bits")
    return call(f"narrow_bits<{_format(kind)}>", cast(term, FLOAT) if kind == HALF else term, kind=whole)


def loaded(body: Body, text: Term, kind: Real) -> Term:
    """What an element in memory is worth: floats that C++ has no type for lie there as bits."""
    return value_of_bits(body, replace(text, kind=of_storage(kind)), kind) if _is_narrow(kind) else text


def kept(body: Body, term: Term) -> Term:
    """What is written to memory."""
    return bits_of_value(body, term) if _is_narrow(term.kind) else term


REAL_OPERATIONS: Mapping[type, Emit] = {
    arith.AddFOp: _binary("+"),
    arith.SubFOp: _binary("-"),
    arith.MulFOp: _binary("*"),
    arith.DivFOp: _binary("/"),
    arith.RemFOp: _exact("std::fmod"),
    arith.NegFOp: _negated,
    arith.MinimumFOp: _extreme("minimum"),
    arith.MaximumFOp: _extreme("maximum"),
    arith.CmpFOp: _compare,
    arith.ExtFOp: _resized,
    arith.TruncFOp: _resized,
    arith.SIToFPOp: _from_integer(sign=True),
    arith.UIToFPOp: _from_integer(sign=False),
    arith.BitcastOp: _bitcast,
    mlir_math.SqrtOp: _root,
    mlir_math.AbsFOp: _exact("std::fabs"),
    mlir_math.FloorOp: _exact("std::floor"),
    mlir_math.CopySignOp: _exact("std::copysign"),
    ToIntegerOp: _to_integer,
}
