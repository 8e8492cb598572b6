"""What each step of a schedule makes of the times at which operations run."""

from collections.abc import Callable, Mapping, Sequence

from spatial.analysis.loops import inner, is_loop
from spatial.ir.mlir import ir, scf
from spatial.schedule.building import Bounds
from spatial.schedule.copying import is_inside

__all__ = ["Order", "Times", "depth_of", "jammed", "joined", "parted", "placed", "reordered"]

Time = tuple[int | str, ...]
Times = Mapping[ir.Operation, Time]
"""When operations run: places in the text and their loops' variables `i0`, `i1`, … (or sums of them), in turn."""

Order = Callable[[Times], Times]
"""The new times of the operations that a step gives new ones."""


def depth_of(loop: scf.ForOp) -> int:
    """How many loops are around a loop."""
    depth, op = 0, loop.operation.parent
    while op is not None:
        depth, op = depth + is_loop(op.opview), op.parent
    return depth


def reordered(loops: Sequence[scf.ForOp], order: Sequence[int]) -> Order:
    """Loops of a perfect nest at other places: at each the loop of that number."""
    outer = depth_of(loops[0])

    def times(now: Times) -> Times:
        return {op: moved(time) for op, time in _within(now, loops[-1])}

    def moved(time: Time) -> Time:
        changed = list(time)
        for place, number in enumerate(order):
            changed[2 * (outer + place) + 1] = time[2 * (outer + number) + 1]
        return tuple(changed)

    return times


def jammed(loop: scf.ForOp, low: int, step: int, trips: int | None, factor: int) -> Order:
    """Groups of `factor` iterations of a loop side by side in the loops inside it.

    A run of operations without a loop stays together, for one iteration after the other. What does not fill a group
    runs behind, one iteration after the other.
    """
    depth = depth_of(loop)
    at = 2 * depth + 1
    number = f"floor((i{depth} - {low})/{step})"
    group, member = f"floor({number}/{factor})", f"{number} - {factor}*floor({number}/{factor})"
    if trips is not None and trips % factor:
        whole = trips // factor
        group = f"max({group}, {number} - {whole * factor - whole})"

    def times(now: Times) -> Times:
        first = {op: now[run[0]][-1] for run in _runs(loop, now) for op in run}
        return {
            op: (*time[:at], group, *time[at + 1 : -1], first[op], member, time[-1]) for op, time in _within(now, loop)
        }

    return times


def _runs(loop: scf.ForOp, now: Times) -> list[list[ir.Operation]]:
    """The operations inside a loop that have a time, in runs without a loop between them."""
    runs: list[list[ir.Operation]] = []

    def look(block: ir.Block) -> None:
        runs.append([])
        for op in block.operations:
            if is_loop(op) or any(map(is_loop, inner(op))):
                for region in op.regions:
                    for each in region.blocks:
                        look(each)
                runs.append([])
            else:
                runs[-1] += [each.operation for each in (op, *inner(op)) if each.operation in now]

    look(loop.body)
    return [run for run in runs if run]


def joined(first: scf.ForOp, second: scf.ForOp, one: Bounds, other: Bounds, between: Sequence[ir.OpView]) -> Order:
    """Two loops that follow each other as one, what stands between them before it."""
    depth = depth_of(first)
    at = 2 * depth + 1
    number = [_number(f"i{depth}", bounds, alike=one == other) for bounds in (one, other)]

    def times(now: Times) -> Times:
        place = _place(now, first, depth)
        found = {}
        for part, loop in enumerate((first, second)):
            for op, time in _within(now, loop):
                found[op] = (*time[: at - 1], place, 0, number[part], part, *time[at + 1 :])
        for each in between:
            for op, time in _of(now, each):
                found[op] = (*time[: at - 1], place, -1, *time[at - 1 :])
        return found

    return times


def _number(variable: str, bounds: Bounds, *, alike: bool) -> str:
    """Which iteration of a loop it is."""
    return variable if alike else f"floor(({variable} - {bounds.low})/{bounds.step})"


def _place(now: Times, loop: scf.ForOp, depth: int) -> int | str:
    """Where a loop stands in the text around it."""
    return next((time[2 * depth] for _, time in _within(now, loop)), 0)


def parted(loop: scf.ForOp, behind: Sequence[ir.OpView]) -> Order:
    """A loop as two, with the operations `behind` in the second one."""
    at = 2 * depth_of(loop) + 1

    def times(now: Times) -> Times:
        later = {op for each in behind for op, _ in _of(now, each)}
        return {op: (*time[:at], int(op in later), *time[at:]) for op, time in _within(now, loop)}

    return times


def placed(nest: scf.ForOp, loop: scf.ForOp, variables: Sequence[str], place: int) -> Order:
    """A nest in the body of a loop beside it, or inside of one beside it, at a place there.

    For each of the loops around that which are not around the nest too, `variables` say in which of its iterations.
    """
    shared, depth = depth_of(nest), depth_of(loop) + 1

    def times(now: Times) -> Times:
        around = list(next(time for _, time in _within(now, loop))[: 2 * depth])
        around[2 * shared + 1 :: 2] = variables
        return {op: (*around, place, *time[2 * shared + 1 :]) for op, time in _within(now, nest)}

    return times


def _within(now: Times, loop: ir.OpView) -> list[tuple[ir.Operation, Time]]:
    """The times of what is inside a loop."""
    return [(op, time) for op, time in now.items() if is_inside(op, loop.operation)]


def _of(now: Times, op: ir.OpView) -> list[tuple[ir.Operation, Time]]:
    """The times of an operation and of what is inside it."""
    return [(each, now[each]) for each in (op.operation, *(one.operation for one in inner(op))) if each in now]
