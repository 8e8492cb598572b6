"""How many operators of each kind a function is made of.

What takes a DSP or a stage of its own is shared: by the iterations of a loop where they begin further apart than a
cycle, and by loops, which run one after the other. What is cheaper than choosing its operands is not.
"""

from collections import Counter
from collections.abc import Iterator

from spatial.analysis.cost.addresses import addresses_of
from spatial.analysis.loops import body_of
from spatial.analysis.pipelining.speeds import Operator, operator_of
from spatial.analysis.pipelining.timing import Timings
from spatial.analysis.pipelining.unpipelined import Pauses
from spatial.device.operators import Operators, Resources
from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.function import operations
from spatial.ir.mlir import func, ir, memref, scf

__all__ = ["Units", "cost_of_units", "operators_in", "units_of"]

Units = Counter[Operator]
"""How many operators there are, by kind and widths."""

ADDRESS = 16  # bits of an address, where an array has more than one dimension


def units_of(function: func.FuncOp, timings: Timings, operators: Operators) -> Units:
    """The operators that a function needs to run as its loops are timed.

    A loop in which n operations of a kind start every II cycles needs n / II of them, rounded up; branches of which one
    is taken share. Outside of pipelines there are as many as begin in the same cycle.
    """
    shared: Units = Units()
    own: Units = Units()
    for loop, timing in timings.items():
        used: Units = Units()
        for block in body_of(loop.opview):
            used |= _used(block)
        for operator, count in used.items():
            if is_shared(operator, operators):
                shared[operator] = max(shared[operator], -(-count // timing.ii))
        shared["address", ()] = max(shared["address", ()], addresses_of(timing))
        own += Units(each for op in _inside(loop.opview) for each in _cheap(op, operators))
    pipelined = {timing.nest[0].operation for timing in timings.values()}
    outside = _Outside(pipelined, operators)
    outside.block(function.entry_block)
    return +(shared | outside.shared) + own + outside.own


def cost_of_units(units: Units, operators: Operators) -> Resources:
    """What so many operators are made of."""
    total = Resources()
    for (kind, widths), count in units.items():
        if kind.partition(":")[0] in operators.table:
            total += operators.resources(kind, *widths).times(count)
    return total


def is_shared(operator: Operator, operators: Operators) -> bool:
    """Whether an operator is worth being used by several operations."""
    kind, widths = operator
    if kind == "channel":
        return False
    return bool(operators.resources(kind, *widths).dsp or operators.speed(kind, *widths).latency)


def operators_in(op: ir.OpView) -> Iterator[Operator]:
    """The operators that do one operation: its own, one for each dimension of an address but the first, choices."""
    if isinstance(op, CHANNEL_OPERATIONS):
        return
    if isinstance(op, memref.LoadOp | memref.StoreOp):
        yield from [("add", (ADDRESS,))] * max(0, len(list(op.indices)) - 1)
    elif isinstance(op, scf.IfOp):
        yield from (("select", (_bits(result.type),)) for result in op.results)
    elif (operator := operator_of(op)) is not None:
        yield operator


def _cheap(op: ir.OpView, operators: Operators) -> Iterator[Operator]:
    return (operator for operator in operators_in(op) if not is_shared(operator, operators))


def _used(block: ir.Block) -> Units:
    """How many operations of each kind one run through a block can need; of branches, those of the greater."""
    total: Units = Units()
    for op in block.operations:
        total += Units(operators_in(op))
        branches = [_used(inner) for region in op.regions for inner in region.blocks]
        if isinstance(op, scf.IfOp):
            greatest: Units = Units()
            for branch in branches:
                greatest |= branch
            branches = [greatest]
        for branch in branches:
            total += branch
    return total


class _Outside:
    """Collects what stands outside of pipelined loops."""

    def __init__(self, pipelined: set[ir.Operation], operators: Operators) -> None:
        self.pipelined = pipelined
        self.operators = operators
        self.stages = Pauses(pipelined, operators)
        self.shared: Units = Units()
        self.own: Units = Units()

    def block(self, block: ir.Block) -> None:
        """One run through a block: what lies between two operations that take time is computed as soon as it can be."""
        ready: dict[ir.Operation, tuple[int, float]] = {}
        together: Counter[tuple[Operator, int]] = Counter()
        for op in block.operations:
            if self.stages.takes_time(op):
                self.close(together)
                ready, together = {}, Counter()
                if op.operation in self.pipelined:
                    continue
                self.own += Units(_cheap(op, self.operators))
                for region in op.regions:
                    for inner in region.blocks:
                        self.block(inner)
                continue
            for each in (op, *_inside(op)):
                ready[each.operation] = self.stages.ready(each, ready)
                self.note(each, ready[each.operation][0], together)
        self.close(together)

    def note(self, op: ir.OpView, ready: int, together: Counter[tuple[Operator, int]]) -> None:
        """Adds an operation whose result is there in stage `ready`."""
        for operator in operators_in(op):
            if is_shared(operator, self.operators):
                together[operator, ready] += 1
            else:
                self.own[operator] += 1

    def close(self, together: Counter[tuple[Operator, int]]) -> None:
        """Keeps the most of each kind that begin in one stage."""
        for (operator, _), count in together.items():
            self.shared[operator] = max(self.shared[operator], count)


def _inside(op: ir.OpView) -> Iterator[ir.OpView]:
    for region in op.regions:
        for block in region.blocks:
            yield from operations(block)


def _bits(kind: ir.Type) -> int:
    return ADDRESS if isinstance(kind, ir.IndexType) else int(kind.width)
