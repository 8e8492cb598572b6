"""Floats of less than 32 bits: rounding to them, their bits.

They are computed with in 64 bits and rounded once, as the reference does; 53 bits of precision are enough for that
to be as if the exact result were rounded. What is rounded lies in 32 bits, which hold each of them exactly.
"""

import struct

from spatial.lower.llvm.machine import Machine
from spatial.types.bits import nan_bits
from spatial.types.dtype import Float

__all__ = ["double", "packed", "rounded", "single", "unpacked"]


def double(machine: Machine, value: float) -> str:
    """A constant of 64 bits."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    return machine.constant(f"0x{bits:016X}", "f64")


def single(machine: Machine, value: float) -> str:
    """A constant of 32 bits."""
    (bits,) = struct.unpack("<I", struct.pack("<f", value))
    return machine.constant(f"0x{bits:08X}", "f32")


def rounded(machine: Machine, value: str, dtype: Float) -> str:
    """A 64-bit float rounded to a narrow type, ties to even, in 32 bits."""
    magnitude = machine.op(f"llvm.intr.fabs({value}) : (f64) -> f64")
    least = _bias(dtype) - 1
    small = machine.op(f'llvm.fcmp "olt" {magnitude}, {double(machine, 2.0**-least)} : f64')
    # Near a number of this size the places that a sum keeps are those of the type's least numbers.
    magic = double(machine, 2.0 ** (53 - dtype.precision - least))
    above = machine.binary("llvm.fadd", magnitude, magic, "f64")
    fine = machine.binary("llvm.fsub", above, magic, "f64")
    near = machine.op(f"llvm.select {small}, {fine}, {_nearest(machine, magnitude, dtype)} : i1, f64")
    limit = 2.0 ** (_bias(dtype) + 1) * (2 - 2.0 ** (1 - dtype.precision) if dtype.finite else 1)
    large = machine.op(f'llvm.fcmp "oge" {near}, {double(machine, limit)} : f64')
    beyond = double(machine, float("nan" if dtype.finite else "inf"))
    near = machine.op(f"llvm.select {large}, {beyond}, {near} : i1, f64")
    number = machine.op(f'llvm.fcmp "ord" {value}, {value} : f64')
    near = machine.op(f"llvm.select {number}, {near}, {value} : i1, f64")
    signed = machine.op(f"llvm.intr.copysign({near}, {value}) : (f64, f64) -> f64")
    return machine.cast("llvm.fptrunc", signed, "f64", "f32")


def packed(machine: Machine, value: str, dtype: Float) -> str:
    """The bits of a value of a narrow type; every NaN has the same ones."""
    bits, places = f"i{dtype.bits}", 24 - dtype.precision
    magnitude = machine.op(f"llvm.intr.fabs({value}) : (f32) -> f32")
    # Scaled so, the exponents of both types count from the same number, also below the least normal one.
    scaled = machine.binary("llvm.fmul", magnitude, single(machine, 2.0 ** (_bias(dtype) - 127)), "f32")
    wide = machine.cast("llvm.bitcast", scaled, "f32", "i32")
    wide = machine.binary("llvm.lshr", wide, machine.constant(str(places), "i32"), "i32")
    infinite = machine.op(f'llvm.fcmp "oeq" {magnitude}, {single(machine, float("inf"))} : f32')
    top = machine.constant(str(_top(dtype)), "i32")
    wide = machine.op(f"llvm.select {infinite}, {top}, {wide} : i1, i32")
    sign = machine.cast("llvm.bitcast", value, "f32", "i32")
    sign = machine.binary("llvm.lshr", sign, machine.constant("31", "i32"), "i32")
    sign = machine.binary("llvm.shl", sign, machine.constant(str(dtype.bits - 1), "i32"), "i32")
    number = machine.op(f'llvm.fcmp "ord" {value}, {value} : f32')
    nan = machine.constant(str(nan_bits(dtype)), "i32")
    whole = machine.op(f"llvm.select {number}, {machine.binary('llvm.or', wide, sign, 'i32')}, {nan} : i1, i32")
    return machine.cast("llvm.trunc", whole, "i32", bits)


def unpacked(machine: Machine, bits: str, dtype: Float) -> str:
    """The value of a narrow type that has these bits."""
    places = 24 - dtype.precision
    wide = machine.cast("llvm.zext", bits, f"i{dtype.bits}", "i32")
    mask = machine.constant(str((1 << dtype.bits - 1) - 1), "i32")
    magnitude = machine.binary("llvm.and", wide, mask, "i32")
    moved = machine.binary("llvm.shl", magnitude, machine.constant(str(places), "i32"), "i32")
    factor = single(machine, 2.0 ** (127 - _bias(dtype)))
    value = machine.binary("llvm.fmul", machine.cast("llvm.bitcast", moved, "i32", "f32"), factor, "f32")
    if not dtype.finite:
        top = machine.constant(str(_top(dtype)), "i32")
        infinite = machine.op(f'llvm.icmp "eq" {magnitude}, {top} : i32')
        value = machine.op(f"llvm.select {infinite}, {single(machine, float('inf'))}, {value} : i1, f32")
    greatest = machine.constant(str(nan_bits(dtype) - 1 if dtype.finite else _top(dtype)), "i32")
    odd = machine.op(f'llvm.icmp "ugt" {magnitude}, {greatest} : i32')
    value = machine.op(f"llvm.select {odd}, {single(machine, float('nan'))}, {value} : i1, f32")
    sign = machine.binary("llvm.shl", wide, machine.constant(str(32 - dtype.bits), "i32"), "i32")
    sign = machine.cast("llvm.bitcast", sign, "i32", "f32")
    return machine.op(f"llvm.intr.copysign({value}, {sign}) : (f32, f32) -> f32")


def _nearest(machine: Machine, magnitude: str, dtype: Float) -> str:
    """A positive normal number cut to the type's precision; a carry goes into the exponent."""
    cut = 53 - dtype.precision
    bits = machine.cast("llvm.bitcast", magnitude, "f64", "i64")
    last = machine.binary("llvm.lshr", bits, machine.integer(cut))
    odd = machine.binary("llvm.and", last, machine.integer(1))
    raised = machine.binary("llvm.add", bits, machine.integer((1 << cut - 1) - 1))
    raised = machine.binary("llvm.add", raised, odd)
    return machine.cast("llvm.bitcast", machine.binary("llvm.and", raised, machine.integer(-1 << cut)), "i64", "f64")


def _bias(dtype: Float) -> int:
    return (1 << dtype.exponent_bits - 1) - 1


def _top(dtype: Float) -> int:
    """The bits of an exponent of ones."""
    return ((1 << dtype.exponent_bits) - 1) << dtype.precision - 1
