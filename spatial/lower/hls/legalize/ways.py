"""Which of the actors that share an array each of its elements goes to, where the element's indices say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.mlir import arith, ir, scf
from spatial.lower.hls.legalize.boxes import Box, Interval
from spatial.types.dtype import index

__all__ = ["MOST", "Way", "gather", "scatter", "ways_of"]

MOST = 64
"""As many channels one process may have for an array: more would be a wide multiplexer far from its actors."""

Pid = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one axis of a grid of `count` actors shares an array.

    The index of dimension `axis` says whose an element is: of so many consecutive ones (`size`) in turn, or where it is
    `dealt`, one by one in turn. Where no dimension says it all of the axis get the element.
    """

    count: int
    axis: int | None
    size: int = 1
    dealt: bool = False

    @property
    def extent(self) -> int:
        """How many of the axis are told apart, negative where all of them have each element."""
        return -self.count if self.axis is None else self.count

    @property
    def scale(self) -> int:
        """How far apart the indices of an actor and of the next one are."""
        return 1 if self.dealt else self.size

    def place(self, at: Sequence[ir.Value]) -> ir.Value | None:
        """What says whose an element is, in steps of `scale`; None where nothing has to."""
        if self.axis is None or self.count == 1:
            return None
        return arith.remui(at[self.axis], constant(index, self.count)) if self.dealt else at[self.axis]


def ways_of(shares: Sequence[tuple[Pid, Box]], shape: Sequence[int], *, once: bool) -> tuple[Way, ...] | None:
    """How actors at these pids, in order, share an array; None where that does not follow from indices alone.

    If `once` an element belongs to one actor.
    """
    pids = [pid for pid, _ in shares]
    grid = [sorted(set(axis)) for axis in zip(*pids, strict=True)]
    counts = [len(axis) for axis in grid]
    full = 1
    for count in counts:
        full *= count
    dense = all(axis == list(range(axis[0], axis[-1] + 1)) for axis in grid)
    if not dense or full != len(shares) or full > MOST or sorted(pids) != pids:
        return None
    ways = [Way(count=count, axis=None) for count in counts]
    for axis, extent in enumerate(shape):
        found = _way(axis, extent, [(pid, box[axis]) for pid, box in shares], grid)
        if found is None:
            return None
        position, way = found
        if way.axis is not None and ways[position].axis is not None:
            return None
        ways[position] = way if way.axis is not None else ways[position]
    return None if once and any(way.axis is None and way.count > 1 for way in ways) else tuple(ways)


def _way(
    axis: int, extent: int, parts: Sequence[tuple[Pid, Interval]], grid: Sequence[Sequence[int]]
) -> tuple[int, Way] | None:
    """The axis of the grid along which a dimension is shared, and how; no dimension in it where all have all of it."""
    if all(part == Interval(first=0, count=extent) for _, part in parts):
        return 0, Way(count=1, axis=None)
    for position, values in enumerate(grid):
        size, rest = divmod(extent, len(values))
        if rest or len(values) == 1:
            continue
        number = {value: place for place, value in enumerate(values)}
        if all(part == Interval(first=number[pid[position]] * size, count=size) for pid, part in parts):
            return position, Way(count=len(values), axis=axis, size=size)
        step = len(values)
        if all(part == Interval(first=number[pid[position]], count=size, step=step) for pid, part in parts):
            return position, Way(count=len(values), axis=axis, dealt=True)
    return None


def scatter(ways: Sequence[Way], at: Sequence[ir.Value], channels: Sequence[ir.Value], value: ir.Value) -> None:
    """Puts an element into the channels of those that have it."""

    def leaf(channel: ir.Value) -> list[ir.Value]:
        PutOp(channel, value)
        return []

    places = [way.place(at) for way in ways]
    _rolled(ways, lambda: _among(ways, places, channels, [], leaf))


def gather(ways: Sequence[Way], at: Sequence[ir.Value], channels: Sequence[ir.Value], kind: ir.Type) -> ir.Value:
    """An element, taken from the channel of the one that has it."""
    places = [way.place(at) for way in ways]
    found: list[ir.Value] = []

    def build() -> None:
        found.extend(_among(ways, places, channels, [kind], lambda channel: [GetOp(channel, kind).value]))

    _rolled(ways, build)
    return found[0]


def _rolled(ways: Sequence[Way], build: Callable[[], object]) -> None:
    """Builds a choice among channels, and keeps on its operation what it is: that it can be written in one line."""
    block = ir.InsertionPoint.current.block
    before = len(block.operations)
    build()
    if not ways:
        return
    numbers = [number for way in ways for number in (way.extent, way.scale)]
    kinds = (scf.IfOp, PutOp, GetOp)
    made = [op for op in list(block.operations)[before:] if isinstance(op, kinds)]
    integer = ir.IntegerType.get_signless(64)
    for position, op in enumerate(made):
        told = numbers if position == 0 else []
        op.operation.attributes["df.rolled"] = ir.ArrayAttr.get([ir.IntegerAttr.get(integer, each) for each in told])


def _among(
    ways: Sequence[Way],
    places: Sequence[ir.Value | None],
    channels: Sequence[ir.Value],
    kinds: Sequence[ir.Type],
    leaf: Callable[[ir.Value], list[ir.Value]],
) -> list[ir.Value]:
    """Does something to the channels of those that have an element."""
    if not ways:
        return leaf(channels[0])
    behind = len(channels) // ways[0].count
    parts = [channels[first : first + behind] for first in range(0, len(channels), behind)]

    def inner(part: Sequence[ir.Value]) -> list[ir.Value]:
        return _among(ways[1:], places[1:], part, kinds, leaf)

    if places[0] is not None:
        return _halved(places[0], ways[0].scale, parts, 0, kinds, inner)
    return [inner(part) for part in parts][-1]


def _halved(
    place: ir.Value,
    scale: int,
    parts: Sequence[Sequence[ir.Value]],
    first: int,
    kinds: Sequence[ir.Type],
    leaf: Callable[[Sequence[ir.Value]], list[ir.Value]],
) -> list[ir.Value]:
    """Does something to the part at a place, the parts counted from `first` on and `scale` apart."""
    if len(parts) == 1:
        return leaf(parts[0])
    half = len(parts) // 2
    below = arith.cmpi(arith.CmpIPredicate.slt, place, constant(index, scale * (first + half)))
    choice = scf.IfOp(below, list(kinds), has_else=True)
    for block, some, begin in (
        (choice.then_block, parts[:half], first),
        (choice.else_block, parts[half:], first + half),
    ):
        with ir.InsertionPoint(block):
            scf.yield_(_halved(place, scale, some, begin, kinds, leaf))
    return list(choice.results)
