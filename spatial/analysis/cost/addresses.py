"""How many multipliers the addresses of a loop's arrays take.

A row whose length is no power of two makes an address a product and a sum, for which synthesis takes a DSP, however
short it is: `mac_muladd_5ns_6ns_6ns_10_4_1` in published reports (artifact of Basalama and Cong, Stream-HLS, FPGA
2025). Accesses to rows that differ by constants share one, as those of the lanes of an unrolled loop.
"""

from collections.abc import Iterator

from spatial.analysis.loops import body_of
from spatial.analysis.pipelining.memories import kind_of
from spatial.analysis.pipelining.places import Nest, nest_space, place_of
from spatial.analysis.pipelining.timing import LoopTiming
from spatial.ir.function import operations
from spatial.ir.mlir import ir, memref

__all__ = ["addresses_of"]

Row = tuple[int, object]
"""The distance of two rows, and which of them it is, but for constants."""


def addresses_of(timing: LoopTiming) -> int:
    """The products that the addresses of one iteration need."""
    nest = nest_space(timing.nest)
    inside = [op for block in body_of(timing.nest[-1]) for op in operations(block)]
    known = {op.operation for op in inside}
    return len({row for op in inside for row in _rows(op, known, nest)})


def _rows(op: ir.OpView, known: set[ir.Operation], nest: Nest | None) -> Iterator[Row]:
    """The rows of an access that change as the loop runs, and are no power of two apart."""
    if not isinstance(op, memref.LoadOp | memref.StoreOp) or kind_of(op.memref).registers:
        return
    places = place_of(op, known, nest) if nest else None
    stride = 1
    for dimension in reversed(range(1, len(op.memref.type.shape))):
        stride *= op.memref.type.shape[dimension]
        if stride & (stride - 1):
            if places is None:
                yield stride, tuple(op.indices)[dimension - 1]
            elif nest and any(places[dimension - 1].terms.get(variable) for variable in nest.variables):
                yield stride, frozenset(places[dimension - 1].terms.items())
