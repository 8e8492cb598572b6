"""Unfolds loops in space: each iteration, or each block of them, becomes a processing element."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spatial.ir.dialect import declare_actor
from spatial.ir.function import stores
from spatial.ir.location import location, span_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.ir.retyping import Added, with_parameters
from spatial.schedule.building import Bounds, erase_loop, keep_attributes, named, new_loop, take_body
from spatial.schedule.indices import plus, times
from spatial.schedule.loops.requests import counted_trips, refused, wrong
from spatial.schedule.naming import loop_name
from spatial.schedule.space.apart import check_apart
from spatial.schedule.space.functions import only_actor, symbol
from spatial.types.dtype import index

__all__ = ["unfold"]

MOST_AXES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A loop that becomes an axis of a grid, of so many PEs (`count`), each with `size` of its iterations."""

    loop: scf.ForOp
    bounds: Bounds
    count: int
    size: int

    @property
    def name(self) -> str:
        """What a PE's place along it is called in the PE."""
        return loop_name(self.loop)

    @property
    def firsts(self) -> range:
        """The first index of each PE."""
        assert isinstance(self.bounds.low, int), "the number of iterations is known"
        step = self.bounds.step * self.size
        return range(self.bounds.low, self.bounds.low + step * self.count, step)


def unfold(
    module: ir.Module,
    function: func.FuncOp,
    loops: Sequence[scf.ForOp],
    factors: Sequence[int] | None = None,
    name: str = "",
) -> str:
    """Makes a grid of PEs of a function, an axis for each of `loops`, which form a nest; what its kernel is called.

    Along an axis a PE has one iteration of the loop, or where the factor is less than these are, as many consecutive
    ones as make `factor` PEs. Iterations in different PEs have nothing to do with each other.
    """
    if not 1 <= len(loops) <= MOST_AXES:
        raise wrong(f"a grid has one to three axes, these are {len(loops)}", "give the axes of one to three loops")
    counts: Sequence[int | None] = factors if factors is not None else [None] * len(loops)
    axes = [_axis(loop, count) for loop, count in zip(loops, counts, strict=True)]
    actor = only_actor(module, function)
    _check_all_inside(function, loops[0])
    check_apart(function, loops, "unfold")
    kernel, span = (symbol(module, name) if name else _kernel(function)), span_of(loops[-1].location)
    unfolded = _unfolded(function, axes, kernel)
    with ir.InsertionPoint(actor), location(span):
        for pid in itertools.product(*(range(axis.count) for axis in axes)):
            firsts = [axis.firsts[place] for axis, place in zip(axes, pid, strict=True)]
            values = [*(ir.IntegerAttr.get(ir.IndexType.get(), first) for first in firsts), *actor.values]
            declare_actor(unfolded.name.value, kernel, pid, values, _names(actor.channels), _names(actor.arrays))
    actor.operation.erase()
    return kernel


def _kernel(function: func.FuncOp) -> str:
    return str(function.attributes["df.kernel"].value)


def _axis(loop: scf.ForOp, factor: int | None) -> Axis:
    bounds, trips = counted_trips(loop, "unfold")
    count = trips if factor is None else factor
    if count < 1:
        raise wrong(f"`factor` of `unfold` has a number of PEs for each axis, not {count!r}", "write `factor=[4, 4]`")
    if trips % count:
        title = f"`{loop_name(loop)}` has {trips} iterations, which {count} PEs cannot share evenly"
        fits = ", ".join(str(each) for each in range(1, trips + 1) if trips % each == 0)
        raise refused(title, (loop, f"{trips} iterations here"), hint=f"take one of {fits}")
    return Axis(loop=loop, bounds=bounds, count=count, size=trips // count)


def _check_all_inside(function: func.FuncOp, loop: scf.ForOp) -> None:
    """Refuses loops beside which, or around which, the function does other things."""
    for op in _beside(loop.operation):
        title = f"`unfold` needs a function that does nothing beside `{loop_name(loop)}`"
        hint = "put what stands beside the loop into a function of its own"
        raise refused(title, (op, "this would be done by every PE"), (loop, "the loop"), hint=hint)


def _beside(op: ir.Operation) -> Iterator[ir.OpView]:
    """What has an effect beside an operation or around it."""
    parent = op.parent
    for region in parent.regions:
        for block in region.blocks:
            yield from (each for each in block.operations if each.operation != op and _matters(each))
    if not isinstance(parent.opview, func.FuncOp):
        yield from _beside(parent)


def _matters(op: ir.OpView) -> bool:
    """Whether it makes a difference that each PE does something: all but arithmetic, and reading what none writes."""
    if isinstance(op, memref.LoadOp):
        return any(stores(use.owner) for use in op.memref.uses)
    return not op.operation.name.startswith(
        ("arith.", "memref.alloca", "memref.get_global", "scf.yield", "func.return")
    )


def _unfolded(function: func.FuncOp, axes: Sequence[Axis], kernel: str) -> func.FuncOp:
    """The function of a PE, which is given its first index along each axis."""
    added = [Added(name=axis.name, kind="value", type=index, location=named(axis.loop)) for axis in axes]
    made = with_parameters(function, [*added, *range(len(function.arguments))])
    made.attributes["df.kernel"] = ir.StringAttr.get(kernel)
    for axis, first in zip(axes, made.arguments, strict=False):
        if axis.size == 1:
            _only_iteration(axis.loop, first)
        else:
            _block_of_iterations(axis, first)
    return made


def _block_of_iterations(axis: Axis, first: ir.Value) -> None:
    """Lets a loop count a PE's own iterations, from 0 on, so that its bounds are the same in all PEs."""
    with ir.InsertionPoint(axis.loop):
        own = new_loop(axis.name, 0, axis.size, 1, axis.loop)
    with ir.InsertionPoint.at_block_terminator(own.body), named(axis.loop):
        place = plus(first, times(own.induction_variable, axis.bounds.step))
    keep_attributes(own, of=axis.loop)
    take_body(axis.loop, own.body, place)
    erase_loop(axis.loop)


def _only_iteration(loop: scf.ForOp, variable: ir.Value) -> None:
    """What a loop does in one iteration, in its place."""
    loop.induction_variable.replace_all_uses_with(variable)
    for op in list(loop.body.operations):
        if not isinstance(op, scf.YieldOp):
            op.operation.move_before(loop.operation)
    erase_loop(loop)


def _names(given: ir.ArrayAttr) -> list[str]:
    return [each.value for each in given]
