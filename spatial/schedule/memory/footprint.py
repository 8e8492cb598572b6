"""Which part of an array a block of operations uses: a box, whose place depends on what is known before the block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.pipelining.places import Nest, Place, place_of
from spatial.analysis.static import Arguments, evaluate
from spatial.ir.function import operations, stores
from spatial.ir.mlir import ir, memref, scf
from spatial.schedule.memory.requests import buffer_name, refused

__all__ = ["Access", "Footprint", "Side", "footprint_of", "taken_by"]

NOWHERE = Nest(variables=(), steps=(), counts=())
Terms = Mapping[ir.Value, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Where an access, or a box, lies along a dimension: from `low` to `high`, both counted from a sum of `outer`.

    `inner` are the variables of loops in the block that an index is made of, with what they are multiplied by.
    """

    outer: Terms
    low: int
    high: int
    constant: int = 0
    inner: Terms

    @property
    def extent(self) -> int:
        """How many indices there are."""
        return self.high - self.low + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An operation that uses an element; `certain` if it happens whatever the data are, as often as its loops say."""

    op: ir.OpView
    sides: tuple[Side, ...]
    certain: bool

    def covers(self, box: Sequence[Side]) -> bool:
        """Whether it surely reaches every element of a box, and no other."""
        used = [variable for side in self.sides for variable in side.inner]
        lone = len(used) == len(set(used)) and all(len(side.inner) <= 1 for side in self.sides)
        ends = ((one.low, one.high) == (other.low, other.high) for one, other in zip(self.sides, box, strict=True))
        return self.certain and lone and all(_steps(side) == 1 for side in self.sides) and all(ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """The box that all accesses of a block to an array lie in, and the box of what it stores, None if nothing.

    The part is stored `fully` if every element of that box surely is.
    """

    accesses: tuple[Access, ...]
    box: tuple[Side, ...]
    stored: tuple[Side, ...] | None
    fully: bool


def footprint_of(memory: ir.Value, block: ir.Block, step: str) -> Footprint:
    """What a block uses of an array. Refused where that depends on data, or is not one box beside what is outside."""
    ops = list(operations(block))
    inside = {op.operation for op in ops}
    using = [op for op in ops if memory in list(op.operands)]
    accesses = tuple(_access(memory, op, block, inside, step) for op in using)
    if not accesses:
        raise refused(
            f"`{step}` finds no use of `{buffer_name(memory)}` there", [(block.owner, "nothing here uses it")]
        )
    box = _hull(memory, accesses, step)
    writing = tuple(access for access in accesses if stores(access.op))
    stored = _hull(memory, writing, step) if writing else None
    fully = any(access.covers(stored) for access in writing) if stored else False
    _check_inside(memory, accesses, box, step)
    return Footprint(accesses=accesses, box=box, stored=stored, fully=fully)


def taken_by(value: ir.Value) -> range | None:
    """What the variable of a counting loop goes through, where its bounds are numbers; None else."""
    owner = value.owner
    loop = owner.owner if isinstance(owner, ir.Block) else None
    if not isinstance(loop, scf.ForOp) or value != loop.induction_variable:
        return None
    bounds = [evaluate(bound, Arguments({})) for bound in list(loop.operands)[:3]]
    known = [bound for bound in bounds if bound is not None]
    return range(*known) if len(known) == len(bounds) and known[2] > 0 else None


def _access(memory: ir.Value, op: ir.OpView, block: ir.Block, inside: set[ir.Operation], step: str) -> Access:
    name = buffer_name(memory)
    if not isinstance(op, memref.LoadOp | memref.StoreOp):
        title = f"`{step}` takes arrays of which single elements are used, `{name}` is used whole"
        raise refused(title, [(op, "used whole here")])
    places = place_of(op, inside, NOWHERE)
    if places is None:
        title = f"`{step}` needs to know which part of `{name}` is used"
        raise refused(title, [(op, "which element this is depends on more than sums of loop variables")])
    certain, parent = True, op.operation.parent
    while parent is not None and parent.opview != block.owner:
        certain = certain and isinstance(parent.opview, scf.ForOp) and bool(taken_by(parent.opview.induction_variable))
        parent = parent.parent
    sides = tuple(_side(memory, op, place, inside, step) for place in places)
    return Access(op=op, sides=sides, certain=certain)


def _side(memory: ir.Value, op: ir.OpView, place: Place, inside: set[ir.Operation], step: str) -> Side:
    outer: dict[ir.Value, int] = {}
    inner: dict[ir.Value, int] = {}
    low = high = place.constant
    for value, times in place.terms.items():
        owner = value.owner
        if not times:
            continue
        if not isinstance(owner, ir.Block) or owner.owner.operation not in inside:
            outer[value] = times
            continue
        taken = taken_by(value)
        if not taken:
            title = f"`{step}` needs to know which part of `{buffer_name(memory)}` is used"
            raise refused(title, [(op, "how far this reaches is no constant"), (owner.owner, "by the bounds of this")])
        inner[value] = times
        low, high = low + min(times * taken[0], times * taken[-1]), high + max(times * taken[0], times * taken[-1])
    return Side(outer=outer, low=low, high=high, constant=place.constant, inner=inner)


def _steps(side: Side) -> int:
    """How far apart the indices are that an access reaches; 1 where it is only one."""
    for variable, times in side.inner.items():
        taken = taken_by(variable)
        return abs(times * taken.step) if taken and len(taken) > 1 else 1
    return 1


def _hull(memory: ir.Value, accesses: Sequence[Access], step: str) -> tuple[Side, ...]:
    """The least box around accesses."""
    first = accesses[0]
    sides = []
    for dimension, side in enumerate(first.sides):
        for other in accesses:
            if other.sides[dimension].outer != side.outer:
                title = f"`{step}` needs one part of `{buffer_name(memory)}`, it is used at places that are no box"
                where = f"dimension {dimension} depends on other variables here"
                raise refused(title, [(first.op, "one place"), (other.op, where)])
        lows, highs = zip(*((a.sides[dimension].low, a.sides[dimension].high) for a in accesses), strict=True)
        sides.append(Side(outer=side.outer, low=min(lows), high=max(highs), inner={}))
    return tuple(sides)


def _check_inside(memory: ir.Value, accesses: Sequence[Access], box: Sequence[Side], step: str) -> None:
    """A box whose ends are used in every run is inside of the array; another one must be shown to be."""
    for dimension, (side, extent) in enumerate(zip(box, memory.type.shape, strict=True)):
        sure = [access.sides[dimension] for access in accesses if access.certain]
        if any(each.low == side.low for each in sure) and any(each.high == side.high for each in sure):
            continue
        low, high = _reach(side)
        if low is None or high is None or low < 0 or high >= extent:
            title = f"`{step}` would touch `{buffer_name(memory)}` where the program does not"
            loose = _loose(accesses, dimension, side, below=low is None or low < 0)
            why = f"this is done under a condition; the box reaches out of dimension {dimension}"
            raise refused(title, [(loose.op, why)])


def _loose(accesses: Sequence[Access], dimension: int, side: Side, *, below: bool) -> Access:
    """An access under a condition at the end of a box that is out of the array."""
    ends = ((access, access.sides[dimension]) for access in accesses if not access.certain)
    return next(access for access, end in ends if (end.low == side.low if below else end.high == side.high))


def _reach(side: Side) -> tuple[int | None, int | None]:
    """The least and the greatest index that a box can have."""
    low, high = side.low, side.high
    for value, times in side.outer.items():
        taken = taken_by(value)
        if not taken:
            return None, None
        low, high = low + min(times * taken[0], times * taken[-1]), high + max(times * taken[0], times * taken[-1])
    return low, high
