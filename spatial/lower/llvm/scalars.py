"""The scalar operations of a kernel as operations of the LLVM dialect.

What the language forbids, a division by zero or a shift by more than the width, is decided here and never left
to the machine.
"""

import struct
from collections.abc import Callable, Mapping

from spatial.ir.dialect import ToIntegerOp
from spatial.ir.mlir import arith, ir
from spatial.ir.mlir import math as mlir_math
from spatial.lower.llvm.floats import packed, rounded, unpacked
from spatial.lower.llvm.kinds import NARROW, WORD, type_text, width_of
from spatial.lower.llvm.machine import Machine
from spatial.lower.llvm.wide import divided, from_double, is_divided_apart, rounded_to_double, to_odd_double
from spatial.types.bits import nan_bits
from spatial.types.dtype import float32, float64

__all__ = ["DIVISIONS", "SCALARS", "constant_text"]

PRECISION = 53  # bits of an integer that a 64-bit float holds exactly
Emit = Callable[[Machine, ir.OpView, list[str]], str]
DIVISIONS = (arith.DivSIOp, arith.FloorDivSIOp, arith.RemSIOp, arith.DivUIOp, arith.RemUIOp)


def constant_text(op: arith.ConstantOp) -> str:
    """The literal of a constant."""
    value = op.attributes["value"].value
    if isinstance(value, float):
        form, digits = ("d", 16) if type_text(op.result.type) == "f64" else ("f", 8)
        return f"0x{int.from_bytes(struct.pack(f'>{form}', value)):0{digits}X}"
    number = int(value)
    return ("true" if number else "false") if width_of(op.result.type) == 1 else str(number)


def _binary(name: str) -> Emit:
    return lambda machine, op, operands: machine.binary(name, operands[0], operands[1], type_text(op.result.type))


def _float(name: str) -> Emit:
    """An operation on floats, rounded to the type of the result."""

    def emit(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
        kind = str(op.result.type)
        if kind not in NARROW:
            return machine.binary(name, operands[0], operands[1], kind)
        a, b = (machine.cast("llvm.fpext", operand, "f32", "f64") for operand in operands)
        return rounded(machine, machine.binary(name, a, b, "f64"), NARROW[kind])

    return emit


def _root(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    kind = str(op.result.type)
    if kind not in NARROW:
        return _intrinsic("sqrt")(machine, op, operands)
    wide = machine.cast("llvm.fpext", operands[0], "f32", "f64")
    return rounded(machine, machine.op(f"llvm.intr.sqrt({wide}) : (f64) -> f64"), NARROW[kind])


def _intrinsic(name: str) -> Emit:
    def emit(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
        kind = type_text(op.result.type)
        kinds = ", ".join(kind for _ in operands)
        return machine.op(f"llvm.intr.{name}({', '.join(operands)}) : ({kinds}) -> {kind}")

    return emit


def _shift(name: str) -> Emit:
    """A shift; one by the width or more leaves nothing but the sign."""

    def emit(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
        kind, width = type_text(op.result.type), width_of(op.result.type)
        if width == 1:
            limit, amount = machine.constant("false", "i1"), operands[1]
            kept = operands[0] if name == "llvm.ashr" else limit
            return machine.op(f"llvm.select {amount}, {kept}, {operands[0]} : i1, i1")
        least = machine.constant(str(width - 1), kind)
        fits = machine.op(f'llvm.icmp "ule" {operands[1]}, {least} : {kind}')
        amount = machine.op(f"llvm.select {fits}, {operands[1]}, {least} : i1, {kind}")
        shifted = machine.binary(name, operands[0], amount, kind)
        if name == "llvm.ashr":
            return shifted
        return machine.op(f"llvm.select {fits}, {shifted}, {machine.constant('0', kind)} : i1, {kind}")

    return emit


def _division(name: str) -> Emit:
    return lambda machine, op, operands: _divide(machine, name, operands, op.result.type)


def _divide(machine: Machine, name: str, operands: list[str], kind: ir.Type) -> str:
    if is_divided_apart(width_of(kind)):
        return divided(machine, name, operands, width_of(kind))
    return machine.binary(name, operands[0], operands[1], type_text(kind))


def _floored(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    """The quotient toward zero, less one where there is a rest of the other sign."""
    kind = type_text(op.result.type)
    zero = machine.constant("0", kind)
    quotient = _signed("llvm.sdiv")(machine, op, operands)
    rest = machine.binary("llvm.sub", operands[0], machine.binary("llvm.mul", quotient, operands[1], kind), kind)
    uneven = machine.op(f'llvm.icmp "ne" {rest}, {zero} : {kind}')
    signs = machine.binary("llvm.xor", rest, operands[1], kind)
    apart = machine.op(f'llvm.icmp "slt" {signs}, {zero} : {kind}')
    lower = machine.binary("llvm.sub", quotient, machine.constant("1", kind), kind)
    both = machine.binary("llvm.and", uneven, apart, "i1")
    return machine.op(f"llvm.select {both}, {lower}, {quotient} : i1, {kind}")


def _signed(name: str) -> Emit:
    """A signed division; the least number by -1 wraps, which the machine would not do."""

    def emit(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
        kind = type_text(op.result.type)
        zero, one = machine.constant("0", kind), machine.constant("1", kind)
        negated = machine.op(f'llvm.icmp "eq" {operands[1]}, {machine.constant("-1", kind)} : {kind}')
        divisor = machine.op(f"llvm.select {negated}, {one}, {operands[1]} : i1, {kind}")
        result = _divide(machine, name, [operands[0], divisor], op.result.type)
        special = zero if name == "llvm.srem" else machine.binary("llvm.sub", zero, operands[0], kind)
        return machine.op(f"llvm.select {negated}, {special}, {result} : i1, {kind}")

    return emit


def _compare_integers(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    predicate = arith.CmpIPredicate(op.attributes["predicate"].value).name
    return machine.op(f'llvm.icmp "{predicate}" {operands[0]}, {operands[1]} : {type_text(op.lhs.type)}')


def _compare_floats(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    predicate = arith.CmpFPredicate(op.attributes["predicate"].value).name.lower()
    return machine.op(f'llvm.fcmp "{predicate}" {operands[0]}, {operands[1]} : {type_text(op.lhs.type)}')


def _cast(name: str) -> Emit:
    def emit(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
        return machine.cast(name, operands[0], type_text(op.operands[0].type), type_text(op.result.type))

    return emit


def _resized(extend: str) -> Emit:
    """An integer of another width; the same may come out."""

    def emit(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
        before, after = width_of(op.operands[0].type), width_of(op.result.type)
        if before == after:
            return operands[0]
        return _cast(extend if before < after else "llvm.trunc")(machine, op, operands)

    return emit


def _select(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    condition, yes, no = operands
    return machine.op(f"llvm.select {condition}, {yes}, {no} : i1, {type_text(op.result.type)}")


def _bitcast(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    """Between an integer and a float; the bits of every NaN are the same."""
    source, target = str(op.operands[0].type), str(op.result.type)
    if source in NARROW:
        return packed(machine, operands[0], NARROW[source])
    if target in NARROW:
        return unpacked(machine, operands[0], NARROW[target])
    bits = machine.cast("llvm.bitcast", operands[0], source, target)
    if isinstance(op.result.type, ir.FloatType):
        return bits
    number = machine.op(f'llvm.fcmp "ord" {operands[0]}, {operands[0]} : {source}')
    nan = machine.constant(str(nan_bits(float32 if source == "f32" else float64)), target)
    return machine.op(f"llvm.select {number}, {bits}, {nan} : i1, {target}")


def _narrowed(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    source, target = type_text(op.operands[0].type), str(op.result.type)
    if target not in NARROW:
        return machine.cast("llvm.fptrunc", operands[0], source, target)
    return rounded(machine, machine.cast("llvm.fpext", operands[0], source, "f64"), NARROW[target])


def _to_float(*, signed: bool) -> Emit:
    """The nearest float to an integer, in one rounding however wide that is."""

    def emit(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
        width, kind = width_of(op.operands[0].type), str(op.result.type)
        if kind == "f64" and width > WORD:
            return rounded_to_double(machine, operands[0], width, signed=signed)
        if width > (PRECISION if kind in NARROW else WORD):
            double = to_odd_double(machine, operands[0], width, signed=signed)
        else:
            target = "f64" if kind in NARROW else kind
            name = "llvm.sitofp" if signed else "llvm.uitofp"
            double = machine.cast(name, operands[0], type_text(op.operands[0].type), target)
            if target == kind:
                return double
        if kind in NARROW:
            return rounded(machine, double, NARROW[kind])
        return machine.cast("llvm.fptrunc", double, "f64", kind)

    return emit


def _to_integer(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    signed, width = op.attributes["sign"].value == "signed", width_of(op.result.type)
    source, target = type_text(op.operands[0].type), type_text(op.result.type)
    if width > WORD:
        return from_double(machine, machine.cast("llvm.fpext", operands[0], source, "f64"), width, signed=signed)
    name = f"llvm.{'fptosi' if signed else 'fptoui'}.sat.{target}.{source}"
    return machine.op(f'llvm.call_intrinsic "{name}"({operands[0]}) : ({source}) -> {target}')


def _absolute(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    kind = type_text(op.result.type)
    return machine.op(f'"llvm.intr.abs"({operands[0]}) <{{is_int_min_poison = false}}> : ({kind}) -> {kind}')


SCALARS: Mapping[type, Emit] = {
    arith.AddIOp: _binary("llvm.add"),
    arith.SubIOp: _binary("llvm.sub"),
    arith.MulIOp: _binary("llvm.mul"),
    arith.DivSIOp: _signed("llvm.sdiv"),
    arith.FloorDivSIOp: _floored,
    arith.RemSIOp: _signed("llvm.srem"),
    arith.DivUIOp: _division("llvm.udiv"),
    arith.RemUIOp: _division("llvm.urem"),
    arith.AndIOp: _binary("llvm.and"),
    arith.OrIOp: _binary("llvm.or"),
    arith.XOrIOp: _binary("llvm.xor"),
    arith.ShLIOp: _shift("llvm.shl"),
    arith.ShRSIOp: _shift("llvm.ashr"),
    arith.ShRUIOp: _shift("llvm.lshr"),
    arith.MinSIOp: _intrinsic("smin"),
    arith.MaxSIOp: _intrinsic("smax"),
    arith.MinUIOp: _intrinsic("umin"),
    arith.MaxUIOp: _intrinsic("umax"),
    arith.CmpIOp: _compare_integers,
    arith.CmpFOp: _compare_floats,
    arith.SelectOp: _select,
    arith.ExtSIOp: _cast("llvm.sext"),
    arith.ExtUIOp: _cast("llvm.zext"),
    arith.TruncIOp: _cast("llvm.trunc"),
    arith.IndexCastOp: _resized("llvm.sext"),
    arith.IndexCastUIOp: _resized("llvm.zext"),
    arith.SIToFPOp: _to_float(signed=True),
    arith.UIToFPOp: _to_float(signed=False),
    ToIntegerOp: _to_integer,
    arith.BitcastOp: _bitcast,
    arith.ExtFOp: _cast("llvm.fpext"),
    arith.TruncFOp: _narrowed,
    arith.AddFOp: _float("llvm.fadd"),
    arith.SubFOp: _float("llvm.fsub"),
    arith.MulFOp: _float("llvm.fmul"),
    arith.DivFOp: _float("llvm.fdiv"),
    arith.RemFOp: _float("llvm.frem"),
    arith.MinimumFOp: _intrinsic("minimum"),
    arith.MaximumFOp: _intrinsic("maximum"),
    mlir_math.SqrtOp: _root,
    arith.NegFOp: lambda machine, op, operands: machine.op(f"llvm.fneg {operands[0]} : {type_text(op.result.type)}"),
    mlir_math.AbsFOp: _intrinsic("fabs"),
    mlir_math.AbsIOp: _absolute,
    mlir_math.FloorOp: _intrinsic("floor"),
    mlir_math.CopySignOp: _intrinsic("copysign"),
}
