"""Operations on vectors that the vendor's tools take.

They lower those of a whole register by rules of their own, which some operations do not have, and leave others to the
compiler. Tried with mlir-aie's `convert-vector-to-aievec` and `convert-aievec-to-llvm`, for both devices.
"""

from collections.abc import Callable, Mapping

from spatial.device.npu import Npu
from spatial.ir.mlir import arith, ir

__all__ = ["REGISTERS", "is_taken"]

Kind = tuple[int, int]
"""Lanes of a vector, and bits of each."""

REGISTERS = frozenset({(64, 8), (32, 16), (16, 32)})
"""Vectors that fill a register."""

SUMS = (32, 32)
"""What products of narrow numbers are summed up in."""

MULTIPLIED = frozenset({*REGISTERS, SUMS, (32, 8)})
"""Vectors that are multiplied by a rule of their own, which there is for one of the devices."""

MULTIPLYING = "npu1"
"""The device for which they have multiplications of whole registers, and its partitions."""

Taken = Callable[[ir.OpView, Kind, bool], bool]


def is_taken(op: ir.OpView, lanes: int, npu: Npu) -> bool:
    """Whether an operation on numbers, done in so many lanes, passes the vendor's conversions for a device."""
    if type(op) not in RULES:
        return True
    return RULES[type(op)](op, (lanes, int(op.operands[-1].type.width)), npu.name.startswith(MULTIPLYING))


def _difference(_: ir.OpView, kind: Kind, _multiplies: bool) -> bool:
    return kind not in REGISTERS and kind != SUMS


def _partial(_: ir.OpView, kind: Kind, _multiplies: bool) -> bool:
    """Only in less than a register."""
    return kind not in REGISTERS


def _comparison(_: ir.OpView, kind: Kind, _multiplies: bool) -> bool:
    return kind != (64, 8)


def _extension(_: ir.OpView, kind: Kind, _multiplies: bool) -> bool:
    return kind != (16, 8)


def _product(op: ir.OpView, kind: Kind, multiplies: bool) -> bool:
    """Of 32 lanes of extended numbers, or of 16 that are not."""
    extended = all(_is_extended(each) for each in op.operands)
    if kind in MULTIPLIED and not multiplies:
        return False
    return kind not in (SUMS, (16, 32)) or extended == (kind == SUMS)


def _real_product(_: ir.OpView, kind: Kind, multiplies: bool) -> bool:
    return multiplies or kind != (16, 32)


def _least(_: ir.OpView, kind: Kind, _multiplies: bool) -> bool:
    return kind not in {*REGISTERS, (16, 16)}


def _is_extended(value: ir.Value) -> bool:
    owner = value.owner
    return not isinstance(owner, ir.Block) and isinstance(owner.opview, arith.ExtSIOp | arith.ExtUIOp)


RULES: Mapping[type[ir.OpView], Taken] = {
    arith.SubIOp: _difference,
    arith.ShRSIOp: _partial,
    arith.AndIOp: _partial,
    arith.OrIOp: _partial,
    arith.XOrIOp: _partial,
    arith.CmpIOp: _comparison,
    arith.ExtSIOp: _extension,
    arith.ExtUIOp: _extension,
    arith.MulIOp: _product,
    arith.MulFOp: _real_product,
    arith.MinNumFOp: _least,
}
