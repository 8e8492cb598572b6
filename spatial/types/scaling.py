"""The rules of fixed-point operators: how operands are aligned, and what their raw integers give."""

from spatial.types.checks import MAX_FRACTION, MAX_WIDTH
from spatial.types.dtype import DType, Fixed, Int, UInt, bool_, is_signed
from spatial.types.operators import COMPARISONS, Operator, Signature, common_width, integer

__all__ = ["as_fixed", "common_fixed", "fixed_of", "fixed_signature"]


def as_fixed(dtype: DType) -> Fixed:
    """An integer as fixed point without a fraction."""
    return dtype if isinstance(dtype, Fixed) else Fixed(dtype.bits, 0, signed=is_signed(dtype))


def common_fixed(left: Fixed, right: Fixed) -> Fixed | None:
    """The smallest type that holds both, exactly."""
    if left == right:
        return left
    fraction = max(left.fraction, right.fraction)
    return fixed_of(_whole_bits(left, right), fraction, signed=left.signed or right.signed)


def fixed_of(whole: int, fraction: int, *, signed: bool) -> Fixed | None:
    """The type with so many bits on either side of the point; None where there is none."""
    if not 1 <= whole + fraction <= MAX_WIDTH or abs(fraction) > MAX_FRACTION:
        return None
    return Fixed(whole + fraction, fraction, signed=signed)


def fixed_signature(op: Operator, left: Fixed, right: Fixed) -> Signature | None:
    """The types of `ap_fixed`; `//` gives a whole number, `%` the rest with the sign of the divisor."""
    signed = left.signed or right.signed
    match op:
        case Operator.ADD | Operator.SUB:
            return _aligned(left, right, growth=1, signed=signed or op is Operator.SUB)
        case Operator.MUL:
            working = integer(left.width + right.width, signed=signed)
            whole = left.width - left.fraction + right.width - right.fraction
            return _on_raw(left, right, working, fixed_of(whole, left.fraction + right.fraction, signed=signed))
        case Operator.DIV:
            return _quotient(left, right, signed=signed)
        case Operator.FLOORDIV | Operator.MOD:
            return _floored(op, left, right, signed=signed)
        case _ if op in COMPARISONS:
            common = common_fixed(left, right)
            return _on_raw(common, common, _raw(common), bool_)
    return _aligned(left, right, growth=0, signed=signed)


def _aligned(left: Fixed, right: Fixed, *, growth: int, signed: bool) -> Signature | None:
    """Both operands with the same fraction, and `growth` bits more."""
    common = common_fixed(left, right)
    if common is None or not growth:
        return _on_raw(common, common, _raw(common), common)
    grown = fixed_of(_whole_bits(left, right) + growth, common.fraction, signed=signed)
    return _on_raw(grown, grown, _raw(grown), grown)


def _quotient(left: Fixed, right: Fixed, *, signed: bool) -> Signature | None:
    """`(left << fraction of right) / right` toward zero, on raw integers; the quotient needs a bit for -least / -1."""
    more = max(right.fraction, 0)
    dividend = fixed_of(left.width - left.fraction, left.fraction + more, signed=left.signed)
    if dividend is None:
        return None
    quotient = left.width + more + right.signed
    working = integer(max(quotient, common_width(_raw_type(dividend), _raw_type(right))), signed=signed)
    fraction = dividend.fraction - right.fraction
    return _on_raw(dividend, right, working, fixed_of(quotient - fraction, fraction, signed=signed))


def _floored(op: Operator, left: Fixed, right: Fixed, *, signed: bool) -> Signature | None:
    fraction = max(left.fraction, right.fraction)
    a = fixed_of(left.width - left.fraction, fraction, signed=left.signed)
    b = fixed_of(right.width - right.fraction, fraction, signed=right.signed)
    if a is None or b is None:
        return None
    quotient = a.width + b.signed
    working = integer(max(quotient, common_width(_raw_type(a), _raw_type(b))), signed=signed)
    if op is Operator.FLOORDIV:
        return _on_raw(a, b, working, fixed_of(quotient, 0, signed=signed))
    return _on_raw(a, b, working, fixed_of(b.width - fraction, fraction, signed=b.signed))


def _on_raw(left: Fixed | None, right: Fixed | None, working: DType | None, result: DType | None) -> Signature | None:
    if left is None or right is None or working is None or result is None:
        return None
    return Signature(working, result, (left, right))


def _raw(dtype: Fixed | None) -> Int | UInt | None:
    return None if dtype is None else _raw_type(dtype)


def _raw_type(dtype: Fixed) -> Int | UInt:
    return Int(dtype.width) if dtype.signed else UInt(dtype.width)


def _whole_bits(left: Fixed, right: Fixed) -> int:
    """Bits in front of the point that hold both; an unsigned one beside a signed one needs a bit for the sign."""
    signed = left.signed or right.signed
    return max(dtype.width - dtype.fraction + (signed and not dtype.signed) for dtype in (left, right))
