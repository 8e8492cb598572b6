"""Which operator of the hardware does an operation."""

from collections.abc import Callable, Mapping

from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.dialect import ToIntegerOp
from spatial.ir.mlir import arith, ir
from spatial.ir.mlir import math as mlir_math

__all__ = ["Operator", "operator_of", "width_of"]

Operator = tuple[str, tuple[int, ...]]
"""A kind of the device's table, "add", with what a schedule bound it to, "add:dsp"; and the bits that it depends on."""

INDEX_BITS = 16  # of an index whose range is not known
FLOATS = {16: "float16", 32: "float32", 64: "float64"}


def operator_of(op: ir.OpView) -> Operator | None:
    """The operator that does an operation; None where wires do. Memory is not among them: it depends on what it is."""
    if isinstance(op, CHANNEL_OPERATIONS):
        return "channel", ()
    find = KINDS.get(type(op))
    if find and "df.impl" in op.attributes:
        kind, widths = ("multiply", _widths(op)) if isinstance(op, arith.MulIOp) else find(op) or ("", ())
        return f"{kind}:{op.attributes['df.impl'].value}", widths
    return find(op) if find else None


def width_of(value: ir.Value) -> int:
    """The bits of a value that carry something: what extends it and constants add none."""
    owner = value.owner
    op = None if isinstance(owner, ir.Block) else owner.opview
    match op:
        case arith.ExtSIOp() | arith.ExtUIOp() | arith.IndexCastOp() | arith.IndexCastUIOp():
            return min(width_of(op.operands[0]), _bits(value.type))
        case arith.ConstantOp() if isinstance(op.attributes["value"], ir.IntegerAttr | ir.BoolAttr):
            return int(op.attributes["value"].value).bit_length() + 1
        case _ if op is not None and "df.range" in op.attributes:
            return max(int(bound.value).bit_length() + 1 for bound in op.attributes["df.range"])
    return _bits(value.type)


def _bits(kind: ir.Type) -> int:
    return INDEX_BITS if isinstance(kind, ir.IndexType) else int(kind.width)


def _widths(op: ir.OpView) -> tuple[int, ...]:
    return tuple(width_of(operand) for operand in op.operands)


def _of_widths(kind: str) -> Callable[[ir.OpView], Operator | None]:
    return lambda op: (kind, (max(_widths(op)),))


def _constant(value: ir.Value) -> int | None:
    """An integer that is written in the text."""
    owner = value.owner
    op = None if isinstance(owner, ir.Block) else owner.opview
    if isinstance(op, arith.ExtSIOp | arith.ExtUIOp | arith.IndexCastOp):
        return _constant(op.operands[0])
    if isinstance(op, arith.ConstantOp) and isinstance(op.attributes["value"], ir.IntegerAttr | ir.BoolAttr):
        return int(op.attributes["value"].value)
    return None


def _is_power(number: int | None) -> bool:
    return number is not None and number & (number - 1) == 0


def _multiply(op: ir.OpView) -> Operator | None:
    constants = [number for number in map(_constant, op.operands) if number is not None]
    if any(_is_power(abs(number)) for number in constants):
        return None
    widths = _widths(op)
    few = any(abs(number).bit_count() <= 2 for number in constants)
    return ("add", (sum(widths),)) if few else ("multiply", widths)


def _divide(op: ir.OpView) -> Operator | None:
    by = _constant(op.operands[1])
    if _is_power(by):
        return "add", (width_of(op.operands[0]),)
    return "divide", (max(_widths(op)),)


def _shift(op: ir.OpView) -> Operator | None:
    return None if _constant(op.operands[1]) is not None else ("shift", (width_of(op.operands[0]),))


def _float(kind: str) -> Callable[[ir.OpView], Operator | None]:
    """A float's operator; types of 8 bits and bfloat16 are computed with as float32."""

    def find(op: ir.OpView) -> Operator | None:
        value = next(v for v in (*op.operands, *op.results) if isinstance(v.type, ir.FloatType))
        name = FLOATS.get(value.type.width, "float32")
        return (f"{'float32' if isinstance(value.type, ir.BF16Type) else name}_{kind}", ())

    return find


def _resize(op: ir.OpView) -> Operator | None:
    kinds = {op.operands[0].type.width, op.result.type.width}
    return ("float_resize", ()) if kinds <= set(FLOATS) and not _is_bfloat(op) else None


def _is_bfloat(op: ir.OpView) -> bool:
    return any(isinstance(v.type, ir.BF16Type) for v in (*op.operands, *op.results))


KINDS: Mapping[type, Callable[[ir.OpView], Operator | None]] = {
    arith.AddIOp: _of_widths("add"),
    arith.SubIOp: _of_widths("add"),
    arith.MulIOp: _multiply,
    arith.DivSIOp: _divide,
    arith.FloorDivSIOp: _divide,
    arith.RemSIOp: _divide,
    arith.DivUIOp: _divide,
    arith.RemUIOp: _divide,
    arith.AndIOp: _of_widths("logic"),
    arith.OrIOp: _of_widths("logic"),
    arith.XOrIOp: _of_widths("logic"),
    arith.ShLIOp: _shift,
    arith.ShRSIOp: _shift,
    arith.ShRUIOp: _shift,
    arith.MinSIOp: _of_widths("compare"),
    arith.MaxSIOp: _of_widths("compare"),
    arith.MinUIOp: _of_widths("compare"),
    arith.MaxUIOp: _of_widths("compare"),
    arith.CmpIOp: _of_widths("compare"),
    mlir_math.AbsIOp: _of_widths("add"),
    arith.SelectOp: lambda op: ("select", (_bits(op.result.type),)),
    arith.AddFOp: _float("add"),
    arith.SubFOp: _float("add"),
    arith.MulFOp: _float("multiply"),
    arith.DivFOp: _float("divide"),
    arith.RemFOp: _float("divide"),
    mlir_math.SqrtOp: _float("sqrt"),
    arith.CmpFOp: _float("compare"),
    arith.MinimumFOp: _float("compare"),
    arith.MaximumFOp: _float("compare"),
    mlir_math.FloorOp: _float("convert"),
    arith.SIToFPOp: _float("convert"),
    arith.UIToFPOp: _float("convert"),
    ToIntegerOp: _float("convert"),
    arith.ExtFOp: _resize,
    arith.TruncFOp: _resize,
}
