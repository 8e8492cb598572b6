"""Lowers a kernel's function to a machine that stops where it must wait: the function, its loops, its pipelines."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from spatial.analysis.endless import UNENDING, is_unending
from spatial.analysis.loops import body_of, halves_of, has_channel_operation, inner, is_endless, is_loop
from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.ir.dialect import PrintOp
from spatial.ir.mlir import arith, func, ir, scf
from spatial.lower.llvm.code import Code
from spatial.lower.llvm.elastic import Elastic
from spatial.lower.llvm.external import External
from spatial.lower.llvm.layout import DONE, ActorHalf, Note, RunField
from spatial.lower.llvm.machine import POINTER
from spatial.lower.llvm.ports import Pending
from spatial.lower.llvm.rigid import Rigid
from spatial.lower.llvm.values import UNWATCHED, Watched

__all__ = ["PORTION", "FunctionLowering", "code_of", "lower_function"]

PORTION = 1000  # iterations of a loop without channel operations that are done at once, as in the reference engine


def lower_function(
    function: func.FuncOp, timings: Timings, watched: Watched = UNWATCHED, *, traced: bool = False
) -> Code:
    """Lowers a function, some of whose arrays several actors touch; what is `traced` notes all for a timeline."""
    lowering = FunctionLowering(function, timings, watched)
    lowering.traced = traced
    return code_of(lowering)


def code_of(lowering: "FunctionLowering") -> Code:
    """Writes the function of a lowering."""
    lowering.whole()
    text = lowering.machine.text()
    return Code(
        name=lowering.machine.name,
        text=text,
        places=tuple(lowering.places),
        stops=lowering.stops(),
        lanes=lowering.lanes(),
        rounds=lowering.rounds(),
        tables=lowering.tables,
        shadows=lowering.watched.marked,
        records=lowering.watched.recorded,
        bytes=lowering.machine.top,
        messages=lowering.messages,
        notes=lowering.notes,
        polls=lowering.asked,
        clocked=lowering.clocked,
        rows=lowering.rows,
        queues=lowering.queues,
        unused=lowering.unused,
        endless=lowering.endless,
    )


class FunctionLowering(External, Elastic, Rigid):
    """Writes one function; the stage written last may be the `last` of an iteration; `endless` if a loop never ends."""

    last = False
    endless = False

    def whole(self) -> None:
        machine = self.machine
        self.begin_time()
        self.body(self.function.entry_block)
        if self.traced:
            self.tell(Note.ENDED, machine.read(self.clock))
        machine.store_kept()
        machine.call("df_finish", [("%run", POINTER), ("%actor", POINTER)])
        machine.leave(DONE)
        self.faults()

    def begin_time(self) -> None:
        """Goes on from the cycle in which the call before ended."""
        for variable in (self.clock, self.stalled_input, self.stalled_output):
            self.machine.begin_with_kept(variable)

    # Loops

    def loop(self, op: ir.OpView) -> None:
        machine = self.machine
        if is_endless(op):
            self.endless = True
            at = machine.offset("%actor", 4 * ActorHalf.FREE_RUNNING)
            machine.do(f"llvm.store {machine.constant('1', 'i32')}, {at} : i32, {POINTER}")
        timing = next((t for t in self.timings.values() if t.nest[0] == op), None)
        if timing is not None:
            self.pipeline(timing)
        elif isinstance(op, scf.ForOp):
            may_be_free = any(is_loop(inner) for inner in op.body.operations)
            self.count(op, lambda: self.iteration(op.body, may_be_free=may_be_free))
        else:
            self.while_loop(op)

    def count(self, op: scf.ForOp, body: Callable[[], None]) -> None:
        """A counting loop around what `body` writes."""
        machine, head, inside, behind = self.machine, *(self.machine.label() for _ in range(3))
        low, high, step = list(op.operands)[:3]
        counter = op.induction_variable
        self.bind(counter, self.value(low))
        machine.go(head)
        goes_on = machine.op(f'llvm.icmp "slt" {self.value(counter)}, {self.value(high)} : i64')
        machine.branch(goes_on, inside, behind)
        machine.begin(inside)
        body()
        self.bind(counter, machine.binary("llvm.add", self.value(counter), self.value(step)))
        machine.jump(head)
        machine.begin(behind)

    def iteration(self, block: ir.Block, *, may_be_free: bool) -> None:
        with self.taking_time(may_be_free=may_be_free):
            self.body(block)

    @contextmanager
    def taking_time(self, *, may_be_free: bool = False) -> Iterator[None]:
        """An unpipelined iteration; one that would take no time takes a cycle: no loop runs for ever in none."""
        machine = self.machine
        if may_be_free or self.timeless:
            yield
            self.breathe()
            return
        begun, idle, behind = machine.variable("i64"), machine.label(), machine.label()
        machine.moments.add(begun)
        machine.assign(begun, machine.read(self.clock))
        yield
        still = machine.op(f'llvm.icmp "eq" {machine.read(self.clock)}, {machine.read(begun)} : i64')
        machine.branch(still, idle, behind)
        machine.begin(idle)
        self.pass_time(machine.integer(1))
        machine.go(behind)

    def while_loop(self, op: scf.WhileOp) -> None:
        machine, head, behind = self.machine, self.machine.label(), self.machine.label()
        condition, body = halves_of(op)
        machine.go(head)
        self.turn(op)
        with self.going_round(op), self.taking_time():
            self.body(condition)
            self.leave_unless(op, behind)
            self.body(body)
        machine.jump(head)
        machine.begin(behind)

    @contextmanager
    def going_round(self, op: scf.WhileOp) -> Iterator[None]:
        """An iteration of a `while`, in which the actor may go on for ever by itself."""
        self.whiles.append(op)
        yield
        self.whiles.pop()

    def leave_unless(self, op: scf.WhileOp, behind: str) -> None:
        """Ends a `while` whose condition has just been computed and does not hold."""
        machine, inside = self.machine, self.machine.label()
        (condition, *_) = list(halves_of(op)[0].operations)[-1].operands
        machine.branch(self.value(condition), inside, behind)
        machine.begin(inside)
        if is_unending(op):
            self.demand(machine.constant("false", "i1"), op, UNENDING)

    # Pipelines

    def pipeline(self, timing: LoopTiming) -> None:
        loop = timing.nest[-1]
        self.timing = timing
        if isinstance(loop, scf.WhileOp):
            self.pipelined_while(timing)
        elif timing.overlaps:
            (self.rigid if timing.style == "rigid" else self.elastic)(timing)
        elif has_channel_operation(loop) or any(isinstance(op, PrintOp) for op in inner(loop)):
            self.in_turn(timing)
        else:
            self.compute_only(timing)
        self.timing = None

    def nest(self, loops: Sequence[scf.ForOp], body: Callable[[], None]) -> None:
        """The loops of a nest around what `body` writes, the constants between them first."""
        outer, *rest = loops

        def inside() -> None:
            if not rest:
                body()
                return
            for op in outer.body.operations:
                if isinstance(op, arith.ConstantOp):
                    self.simple(op)
            self.nest(rest, body)

        self.count(outer, inside)

    def in_turn(self, timing: LoopTiming) -> None:
        """Iterations that do not overlap: stage after stage, a cycle each, then the rest of the interval."""
        machine, gap = self.machine, timing.ii - timing.latency
        again = machine.variable("i1")
        machine.assign(again, machine.constant("false", "i1"))

        def iteration() -> None:
            if gap:
                self.only_if(machine.read(again), lambda: self.pass_time(machine.integer(gap)))
                machine.assign(again, machine.constant("true", "i1"))
            self.marked_stages(timing)

        self.nest(timing.nest, iteration)

    def only_if(self, condition: str, body: Callable[[], None]) -> None:
        machine, inside, behind = self.machine, self.machine.label(), self.machine.label()
        machine.branch(condition, inside, behind)
        machine.begin(inside)
        body()
        machine.go(behind)

    def marked_stages(self, timing: LoopTiming, behind: str = "") -> list[Pending]:
        """The stages of an iteration that a timeline shows."""

        def end() -> None:
            if self.last:
                self.end_iteration(1)
            self.end_stage()

        self.begin_iteration(timing)
        return self.stages(timing, end, behind)

    def stages(self, timing: LoopTiming, between: Callable[[], None], behind: str = "") -> list[Pending]:
        """The operations of an iteration in stage order, each stage ended by `between`.

        A `while` is left for `behind`; the result are the operations of its stage that stand before.
        """
        before: list[Pending] = []
        for stage in range(timing.latency):
            self.stage = stage
            for block in body_of(timing.nest[-1]):
                self.body(block)
                last = list(block.operations)[-1]
                if isinstance(last, scf.ConditionOp) and self.here(last):
                    before = list(self.pending)
                    self.leave_unless(timing.nest[-1], behind)
            self.stage, self.last = None, stage == timing.latency - 1
            between()
        return before

    def compute_only(self, timing: LoopTiming) -> None:
        """A loop without channel operations: its work, then its time, in portions so that a long one can be stopped."""
        machine, count, most = self.machine, self.machine.variable("i64"), self.machine.variable("i64")

        def begin() -> None:
            machine.assign(count, machine.integer(0))
            machine.assign(most, self.portion(timing.ii))

        def portion() -> None:
            self.pass_time(machine.binary("llvm.mul", machine.read(most), machine.integer(timing.ii)), PORTION)
            begin()

        def iteration() -> None:
            full = machine.op(f'llvm.icmp "eq" {machine.read(count)}, {machine.read(most)} : i64')
            self.only_if(full, portion)
            self.stages(timing, lambda: None)
            machine.assign(count, machine.binary("llvm.add", machine.read(count), machine.integer(1)))

        def rest() -> None:
            others = machine.binary("llvm.sub", machine.read(count), machine.integer(1))
            starts = machine.binary("llvm.mul", others, machine.integer(timing.ii))
            self.pass_time(machine.binary("llvm.add", starts, machine.integer(timing.latency)))

        self.begin_iteration(timing)
        begin()
        self.nest(timing.nest, iteration)
        some = machine.op(f'llvm.icmp "ne" {machine.read(count)}, {machine.integer(0)} : i64')
        self.only_if(some, rest)
        self.end_iteration(0)

    def portion(self, ii: int) -> str:
        """How many iterations to do at once: none that begins when the run has stopped."""
        machine = self.machine
        left = machine.binary("llvm.sub", self.run_field(RunField.LIMIT), machine.read(self.clock))
        some = machine.op(f"llvm.intr.smin({left}, {machine.integer(PORTION * ii)}) : (i64, i64) -> i64")
        above = machine.binary("llvm.add", some, machine.integer(ii - 1))
        begun = machine.binary("llvm.sdiv", above, machine.integer(ii))
        return machine.op(f"llvm.intr.smax({begun}, {machine.integer(1)}) : (i64, i64) -> i64")

    def pipelined_while(self, timing: LoopTiming) -> None:
        """Iterations in turn; the condition that ends the loop may have taken tokens, in a last cycle."""
        machine, head, behind = self.machine, self.machine.label(), self.machine.label()
        machine.go(head)
        self.turn(timing.nest[-1])
        with self.going_round(timing.nest[-1]):
            before = self.marked_stages(timing, behind)
        if timing.ii > timing.latency:
            self.pass_time(machine.integer(timing.ii - timing.latency))
        machine.jump(head)
        machine.begin(behind)
        under_way = self.under_way(before)
        self.only_if(under_way, lambda: self.last_stage(before))
        self.end_iteration(0)

    def last_stage(self, before: list[Pending]) -> None:
        self.says = self.prints
        self.commit(before)
        self.pass_time(self.machine.integer(1))
