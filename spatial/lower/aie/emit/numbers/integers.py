"""Writes operations on integers in the widths that cores compute in, exact to the widths of the program."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from spatial.ir.mlir import arith, ir
from spatial.ir.mlir import math as math_dialect
from spatial.lower.aie.emit.numbers.held import (
    Held,
    Span,
    as_low,
    as_signed,
    as_unsigned,
    common,
    constant,
    container,
    least_width,
    readable,
)

__all__ = ["INTEGERS", "Integers", "bits_of"]

SIGNED = frozenset((2, 3, 4, 5))  # the predicates slt, sle, sgt, sge
EQUAL = frozenset((0, 1))


def bits_of(value: ir.Value) -> int:
    """The width of an integer of the program."""
    return int(value.type.width)


@dataclass(slots=True)
class Integers:
    """Integers of a function under way: in which register each is, and how many of its bits are asked for."""

    demand: Mapping[ir.Value, int]
    held: dict[ir.Value, Held] = field(default_factory=dict)

    def of(self, value: ir.Value) -> Held:
        """The register of an integer."""
        return self.held[value]

    def width_for(self, value: ir.Value) -> int:
        """The width of the register for an integer: what its uses ask for; 0 where that is too much."""
        return container(max(1, min(bits_of(value), self.demand.get(value, bits_of(value)))))

    def low(self, value: ir.Value, width: int) -> ir.Value:
        """The low bits of an integer in a register of a width."""
        return as_low(self.held[value], width)

    def signed(self, value: ir.Value) -> Held:
        """An integer as a number with a sign."""
        return as_signed(self.held[value], bits_of(value))

    def unsigned(self, value: ir.Value) -> Held:
        """An integer as a number without a sign."""
        return as_unsigned(self.held[value], bits_of(value))

    def hold(self, value: ir.Value, made: ir.Value, span: Span | None = None) -> None:
        """Says which register an integer is in; a span that cannot be read off it is forgotten."""
        if span is not None and not any(readable(span, int(made.type.width), signed=each) for each in (True, False)):
            span = None
        self.held[value] = Held(value=made, span=span)


Writer = Callable[[Integers, ir.OpView], None]


def _constant(ints: Integers, op: arith.ConstantOp) -> None:
    number = _number(op.attributes["value"])
    width = ints.width_for(op.result) or least_width((number, number))
    ints.hold(op.result, constant(number, width), (number, number))


def _number(attribute: ir.Attribute) -> int:
    return int(attribute.value)


def _extended(ints: Integers, op: ir.OpView, exact: Held) -> None:
    """The number stays in its register; whoever needs a wider one takes it."""
    ints.hold(op.result, exact.value, exact.span)


def _is_low(ints: Integers, op: ir.OpView) -> bool:
    """Whether only bits are asked for that the number had before it was extended."""
    given, source = ints.of(op.operands[0]), bits_of(op.operands[0])
    if ints.demand.get(op.result, bits_of(op.result)) > min(given.width, source):
        return False
    ints.hold(op.result, given.value)
    return True


def _extend_signed(ints: Integers, op: arith.ExtSIOp) -> None:
    if not _is_low(ints, op):
        _extended(ints, op, ints.signed(op.operands[0]))


def _extend_unsigned(ints: Integers, op: arith.ExtUIOp) -> None:
    if not _is_low(ints, op):
        _extended(ints, op, ints.unsigned(op.operands[0]))


def _truncate(ints: Integers, op: arith.TruncIOp) -> None:
    given, bits = ints.of(op.operands[0]), bits_of(op.result)
    fits = given.span is not None and any(readable(given.span, bits, signed=each) for each in (True, False))
    ints.hold(op.result, as_low(given, ints.width_for(op.result)), given.span if fits else None)


def _arithmetic(function: Callable[..., ir.Value], bounds: Callable[[Span, Span], Span]) -> Writer:
    def write(ints: Integers, op: ir.OpView) -> None:
        left, right = op.operands
        first, second = ints.of(left).span, ints.of(right).span
        span = bounds(first, second) if first is not None and second is not None else None
        bits, width = bits_of(op.result), ints.width_for(op.result)
        if span is not None and not any(readable(span, bits, signed=each) for each in (True, False)):
            span = None
        if span is not None:
            least = least_width(span)
            width = min(width or least, least or width)
        ints.hold(op.result, function(ints.low(left, width), ints.low(right, width)), span)

    return write


def _sum(a: Span, b: Span) -> Span:
    return a[0] + b[0], a[1] + b[1]


def _difference(a: Span, b: Span) -> Span:
    return a[0] - b[1], a[1] - b[0]


def _product(a: Span, b: Span) -> Span:
    ends = [x * y for x in a for y in b]
    return min(ends), max(ends)


def _masked(a: Span, b: Span) -> Span:
    masks = [each[1] for each in (a, b) if each[0] >= 0]
    return (0, min(masks)) if masks else _joined(a, b)


def _joined(a: Span, b: Span) -> Span:
    """What the bits of two numbers can make in any mixture."""
    bits = max(each.bit_length() for each in (*a, *b))
    return (-(1 << bits) if min(a[0], b[0]) < 0 else 0), (1 << bits) - 1


def _shift_left(ints: Integers, op: arith.ShLIOp) -> None:
    value, amount = op.operands
    by = ints.unsigned(amount)
    width = ints.width_for(op.result)
    if by.span is None or by.span[1] >= width:
        width = container(bits_of(op.result))
    made = arith.shli(ints.low(value, width), as_low(by, width))
    ints.hold(op.result, made)


def _shift_right(*, signed: bool) -> Writer:
    def write(ints: Integers, op: ir.OpView) -> None:
        value, amount = op.operands
        given = ints.signed(value) if signed else ints.unsigned(value)
        low, high = given.span or (0, 0)
        width = given.width
        if readable((low, high), width, signed=signed):
            register = given.value
        else:
            width = container(width + 1)
            register = as_low(given, width)
        by = as_low(ints.unsigned(amount), width)
        made = (arith.shrsi if signed else arith.shrui)(register, by)
        ints.hold(op.result, made, (min(low, 0), max(high, 0)))

    return write


def _divide(function: Callable[..., ir.Value], *, signed: bool) -> Writer:
    """Operations that need both numbers, and whose result is none beyond the left one's range but for -1."""

    def write(ints: Integers, op: ir.OpView) -> None:
        left, right = (ints.signed(each) if signed else ints.unsigned(each) for each in op.operands)
        a, b = common(left, right, signed=signed)
        most = max(abs(end) for held in (a, b) for end in held.span or (0,))
        span = (-most, most) if signed else (0, most)
        width = a.width if readable(span, a.width, signed=signed) else container(a.width + 1) or a.width
        made = function(as_low(a, width), as_low(b, width))
        bits = bits_of(op.result)
        exact = any(readable(span, bits, signed=each) for each in (True, False))
        ints.hold(op.result, made, span if exact else None)

    return write


def _extreme(function: Callable[..., ir.Value], *, signed: bool) -> Writer:
    def write(ints: Integers, op: ir.OpView) -> None:
        left, right = (ints.signed(each) if signed else ints.unsigned(each) for each in op.operands)
        a, b = common(left, right, signed=signed)
        (low, high), (least, most) = a.span or (0, 0), b.span or (0, 0)
        ints.hold(op.result, function(a.value, b.value), (min(low, least), max(high, most)))

    return write


def _compare(ints: Integers, op: arith.CmpIOp) -> None:
    predicate = op.attributes["predicate"].value
    signed = predicate in SIGNED or predicate in EQUAL
    left, right = (ints.signed(each) if signed else ints.unsigned(each) for each in op.operands)
    a, b = common(left, right, signed=signed)
    ints.hold(op.result, arith.cmpi(arith.CmpIPredicate(predicate), a.value, b.value))


def _select(ints: Integers, op: arith.SelectOp) -> None:
    condition, left, right = op.operands
    width = ints.width_for(op.result)
    spans = ints.of(left).span, ints.of(right).span
    span = (min(spans[0][0], spans[1][0]), max(spans[0][1], spans[1][1])) if spans[0] and spans[1] else None
    made = arith.select(ints.of(condition).value, ints.low(left, width), ints.low(right, width))
    ints.hold(op.result, made, span)


def _absolute(ints: Integers, op: math_dialect.AbsIOp) -> None:
    given = ints.signed(op.operands[0])
    low, high = given.span or (0, 0)
    width = given.width
    if not readable((0, max(-low, high)), width, signed=True):
        width = container(width + 1) or width
    ints.hold(op.result, math_dialect.absi(as_low(given, width)), (0, max(-low, high)))


INTEGERS: Mapping[type[ir.OpView], Writer] = {
    arith.ConstantOp: _constant,
    arith.ExtSIOp: _extend_signed,
    arith.ExtUIOp: _extend_unsigned,
    arith.TruncIOp: _truncate,
    arith.AddIOp: _arithmetic(arith.addi, _sum),
    arith.SubIOp: _arithmetic(arith.subi, _difference),
    arith.MulIOp: _arithmetic(arith.muli, _product),
    arith.AndIOp: _arithmetic(arith.andi, _masked),
    arith.OrIOp: _arithmetic(arith.ori, _joined),
    arith.XOrIOp: _arithmetic(arith.xori, _joined),
    arith.ShLIOp: _shift_left,
    arith.ShRSIOp: _shift_right(signed=True),
    arith.ShRUIOp: _shift_right(signed=False),
    arith.DivSIOp: _divide(arith.divsi, signed=True),
    arith.FloorDivSIOp: _divide(arith.floordivsi, signed=True),
    arith.CeilDivSIOp: _divide(arith.ceildivsi, signed=True),
    arith.RemSIOp: _divide(arith.remsi, signed=True),
    arith.DivUIOp: _divide(arith.divui, signed=False),
    arith.RemUIOp: _divide(arith.remui, signed=False),
    arith.MinSIOp: _extreme(arith.minsi, signed=True),
    arith.MaxSIOp: _extreme(arith.maxsi, signed=True),
    arith.MinUIOp: _extreme(arith.minui, signed=False),
    arith.MaxUIOp: _extreme(arith.maxui, signed=False),
    arith.CmpIOp: _compare,
    arith.SelectOp: _select,
    math_dialect.AbsIOp: _absolute,
}
"""How each operation whose results are integers is written."""
