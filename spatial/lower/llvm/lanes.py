"""Lowers pipelines whose iterations overlap: each iteration in flight has a lane, the memory that holds its state."""

from abc import ABC
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from spatial.analysis.loops import body_of
from spatial.analysis.pipeline import LoopTiming
from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.mlir import arith, func, ir, scf
from spatial.lower.llvm.code import Armed, Lanes, Stop
from spatial.lower.llvm.layout import LaneField, RunField
from spatial.lower.llvm.machine import POINTER, Variable
from spatial.lower.llvm.ports import Pending, Ports

__all__ = ["Overlapping"]

Found = TypeVar("Found")
FALSE, TRUE = "false", "true"


class Overlapping(Ports, ABC):
    """Pipelines, elastic and rigid; the variables of an iteration lie in its lane, `current` is its number.

    An elastic lane that cannot go on gives way to the next (`give_way`), and goes on where one of `resumes` says.
    """

    def __init__(
        self, function: func.FuncOp, timings: Mapping[ir.Operation, LoopTiming], watched: frozenset[int]
    ) -> None:
        super().__init__(function, timings, watched)
        self.groups: dict[int, tuple[int, int, int, Variable, Variable, dict[int, Stop], tuple[Armed, ...]]] = {}
        self.resumes: list[str] = []
        self.lane_waits: dict[int, Stop] = {}
        self.give_way = ""
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
                base=base, size=size, count=count, oldest=frame[oldest], next=frame[next_], waits=waits, armed=armed
            )
            for state, (base, size, count, oldest, next_, waits, armed) in self.groups.items()
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
        machine.assign(self.oldest, machine.integer(0))
        machine.assign(self.next, machine.integer(0))
        return line, base, size, 1 << (timing.latency // timing.ii + 2).bit_length()

    def close_lanes(self, line: int, base: str, size: str, count: int) -> tuple[int, int]:
        """Ends it; where the memory lies and the bytes of a lane."""
        machine = self.machine
        machine.lane = None
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

    # Elastic

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
        self.groups[state_number] = (place, long, count, self.oldest, self.next, self.lane_waits, flags)

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
        machine.call("df_pause", [("%run", POINTER), ("%actor", POINTER), (false, "i1")])
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

    def leave_elastic(self, timing: LoopTiming, clock: Variable, start: Variable, lanes: tuple[str, str, int]) -> None:
        """What follows starts behind the last stage of the last iteration."""
        machine = self.machine
        last = machine.binary("llvm.sub", machine.read(self.next), machine.integer(1))
        _, when = self.left(self.lane(last, *lanes), timing.latency, timing.latency)
        none = self.compare("eq", machine.read(self.next), machine.integer(0))
        machine.assign(clock, machine.op(f"llvm.select {none}, {machine.read(start)}, {when} : i1, i64"))
        self.breathe()

    # Rigid

    def rigid(self, timing: LoopTiming) -> None:
        """All iterations in flight do a stage each, one after the other, and all that happens does so together."""
        machine, latency = self.machine, timing.latency
        counters, ended = self.counters(timing)
        cycle, states = machine.stack_variable("i64"), len(machine.stops)
        machine.assign(cycle, machine.integer(0))
        lanes = self.open_lanes(timing)
        base, size, count = lanes[1:]
        around, begin, flight, scan, go_on, act, behind = (machine.label() for _ in range(7))
        machine.go(around)
        due = machine.binary("llvm.mul", machine.read(self.next), machine.integer(timing.ii))
        more = machine.binary("llvm.xor", machine.read(ended), machine.constant(TRUE, "i1"), "i1")
        begins = machine.binary("llvm.and", more, self.compare("eq", machine.read(cycle), due), "i1")
        machine.branch(begins, begin, flight)
        machine.begin(begin)
        machine.assign(self.lane_at, self.lane(machine.read(self.next), base, size, count))
        self.clear_lane(size)
        self.take_indices(timing.nest, counters, ended)
        self.increment(self.next)
        machine.go(flight)
        self.retire(latency, (base, size, count))
        over = self.compare("eq", machine.read(self.oldest), machine.read(self.next))
        machine.branch(machine.binary("llvm.and", over, machine.read(ended), "i1"), behind, scan)
        machine.begin(scan)
        armed = self.each_lane((base, size, count), latency, go_on, lambda stage: self.rigid_stage(timing, stage))
        machine.begin(go_on)
        self.each_lane((base, size, count), latency, act, lambda stage: self.commit(armed[stage]), past=1)
        machine.begin(act)
        self.pass_time(machine.integer(1))
        self.increment(cycle)
        machine.jump(around)
        machine.begin(behind)
        place, long = self.close_lanes(lanes[0], base, size, count)
        flags = tuple(self.armed(each) for pending in armed for each in pending)
        for state in range(states + 1, len(machine.stops) + 1):
            self.groups[state] = (place, long, count, self.oldest, self.next, {}, flags)

    def rigid_stage(self, timing: LoopTiming, stage: int) -> list[Pending]:
        pending = self.iteration_stage(timing, stage)
        self.machine.assign(self.done_of, self.machine.integer(stage + 1))
        return pending

    def each_lane(
        self,
        lanes: tuple[str, str, int],
        latency: int,
        behind: str,
        body: Callable[[int], Found],
        past: int = 0,
    ) -> list[Found]:
        """Lets each iteration in flight, the oldest first, do what belongs to its stage; what `body` found, by stages.

        With `past` it is the stage just done.
        """
        machine, scan, look, following = self.machine, *(self.machine.label() for _ in range(3))
        machine.assign(self.current, machine.read(self.oldest))
        machine.go(scan)
        machine.branch(self.compare("slt", machine.read(self.current), machine.read(self.next)), look, behind)
        machine.begin(look)
        machine.assign(self.lane_at, self.lane(machine.read(self.current), *lanes))
        labels = [machine.label() for _ in range(latency)]
        cases = ", ".join(f"{stage + past}: {label}" for stage, label in enumerate(labels))
        machine.do(f"llvm.switch {machine.read(self.done_of)} : i64, {following} [{cases}]")
        machine.block.successors, machine.block.closed = [following, *labels], True
        found = []
        for stage, label in enumerate(labels):
            machine.begin(label)
            found.append(body(stage))
            machine.jump(following)
        machine.begin(following)
        self.increment(self.current)
        machine.jump(scan)
        return found

    # What lanes wait for

    def wait_at(self, op: GetOp | PutOp, check: str) -> None:
        """An elastic lane gives way to the next one; all else stops."""
        if not self.give_way:
            super().wait_at(op, check)
            return
        state = self.resume_at(check)
        self.lane_waits[state] = self.stop_of(op, self.place(op), ())
        self.machine.assign(self.state_of, self.machine.integer(state))
        self.machine.jump(self.give_way)

    def stalled(self, kind: Variable, begin: str, end: str) -> None:
        """Lanes may wait at the same time; what they wait together is found out later."""
        if not self.give_way:
            super().stalled(kind, begin, end)
            return
        puts = self.machine.integer(int(kind == self.stalled_output))
        given = [("%run", POINTER), ("%actor", POINTER), *((value, "i64") for value in (puts, begin, end))]
        self.machine.call("df_stall", given)
