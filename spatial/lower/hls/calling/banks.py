"""Cuts the arrays that a caller holds so that Vitis HLS can: each dimension into blocks, or cyclically."""

import functools
from collections.abc import Iterator, Sequence

from spatial.analysis.layout.demands import demands_in
from spatial.ir.function import kernels
from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.mlir import func, ir, memref
from spatial.lower.hls.calling.parts import Called
from spatial.types.layout import Cut, Layout, whole

__all__ = ["settle_banks"]


def settle_banks(function: func.FuncOp, called: Sequence[Called], given: dict[tuple[str, str], ir.Value]) -> None:
    """Leaves of cuts that are both what the loops ask for that use an array where it lies.

    Most who use it elsewhere have copies of their parts, so what they asked for is not needed any more. `given` are
    the arrays of the caller by the names of what is called and of the parameter.
    """
    for op in function.entry_block.operations:
        if isinstance(op, memref.AllocaOp) and (layout := layout_of(op.result)) and any(map(_is_mixed, layout.cuts)):
            needed = functools.reduce(
                Layout.join,
                [*_asked(function, op.result), *_asked_inside(called, given, op.result)],
                whole(layout.shape),
            )
            cuts = (need if _is_mixed(cut) else cut for cut, need in zip(layout.cuts, needed.cuts, strict=True))
            give_layout(op.result, Layout(cuts=tuple(cuts)))


def _is_mixed(cut: Cut) -> bool:
    """Whether a dimension is cut into blocks, and these cyclically."""
    return cut.blocks > 1 and cut.ways > 1


def _asked(function: func.FuncOp, memory: ir.Value) -> Iterator[Layout]:
    """What the loops of a function ask for."""
    yield from (demand.layout for demand in demands_in(function) if demand.memory == memory)


def _asked_inside(
    called: Sequence[Called], given: dict[tuple[str, str], ir.Value], memory: ir.Value
) -> Iterator[Layout]:
    """What the processes ask for that use an array of the caller where it lies."""
    for each in called:
        functions = {function.name.value: function for function in kernels(each.module)}
        for actor in each.graph.actors:
            for position, name in enumerate(actor.arrays, start=len(actor.values) + len(actor.channels)):
                if given.get((each.name, name)) == memory:
                    function = functions[actor.function]
                    yield from _asked(function, function.arguments[position])
