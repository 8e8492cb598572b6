"""Emits the operations of the arithmetic table on typed values."""

from collections.abc import Callable, Mapping

from spatial.ir.dialect import ToIntegerOp
from spatial.ir.dtypes import scalar_type
from spatial.ir.fixed import from_double, quantize, resized, to_double, to_whole
from spatial.ir.ieee import floor_divide, modulo
from spatial.ir.mlir import arith, ir, math
from spatial.ir.packing import extract, of_bits
from spatial.types.arithmetic import Operator, Signature, UnaryOperator, signature, unary_signature
from spatial.types.dtype import (
    Bool,
    DType,
    Fixed,
    Float,
    Index,
    Int,
    Struct,
    UInt,
    bool_,
    float32,
    float64,
    int64,
    is_float,
    is_signed,
)
from spatial.types.rounding import limits

__all__ = ["attribute", "binary", "constant", "convert", "unary"]

NSW = {"overflow_flags": arith.IntegerOverflowFlags.nsw}
NUW = {"overflow_flags": arith.IntegerOverflowFlags.nuw}

SIGNED_COMPARISON = {"<": "slt", "<=": "sle", ">": "sgt", ">=": "sge", "==": "eq", "!=": "ne"}
UNSIGNED_COMPARISON = {"<": "ult", "<=": "ule", ">": "ugt", ">=": "uge", "==": "eq", "!=": "ne"}
FLOAT_COMPARISON = {"<": "OLT", "<=": "OLE", ">": "OGT", ">=": "OGE", "==": "OEQ", "!=": "UNE"}
FLOAT_OPERATION: dict[Operator, Callable[[ir.Value, ir.Value], ir.Value]] = {
    Operator.ADD: arith.addf,
    Operator.SUB: arith.subf,
    Operator.MUL: arith.mulf,
    Operator.DIV: arith.divf,
    Operator.MIN: arith.minimumf,
    Operator.MAX: arith.maximumf,
}
BITWISE = {Operator.AND: arith.andi, Operator.OR: arith.ori, Operator.XOR: arith.xori}


def attribute(dtype: DType, value: float) -> ir.Attribute:
    """A value of a type as an attribute; the value must fit the type (floats are rounded, `Fixed` is raw)."""
    kind = scalar_type(dtype)
    if is_float(dtype):
        return ir.FloatAttr.get(kind, float(value))
    if isinstance(dtype, Bool):
        return ir.BoolAttr.get(bool(value))
    return ir.Attribute.parse(f"{int(value)} : {kind}")


def constant(dtype: DType, value: float) -> ir.Value:
    """A constant of a type; the value must fit it (floats are rounded, `Fixed` is raw)."""
    return arith.constant(scalar_type(dtype), attribute(dtype, value))


def convert(value: ir.Value, source: DType, target: DType) -> ir.Value:
    """A cast as `spatial.types.conversion` defines it."""
    kind = scalar_type(target)
    if source == target:
        return value
    if isinstance(target, Bool):
        return _compare(Operator.NE, value, constant(source, 0), source)
    if isinstance(source, Fixed) or isinstance(target, Fixed):
        return _convert_fixed(value, source, target)
    match source, target:
        case Index(), Float():
            return arith.sitofp(kind, arith.index_cast(ir.IntegerType.get_signless(64), value))
        case Index(), _:
            return arith.index_cast(kind, value)
        case Float(), Float():
            return _resize_float(value, source, target)
        case Float(), Index():
            return arith.index_cast(kind, convert(value, source, Int(64)))
        case Float(), _:
            return ToIntegerOp(ir.StringAttr.get("signed" if is_signed(target) else "unsigned"), value, kind).value
        case _, Index():
            return arith.index_cast(kind, value) if is_signed(source) else arith.index_castui(kind, value)
        case _, Float():
            return arith.sitofp(kind, value) if is_signed(source) else arith.uitofp(kind, value)
    return _resize_integer(value, source, target)


def binary(
    operator: Operator, left: ir.Value, left_type: DType, right: ir.Value, right_type: DType, amount: int | None = None
) -> tuple[ir.Value, DType] | None:
    """`left operator right` and its type, or None where the table has no such entry.

    `amount` is the right operand of a shift where it is known now.
    """
    rule = signature(operator, left_type, right_type, amount)
    if rule is None:
        return None
    if isinstance(rule.working, Struct):
        return _compare_structs(operator, left, right, rule.working), bool_
    if operator in (Operator.SHL, Operator.SHR):
        return _shift(operator, left, left_type, right, right_type, amount, rule), rule.result
    if rule.aligned is not None:
        operands = (convert(left, left_type, rule.aligned[0]), convert(right, right_type, rule.aligned[1]))
        return _on_raw(operator, operands, rule), rule.result
    a = convert(left, left_type, rule.working)
    b = convert(right, right_type, rule.working)
    value = _operate(operator, a, b, rule.working)
    if value is None:
        return None
    produced = bool_ if operator.value in SIGNED_COMPARISON else rule.working
    return convert(value, produced, rule.result), rule.result


def unary(operator: UnaryOperator, operand: ir.Value, dtype: DType) -> tuple[ir.Value, DType] | None:
    """`operator operand` and its type, or None where the table has no such entry."""
    rule = unary_signature(operator, dtype)
    if rule is None:
        return None
    if operator is UnaryOperator.NOT:
        truth = convert(operand, dtype, bool_)
        return arith.xori(truth, constant(bool_, 1)), bool_
    value = convert(operand, dtype, rule.working)
    kind = rule.working
    match operator:
        case UnaryOperator.NEG if is_float(kind):
            return arith.negf(value), rule.result
        case UnaryOperator.NEG:
            return arith.subi(constant(kind, 0), value, **_exact(kind)), rule.result
        case UnaryOperator.ABS if is_float(kind):
            return math.absf(value), rule.result
        case UnaryOperator.ABS:
            value = math.absi(value) if is_signed(kind) and not isinstance(kind, Index) else _index_abs(value, kind)
            return value, rule.result
        case UnaryOperator.INVERT:
            ones = 1 if isinstance(kind, Bool) else -1
            return arith.xori(value, constant(kind, ones)), rule.result
    return None


def _compare_structs(operator: Operator, left: ir.Value, right: ir.Value, dtype: Struct) -> ir.Value:
    """Whether all fields are equal, each as its type compares."""
    equal, offset = constant(bool_, 1), 0
    for _, field in dtype.fields:
        a, b = (of_bits(extract(word, offset, field.bits), field) for word in (left, right))
        made = binary(Operator.EQ, a, field, b, field)
        equal = arith.andi(equal, made[0] if made else constant(bool_, 1))
        offset += field.bits
    return equal if operator is Operator.EQ else arith.xori(equal, constant(bool_, 1))


def _on_raw(operator: Operator, operands: tuple[ir.Value, ir.Value], rule: Signature) -> ir.Value:
    """An operation on fixed point: on its raw integers."""
    aligned = rule.aligned or ()
    width = rule.working.bits
    a, b = (resized(x, width, signed=dtype.signed) for x, dtype in zip(operands, aligned, strict=True))
    if operator.value in SIGNED_COMPARISON:
        return _compare(operator, a, b, rule.working)
    return resized(_operate_integer(operator, a, b, rule.working), rule.result.bits, signed=is_signed(rule.working))


def _operate(operator: Operator, a: ir.Value, b: ir.Value, working: DType) -> ir.Value | None:
    if operator.value in SIGNED_COMPARISON:
        return _compare(operator, a, b, working)
    if isinstance(working, Float):
        match operator:
            case Operator.FLOORDIV:
                return floor_divide(a, b)
            case Operator.MOD:
                return modulo(a, b)
        operation = FLOAT_OPERATION.get(operator)
        return operation(a, b) if operation else None
    return _operate_integer(operator, a, b, working)


def _exact(working: DType) -> Mapping[str, object]:
    """What MLIR may assume of a result: it fits its type by construction, but an index wraps."""
    if isinstance(working, Index):
        return {}
    return NSW if is_signed(working) else NUW


def _operate_integer(operator: Operator, a: ir.Value, b: ir.Value, working: DType) -> ir.Value:
    exact, signed = _exact(working), is_signed(working)
    match operator:
        case Operator.ADD:
            return arith.addi(a, b, **exact)
        case Operator.SUB:
            return arith.subi(a, b, **exact)
        case Operator.MUL:
            return arith.muli(a, b, **exact)
        case Operator.DIV:
            return arith.divsi(a, b) if signed else arith.divui(a, b)
        case Operator.FLOORDIV:
            return arith.floordivsi(a, b) if signed else arith.divui(a, b)
        case Operator.MOD:
            return _floor_modulo(a, b) if signed else arith.remui(a, b)
        case Operator.MIN:
            return arith.minsi(a, b) if signed else arith.minui(a, b)
        case Operator.MAX:
            return arith.maxsi(a, b) if signed else arith.maxui(a, b)
    return BITWISE[operator](a, b)


def _floor_modulo(a: ir.Value, b: ir.Value) -> ir.Value:
    """The remainder with the sign of the divisor."""
    zero = arith.constant(a.type, 0)
    remainder = arith.remsi(a, b)
    inexact = arith.cmpi(arith.CmpIPredicate.ne, remainder, zero)
    opposite = arith.cmpi(arith.CmpIPredicate.slt, arith.xori(remainder, b), zero)
    return arith.select(arith.andi(inexact, opposite), arith.addi(remainder, b, **NSW), remainder)


def _compare(operator: Operator, a: ir.Value, b: ir.Value, dtype: DType) -> ir.Value:
    if is_float(dtype):
        return arith.cmpf(arith.CmpFPredicate[FLOAT_COMPARISON[operator.value]], a, b)
    names = SIGNED_COMPARISON if is_signed(dtype) else UNSIGNED_COMPARISON
    return arith.cmpi(arith.CmpIPredicate[names[operator.value]], a, b)


def _shift(
    operator: Operator,
    left: ir.Value,
    left_type: DType,
    right: ir.Value,
    right_type: DType,
    amount: int | None,
    rule: Signature,
) -> ir.Value:
    """Bits shifted out are lost; an amount that is no position of the value shifts all of them out."""
    value = convert(left, left_type, rule.working)
    signed = is_signed(rule.working)
    raw = (Int if signed else UInt)(rule.working.bits) if isinstance(rule.working, Fixed) else rule.working
    shift = arith.shli if operator is Operator.SHL else arith.shrsi if signed else arith.shrui
    last = raw.bits - 1
    fill = operator is Operator.SHR and signed
    if amount is not None:
        if amount > last and not fill:
            return constant(raw, 0)
        return shift(value, constant(raw, min(amount, last)))
    greatest = min(last, limits(right_type.bits, is_signed(right_type))[1])
    # Read without a sign, a negative amount is above every positive one.
    beyond = arith.cmpi(arith.CmpIPredicate.ugt, right, constant(right_type, greatest))
    shifted = shift(value, arith.select(beyond, constant(raw, last), convert(right, right_type, raw)))
    return shifted if fill else arith.select(beyond, constant(raw, 0), shifted)


def _index_abs(value: ir.Value, kind: DType) -> ir.Value:
    if not isinstance(kind, Index):
        return value
    return arith.maxsi(value, arith.subi(constant(kind, 0), value))


def _convert_fixed(value: ir.Value, source: DType, target: DType) -> ir.Value:
    """Between fixed point and everything else but `Bool`; floats are reached through float64."""
    match source, target:
        case Float(), Fixed():
            return from_double(convert(value, source, float64), target)
        case Index(), Fixed():
            return _convert_fixed(convert(value, source, int64), int64, target)
        case _, Fixed():
            fraction = source.fraction if isinstance(source, Fixed) else 0
            return quantize(value, signed=is_signed(source), fraction=fraction, target=target)
        case Fixed(), Float():
            return convert(to_double(value, source), float64, target)
        case Fixed(), Index():
            return convert(to_whole(value, source, 64), int64, target)
        case Fixed(), _:
            return to_whole(value, source, target.bits)
    raise AssertionError("one of the two is fixed point")


def _resize_integer(value: ir.Value, source: DType, target: DType) -> ir.Value:
    kind = scalar_type(target)
    if source.bits == target.bits:
        return value
    if source.bits > target.bits:
        return arith.trunci(kind, value)
    return arith.extsi(kind, value) if isinstance(source, Int) else arith.extui(kind, value)


def _resize_float(value: ir.Value, source: Float, target: Float) -> ir.Value:
    """Between the two 16-bit formats the way leads through float32, which holds both."""
    if source.bits == target.bits:
        return _resize_float(_resize_float(value, source, float32), float32, target)
    kind = scalar_type(target)
    return arith.extf(kind, value) if source.bits < target.bits else arith.truncf(kind, value)
