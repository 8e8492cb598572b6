"""Puts the loops of a nest into another order."""

from collections.abc import Sequence

from spatial.analysis.dependence.dependences import Dependences
from spatial.ir.mlir import func, ir, scf
from spatial.schedule.bands import rename_band
from spatial.schedule.building import erase_loop, keep_attributes, new_loop
from spatial.schedule.copying import Values, settle, sink_arithmetic
from spatial.schedule.legality import check_order
from spatial.schedule.loops.nests import Nest, perfect_nest, sink
from spatial.schedule.loops.requests import for_loop, wrong
from spatial.schedule.loops.triangles import check_wide, guarded, wide_bounds
from spatial.schedule.naming import loop_name
from spatial.schedule.orders import reordered

__all__ = ["nest_of", "permute", "reorder"]


def reorder(function: func.FuncOp, *loops: ir.OpView) -> tuple[scf.ForOp, ...]:
    """Puts loops of a perfect nest into the order given, outermost first, at the places that they have now.

    The loops between them stay. The order of the body's instances must keep every dependence, but for those of a
    reduction on itself. Where the bounds of a loop depend on one that comes inside of it, they become those of all
    iterations of that, and a branch leaves out what it had not.
    """
    return permute(function, loops, "reorder")


def permute(function: func.FuncOp, loops: Sequence[ir.OpView], step: str) -> tuple[scf.ForOp, ...]:
    """Does what `reorder` does for another step."""
    counting = [for_loop(loop, step) for loop in loops]
    nest = nest_of(counting, step)
    order = _order(nest, counting)
    _check_bounds(nest, order, step)
    check_order(Dependences.of(function), reordered(nest.loops, order), step, nest.loops)
    places = [order.index(nest.loops.index(loop)) for loop in counting]
    made = _rebuilt(nest, order)
    return tuple(made[place] for place in places)


def nest_of(loops: Sequence[scf.ForOp], step: str) -> Nest:
    """The perfect nest that holds loops, from the outermost of them to the innermost."""
    if len(set(loops)) < 2 or len(set(loops)) < len(loops):
        given = '["i", "j"], [4, 4]' if step == "tile" else '"i", "j"'
        raise wrong(f"`{step}` takes at least two different loops", f"write `{step}({given})`")
    by_depth = sorted(loops, key=_depth)
    nest = perfect_nest(by_depth[0], by_depth[-1], step)
    for loop in loops:
        if loop not in nest.loops:
            perfect_nest(loop, by_depth[-1], step)
    return nest


def _depth(loop: scf.ForOp) -> int:
    depth, op = 0, loop.operation.parent
    while op is not None:
        depth, op = depth + 1, op.parent
    return depth


def _order(nest: Nest, loops: Sequence[scf.ForOp]) -> list[int]:
    """For each place of a nest the number of the loop that comes there."""
    numbers = [nest.loops.index(loop) for loop in loops]
    places = dict(zip(sorted(numbers), numbers, strict=True))
    return [places.get(place, place) for place in range(len(nest.loops))]


def _check_bounds(nest: Nest, order: Sequence[int], step: str) -> None:
    """The bounds of each loop are known where it comes to stand."""
    for place, number in enumerate(order):
        check_wide(nest.loops[number], _inside(nest, order, place), nest.loops[0], step)


def _inside(nest: Nest, order: Sequence[int], place: int) -> list[scf.ForOp]:
    """The loops that come inside of the one at a place, and were outside of it."""
    return [nest.loops[other] for other in order[place + 1 :] if other < order[place]]


def _rebuilt(nest: Nest, order: Sequence[int]) -> list[scf.ForOp]:
    """The nest in another order, in the place of the one there was."""
    values: Values = {}
    made: list[scf.ForOp] = []
    point = ir.InsertionPoint(nest.loops[0])
    for place, number in enumerate(order):
        loop = nest.loops[number]
        with point, loop.location:
            low, high, step = wide_bounds(loop, _inside(nest, order, place), nest.loops[0], values)
            made.append(new_loop(loop_name(loop), low, high, step, loop))
        keep_attributes(made[-1], of=loop)
        values[loop.induction_variable] = made[-1].induction_variable
        point = ir.InsertionPoint.at_block_terminator(made[-1].body)
    block = made[-1].body
    for place, number in enumerate(order):
        block = guarded(block, nest.loops[number], _inside(nest, order, place), nest.loops[0], values)
    sink(nest, block)
    for variable in nest.variables:
        variable.replace_all_uses_with(values[variable])
    rename_band(nest.loops, made, order)
    erase_loop(nest.loops[0])
    settle(list(made[0].body.operations))
    sink_arithmetic(made[-1])
    return made
