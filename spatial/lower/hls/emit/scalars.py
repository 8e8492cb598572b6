"""The scalar operations of a function as terms."""

from collections.abc import Callable, Mapping, Sequence

from spatial.ir.dialect import BitOp, WithinOp
from spatial.ir.mlir import arith, ir
from spatial.ir.mlir import math as mlir_math
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.integers import (
    bitwise,
    chosen,
    compared,
    difference,
    divided,
    product,
    shifted_left,
    shifted_right,
    signed,
    sum_of,
    truth,
    unsigned,
)
from spatial.lower.hls.emit.kinds import INT, Kind, Native, Truth, Whole
from spatial.lower.hls.emit.points import absolute_number, called_number
from spatial.lower.hls.emit.reals import REAL_OPERATIONS, REALS, bits_of_value, real_constant
from spatial.lower.hls.emit.terms import Term, call, cast, literal, narrowest, ternary

__all__ = ["IDIOMS", "SCALARS", "integer_of", "width_of"]

Emit = Callable[[Body, ir.OpView], Term]
INDEX_BITS = 64


def width_of(kind: ir.Type) -> int:
    """The bits of an integer or an index."""
    return INDEX_BITS if isinstance(kind, ir.IndexType) else int(kind.width)


def _constant(body: Body, op: arith.ConstantOp) -> Term:
    kind = op.result.type
    if isinstance(kind, ir.FloatType):
        return real_constant(op.attributes["value"].value, REALS[str(kind)])
    value = integer_of(op)
    return truth(literal(value)) if width_of(kind) == 1 else literal(value)


def integer_of(op: arith.ConstantOp) -> int:
    """An integer constant read with a sign; MLIR gives those of more than 64 bits without one."""
    value, width = int(op.attributes["value"].value), width_of(op.result.type)
    return value - (1 << width) if width > INDEX_BITS and value >> (width - 1) else value


def _pair(body: Body, op: ir.OpView) -> tuple[Term, Term]:
    return body.use(op.operands[0]), body.use(op.operands[1])


def _congruent(make: Callable[[Term, Term, int], Term]) -> Emit:
    """An operation whose lowest bits depend on its operands' lowest bits alone."""

    def emit(body: Body, op: ir.OpView) -> Term:
        width = width_of(op.result.type)
        if width == 1:
            a, b = (body.use_whole(operand) for operand in op.operands)
            return truth(make(a, b, width))
        return make(*_pair(body, op), width)

    return emit


def _bits(operator: str) -> Emit:
    return _congruent(lambda a, b, width: bitwise(operator, a, b, width))


def _exact(*, sign: bool) -> Callable[[Body, ir.OpView], tuple[Term, Term]]:
    """The operands' own values."""
    read = signed if sign else unsigned

    def operands(body: Body, op: ir.OpView) -> tuple[Term, Term]:
        width = width_of(op.operands[0].type)
        a, b = _pair(body, op)
        return read(a, width), read(b, width)

    return operands


def _division(operator: str, *, sign: bool) -> Emit:
    def emit(body: Body, op: ir.OpView) -> Term:
        a, b = _exact(sign=sign)(body, op)
        return divided(operator, a, b, width_of(op.result.type))

    return emit


def _floored(body: Body, op: ir.OpView) -> Term:
    a, b = _exact(sign=True)(body, op)
    return floored_quotient(body, a, b, width_of(op.result.type))


def floored_quotient(body: Body, a: Term, b: Term, width: int) -> Term:
    """The quotient toward minus infinity: a helper function where the signs may differ."""
    if a.low >= 0 and b.low >= 0:
        return divided("/", a, b, width)
    body.helpers.add("floor_div")
    kind = Whole(width=width, signed=True)
    return call(f"floor_div<{kind}>", a, b, kind=kind)


def _modulo(operator: str) -> Callable[[Body, ir.OpView, Sequence[ir.Value]], Term]:
    def emit(body: Body, op: ir.OpView, operands: Sequence[ir.Value]) -> Term:
        width = width_of(op.results[0].type)
        a, b = (signed(body.use(operand), width) for operand in operands)
        if operator == "%" or (a.low >= 0 and b.low >= 0):
            return divided("%", a, b, width)
        body.helpers.add("floor_mod")
        kind = INT if a.kind == INT and b.kind == INT else _holding(a, b)
        low, high = (b.low + 1 if b.low < 0 else 0), max(b.high - 1, 0)
        return call(f"floor_mod<{kind}>", a, b, kind=kind, low=low, high=high)

    return emit


def _bits_of_real(body: Body, op: ir.OpView, operands: Sequence[ir.Value]) -> Term:
    return bits_of_value(body, body.use(operands[0]))


def _left(body: Body, op: ir.OpView) -> Term:
    width = width_of(op.result.type)
    a, b = _pair(body, op)
    return shifted_left(a, unsigned(b, width), width)


def _right(*, sign: bool) -> Emit:
    def emit(body: Body, op: ir.OpView) -> Term:
        width = width_of(op.result.type)
        a, b = _pair(body, op)
        return shifted_right((signed if sign else unsigned)(a, width), unsigned(b, width))

    return emit


def _extreme(name: str, *, sign: bool) -> Emit:
    pick = min if name == "least" else max

    def emit(body: Body, op: ir.OpView) -> Term:
        a, b = _exact(sign=sign)(body, op)
        body.helpers.add(name)
        kind: Kind = a.kind
        if a.kind != b.kind or isinstance(kind, Truth):
            kind = INT if all(isinstance(t.kind, Native) and t.kind == INT for t in (a, b)) else _holding(a, b)
        low, high = pick(a.low, b.low), pick(a.high, b.high)
        return called_number(call(f"{name}<{kind}>", a, b, kind=kind, low=low, high=high), name, a, b)

    return emit


def _holding(a: Term, b: Term) -> Whole:
    return narrowest(min(a.low, b.low), max(a.high, b.high))


SIGNED = {"slt": "<", "sle": "<=", "sgt": ">", "sge": ">="}
UNSIGNED = {"ult": "<", "ule": "<=", "ugt": ">", "uge": ">="}
EQUAL = {"eq": "==", "ne": "!="}


def _compare(body: Body, op: arith.CmpIOp) -> Term:
    name = arith.CmpIPredicate(op.attributes["predicate"].value).name
    width = width_of(op.lhs.type)
    if name in EQUAL:
        a, b = _alike(*_pair(body, op), width)
        return compared(EQUAL[name], a, b)
    return compared((SIGNED | UNSIGNED)[name], *_exact(sign=name in SIGNED)(body, op))


def _alike(a: Term, b: Term, width: int) -> tuple[Term, Term]:
    """Both terms read the same way, the one that costs fewer casts."""
    if isinstance(a.kind, Truth) or isinstance(b.kind, Truth):
        return (truth(a), truth(b)) if width == 1 else (unsigned(a, width), unsigned(b, width))
    with_sign, without = (signed(a, width), signed(b, width)), (unsigned(a, width), unsigned(b, width))
    return with_sign if _casts(with_sign, (a, b)) <= _casts(without, (a, b)) else without


def _casts(terms: tuple[Term, Term], before: tuple[Term, Term]) -> int:
    return sum(len(term.text) - len(old.text) for term, old in zip(terms, before, strict=True) if term.constant is None)


def _extend(*, sign: bool) -> Emit:
    read = signed if sign else unsigned

    def emit(body: Body, op: ir.OpView) -> Term:
        width = width_of(op.operands[0].type)
        term = body.use(op.operands[0])
        if width == 1 and sign:
            return difference(literal(0), cast(truth(term), INT), width_of(op.result.type))
        return read(term, width)

    return emit


def _truncate(body: Body, op: arith.TruncIOp) -> Term:
    term = body.use(op.operands[0])
    return truth(term) if width_of(op.result.type) == 1 else term


def _index_cast(*, sign: bool) -> Emit:
    def emit(body: Body, op: ir.OpView) -> Term:
        before, after = width_of(op.operands[0].type), width_of(op.result.type)
        return (_extend(sign=sign) if before < after else _truncate)(body, op)

    return emit


def _select(body: Body, op: arith.SelectOp) -> Term:
    condition, a, b = (body.use_whole(operand) for operand in op.operands)
    kind = op.result.type
    if isinstance(kind, ir.FloatType):
        return ternary(condition, a, b, a.kind)
    return chosen(condition, a, b, width_of(kind))


def _within(limit: str) -> Emit:
    def emit(body: Body, op: WithinOp | BitOp) -> Term:
        term, extent = signed(body.use(op.operand), INDEX_BITS), op.attributes[limit].value
        if term.low >= 0 and term.high < extent:
            return term
        body.helpers.add("within")
        return call("within", term, literal(extent), kind=INT, low=0, high=extent - 1)

    return emit


def _absolute(body: Body, op: ir.OpView) -> Term:
    width = width_of(op.result.type)
    term = signed(body.use(op.operands[0]), width)
    body.helpers.add("absolute")
    kind = Whole(width=width + 1, signed=True)
    found = call(f"absolute<{kind}>", term, kind=kind, low=0, high=max(abs(term.low), abs(term.high)))
    return absolute_number(found, term)


SCALARS: Mapping[type, Emit] = {
    **REAL_OPERATIONS,
    arith.ConstantOp: _constant,
    arith.AddIOp: _congruent(sum_of),
    arith.SubIOp: _congruent(difference),
    arith.MulIOp: _congruent(product),
    arith.DivSIOp: _division("/", sign=True),
    arith.DivUIOp: _division("/", sign=False),
    arith.RemSIOp: _division("%", sign=True),
    arith.RemUIOp: _division("%", sign=False),
    arith.FloorDivSIOp: _floored,
    arith.AndIOp: _bits("&"),
    arith.OrIOp: _bits("|"),
    arith.XOrIOp: _bits("^"),
    arith.ShLIOp: _left,
    arith.ShRSIOp: _right(sign=True),
    arith.ShRUIOp: _right(sign=False),
    arith.MinSIOp: _extreme("least", sign=True),
    arith.MaxSIOp: _extreme("greatest", sign=True),
    arith.MinUIOp: _extreme("least", sign=False),
    arith.MaxUIOp: _extreme("greatest", sign=False),
    arith.CmpIOp: _compare,
    arith.SelectOp: _select,
    arith.ExtSIOp: _extend(sign=True),
    arith.ExtUIOp: _extend(sign=False),
    arith.TruncIOp: _truncate,
    arith.IndexCastOp: _index_cast(sign=True),
    arith.IndexCastUIOp: _index_cast(sign=False),
    mlir_math.AbsIOp: _absolute,
    WithinOp: _within("extent"),
    BitOp: _within("limit"),
}

IDIOMS: Mapping[str, Callable[[Body, ir.OpView, Sequence[ir.Value]], Term]] = {
    "%": _modulo("%"),
    "floor_mod": _modulo("floor_mod"),
    "bits": _bits_of_real,
}
