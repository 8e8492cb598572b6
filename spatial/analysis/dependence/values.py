"""Reads values of a function as sums of loop variables, or as conditions on them."""

from collections.abc import Callable

from spatial.analysis.dependence import affine
from spatial.analysis.dependence.affine import Affine, Range
from spatial.analysis.dependence.conditions import Both, Compare, Condition, Either, Known, Unknown, negated
from spatial.analysis.loops import is_loop
from spatial.ir.dialect import BitOp, WithinOp
from spatial.ir.mlir import arith, func, ir, scf

__all__ = ["Values"]

NE, SLT = 1, 2  # predicates of `arith.cmpi`
UNBOUNDED: Range = (None, None)
ORDERS = ("=", "!=", "<", "<=", ">", ">=")
"""The signed predicates of `arith.cmpi`, in order; after them come those of unsigned numbers, from `<` on."""


class Values:
    """The sums and conditions of one function; `ranges` holds what its leaves range over.

    A leaf is the variable of a loop that was entered, or a number that is fixed before all loops. A
    number in a type of so many bits is read as its signed value, and only where it surely fits.
    """

    def __init__(self) -> None:
        self.ranges: dict[ir.Value, Range] = {}
        self._sums: dict[ir.Value, Affine | None] = {}

    def enter(self, variable: ir.Value, low: list[Affine], high: list[Affine]) -> None:
        """Makes a leaf of a loop's variable that is at least each of `low` and below each of `high`."""
        least = [bound for each in low if (bound := self.interval(each)[0]) is not None]
        most = [bound for each in high if (bound := self.interval(each)[1]) is not None]
        self._leaf(variable, (max(least, default=None), min(most) - 1 if most else None))

    def interval(self, sum_: Affine) -> Range:
        """The least and the greatest value of a sum."""
        return affine.interval(sum_, self.ranges.__getitem__)

    def sum_of(self, value: ir.Value) -> Affine | None:
        """A whole number as a sum; None where it takes a run to tell."""
        if value not in self._sums:
            found = None if isinstance(value.owner, ir.Block) else self._computed(value)
            range_ = _type_range(value.type)
            if found is None and range_ is not None and _is_fixed(value):
                found = self._leaf(value, range_)
            self._sums[value] = found
        return self._sums[value]

    def bounds_of(self, value: ir.Value, *extremes: type) -> tuple[list[Affine], bool]:
        """The sums of which a value is the least (of `minsi`) or the greatest, and whether those are all of them."""
        if not isinstance(value.owner, ir.Block) and isinstance(value.owner.opview, extremes):
            (one, one_known), (two, two_known) = (self.bounds_of(each, *extremes) for each in value.owner.operands)
            return one + two, one_known and two_known
        found = self.sum_of(value)
        return ([], False) if found is None else ([found], True)

    def condition_of(self, value: ir.Value) -> Condition:
        """A single bit as a condition."""
        if isinstance(value.owner, ir.Block):
            return Unknown()
        op = value.owner.opview
        read = CONDITIONS.get(type(op))
        return Unknown() if read is None else read(self, op, value)

    def _leaf(self, value: ir.Value, range_: Range) -> Affine:
        self.ranges[value] = range_
        self._sums[value] = leaf = Affine(constant=0, terms=frozenset({(value, 1)}))
        return leaf

    def _computed(self, value: ir.Value) -> Affine | None:
        op = value.owner.opview
        read = SUMS.get(type(op))
        found = None if read is None else read(self, op)
        if found is None or isinstance(value.type, ir.IndexType):
            return found
        return found if _within(self.interval(found), _type_range(value.type)) else None

    def operands(self, op: ir.OpView) -> list[Affine] | None:
        """The sums that an operation is given; None where one is none."""
        found = [self.sum_of(operand) for operand in op.operands]
        known = [sum_ for sum_ in found if sum_ is not None]
        return known if len(known) == len(found) else None


def _is_fixed(value: ir.Value) -> bool:
    """Whether a value is computed once, outside of all loops."""
    owner = value.owner
    if isinstance(owner, ir.Block):
        return isinstance(owner.owner.opview, func.FuncOp)
    while not isinstance(owner.opview, func.FuncOp):
        owner = owner.parent
        if owner is None or is_loop(owner.opview):
            return False
    return True


def _type_range(kind: ir.Type) -> Range | None:
    """What a type of whole numbers holds; None for others, and for a single bit."""
    if isinstance(kind, ir.IndexType):
        return UNBOUNDED
    if not isinstance(kind, ir.IntegerType) or kind.width == 1:
        return None
    return -(1 << (kind.width - 1)), (1 << (kind.width - 1)) - 1


def _within(range_: Range, limits: Range | None) -> bool:
    """Whether what is known of a range surely lies within limits."""
    low, high = range_
    if limits is None or low is None or high is None:
        return False
    least, most = limits
    return (least is None or least <= low) and (most is None or high <= most)


def _constant(values: Values, op: ir.OpView) -> Affine | None:
    attribute = op.attributes["value"]
    return affine.constant(int(attribute.value)) if isinstance(attribute, ir.IntegerAttr) else None


def _same(values: Values, op: ir.OpView) -> Affine | None:
    return values.sum_of(op.operands[0])


def _of_positive(values: Values, op: ir.OpView) -> Affine | None:
    """A conversion that adds no sign, which changes no number that has none."""
    (operand,) = values.operands(op) or (None,)
    low = None if operand is None else values.interval(operand)[0]
    return operand if low is not None and low >= 0 else None


def _binary(compute: Callable[[Affine, Affine], Affine | None]) -> Callable[[Values, ir.OpView], Affine | None]:
    def read(values: Values, op: ir.OpView) -> Affine | None:
        operands = values.operands(op)
        return None if operands is None else compute(*operands)

    return read


def _positive(compute: Callable[[Affine, Affine], Affine | None]) -> Callable[[Values, ir.OpView], Affine | None]:
    """An operation that does the same as `compute` where neither number is negative."""

    def read(values: Values, op: ir.OpView) -> Affine | None:
        operands = values.operands(op) or []
        lows = [values.interval(operand)[0] for operand in operands]
        return compute(*operands) if operands and all(low is not None and low >= 0 for low in lows) else None

    return read


def _shifted(left: Affine, right: Affine) -> Affine | None:
    fits = not right.terms and 0 <= right.constant < 64
    return affine.times(left, affine.constant(1 << right.constant)) if fits else None


def _shifted_down(left: Affine, right: Affine) -> Affine | None:
    fits = not right.terms and 0 <= right.constant < 64
    return affine.floor(left, affine.constant(1 << right.constant)) if fits else None


def _quotient_up(left: Affine, right: Affine) -> Affine | None:
    down = affine.floor(affine.plus(affine.constant(0), left, -1), right)
    return None if down is None else affine.plus(affine.constant(0), down, -1)


def _selected(values: Values, op: ir.OpView) -> Affine | None:
    """A remainder with the sign of its divisor: `select(r != 0 and (r ^ c) < 0, r + c, r)` of `r = remsi(x, c)`."""
    condition, moved, rest = op.operands
    rem = _made_by(rest, arith.RemSIOp)
    add = _made_by(moved, arith.AddIOp)
    both = _made_by(condition, arith.AndIOp)
    if rem is None or add is None or both is None or list(add.operands) != [rest, rem.operands[1]]:
        return None
    compares = [_made_by(operand, arith.CmpIOp) for operand in both.operands]
    unequal, opposite = compares
    if unequal is None or opposite is None or [_predicate(op) for op in (unequal, opposite)] != [NE, SLT]:
        return None
    sign = _made_by(opposite.operands[0], arith.XOrIOp)
    if unequal.operands[0] != rest or sign is None or list(sign.operands) != [rest, rem.operands[1]]:
        return None
    zeros = [values.sum_of(each.operands[1]) for each in (unequal, opposite)]
    operands = values.operands(rem)
    return affine.modulo(*operands) if operands and zeros == [affine.constant(0)] * 2 else None


def _made_by(value: ir.Value, kind: type) -> ir.OpView | None:
    owner = value.owner
    return owner.opview if not isinstance(owner, ir.Block) and isinstance(owner.opview, kind) else None


def _predicate(op: ir.OpView) -> int:
    return int(op.attributes["predicate"].value)


def _truth(values: Values, op: ir.OpView, value: ir.Value) -> Condition:
    return Known(holds=bool(op.attributes["value"].value))


def _comparison(values: Values, op: ir.OpView, value: ir.Value) -> Condition:
    predicate = _predicate(op)
    operands = values.operands(op)
    if operands is None:
        return Unknown()
    if predicate >= len(ORDERS):
        predicate -= 4
        lows = [values.interval(operand)[0] for operand in operands]
        if any(low is None or low < 0 for low in lows):
            return Unknown()
    left, right = operands
    return Compare(left=left, order=ORDERS[predicate], right=right)


def _both(values: Values, op: ir.OpView, value: ir.Value) -> Condition:
    first, second = map(values.condition_of, op.operands)
    return Both(first=first, second=second)


def _either(values: Values, op: ir.OpView, value: ir.Value) -> Condition:
    first, second = map(values.condition_of, op.operands)
    return Either(first=first, second=second)


def _one_of(values: Values, op: ir.OpView, value: ir.Value) -> Condition:
    first, second = map(values.condition_of, op.operands)
    return _chosen(first, negated(second), second)


def _chosen(condition: Condition, then: Condition, other: Condition) -> Condition:
    return Either(first=Both(first=condition, second=then), second=Both(first=negated(condition), second=other))


def _select(values: Values, op: ir.OpView, value: ir.Value) -> Condition:
    return _chosen(*map(values.condition_of, op.operands))


def _branch(values: Values, op: ir.OpView, value: ir.Value) -> Condition:
    """What the branches of an `if` end with."""
    place = list(op.results).index(value)
    then, other = (list(region.blocks[0].operations)[-1].operands[place] for region in op.regions)
    return _chosen(*map(values.condition_of, (op.condition, then, other)))


SUMS: dict[type, Callable[[Values, ir.OpView], Affine | None]] = {
    arith.ConstantOp: _constant,
    arith.AddIOp: _binary(affine.plus),
    arith.SubIOp: _binary(lambda left, right: affine.plus(left, right, -1)),
    arith.MulIOp: _binary(affine.times),
    arith.FloorDivSIOp: _binary(affine.floor),
    arith.CeilDivSIOp: _binary(_quotient_up),
    arith.DivSIOp: _positive(affine.floor),
    arith.DivUIOp: _positive(affine.floor),
    arith.RemSIOp: _positive(affine.modulo),
    arith.RemUIOp: _positive(affine.modulo),
    arith.ShLIOp: _binary(_shifted),
    arith.ShRSIOp: _binary(_shifted_down),
    arith.SelectOp: _selected,
    arith.IndexCastOp: _same,
    arith.ExtSIOp: _same,
    arith.TruncIOp: _same,
    arith.IndexCastUIOp: _of_positive,
    arith.ExtUIOp: _of_positive,
    WithinOp: _same,
    BitOp: _same,
}
CONDITIONS: dict[type, Callable[[Values, ir.OpView, ir.Value], Condition]] = {
    arith.ConstantOp: _truth,
    arith.CmpIOp: _comparison,
    arith.AndIOp: _both,
    arith.OrIOp: _either,
    arith.XOrIOp: _one_of,
    arith.SelectOp: _select,
    scf.IfOp: _branch,
}
