"""Lowers functions with time left out: what is computed and where it waits stay the same."""

from collections.abc import Iterator
from contextlib import contextmanager

from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.ir.mlir import func, ir
from spatial.lower.llvm.code import Code
from spatial.lower.llvm.function import PORTION, FunctionLowering, code_of
from spatial.lower.llvm.layout import DONE, NEVER, SLOTS, ChannelField, ChannelHalf, RunField, SlotField
from spatial.lower.llvm.machine import POINTER, Variable
from spatial.lower.llvm.pointer import Pointer, inlined, unlikely
from spatial.lower.llvm.queue import queue
from spatial.lower.llvm.values import UNWATCHED, Watched

__all__ = ["UNTIMED", "lower_untimed"]


@inlined
def slot(c: Pointer, n: int) -> Pointer:
    """The place of token `n`, which is all that it has."""
    return c.at(SLOTS + (n & c[ChannelHalf.MASK]))


@inlined
def visible(c: Pointer) -> int:
    """0 if there is a token, `NEVER` if not."""
    return 0 if c[ChannelField.PUTS] != c[ChannelField.GETS] else NEVER


@inlined
def free(c: Pointer) -> int:
    """0 if there is room for a token, `NEVER` if not."""
    return 0 if c[ChannelField.PUTS] - c[ChannelField.GETS] != c[ChannelHalf.DEPTH] else NEVER


@inlined
def take(run: Pointer, c: Pointer, t: int) -> None:
    """The oldest token leaves."""
    c[ChannelField.GETS] += 1
    waits = c.pointer(ChannelField.WRITER)
    if unlikely(waits):
        c[ChannelField.WRITER] = 0
        queue(run, waits)


@inlined
def give(run: Pointer, c: Pointer, value: int, t: int) -> None:
    """A token enters."""
    m = c[ChannelField.PUTS]
    slot(c, m)[SlotField.VALUE] = value
    c[ChannelField.PUTS] = m + 1
    waits = c.pointer(ChannelField.READER)
    if unlikely(waits):
        c[ChannelField.READER] = 0
        queue(run, waits)


UNTIMED = (slot, visible, free, take, give)


def lower_untimed(function: func.FuncOp, timings: Timings, watched: Watched = UNWATCHED) -> Code:
    """Lowers a function as `lower_function` does; none of its pipelines overlaps."""
    return code_of(UntimedLowering(function, timings, watched))


class UntimedLowering(FunctionLowering):
    """Writes one function whose pipelines do not overlap, without clocks.

    A channel operation that surely happens is where an actor gives way sooner or later, for its channel is bounded.
    """

    def now(self) -> str:
        return self.machine.integer(0)

    def whole(self) -> None:
        self.machine.kept.clear()
        self.body(self.function.entry_block)
        self.machine.leave(DONE)
        self.faults()

    def begin_time(self) -> None:
        for variable in (self.clock, self.stalled_input, self.stalled_output):
            self.machine.initial(variable, "0")

    def wait(self, op: ir.OpView, when: str, end: ChannelField, stalled: Variable, at: Variable | None = None) -> None:
        """Goes on when the operation can happen; stops until then."""
        machine, go, wait, check = self.machine, *(self.machine.label() for _ in range(3))
        machine.go(check)
        channel = self.value(op.stream)
        ready = machine.call(when, [(channel, POINTER)], "i64")
        there = machine.op(f'llvm.icmp "eq" {ready}, {machine.integer(0)} : i64')
        machine.branch(there, go, wait)
        machine.begin(wait)
        at_end, never = machine.offset(channel, 8 * end), machine.integer(NEVER)
        machine.call("df_wait", [("%run", POINTER), ("%actor", POINTER), (at_end, POINTER), (never, "i64")])
        self.wait_at(op, check)
        machine.begin(go)

    def pass_time(self, cycles: str, work: int = 1) -> None:
        self.breathe(work)

    @contextmanager
    def taking_time(self, *, may_be_free: bool = False) -> Iterator[None]:
        yield
        self.breathe()

    def in_turn(self, timing: LoopTiming) -> None:
        self.nest(timing.nest, lambda: self.iteration_of(timing))

    def iteration_of(self, timing: LoopTiming) -> None:
        """Stage after stage; others go on after it where it may have waited for nothing."""
        certain = False

        def between() -> None:
            nonlocal certain
            certain |= any(each.flag is None for each in self.pending)
            self.commit(self.pending)
            self.pending = []

        self.stages(timing, between)
        if not certain:
            self.breathe()

    def end_stage(self) -> None:
        certain = any(each.flag is None for each in self.pending)
        self.commit(self.pending)
        self.pending = []
        if not certain:
            self.breathe()

    def portion(self, ii: int) -> str:
        return self.machine.integer(PORTION)

    def breathe(self, work: int = 1) -> None:
        machine, go, pause, resume = self.machine, *(self.machine.label() for _ in range(3))
        left = machine.binary("llvm.sub", self.run_field(RunField.BUDGET), machine.integer(work))
        machine.do(f"llvm.store {left}, {machine.offset('%run', 8 * RunField.BUDGET)} : i64, {POINTER}")
        some_left = machine.op(f'llvm.icmp "sgt" {left}, {machine.integer(0)} : i64')
        machine.branch(some_left, go, pause, " weights([1000, 1])")
        machine.begin(pause)
        given = [("%run", POINTER), ("%actor", POINTER), (machine.constant("true", "i1"), "i1"), (self.now(), "i64")]
        machine.call("df_pause", given)
        machine.stop(resume)
        machine.begin(resume)
        machine.go(go)
