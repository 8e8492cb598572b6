"""Lowers pipelines whose iterations overlap: a lane for each iteration in flight, which holds its state."""

from abc import ABC
from collections.abc import Sequence

from spatial.analysis.loops import body_of
from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.ir.mlir import arith, func, ir, scf
from spatial.lower.llvm.code import Armed, Lanes, Stop
from spatial.lower.llvm.layout import LaneField
from spatial.lower.llvm.machine import POINTER, Variable
from spatial.lower.llvm.messages import Messages
from spatial.lower.llvm.ports import Pending
from spatial.lower.llvm.values import Watched

__all__ = ["FALSE", "TRUE", "Iterations"]

FALSE, TRUE = "false", "true"


class Iterations(Messages, ABC):
    """Iterations in flight; the variables of one lie in its lane, `current` is its number.

    `outside` are the variables of the function that each iteration has one of its own instead of.
    """

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        super().__init__(function, timings, watched)
        self.groups: dict[int, tuple[int, int, int, Variable, Variable, dict[int, Stop], tuple[Armed, ...], bool]] = {}
        self.outside: dict[ir.Value, Variable] = {}
        machine = self.machine
        self.current, self.oldest, self.next = (machine.stack_variable("i64") for _ in range(3))
        self.lane_at = machine.stack_variable(POINTER)
        self.state_of, self.done_of, self.clock_of = (
            Variable(slot="", type="i64", lane=8 * field)
            for field in (LaneField.STATE, LaneField.DONE, LaneField.CLOCK)
        )

    def lanes(self) -> dict[int, Lanes]:
        """The pipelines by the states in which the actor waits for them; asked for when the text is complete."""
        frame = self.machine.frame
        return {
            state: Lanes(
                base=base,
                size=size,
                count=count,
                oldest=frame[oldest],
                next=frame[next_],
                waits=waits,
                armed=armed,
                elastic=elastic,
            )
            for state, (base, size, count, oldest, next_, waits, armed, elastic) in self.groups.items()
        }

    # Lanes

    def open_lanes(self, timing: LoopTiming) -> tuple[int, str, str, int]:
        """Begins to write iterations; the line and the names of the memory and of a lane's size, and their count."""
        machine = self.machine
        line, base = machine.reserve_later(), machine.fresh()
        machine.head.append("")
        size = machine.fresh()
        machine.lane = self.lane_at
        machine.lane_top = 8 * (LaneField.FIRED + timing.latency)
        self.outside = {memory: self.variables[memory] for memory in timing.private}
        for memory, variable in self.outside.items():
            self.variables[memory] = machine.variable(variable.type)
        machine.assign(self.oldest, machine.integer(0))
        machine.assign(self.next, machine.integer(0))
        return line, base, size, 1 << (timing.latency // timing.ii + 2).bit_length()

    def close_lanes(self, line: int, base: str, size: str, count: int) -> tuple[int, int]:
        """Ends it; where the memory lies and the bytes of a lane."""
        machine = self.machine
        machine.lane = None
        self.variables.update(self.outside)
        long = -(-machine.lane_top // 16) * 16
        place = machine.reserved(line, base, long * count)
        machine.head[line + 1] = f"{size} = llvm.mlir.constant({long} : i64) : i64"
        return place, long

    def lane(self, number: str, base: str, size: str, count: int) -> str:
        """The address of an iteration's lane."""
        machine = self.machine
        place = machine.binary("llvm.and", number, machine.integer(count - 1))
        far = machine.binary("llvm.mul", place, size)
        return machine.op(f"llvm.getelementptr {base}[{far}] : ({POINTER}, i64) -> {POINTER}, i8")

    def field(self, lane: str, place: int) -> str:
        """A field of a lane that is not the current one."""
        return self.machine.op(f"llvm.load {self.machine.offset(lane, 8 * place)} : {POINTER} -> i64")

    def compare(self, predicate: str, left: str, right: str) -> str:
        return self.machine.op(f'llvm.icmp "{predicate}" {left}, {right} : i64')

    def increment(self, variable: Variable) -> None:
        machine = self.machine
        machine.assign(variable, machine.binary("llvm.add", machine.read(variable), machine.integer(1)))

    # The space of iterations

    def counters(self, timing: LoopTiming) -> tuple[list[Variable], Variable]:
        """The loop variables of the next iteration, and whether there is none."""
        machine = self.machine
        for loop in timing.nest:
            for op in loop.body.operations:
                if isinstance(op, arith.ConstantOp):
                    self.simple(op)
        counters = [machine.stack_variable("i64") for _ in timing.nest]
        ended = machine.stack_variable("i1")
        empty = machine.constant(FALSE, "i1")
        for counter, loop in zip(counters, timing.nest, strict=True):
            low, high, _ = (self.value(operand) for operand in list(loop.operands)[:3])
            machine.assign(counter, low)
            empty = machine.binary("llvm.or", empty, self.compare("sge", low, high), "i1")
        machine.assign(ended, empty)
        return counters, ended

    def take_indices(self, loops: Sequence[scf.ForOp], counters: Sequence[Variable], ended: Variable) -> None:
        """Gives the current lane its loop variables, and counts on, the innermost loop first."""
        machine, behind = self.machine, self.machine.label()
        for loop, counter in zip(loops, counters, strict=True):
            self.bind(loop.induction_variable, machine.read(counter))
        for loop, counter in reversed(list(zip(loops, counters, strict=True))):
            again = machine.label()
            low, high, step = (self.value(operand) for operand in list(loop.operands)[:3])
            machine.assign(counter, machine.binary("llvm.add", machine.read(counter), step))
            machine.branch(self.compare("slt", machine.read(counter), high), behind, again)
            machine.begin(again)
            machine.assign(counter, low)
        machine.assign(ended, machine.constant(TRUE, "i1"))
        machine.go(behind)

    def clear_lane(self, size: str) -> None:
        machine = self.machine
        lane, zero = machine.read(self.lane_at), machine.constant("0", "i8")
        given = f"({lane}, {zero}, {size}) <{{isVolatile = false}}> : ({POINTER}, i8, i64) -> ()"
        machine.do(f'"llvm.intr.memset"{given}')

    def iteration_stage(self, timing: LoopTiming, stage: int) -> list[Pending]:
        """The operations of a stage; what is to happen at its end."""
        self.stage, self.pending = stage, []
        for block in body_of(timing.nest[-1]):
            self.body(block)
        self.stage = None
        found, self.pending = self.pending, []
        return found

    def retire(self, latency: int, lanes: tuple[str, str, int]) -> None:
        """Counts the iterations that have ended."""
        machine, check, look, more, done = self.machine, *(self.machine.label() for _ in range(4))
        machine.go(check)
        machine.branch(self.compare("slt", machine.read(self.oldest), machine.read(self.next)), look, done)
        machine.begin(look)
        stages = self.field(self.lane(machine.read(self.oldest), *lanes), LaneField.DONE)
        machine.branch(self.compare("eq", stages, machine.integer(latency)), more, done)
        machine.begin(more)
        self.increment(self.oldest)
        machine.jump(check)
        machine.begin(done)
