"""Lowers elastic pipelines whose iterations overlap: each lane has a clock of its own."""

from abc import ABC

from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.ir.mlir import func, ir
from spatial.lower.llvm.code import Stop
from spatial.lower.llvm.lanes import FALSE, TRUE, Iterations
from spatial.lower.llvm.layout import LaneField, RunField
from spatial.lower.llvm.machine import POINTER, Variable
from spatial.lower.llvm.values import Watched

__all__ = ["Elastic"]


class Elastic(Iterations, ABC):
    """Elastic pipelines: the oldest lane goes first, each as far as it can go, until none can.

    A lane that cannot go on gives way to the next (`give_way`), and goes on where one of `resumes` says.
    """

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        super().__init__(function, timings, watched)
        self.resumes: list[str] = []
        self.lane_waits: dict[int, Stop] = {}
        self.give_way = ""

    def iteration_number(self) -> str:
        return self.machine.read(self.current) if self.give_way else super().iteration_number()

    def elastic(self, timing: LoopTiming) -> None:
        """Lanes with clocks of their own: the oldest first, each as far as it can go, until none can."""
        machine, latency = self.machine, timing.latency
        counters, ended = self.counters(timing)
        start, moved = machine.stack_variable("i64"), machine.stack_variable("i1")
        machine.assign(start, machine.read(self.clock))
        line, base, size, count = self.open_lanes(timing)
        outer, self.clock = self.clock, self.clock_of
        around, scan, begin, run, dispatch, end = (machine.label() for _ in range(6))
        self.give_way, self.resumes, self.lane_waits = machine.label(), [], {}
        machine.go(around)
        machine.assign(moved, machine.constant(FALSE, "i1"))
        machine.assign(self.current, machine.read(self.oldest))
        machine.go(scan)
        machine.branch(self.compare("slt", machine.read(self.current), machine.read(self.next)), run, begin)
        machine.begin(run)
        machine.assign(self.lane_at, self.lane(machine.read(self.current), base, size, count))
        machine.jump(dispatch)
        machine.begin(begin)
        when = self.may_begin(ended, start, end, (base, size, count), timing)
        machine.assign(self.lane_at, self.lane(machine.read(self.next), base, size, count))
        self.clear_lane(size)
        machine.assign(self.clock_of, when)
        self.take_indices(timing.nest, counters, ended)
        self.increment(self.next)
        machine.assign(moved, machine.constant(TRUE, "i1"))
        machine.jump(dispatch)
        table = machine.begin(dispatch)
        state = machine.read(self.state_of)
        first, armed = machine.label(), []
        machine.begin(first)
        self.begin_iteration(timing)
        for stage in range(latency):
            if stage:
                self.enter(stage, timing, (base, size, count))
            pending = self.iteration_stage(timing, stage)
            armed += pending
            self.commit(pending)
            fired = machine.offset(machine.read(self.lane_at), 8 * (LaneField.FIRED + stage))
            machine.do(f"llvm.store {machine.read(self.clock_of)}, {fired} : i64, {POINTER}")
            machine.assign(self.done_of, machine.integer(stage + 1))
            machine.assign(moved, machine.constant(TRUE, "i1"))
        self.end_iteration(1)
        machine.assign(self.state_of, machine.integer(self.resume_at(self.give_way)))
        machine.go(self.give_way)
        self.give_way = ""
        latest = machine.op(f"llvm.intr.smax({machine.read(outer)}, {machine.read(self.clock_of)}) : (i64, i64) -> i64")
        machine.assign(outer, latest)
        self.increment(self.current)
        machine.jump(scan)
        cases = ", ".join(f"{number}: {label}" for number, label in enumerate(self.resumes, 1))
        table.lines.append(f"llvm.switch {state} : i64, {first} [{cases}]")
        table.successors, table.closed = [first, *self.resumes], True
        machine.begin(end)
        self.clock = outer
        self.retire(latency, (base, size, count))
        behind, rest, again, wait, pause = (machine.label() for _ in range(5))
        all_done = self.compare("eq", machine.read(self.oldest), machine.read(self.next))
        machine.branch(machine.binary("llvm.and", all_done, machine.read(ended), "i1"), behind, rest)
        machine.begin(rest)
        machine.branch(machine.read(moved), again, wait)
        machine.begin(again)
        left = machine.binary("llvm.sub", self.run_field(RunField.BUDGET), machine.integer(1))
        machine.do(f"llvm.store {left}, {machine.offset('%run', 8 * RunField.BUDGET)} : i64, {POINTER}")
        machine.branch(self.compare("sgt", left, machine.integer(0)), around, pause)
        machine.begin(pause)
        machine.call("df_queue", [("%run", POINTER), ("%actor", POINTER)])
        machine.jump(wait)
        machine.begin(wait)
        state_number = machine.stop(around)
        machine.begin(behind)
        self.leave_elastic(timing, outer, start, (base, size, count))
        place, long = self.close_lanes(line, base, size, count)
        flags = tuple(map(self.armed, armed))
        self.groups[state_number] = (place, long, count, self.oldest, self.next, self.lane_waits, flags, True)

    def may_begin(
        self, ended: Variable, start: Variable, end: str, lanes: tuple[str, str, int], timing: LoopTiming
    ) -> str:
        """Goes on in the block in which a new iteration begins, if one can; the cycle in which."""
        machine, may, yes = self.machine, self.machine.label(), self.machine.label()
        base, size, count = lanes
        flight = machine.binary("llvm.sub", machine.read(self.next), machine.read(self.oldest))
        room = self.compare("slt", flight, machine.integer(count - 1))
        more = machine.binary("llvm.xor", machine.read(ended), machine.constant(TRUE, "i1"), "i1")
        machine.branch(machine.binary("llvm.and", room, more, "i1"), may, end)
        machine.begin(may)
        first = self.compare("eq", machine.read(self.next), machine.integer(0))
        before = machine.binary("llvm.sub", machine.read(self.next), machine.integer(1))
        known, when = self.left(self.lane(before, base, size, count), timing.ii, timing.latency)
        machine.branch(machine.binary("llvm.or", first, known, "i1"), yes, end)
        machine.begin(yes)
        cycle = machine.op(f"llvm.select {first}, {machine.read(start)}, {when} : i1, i64")
        self.unless_late(cycle, end)
        return cycle

    def unless_late(self, cycle: str, otherwise: str) -> None:
        """Goes on if the run does not end before a cycle."""
        machine, late, go = self.machine, self.machine.label(), self.machine.label()
        machine.branch(self.compare("slt", cycle, self.run_field(RunField.LIMIT)), go, late)
        machine.begin(late)
        false = machine.constant(FALSE, "i1")
        machine.call("df_pause", [("%run", POINTER), ("%actor", POINTER), (false, "i1"), (cycle, "i64")])
        machine.jump(otherwise)
        machine.begin(go)

    def left(self, lane: str, stage: int, latency: int) -> tuple[str, str]:
        """Whether an iteration has done a stage, and when; behind the last it does one more each cycle."""
        real = min(stage, latency - 1)
        known = self.compare("sgt", self.field(lane, LaneField.DONE), self.machine.integer(real))
        fired = self.field(lane, LaneField.FIRED + real)
        return known, self.machine.binary("llvm.add", fired, self.machine.integer(stage - real))

    def resume_at(self, label: str) -> int:
        """The state of a lane that goes on at a label."""
        self.resumes.append(label)
        return len(self.resumes)

    def enter(self, stage: int, timing: LoopTiming, lanes: tuple[str, str, int]) -> None:
        """The next stage begins a cycle later, when the iteration ahead has left room, unless the run ends before."""
        machine, check, go = self.machine, self.machine.label(), self.machine.label()
        base, size, count = lanes
        machine.assign(self.clock_of, machine.binary("llvm.add", machine.read(self.clock_of), machine.integer(1)))
        machine.assign(self.state_of, machine.integer(self.resume_at(check)))
        machine.go(check)
        number = machine.read(self.current)
        first = self.compare("eq", number, machine.integer(0))
        ahead = self.lane(machine.binary("llvm.sub", number, machine.integer(1)), base, size, count)
        known, when = self.left(ahead, stage + timing.ii, timing.latency)
        own = machine.read(self.clock_of)
        then = machine.op(f"llvm.intr.smax({own}, {when}) : (i64, i64) -> i64")
        then = machine.op(f"llvm.select {first}, {own}, {then} : i1, i64")
        machine.branch(machine.binary("llvm.or", first, known, "i1"), go, self.give_way)
        machine.begin(go)
        self.unless_late(then, self.give_way)
        machine.assign(self.clock_of, then)

    def leave_elastic(self, timing: LoopTiming, clock: Variable, start: Variable, lanes: tuple[str, str, int]) -> None:
        """What follows starts behind the last stage of the last iteration."""
        machine = self.machine
        last = machine.binary("llvm.sub", machine.read(self.next), machine.integer(1))
        _, when = self.left(self.lane(last, *lanes), timing.latency, timing.latency)
        none = self.compare("eq", machine.read(self.next), machine.integer(0))
        machine.assign(clock, machine.op(f"llvm.select {none}, {machine.read(start)}, {when} : i1, i64"))
        self.breathe()

    # What lanes wait for

    def wait_at(self, op: ir.OpView, check: str) -> None:
        if not self.give_way:
            super().wait_at(op, check)
            return
        self.lane_waits[self.stop_at(check)] = self.stop_of(op, self.place(op), ())

    def own_variable(self, type_: str) -> Variable:
        return self.machine.variable(type_) if self.give_way else super().own_variable(type_)

    def stop_at(self, label: str) -> int:
        """A lane gives way to the next one; all else stops."""
        if not self.give_way:
            return super().stop_at(label)
        state = self.resume_at(label)
        self.machine.assign(self.state_of, self.machine.integer(state))
        self.machine.jump(self.give_way)
        return state

    def stalled(self, kind: Variable, begin: str, end: str) -> None:
        """Lanes may wait at the same time; what they wait together is found out later."""
        if not self.give_way:
            super().stalled(kind, begin, end)
            return
        puts = self.machine.integer(int(kind == self.stalled_output))
        given = [("%run", POINTER), ("%actor", POINTER), *((value, "i64") for value in (puts, begin, end))]
        self.machine.call("df_stall", given)
        self.resumed(begin, end)
