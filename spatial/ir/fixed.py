"""Emits the conversions of fixed point, as operations on its raw integers."""

from spatial.ir.dialect import ToIntegerOp
from spatial.ir.mlir import arith, ir, math
from spatial.types.dtype import Fixed
from spatial.types.fixed import TIES
from spatial.types.rounding import limits

__all__ = ["from_double", "quantize", "resized", "to_double", "to_whole"]


def resized(value: ir.Value, width: int, *, signed: bool) -> ir.Value:
    """An integer cut to `width` bits or extended to it, by its sign where it is `signed`."""
    kind = ir.IntegerType.get_signless(width)
    if value.type.width == width:
        return value
    if value.type.width > width:
        return arith.trunci(kind, value)
    return arith.extsi(kind, value) if signed else arith.extui(kind, value)


def quantize(raw: ir.Value, *, signed: bool, fraction: int, target: Fixed) -> ir.Value:
    """`raw` units of 2**-`fraction` as the raw integer of `target`."""
    cut = fraction - target.fraction
    # Room for the sign, for a carry out of rounding, and for the bits that move in or out.
    width = raw.type.width + 2 + (-cut if cut <= 0 else max(0, cut + 1 - raw.type.width))
    wide = resized(raw, width, signed=signed)
    if cut > 0:
        biased = wide if target.rounding == "floor" else arith.addi(wide, _bias(wide, cut, target.rounding))
        wide = arith.shrsi(biased, _number(biased, cut))
    elif cut < 0:
        wide = arith.shli(wide, _number(wide, -cut))
    least, greatest = limits(raw.type.width, signed)
    if cut < 0:
        least, greatest = least << -cut, greatest << -cut
    return _ranged(wide, target, certain=cut <= 0 and _within(least, greatest, target))


def from_double(x: ir.Value, target: Fixed) -> ir.Value:
    """A float64 as the raw integer of `target`: scaled, its magnitude rounded, then brought into range."""
    scaled = arith.mulf(x, _real(2.0**target.fraction)) if target.fraction else x
    magnitude = math.absf(scaled)
    whole = math.floor(magnitude)
    up = _rounds_up(scaled, whole, arith.subf(magnitude, whole), target.rounding)
    if up is not None:
        whole = arith.select(up, arith.addf(whole, _real(1.0)), whole)
    rounded = math.copysign(whole, scaled)
    if target.overflow == "wrap" and target.width < 1024:
        rounded = arith.remf(rounded, _real(2.0**target.width))
    kind = ir.IntegerType.get_signless(target.width + 2)
    return _ranged(ToIntegerOp(ir.StringAttr.get("signed"), rounded, kind).value, target)


def to_double(raw: ir.Value, source: Fixed) -> ir.Value:
    """The value rounded to float64."""
    kind = ir.F64Type.get()
    number = arith.sitofp(kind, raw) if source.signed else arith.uitofp(kind, raw)
    return arith.mulf(number, _real(2.0**-source.fraction)) if source.fraction else number


def to_whole(raw: ir.Value, source: Fixed, width: int) -> ir.Value:
    """The value without its fraction, toward zero, wrapped to `width` bits."""
    if source.fraction > 0:
        target = Fixed(source.width, 0, rounding="zero", signed=source.signed)
        whole = quantize(raw, signed=source.signed, fraction=source.fraction, target=target)
        return resized(whole, width, signed=source.signed)
    wide = resized(raw, max(width, source.width - source.fraction), signed=source.signed)
    moved = arith.shli(wide, _number(wide, -source.fraction)) if source.fraction else wide
    return resized(moved, width, signed=source.signed)


def _within(least: int, greatest: int, target: Fixed) -> bool:
    low, high = limits(target.width, target.signed)
    if target.overflow == "symmetric":
        low = -high if target.signed else 0
    return low <= least and greatest <= high


def _bias(wide: ir.Value, cut: int, rounding: str) -> ir.Value:
    """What is added before `cut` bits are dropped; `spatial.types.fixed` says the same of Python's integers."""
    half = 1 << cut - 1
    match rounding:
        case "zero":
            return arith.select(_is_negative(wide), _number(wide, (1 << cut) - 1), _number(wide, 0))
        case "half_even":
            odd = arith.andi(arith.shrsi(wide, _number(wide, cut)), _number(wide, 1))
            return arith.addi(odd, _number(wide, half - 1))
    positive_less, negative_less = TIES[rounding]
    if positive_less == negative_less:
        return _number(wide, half - positive_less)
    return arith.select(_is_negative(wide), _number(wide, half - negative_less), _number(wide, half - positive_less))


def _is_negative(wide: ir.Value) -> ir.Value:
    return arith.cmpi(arith.CmpIPredicate.slt, wide, _number(wide, 0))


def _rounds_up(scaled: ir.Value, whole: ir.Value, rest: ir.Value, rounding: str) -> ir.Value | None:
    """Whether the magnitude grows to the next whole number; `rest` is exactly what `floor` takes from it."""
    negative = _compare("OLT", scaled, _real(0.0))
    above, tie = _compare("OGT", rest, _real(0.5)), _compare("OEQ", rest, _real(0.5))
    match rounding:
        case "zero":
            return None
        case "floor":
            return arith.andi(negative, _compare("OGT", rest, _real(0.0)))
        case "half_even":
            halved = arith.mulf(whole, _real(0.5))
            return arith.ori(above, arith.andi(tie, _compare("UNE", halved, math.floor(halved))))
        case "half_zero":
            return above
        case "half_away":
            return arith.ori(above, tie)
        case "half_down":
            return arith.ori(above, arith.andi(tie, negative))
    positive = arith.xori(negative, _number(negative, 1))
    return arith.ori(above, arith.andi(tie, positive))


def _ranged(wide: ir.Value, target: Fixed, *, certain: bool = False) -> ir.Value:
    """A signed integer brought into the range of `target`, where it is not `certain` to lie there."""
    low, high = limits(target.width, target.signed)
    if not certain and target.overflow != "wrap":
        wide = resized(wide, max(wide.type.width, target.width + 1), signed=True)
        if target.overflow == "zero":
            above = arith.cmpi(arith.CmpIPredicate.sgt, wide, _number(wide, high))
            below = arith.cmpi(arith.CmpIPredicate.slt, wide, _number(wide, low))
            wide = arith.select(arith.ori(above, below), _number(wide, 0), wide)
        else:
            low = -high if target.overflow == "symmetric" and target.signed else low
            wide = arith.maxsi(arith.minsi(wide, _number(wide, high)), _number(wide, low))
    return resized(wide, target.width, signed=True)


def _compare(predicate: str, a: ir.Value, b: ir.Value) -> ir.Value:
    return arith.cmpf(arith.CmpFPredicate[predicate], a, b)


def _number(like: ir.Value, value: int) -> ir.Value:
    return arith.constant(like.type, ir.Attribute.parse(f"{value} : {like.type}"))


def _real(value: float) -> ir.Value:
    return arith.constant(ir.F64Type.get(), ir.FloatAttr.get(ir.F64Type.get(), value))
