"""Integers of any width in the widths that cores compute in."""

from dataclasses import dataclass

from spatial.ir.mlir import arith, ir
from spatial.lower.aie.emit.storage import native

__all__ = [
    "Held",
    "Span",
    "TooWide",
    "as_low",
    "as_signed",
    "as_unsigned",
    "common",
    "constant",
    "container",
    "integer",
    "least_width",
    "range_of",
    "readable",
]

Span = tuple[int, int]
"""The least and the greatest that a number can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A number in a register: its low bits, as many as are asked for, are right.

    With a `span` the register holds the number itself, which lies within, with a sign if it can be negative.
    """

    value: ir.Value
    span: Span | None = None

    @property
    def width(self) -> int:
        """The bits of the register."""
        return int(self.value.type.width)


class TooWide(Exception):
    """A number has more bits than any register."""


def integer(width: int) -> ir.Type:
    """The integer type of a width; raises `TooWide` for 0, the width of no register."""
    if not width:
        raise TooWide
    return ir.IntegerType.get_signless(width)


def container(bits: int) -> int:
    """The width of the register for numbers of so many bits."""
    return 1 if bits <= 1 else native(bits)


def constant(number: int, width: int) -> ir.Value:
    """A number in a register; its low bits where it does not fit."""
    if not width:
        raise TooWide
    wrapped = (number + (1 << (width - 1))) % (1 << width) - (1 << (width - 1))
    if width == 1:
        return arith.constant(integer(1), ir.BoolAttr.get(bool(number & 1)))
    return arith.constant(integer(width), wrapped)


def readable(span: Span, width: int, *, signed: bool) -> bool:
    """Whether numbers within a span can be read off a register of a width."""
    low, high = range_of(width, signed=signed)
    return low <= span[0] and span[1] <= high


def as_low(held: Held, width: int) -> ir.Value:
    """A register of a width with the same low bits; one with the same number where it fits."""
    if held.width == width:
        return held.value
    if held.width > width:
        return arith.trunci(integer(width), held.value)
    unsigned = held.span is not None and not readable(held.span, held.width, signed=True)
    extend = arith.extui if unsigned else arith.extsi
    return extend(integer(width), held.value)


def as_signed(held: Held, bits: int) -> Held:
    """What the low bits say as a number with a sign."""
    return _exact(held, bits, signed=True)


def as_unsigned(held: Held, bits: int) -> Held:
    """What the low bits say as a number without a sign."""
    return _exact(held, bits, signed=False)


def least_width(span: Span) -> int:
    """The width of the least register off which numbers within a span can be read with their sign."""
    return container(max(2, max(span[1].bit_length(), (-span[0] - 1).bit_length() if span[0] < 0 else 0) + 1))


def common(left: Held, right: Held, *, signed: bool) -> tuple[Held, Held]:
    """Both in registers of one width, that can be read with or without a sign."""
    width = max(left.width, right.width)
    while width < 64 and not all(readable(each.span or (0, 0), width, signed=signed) for each in (left, right)):
        width = container(width + 1)
    a, b = (Held(value=as_low(each, width), span=each.span) for each in (left, right))
    return a, b


def range_of(bits: int, *, signed: bool) -> Span:
    """The numbers of so many bits, with a sign or without one."""
    return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)


def _exact(held: Held, bits: int, *, signed: bool) -> Held:
    whole = range_of(bits, signed=signed)
    if held.span is not None and whole[0] <= held.span[0] and held.span[1] <= whole[1]:
        return held
    width = container(bits)
    value = as_low(held, width)
    if width > bits and signed:
        away = constant(width - bits, width)
        value = arith.shrsi(arith.shli(value, away), away)
    elif width > bits:
        value = arith.andi(value, constant((1 << bits) - 1, width))
    return Held(value=value, span=whole)
