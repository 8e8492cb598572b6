"""The cycles that computing takes outside of pipelined loops: the sum of its parts."""

from collections.abc import Iterator

from spatial.analysis.loops import is_loop
from spatial.analysis.pipelining.memories import kind_of
from spatial.analysis.pipelining.speeds import operator_of
from spatial.device.operators import Operators, Speed
from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.external import is_timed
from spatial.ir.function import operations
from spatial.ir.mlir import func, ir, memref, scf

__all__ = ["pauses"]

WIRE = Speed(latency=0, delay=0.0)
START = (0, 0.0)


def pauses(function: func.FuncOp, pipelined: set[ir.Operation], operators: Operators) -> dict[ir.Operation, int]:
    """By the operation before which they pass: the cycles of what was computed since the last one that took time.

    That is each channel operation, loop, call that takes time, branch with one of these, and the end of each block.
    Around a loop that is not pipelined go a cycle for the control of each iteration, and one to leave it.
    """
    return dict(Pauses(pipelined, operators).block(function.entry_block))


class Pauses:
    """Goes through the blocks of a function outside of its pipelined loops."""

    def __init__(self, pipelined: set[ir.Operation], operators: Operators) -> None:
        self.pipelined = pipelined
        self.operators = operators

    def block(self, block: ir.Block, before: int = 0) -> Iterator[tuple[ir.Operation, int]]:
        """The pauses of a block, in which so many cycles pass besides."""
        ready: dict[ir.Operation, tuple[int, float]] = {}
        spent = before
        *_, last = block.operations
        for op in block.operations:
            if not (op == last or self.takes_time(op)):
                for each in (op, *(inner for r in op.regions for b in r.blocks for inner in operations(b))):
                    ready[each.operation] = self.ready(each, ready)
                continue
            spent += self.cycles(ready)
            if spent:
                yield op.operation, spent
            ready, spent = {}, 0
            if op.operation in self.pipelined or is_timed(op):
                continue
            for region in op.regions:
                for inner in region.blocks:
                    yield from self.block(inner, int(is_loop(op) and inner == op.regions[0].blocks[0]))
            spent = int(is_loop(op))

    def takes_time(self, op: ir.OpView) -> bool:
        """Whether an operation is more than computing."""
        if is_loop(op) or is_timed(op) or isinstance(op, CHANNEL_OPERATIONS):
            return True
        return isinstance(op, scf.IfOp) and any(
            self.takes_time(inner) for r in op.regions for b in r.blocks for inner in operations(b)
        )

    def ready(self, op: ir.OpView, known: dict[ir.Operation, tuple[int, float]]) -> tuple[int, float]:
        """When a result is there, in stages of the computation that it is part of."""
        speed = self.speed(op)
        owners = [v.owner for v in op.operands if not isinstance(v.owner, ir.Block)]
        stage, gone = max([START, *(known[owner] for owner in owners if owner in known)])
        if gone + speed.delay > self.operators.budget + 1e-9:
            stage, gone = stage + 1, 0.0
        return (stage + speed.latency, speed.delay if speed.latency else gone + speed.delay)

    def speed(self, op: ir.OpView) -> Speed:
        if isinstance(op, memref.LoadOp | memref.StoreOp):
            kind = "load" if isinstance(op, memref.LoadOp) else "store"
            return WIRE if kind_of(op.memref).registers else self.operators.speed(kind)
        operator = operator_of(op)
        return self.operators.speed(operator[0], *operator[1]) if operator else WIRE

    def cycles(self, ready: dict[ir.Operation, tuple[int, float]]) -> int:
        """The stages that must have passed before something else can happen."""
        stage, gone = max(ready.values(), default=START)
        writes = any(isinstance(op.opview, memref.StoreOp) and self.speed(op.opview) != WIRE for op in ready)
        full = gone + self.operators.speed("channel").delay > self.operators.budget + 1e-9
        return stage + int(writes or full)
