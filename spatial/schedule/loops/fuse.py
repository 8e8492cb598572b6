"""Makes one loop of several: of a nest by counting through it, of neighbours by doing both bodies."""

from collections.abc import Sequence

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.mlir import func, ir, scf
from spatial.schedule.building import OF_BAND, Bounds, erase_loop, keep_attributes, named, new_loop, ranged, take_body
from spatial.schedule.copying import is_inside, settle, sink_arithmetic, statements
from spatial.schedule.indices import Index, divided, minus, plus, remainder, times, value_of
from spatial.schedule.legality import check_order
from spatial.schedule.loops.nests import sink
from spatial.schedule.loops.reorder import nest_of
from spatial.schedule.loops.requests import counted, counted_trips, for_loop, refused, wrong
from spatial.schedule.naming import fresh_name, loop_name
from spatial.schedule.orders import joined

__all__ = ["fuse"]


def fuse(function: func.FuncOp, *loops: ir.OpView) -> scf.ForOp:
    """Makes one loop of loops that are nested, or that follow each other.

    A perfect nest becomes one loop `i.j` that counts through all its iterations, in the order they have.
    Neighbours with equally many iterations become the first of them, whose iterations do those of all; what stands
    between them runs before. That order must keep every dependence, but for those of a reduction on itself.
    """
    counting = [for_loop(loop, "fuse") for loop in loops]
    if len(set(counting)) < 2 or len(set(counting)) < len(counting):
        raise wrong("`fuse` takes at least two different loops", 'write `fuse("i", "j")`')
    first, *others = counting
    nested = any(is_inside(one.operation, other.operation) for one in counting for other in counting)
    if nested:
        return _collapsed(function, counting)
    for other in others:
        first = _merged(function, first, other)
    return first


def _collapsed(function: func.FuncOp, loops: Sequence[scf.ForOp]) -> scf.ForOp:
    """One loop that counts through a nest."""
    nest = nest_of(loops, "fuse")
    if len(nest.loops) > len(loops):
        between = next(loop for loop in nest.loops if loop not in loops)
        title = "`fuse` takes loops with nothing between them"
        raise refused(title, (between, f"`{loop_name(between)}` is between them"), hint="name it too")
    spaces = [counted_trips(loop, "fuse") for loop in nest.loops[1:]]
    spaces.insert(0, (counted(nest.loops[0], "fuse"), 0))
    outer = nest.loops[0]
    name = fresh_name(function, ".".join(loop_name(loop) for loop in nest.loops))
    with ir.InsertionPoint(outer), outer.location:
        total = spaces[0][0].count()
        for _, trips in spaces[1:]:
            total = times(total, trips)
        made = new_loop(name, 0, total, 1, outer)
    keep_attributes(made, of=nest.loops[-1], without=OF_BAND)
    with ir.InsertionPoint.at_block_terminator(made.body):
        variables = _variables(nest.loops, spaces, made.induction_variable)
    sink(nest, made.body)
    for loop, variable in zip(nest.loops, variables, strict=True):
        loop.induction_variable.replace_all_uses_with(variable)
    erase_loop(outer)
    settle(statements(made.body))
    sink_arithmetic(made)
    return made


def _variables(loops: Sequence[scf.ForOp], spaces: Sequence[tuple[Bounds, int]], position: ir.Value) -> list[ir.Value]:
    """The variables of the loops of a nest, made from a position in it."""
    found: list[ir.Value] = []
    rest: Index = position
    for loop, (bounds, trips) in reversed(list(zip(loops, spaces, strict=True))):
        with loop.location:
            place = remainder(rest, trips) if loop != loops[0] else rest
            with named(loop):
                value = plus(bounds.low, times(place, bounds.step))
            if bounds.trips is not None and isinstance(bounds.low, int):
                value = ranged(value, bounds.low, bounds.low + (bounds.trips - 1) * bounds.step)
            found.insert(0, value_of(value))
            if loop != loops[0]:
                rest = divided(rest, trips)
    return found


def _merged(function: func.FuncOp, first: scf.ForOp, second: scf.ForOp) -> scf.ForOp:
    """One loop of two that follow each other; the one that was first."""
    bounds, later = counted(first, "fuse"), counted(second, "fuse")
    between = _between(first, second)
    _check_alike(first, second, bounds, later)
    order = joined(first, second, bounds, later, between)
    check_order(Dependences.of(function), order, "fuse", (first, second))
    for op in between:
        op.operation.move_before(first.operation)
    with ir.InsertionPoint.at_block_terminator(first.body), named(second):
        place = first.induction_variable
        if not _same(bounds.low, later.low) or bounds.step != later.step:
            place = plus(later.low, times(divided(minus(place, bounds.low), bounds.step), later.step))
    take_body(second, first.body, place)
    erase_loop(second)
    return first


def _between(first: scf.ForOp, second: scf.ForOp) -> list[ir.OpView]:
    """What stands between two loops of one block."""
    beside = list(first.operation.block.operations)
    if second.operation.block != first.operation.block or beside.index(first) > beside.index(second):
        title = f"`fuse` takes loops that follow each other, `{loop_name(first)}` and `{loop_name(second)}` do not"
        raise refused(title, (first, "one loop"), (second, "the other"))
    return beside[beside.index(first) + 1 : beside.index(second)]


def _check_alike(first: scf.ForOp, second: scf.ForOp, bounds: Bounds, later: Bounds) -> None:
    """Two loops have equally many iterations, surely."""
    alike = _same(bounds.low, later.low) and _same(bounds.high, later.high) and bounds.step == later.step
    if alike or (bounds.trips is not None and bounds.trips == later.trips):
        return
    title = "`fuse` takes loops with equally many iterations"
    raise refused(
        title, (first, _iterations(bounds)), (second, _iterations(later)), hint="`peel` what one has more of first"
    )


def _iterations(bounds: Bounds) -> str:
    return "the number of iterations is not known" if bounds.trips is None else f"{bounds.trips} iterations"


def _same(a: Index, b: Index) -> bool:
    return a == b if isinstance(a, int) == isinstance(b, int) else False
