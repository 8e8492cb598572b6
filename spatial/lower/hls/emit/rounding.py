"""Groups of operations that round numbers in fixed point or bring them into range: conversions of `ap_fixed`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from spatial.ir.function import parameters
from spatial.ir.mlir import arith, func, ir, memref
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.idioms import Idiom, Idioms
from spatial.lower.hls.emit.integers import signed, unsigned
from spatial.lower.hls.emit.kinds import Point
from spatial.lower.hls.emit.points import quantized
from spatial.lower.hls.emit.scalars import SCALARS, integer_of, width_of
from spatial.lower.hls.emit.terms import Term
from spatial.types.dtype import Fixed
from spatial.types.fixed import TIES
from spatial.types.tensor import element_of

__all__ = ["ROUNDED", "find_rounding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What a group of operations does to a value: `cut` of its bits are rounded away, the rest is brought into range.

    A `target` has the range and what happens outside of it; with none there is no range.
    """

    value: ir.Value
    group: tuple[ir.OpView, ...] = ()
    signed: bool = True
    cut: int = 0
    rounding: str = "floor"
    target: Point | None = None


def find_rounding(function: func.FuncOp, idioms: Idioms) -> None:
    """Adds the conversions of a function that has to do with fixed point."""
    if not _has_fixed(function, idioms):
        return
    for op in reversed(idioms.ops):
        if op.operation in idioms.skipped or op.operation in idioms.made:
            continue
        found = _conversion(op)
        if found is not None and _is_closed(found.group, op):
            idioms.made[op.operation] = Idiom(name="rounded", operands=(found.value,), group=found.group)
            idioms.skipped.update(each.operation for each in found.group if each.operation != op.operation)


def _has_fixed(function: func.FuncOp, idioms: Idioms) -> bool:
    locals_ = (op.attributes["df.type"].value for op in idioms.ops if isinstance(op, memref.AllocaOp))
    given = (isinstance(element_of(each.type), Fixed) for each in parameters(function))
    return any(given) or any("Fixed(" in text for text in locals_)


def _is_closed(group: Sequence[ir.OpView], last: ir.OpView) -> bool:
    """Whether nothing else uses what is between the first operation and the last."""
    inside = {op.operation for op in group}
    inner = [op for op in group if op.operation != last.operation]
    return all(use.owner.operation in inside for op in inner for use in op.results[0].uses)


def _conversion(op: ir.OpView) -> Conversion | None:
    """The conversion that an operation ends."""
    ranged = _clamped(op) or _zeroed(op)
    if ranged is None:
        found = _cut(op.results[0]) if isinstance(op, arith.ShRSIOp) else None
        return found if found is not None and found.rounding != "floor" else None
    inner = _cut(ranged.value) or Conversion(value=ranged.value)
    return replace(inner, group=(*inner.group, *ranged.group), target=ranged.target)


# Bringing into range


def _clamped(op: ir.OpView) -> Conversion | None:
    """The nearest value of a type: `max(min(x, greatest), least)`."""
    below = _maker(op.lhs) if isinstance(op, arith.MaxSIOp) else None
    if not isinstance(op, arith.MaxSIOp) or not isinstance(below, arith.MinSIOp):
        return None
    target = _range(_number(op.rhs), _number(below.rhs), "saturate")
    return Conversion(value=below.lhs, group=(below, op), target=target) if target else None


def _zeroed(op: ir.OpView) -> Conversion | None:
    """Nothing outside of a type: `0 if x > greatest or x < least else x`."""
    outside = _maker(op.operands[0]) if isinstance(op, arith.SelectOp) else None
    if not isinstance(op, arith.SelectOp) or not isinstance(outside, arith.OrIOp) or _number(op.operands[1]) != 0:
        return None
    above, under, value = _maker(outside.lhs), _maker(outside.rhs), op.operands[2]
    greatest, least = _compared_with(above, "sgt", value), _compared_with(under, "slt", value)
    target = _range(least, greatest, "zero")
    if target is None or above is None or under is None:
        return None
    return Conversion(value=value, group=(above, under, outside, op), target=target)


def _compared_with(op: ir.OpView | None, predicate: str, value: ir.Value) -> int | None:
    """The constant that a value is compared with."""
    if not isinstance(op, arith.CmpIOp) or op.lhs != value:
        return None
    asked = arith.CmpIPredicate(op.attributes["predicate"].value).name
    return _number(op.rhs) if asked == predicate else None


def _range(least: int | None, greatest: int | None, overflow: str) -> Point | None:
    """The type of these limits, a symmetric one where they are each other's opposite."""
    if least is None or greatest is None or greatest < 0 or greatest & (greatest + 1):
        return None
    bits = greatest.bit_length()
    if least == 0 and bits:
        return Point(width=bits, fraction=0, signed=False, overflow=overflow)
    if least == -greatest - 1:
        return Point(width=bits + 1, fraction=0, signed=True, overflow=overflow)
    symmetric = least == -greatest and overflow == "saturate"
    return Point(width=bits + 1, fraction=0, signed=True, overflow="symmetric") if symmetric else None


# Rounding


def _cut(value: ir.Value) -> Conversion | None:
    """What drops the lowest bits, and what is added before so that it rounds."""
    shift = _maker(value)
    if isinstance(shift, arith.ExtSIOp):
        inner = _cut(shift.operands[0])
        return inner and replace(inner, group=(*inner.group, shift))
    amount = _number(shift.rhs) if isinstance(shift, arith.ShRSIOp) else None
    if shift is None or amount is None:
        return None
    added = _maker(shift.lhs)
    biased = _biased(added, amount) if isinstance(added, arith.AddIOp) else None
    rounding, wide, between = biased or ("floor", shift.lhs, ())
    first = _maker(wide)
    if isinstance(first, arith.ExtSIOp | arith.ExtUIOp):
        group, value = (first, *between, shift), first.operands[0]
        return Conversion(
            value=value, group=group, signed=isinstance(first, arith.ExtSIOp), cut=amount, rounding=rounding
        )
    return Conversion(value=wide, group=(*between, shift), cut=amount, rounding=rounding)


def _biased(added: arith.AddIOp, cut: int) -> tuple[str, ir.Value, tuple[ir.OpView, ...]] | None:
    """How adding something rounds, what it is added to, and the operations."""
    wide, half = added.lhs, 1 << cut - 1
    bias = _maker(added.rhs)
    constant = _number(added.rhs)
    if constant is not None:
        mode = {half: "half_up", half - 1: "half_down"}.get(constant)
        return (mode, wide, (added,)) if mode else None
    if isinstance(bias, arith.SelectOp):
        negative = _maker(bias.operands[0])
        amounts = _number(bias.operands[2]), _number(bias.operands[1])
        mode = _by_sign(half).get(amounts)
        if mode is None or negative is None or _compared_with(negative, "slt", wide) != 0:
            return None
        return mode, wide, (negative, bias, added)
    if isinstance(bias, arith.AddIOp) and _number(bias.rhs) == half - 1:
        odd = _maker(bias.lhs)
        last = _maker(odd.lhs) if isinstance(odd, arith.AndIOp) and _number(odd.rhs) == 1 else None
        if isinstance(last, arith.ShRSIOp) and last.lhs == wide and _number(last.rhs) == cut:
            return "half_even", wide, (last, odd, bias, added)
    return None


def _by_sign(half: int) -> Mapping[tuple[int | None, int | None], str]:
    """How numbers are rounded to which something is added, from 0 up and below."""
    modes: dict[tuple[int | None, int | None], str] = {(0, 2 * half - 1): "zero"}
    return {(half - up, half - down): mode for mode, (up, down) in TIES.items() if up != down} | modes


def _maker(value: ir.Value) -> ir.OpView | None:
    owner = value.owner
    return None if isinstance(owner, ir.Block) else owner.opview


def _number(value: ir.Value) -> int | None:
    owner = _maker(value)
    return integer_of(owner) if isinstance(owner, arith.ConstantOp) else None


# Text


def _converted(body: Body, op: ir.OpView, operands: Sequence[ir.Value]) -> Term:
    """A conversion of a number; the operations themselves where no number is known."""
    conversion = _conversion(op)
    assert conversion is not None
    read = signed if conversion.signed else unsigned
    exact = read(body.terms[operands[0]], width_of(operands[0].type))
    found = quantized(exact, conversion.cut, conversion.target, conversion.rounding)
    if found is None:
        return _spelled_out(body, op, conversion)
    body.use(operands[0])
    return found


def _spelled_out(body: Body, op: ir.OpView, conversion: Conversion) -> Term:
    group = sorted(conversion.group, key=body.idioms.ops.index)
    used = [operand for each in group for operand in each.operands]
    body.uses.update(used)
    body.uses[conversion.value] -= 1
    if body.terms[conversion.value].effect:
        body.materialize(conversion.value)
    for each in group:
        term = SCALARS[type(each)](body, each)
        if each.operation == op.operation:
            return term
        body.define(each.results[0], term)
    raise AssertionError("a group of operations holds its last one")


ROUNDED: Mapping[str, Callable[[Body, ir.OpView, Sequence[ir.Value]], Term]] = {"rounded": _converted}
