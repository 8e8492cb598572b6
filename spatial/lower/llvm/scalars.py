"""The scalar operations of a kernel as operations of the LLVM dialect.

An integer is one of its own width, an `index` one of 64 bits. What the language forbids, a division by zero
or a shift by more than the width, is decided here and never left to the machine.
"""

from collections.abc import Callable, Mapping

from spatial.ir.dialect import ToIntegerOp
from spatial.ir.mlir import arith, ir
from spatial.ir.mlir import math as mlir_math
from spatial.lower.llvm.machine import Machine

__all__ = ["DIVISIONS", "SCALARS", "constant_text", "type_text", "width_of"]

Emit = Callable[[Machine, ir.OpView, list[str]], str]
DIVISIONS = (arith.DivSIOp, arith.FloorDivSIOp, arith.RemSIOp, arith.DivUIOp, arith.RemUIOp)


def type_text(kind: ir.Type) -> str:
    """The machine's type of a scalar."""
    return "i64" if isinstance(kind, ir.IndexType) else str(kind)


def width_of(kind: ir.Type) -> int:
    return 64 if isinstance(kind, ir.IndexType) else int(kind.width)


def constant_text(op: arith.ConstantOp) -> str:
    """The literal of a constant."""
    value = op.attributes["value"]
    if isinstance(value, ir.FloatAttr):
        return str(value).rpartition(" : ")[0]
    number = int(value.value)
    return ("true" if number else "false") if width_of(op.result.type) == 1 else str(number)


def _binary(name: str) -> Emit:
    return lambda machine, op, operands: machine.binary(name, operands[0], operands[1], type_text(op.result.type))


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
        result = machine.binary(name, operands[0], divisor, kind)
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
        return machine.op(f"{name} {operands[0]} : {type_text(op.operands[0].type)} to {type_text(op.result.type)}")

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
    source, target = type_text(op.operands[0].type), type_text(op.result.type)
    bits = machine.op(f"llvm.bitcast {operands[0]} : {source} to {target}")
    if isinstance(op.result.type, ir.FloatType):
        return bits
    number = machine.op(f'llvm.fcmp "ord" {operands[0]}, {operands[0]} : {source}')
    nan = machine.constant({"f32": "2143289344", "f64": "9221120237041090560"}[source], target)
    return machine.op(f"llvm.select {number}, {bits}, {nan} : i1, {target}")


def _to_integer(machine: Machine, op: ir.OpView, operands: list[str]) -> str:
    name = "fptosi" if op.attributes["sign"].value == "signed" else "fptoui"
    source, target = type_text(op.operands[0].type), type_text(op.result.type)
    return machine.op(
        f'llvm.call_intrinsic "llvm.{name}.sat.{target}.{source}"({operands[0]}) : ({source}) -> {target}'
    )


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
    arith.DivUIOp: _binary("llvm.udiv"),
    arith.RemUIOp: _binary("llvm.urem"),
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
    arith.SIToFPOp: _cast("llvm.sitofp"),
    arith.UIToFPOp: _cast("llvm.uitofp"),
    ToIntegerOp: _to_integer,
    arith.BitcastOp: _bitcast,
    arith.ExtFOp: _cast("llvm.fpext"),
    arith.TruncFOp: _cast("llvm.fptrunc"),
    arith.AddFOp: _binary("llvm.fadd"),
    arith.SubFOp: _binary("llvm.fsub"),
    arith.MulFOp: _binary("llvm.fmul"),
    arith.DivFOp: _binary("llvm.fdiv"),
    arith.RemFOp: _binary("llvm.frem"),
    arith.MinimumFOp: _intrinsic("minimum"),
    arith.MaximumFOp: _intrinsic("maximum"),
    mlir_math.SqrtOp: _intrinsic("sqrt"),
    arith.NegFOp: lambda machine, op, operands: machine.op(f"llvm.fneg {operands[0]} : {type_text(op.result.type)}"),
    mlir_math.AbsFOp: _intrinsic("fabs"),
    mlir_math.AbsIOp: _absolute,
    mlir_math.FloorOp: _intrinsic("floor"),
    mlir_math.CopySignOp: _intrinsic("copysign"),
}
