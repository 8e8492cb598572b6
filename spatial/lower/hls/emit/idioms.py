"""Groups of operations that stand for one operation of C++."""

from collections import Counter
from dataclasses import dataclass, field

from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir
from spatial.lower.hls.emit.rolled import Rolled, rolled_from

__all__ = ["Idiom", "Idioms", "find_idioms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Idiom:
    """What a `group` of operations comes to: its last one is written as `name` of the `operands`."""

    name: str
    operands: tuple[ir.Value, ...]
    group: tuple[ir.OpView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Idioms:
    """The idioms of a function by their last operations; the other operations of their groups are `skipped`.

    Choices among an array of streams are `rolled` by their first operations; `ops` are all operations of the function.
    Those that are `bound` to what operators are built from become variables.
    """

    ops: tuple[ir.OpView, ...]
    made: dict[ir.Operation, Idiom] = field(default_factory=dict)
    rolled: dict[ir.Operation, Rolled] = field(default_factory=dict)
    skipped: set[ir.Operation] = field(default_factory=set)
    bound: set[ir.Operation] = field(default_factory=set)

    def operands(self, op: ir.OpView) -> list[ir.Value]:
        """The values that writing an operation uses."""
        if op.operation in self.skipped:
            return []
        if rolled := self.rolled.get(op.operation):
            return rolled.operands
        idiom = self.made.get(op.operation)
        return list(idiom.operands if idiom else op.operands)

    def uses(self) -> Counter[ir.Value]:
        """How often each value is used in what is written."""
        return Counter(value for op in self.ops for value in self.operands(op))


def find_idioms(function: func.FuncOp) -> Idioms:
    """The idioms of a function: `a % b` toward minus infinity is seven operations."""
    found = Idioms(ops=tuple(operations(function.entry_block)))
    for op in found.ops:
        if "df.rolled" in op.attributes and op.operation not in found.skipped:
            _roll(found, op)
        if "df.impl" in op.attributes:
            found.bound.add(op.operation)
        if not isinstance(op, arith.SelectOp):
            continue
        if group := _real_bits(op):
            found.made[op.operation] = Idiom(name="bits", operands=(group[0].operands[0],), group=(*group, op))
            found.skipped.update(each.operation for each in group)
        elif group := _floor_modulo(op):
            remainder = group[0]
            name = "%" if _is_tested_for_zero(op.result) else "floor_mod"
            found.made[op.operation] = Idiom(name=name, operands=tuple(remainder.operands), group=(*group, op))
            found.skipped.update(each.operation for each in group)
    return found


def _real_bits(select: arith.SelectOp) -> list[ir.OpView] | None:
    """The operations of the bits of a float, where every NaN has the same ones."""
    odd, _, cast = (_maker(value) for value in select.operands)
    if not (isinstance(odd, arith.CmpFOp) and isinstance(cast, arith.BitcastOp)):
        return None
    return [cast, odd] if set(odd.operands) == {cast.operands[0]} else None


def _roll(found: Idioms, op: ir.OpView) -> None:
    """Notes a choice among an array of streams, or that another operation stands for it."""
    blocks = (block for region in op.regions for block in region.blocks)
    found.skipped.update(inner.operation for block in blocks for inner in operations(block))
    if numbers := [each.value for each in op.attributes["df.rolled"]]:
        found.rolled[op.operation] = rolled_from(op, numbers)
    else:
        found.skipped.add(op.operation)


def _floor_modulo(select: arith.SelectOp) -> list[ir.OpView] | None:
    """The operations of `r != 0 and (r ^ b) < 0 ? r + b : r` with `r = a % b`, from `r` on."""
    both, total, remainder = (_maker(value) for value in select.operands)
    if not (
        isinstance(both, arith.AndIOp) and isinstance(total, arith.AddIOp) and isinstance(remainder, arith.RemSIOp)
    ):
        return None
    inexact, opposite = (_maker(value) for value in both.operands)
    if not (isinstance(inexact, arith.CmpIOp) and isinstance(opposite, arith.CmpIOp)):
        return None
    signs = _maker(opposite.lhs)
    if not isinstance(signs, arith.XOrIOp) or list(total.operands) != [remainder.result, remainder.operands[1]]:
        return None
    alike = list(signs.operands) == list(total.operands) and inexact.lhs == remainder.result
    return [remainder, inexact, signs, opposite, both, total] if alike else None


def _maker(value: ir.Value) -> ir.OpView | None:
    owner = value.owner
    return None if isinstance(owner, ir.Block) else owner.opview


def _is_tested_for_zero(value: ir.Value) -> bool:
    """Whether a remainder is only compared with 0, so that its sign does not matter."""
    users = [use.owner for use in value.uses]
    return bool(users) and all(map(_tests_for_zero, users))


def _tests_for_zero(op: ir.OpView) -> bool:
    if isinstance(op, arith.TruncIOp | arith.ExtSIOp):
        return _is_tested_for_zero(op.result)
    if not isinstance(op, arith.CmpIOp) or op.attributes["predicate"].value not in (0, 1):
        return False
    zero = _maker(op.rhs)
    return isinstance(zero, arith.ConstantOp) and zero.attributes["value"].value == 0
