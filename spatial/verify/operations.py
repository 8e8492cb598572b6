"""What each operation on numbers becomes on tokens.

An integer's token stands for an integer without bounds, of which the value has the low bits. So what only changes the
width of a value keeps its token, and the width appears where a value may wrap. What makes equal values has equal tokens
only by these rules:

- a value that is widened, narrowed and widened again, with no bit lost, is itself; so is a float that is widened;
- `x + 0`, `x - 0`, `x * 1` of integers are `x`, `x * 0` is 0, and what follows from constants alone is a constant;
- operands of `+ * min max & | ^ == !=` may be swapped, those of floats too, for every NaN is the same;
- `a > b` is `b < a`, `a >= b` is `b <= a`, with and without sign, in any width that holds both;
- `x << n` by a constant is `x * 2**n`;
- an integer that a float holds exactly is the same in every format of floats.
"""

from collections.abc import Callable, Mapping

from spatial.ir.dialect import AssertOp, ToIntegerOp
from spatial.ir.mlir import arith, func, ir
from spatial.ir.mlir import math as mlir_math
from spatial.verify.reading import Reading
from spatial.verify.terms import Range, Term, fits, hull, range_of, width_of

__all__ = ["TOKENS"]

Rewrite = Callable[[Reading, ir.OpView], Term]
MANTISSA: Mapping[str, int] = {"f8E4M3FN": 4, "f8E5M2": 3, "f16": 11, "bf16": 8, "f32": 24, "f64": 53}
Bounds = tuple[int, int]


def _flag(op: ir.OpView) -> bool | None:
    """Whether a result is promised to fit its type with a sign, or without one; None where it may wrap."""
    text = str(op.attributes["overflowFlags"]) if "overflowFlags" in op.attributes else ""
    return True if "nsw" in text else False if "nuw" in text else None


def _arithmetic(name: str, bounds: Callable[[Bounds, Bounds], Bounds]) -> Rewrite:
    """Addition, subtraction or multiplication of integers."""

    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        flag, kind = _flag(op), op.result.type
        if reading.domain.wraps:
            a, b = (reading.read(each, signed=flag is not False) for each in op.operands)
        else:
            a, b = (reading.raw(each) for each in op.operands)
        found = bounds(a.range, b.range) if a.range is not None and b.range is not None else None
        if found is not None and flag is not None:
            allowed = range_of(width_of(kind), flag)
            if fits(a.range, allowed) and fits(b.range, allowed):
                found = max(found[0], allowed[0]), min(found[1], allowed[1])
        return _simple(reading, name, a, b, found, kind)

    return rewrite


def _simple(reading: Reading, name: str, a: Term, b: Term, found: Range, kind: ir.Type) -> Term:
    """The operation, unless its result is known, or one of its operands."""
    domain = reading.domain
    if found is not None and found[0] == found[1]:
        return Term(token=domain.known(found[0]), kind=kind, range=found)
    neutral = 1 if name == "mul" else 0
    if b.point == neutral:
        return Term(token=a.token, kind=kind, range=found)
    if a.point == neutral and name != "sub":
        return Term(token=b.token, kind=kind, range=found)
    method = {"add": domain.sum, "sub": domain.difference, "mul": domain.product}[name]
    return Term(token=method(name, a.token, b.token), kind=kind, range=found)


def _product(a: Bounds, b: Bounds) -> Bounds:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def _extended(signed: bool) -> Rewrite:
    """The same integer in more bits."""

    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        (value,), kind = op.operands, op.result.type
        before, after = width_of(reading.kind(value)), width_of(kind)
        low_bits = not reading.domain.wraps and reading.demand(op.result) <= before
        found = reading.raw(value) if after <= before or low_bits else reading.read(value, signed=signed)
        return Term(token=found.token, kind=kind, range=found.range)

    return rewrite


def _cut(reading: Reading, op: ir.OpView) -> Term:
    """The low bits of the same integer."""
    found = reading.raw(op.operands[0])
    return Term(token=found.token, kind=op.result.type, range=found.range)


def _bitwise(name: str) -> Rewrite:
    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        kind = op.result.type
        signed = width_of(kind) > 1
        a, b = (reading.read(each, signed=signed) for each in op.operands)
        token = reading.domain.apply(name, [a.token, b.token], symmetric=True)
        return Term(token=token, kind=kind, range=_bits(name, a.range, b.range, range_of(width_of(kind), signed)))

    return rewrite


def _bits(name: str, a: Range, b: Range, whole: Bounds) -> Bounds:
    """Between which integers the bits of two others lie."""
    if a is None or b is None or a[0] < 0 or b[0] < 0:
        return whole
    if name == "and":
        return 0, min(a[1], b[1])
    return 0, (1 << max(a[1].bit_length(), b[1].bit_length())) - 1


def _shifted_up(reading: Reading, op: ir.OpView) -> Term:
    kind = op.result.type
    width, amount = width_of(kind), reading.read(op.operands[1], signed=False)
    if amount.point is None:
        value = reading.read(op.operands[0], signed=True)
        token = reading.domain.apply(f"shift up {width}", [value.token, amount.token])
        return Term(token=token, kind=kind, range=range_of(width, True))
    if amount.point >= width:
        return Term(token=reading.domain.known(0), kind=kind, range=(0, 0))
    value = reading.own(op.operands[0])
    factor = 1 << amount.point
    times = Term(token=reading.domain.known(factor), kind=kind, range=(factor, factor))
    found = None if value.range is None else _product(value.range, (factor, factor))
    return _simple(reading, "mul", value, times, found, kind)


def _shifted_down(signed: bool) -> Rewrite:
    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        value = reading.read(op.operands[0], signed=signed)
        amount = reading.read(op.operands[1], signed=False)
        token = reading.domain.apply("shift down", [value.token, amount.token])
        low, high = value.range or (0, 0)
        by = amount.point or 0
        between = (low >> by if low < 0 else 0, high >> by if high >= 0 else -1)
        return Term(token=token, kind=op.result.type, range=between)

    return rewrite


def _extremum(name: str, signed: bool) -> Rewrite:
    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        a, b = (reading.read(each, signed=signed) for each in op.operands)
        token = reading.domain.apply(name, [a.token, b.token], symmetric=True)
        return Term(token=token, kind=op.result.type, range=hull(a.range, b.range))

    return rewrite


def _divided(name: str, signed: bool) -> Rewrite:
    """A quotient or a rest; that of the least integer by -1 wraps, so its token does not depend on the width.

    A divisor that is no data must not be zero.
    """

    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        a, b = (reading.read(each, signed=signed) for each in op.operands)
        if not reading.is_data(op.operands[1]) and b.range is not None and b.range[0] <= 0 <= b.range[1]:
            divisor = op.operands[1]
            zero = arith.constant(divisor.type, ir.IntegerAttr.get(divisor.type, 0))
            told = ir.ArrayAttr.get([ir.StringAttr.get("division by zero")])
            AssertOp(arith.cmpi(arith.CmpIPredicate.ne, divisor, zero), [], told)
        most = max(abs(bound) for bound in a.range or (0, 0)) + 1
        token = reading.domain.apply(name, [a.token, b.token])
        return Term(token=token, kind=op.result.type, range=(-most if signed else 0, most))

    return rewrite


def _absolute(reading: Reading, op: ir.OpView) -> Term:
    value = reading.read(op.operands[0], signed=True)
    most = max(abs(bound) for bound in value.range or (0, 0))
    return Term(token=reading.domain.apply("abs", [value.token]), kind=op.result.type, range=(0, most))


def _compared(reading: Reading, op: ir.OpView) -> Term:
    predicate = arith.CmpIPredicate(op.attributes["predicate"].value).name
    signed = predicate[0] != "u" and width_of(reading.kind(op.operands[0])) > 1
    a, b = (reading.read(each, signed=signed).token for each in op.operands)
    return _truth(reading, predicate[-2:], a, b, op)


def _compared_reals(reading: Reading, op: ir.OpView) -> Term:
    predicate = arith.CmpFPredicate(op.attributes["predicate"].value).name.lower()
    a, b = (reading.real(each) for each in op.operands)
    return _truth(reading, predicate[-2:], a, b, op, f"{predicate[0]} real ")


def _truth(reading: Reading, order: str, a: ir.Value, b: ir.Value, op: ir.OpView, how: str = "") -> Term:
    """A comparison, written with the smaller operand first."""
    if order in ("gt", "ge"):
        order, a, b = order.replace("g", "l"), b, a
    token = reading.domain.apply(f"{how}{order}", [a, b], symmetric=order in ("eq", "ne"))
    return Term(token=token, kind=op.result.type, range=(0, 1))


def _chosen(reading: Reading, op: ir.OpView) -> Term:
    """One of two values; where the condition is known the run chooses."""
    condition, yes, no = op.operands
    kind = op.result.type
    if isinstance(kind, ir.FloatType):
        a, b, between = reading.real(yes), reading.real(no), None
    else:
        one, other = reading.own(yes), reading.own(no)
        a, b, between = one.token, other.token, hull(one.range, other.range)
    if not reading.is_data(condition):
        return Term(token=arith.select(condition, a, b), kind=kind, range=between)
    truth = reading.read(condition, signed=False).token
    return Term(token=reading.domain.apply("select", [truth, a, b]), kind=kind, range=between)


def _real(name: str, *, typed: bool = False, symmetric: bool = False) -> Rewrite:
    """An operation on floats that rounds to the type of its result (`typed`), or not at all."""

    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        full = f"{name} {op.result.type}" if typed else name
        operands = [reading.real(each) for each in op.operands]
        return Term(token=reading.domain.apply(full, operands, symmetric=symmetric), kind=op.result.type)

    return rewrite


def _real_arithmetic(name: str) -> Rewrite:
    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        domain = reading.domain
        method = {"addf": domain.sum, "subf": domain.difference, "mulf": domain.product}[name]
        a, b = (reading.real(each) for each in op.operands)
        return Term(token=method(f"{name} {op.result.type}", a, b), kind=op.result.type)

    return rewrite


def _opposite(reading: Reading, op: ir.OpView) -> Term:
    return Term(token=reading.domain.opposite("negf", reading.real(op.operands[0])), kind=op.result.type)


def _same(reading: Reading, op: ir.OpView) -> Term:
    return Term(token=reading.real(op.operands[0]), kind=op.result.type)


def _to_real(signed: bool) -> Rewrite:
    def rewrite(reading: Reading, op: ir.OpView) -> Term:
        value, kind = reading.read(op.operands[0], signed=signed), str(op.result.type)
        most = max(abs(bound) for bound in value.range or (0, 0))
        name = "to real" if most <= 1 << MANTISSA[kind] else f"to real {kind}"
        return Term(token=reading.domain.apply(name, [value.token]), kind=op.result.type)

    return rewrite


def _to_integer(reading: Reading, op: ir.OpView) -> Term:
    signed, width = op.attributes["sign"].value == "signed", width_of(op.result.type)
    token = reading.domain.apply(f"to integer {'s' if signed else 'u'}{width}", [reading.real(op.operands[0])])
    return Term(token=token, kind=op.result.type, range=range_of(width, signed))


def _bitcast(reading: Reading, op: ir.OpView) -> Term:
    (value,), kind = op.operands, op.result.type
    if isinstance(kind, ir.FloatType):
        return Term(
            token=reading.domain.apply(f"real of bits {kind}", [reading.read(value, signed=True).token]), kind=kind
        )
    token = reading.domain.apply(f"bits {reading.kind(value)}", [reading.real(value)])
    return Term(token=token, kind=kind, range=range_of(width_of(kind), True))


def _of_lemma(reading: Reading, op: func.CallOp) -> Term:
    """A function of a lemma: one operation of which nothing is known, in whichever of its two ways it is done."""
    (result,) = op.results
    tokens = [
        reading.real(each)
        if isinstance(reading.kind(each), ir.FloatType)
        else reading.read(each, signed=width_of(reading.kind(each)) > 1).token
        for each in op.operands
    ]
    token = reading.domain.apply(op.callee.value, tokens)
    if isinstance(result.type, ir.FloatType):
        return Term(token=token, kind=result.type)
    width = width_of(result.type)
    return Term(token=token, kind=result.type, range=range_of(width, width > 1))


TOKENS: Mapping[type, Rewrite] = {
    func.CallOp: _of_lemma,
    arith.AddIOp: _arithmetic("add", lambda a, b: (a[0] + b[0], a[1] + b[1])),
    arith.SubIOp: _arithmetic("sub", lambda a, b: (a[0] - b[1], a[1] - b[0])),
    arith.MulIOp: _arithmetic("mul", _product),
    arith.DivSIOp: _divided("quotient", True),
    arith.FloorDivSIOp: _divided("floor quotient", True),
    arith.RemSIOp: _divided("rest", True),
    arith.DivUIOp: _divided("quotient", False),
    arith.RemUIOp: _divided("rest", False),
    arith.AndIOp: _bitwise("and"),
    arith.OrIOp: _bitwise("or"),
    arith.XOrIOp: _bitwise("xor"),
    arith.ShLIOp: _shifted_up,
    arith.ShRSIOp: _shifted_down(True),
    arith.ShRUIOp: _shifted_down(False),
    arith.MinSIOp: _extremum("min", True),
    arith.MaxSIOp: _extremum("max", True),
    arith.MinUIOp: _extremum("min", False),
    arith.MaxUIOp: _extremum("max", False),
    arith.CmpIOp: _compared,
    arith.CmpFOp: _compared_reals,
    arith.SelectOp: _chosen,
    arith.ExtSIOp: _extended(True),
    arith.ExtUIOp: _extended(False),
    arith.TruncIOp: _cut,
    arith.IndexCastOp: _extended(True),
    arith.IndexCastUIOp: _extended(False),
    arith.SIToFPOp: _to_real(True),
    arith.UIToFPOp: _to_real(False),
    ToIntegerOp: _to_integer,
    arith.BitcastOp: _bitcast,
    arith.ExtFOp: _same,
    arith.TruncFOp: _real("round", typed=True),
    arith.AddFOp: _real_arithmetic("addf"),
    arith.SubFOp: _real_arithmetic("subf"),
    arith.MulFOp: _real_arithmetic("mulf"),
    arith.DivFOp: _real("divf", typed=True),
    arith.RemFOp: _real("remf", typed=True),
    arith.MinimumFOp: _real("minf", symmetric=True),
    arith.MaximumFOp: _real("maxf", symmetric=True),
    mlir_math.SqrtOp: _real("sqrt", typed=True),
    arith.NegFOp: _opposite,
    mlir_math.AbsFOp: _real("absf"),
    mlir_math.AbsIOp: _absolute,
    mlir_math.FloorOp: _real("floor"),
    mlir_math.CopySignOp: _real("copysign"),
}
