"""Integers of more bits than a register has: their divisions, and their way to floats and back.

LLVM divides integers of up to 128 bits by calling a library that is not there; wider ones it divides itself, unless
it finds that they fit into fewer bits.
"""

from spatial.lower.llvm.floats import double
from spatial.lower.llvm.layout import RunField
from spatial.lower.llvm.machine import POINTER, Machine

__all__ = ["divided", "from_double", "is_divided_apart", "rounded_to_double", "to_odd_double"]

REGISTER, OWN = 64, 192
PRECISION = 53
GREATEST = 1023  # the greatest exponent of a 64-bit float


def is_divided_apart(width: int) -> bool:
    """Whether LLVM may have no code of its own for divisions of so many bits."""
    return width > REGISTER


def divided(machine: Machine, name: str, operands: list[str], width: int) -> str:
    """A division that LLVM would call a library for, in at least as many bits as it divides itself.

    A zero that LLVM does not know stands above each operand, or it would make the division narrow again.
    """
    own = max(OWN, width)
    kind = f"i{own}"
    at = machine.offset("%run", 8 * RunField.ZERO)
    zero = machine.cast("llvm.zext", machine.op(f"llvm.load {at} : {POINTER} -> i64"), "i64", kind)
    above = machine.binary("llvm.shl", zero, machine.constant(str(own - 1), kind), kind)
    extend = "llvm.sext" if name in ("llvm.sdiv", "llvm.srem") else "llvm.zext"
    wide = operands if width == own else [machine.cast(extend, each, f"i{width}", kind) for each in operands]
    a, b = (machine.binary("llvm.xor", each, above, kind) for each in wide)
    result = machine.binary(name, a, b, kind)
    return result if width == own else machine.cast("llvm.trunc", result, kind, f"i{width}")


def rounded_to_double(machine: Machine, value: str, width: int, *, signed: bool) -> str:
    """The nearest 64-bit float to an integer, ties to even; infinity beyond the greatest one."""
    return _to_double(machine, value, width, signed, REGISTER - 2)


def to_odd_double(machine: Machine, value: str, width: int, *, signed: bool) -> str:
    """The first 53 bits of an integer, the last one set if any bit is cut: to be rounded once more.

    Boldo, Melquiond: "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd" (2008).
    """
    return _to_double(machine, value, width, signed, PRECISION)


def _to_double(machine: Machine, value: str, width: int, signed: bool, keep: int) -> str:
    """The first bits of an integer, the last one set if any is cut, as a 64-bit float."""
    kind = f"i{width}"
    zero = machine.constant("0", kind)
    negative = machine.op(f'llvm.icmp "slt" {value}, {zero} : {kind}') if signed else machine.constant("false", "i1")
    opposite = machine.binary("llvm.sub", zero, value, kind)
    magnitude = machine.op(f"llvm.select {negative}, {opposite}, {value} : i1, {kind}")
    given = f"({magnitude}) <{{is_zero_poison = false}}>"
    free = machine.op(f'"llvm.intr.ctlz"{given} : ({kind}) -> {kind}')
    more = machine.binary("llvm.sub", machine.constant(str(width - keep), kind), free, kind)
    cut = machine.op(f"llvm.intr.smax({more}, {zero}) : ({kind}, {kind}) -> {kind}")
    kept = machine.binary("llvm.lshr", magnitude, cut, kind)
    back = machine.binary("llvm.shl", kept, cut, kind)
    lost = machine.op(f'llvm.icmp "ne" {back}, {magnitude} : {kind}')
    odd = machine.binary(
        "llvm.or", _resized(machine, kept, width, REGISTER), machine.cast("llvm.zext", lost, "i1", "i64")
    )
    number = machine.cast("llvm.sitofp", odd, "i64", "f64")
    exponent = machine.op(
        f"llvm.intr.umin({_resized(machine, cut, width, REGISTER)}, {machine.integer(GREATEST)}) : (i64, i64) -> i64"
    )
    biased = machine.binary("llvm.add", exponent, machine.integer(GREATEST))
    scale = machine.binary("llvm.shl", biased, machine.integer(PRECISION - 1))
    result = machine.binary("llvm.fmul", number, machine.cast("llvm.bitcast", scale, "i64", "f64"), "f64")
    return machine.op(f"llvm.select {negative}, {machine.op(f'llvm.fneg {result} : f64')}, {result} : i1, f64")


def from_double(machine: Machine, value: str, width: int, *, signed: bool) -> str:
    """The integer of more than 64 bits toward zero from a 64-bit float, held to its limits; NaN gives 0."""
    kind = f"i{width}"
    bits = machine.cast("llvm.bitcast", value, "f64", "i64")
    places = machine.integer(PRECISION - 1)
    fraction = machine.binary("llvm.and", bits, machine.integer((1 << PRECISION - 1) - 1))
    significand = machine.binary("llvm.or", fraction, machine.integer(1 << PRECISION - 1))
    biased = machine.binary("llvm.and", machine.binary("llvm.lshr", bits, places), machine.integer(2047))
    exponent = machine.binary("llvm.sub", biased, machine.integer(GREATEST))
    magnitude = _moved(machine, significand, machine.binary("llvm.sub", exponent, places), width)
    limit = machine.integer(min(width - signed, GREATEST + 1))
    beyond = machine.op(f'llvm.icmp "sge" {exponent}, {limit} : i64')
    greatest = machine.constant(str((1 << width - signed) - 1 if signed else -1), kind)
    magnitude = machine.op(f"llvm.select {beyond}, {greatest}, {magnitude} : i1, {kind}")
    zero = machine.constant("0", kind)
    negative = machine.op(f'llvm.icmp "slt" {bits}, {machine.integer(0)} : i64')
    below = zero
    if signed:
        least = machine.constant(str(-1 << width - 1), kind)
        opposite = machine.binary("llvm.sub", zero, magnitude, kind)
        below = machine.op(f"llvm.select {beyond}, {least}, {opposite} : i1, {kind}")
    result = machine.op(f"llvm.select {negative}, {below}, {magnitude} : i1, {kind}")
    number = machine.op(f'llvm.fcmp "ord" {value}, {double(machine, 0.0)} : f64')
    return machine.op(f"llvm.select {number}, {result}, {zero} : i1, {kind}")


def _moved(machine: Machine, significand: str, places: str, width: int) -> str:
    """A number of 53 bits moved up by so many places, or down, in as many bits as asked for."""
    kind, zero = f"i{width}", machine.integer(0)
    up = machine.op(f"llvm.intr.smax({places}, {zero}) : (i64, i64) -> i64")
    up = machine.op(f"llvm.intr.smin({up}, {machine.integer(width - 1)}) : (i64, i64) -> i64")
    down = machine.op(f"llvm.intr.smax({machine.binary('llvm.sub', zero, places)}, {zero}) : (i64, i64) -> i64")
    down = machine.op(f"llvm.intr.smin({down}, {machine.integer(REGISTER - 1)}) : (i64, i64) -> i64")
    less = _resized(machine, machine.binary("llvm.lshr", significand, down), REGISTER, width)
    return machine.binary("llvm.shl", less, _resized(machine, up, REGISTER, width), kind)


def _resized(machine: Machine, value: str, width: int, wanted: int) -> str:
    """A number that is not negative, in another width."""
    name = "llvm.zext" if width < wanted else "llvm.trunc"
    return machine.cast(name, value, f"i{width}", f"i{wanted}")
