"""Lowers rigid pipelines whose iterations overlap: all lanes do a stage in turn on one clock."""

from abc import ABC
from collections.abc import Callable, Sequence
from typing import TypeVar

from spatial.analysis.pipeline import LoopTiming
from spatial.lower.llvm.lanes import TRUE, Iterations
from spatial.lower.llvm.ports import Pending

__all__ = ["Rigid"]

Found = TypeVar("Found")


class Rigid(Iterations, ABC):
    """Rigid pipelines: what the operations of a cycle wait for happens together."""

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
        says, self.says = self.says, False
        self.each_lane((base, size, count), latency, act, lambda stage: self.end_stage_of(timing, stage, armed), past=1)
        machine.begin(act)
        if says:
            self.speak()
        self.pass_time(machine.integer(1))
        self.increment(cycle)
        machine.jump(around)
        machine.begin(behind)
        place, long = self.close_lanes(lanes[0], base, size, count)
        flags = tuple(self.armed(each) for pending in armed for each in pending)
        for state in range(states + 1, len(machine.stops) + 1):
            self.groups[state] = (place, long, count, self.oldest, self.next, {}, flags, False)

    def end_stage_of(self, timing: LoopTiming, stage: int, armed: Sequence[list[Pending]]) -> None:
        """What an iteration waited for happens."""
        self.commit(armed[stage])
        if stage == timing.latency - 1:
            self.end_iteration(1)

    def rigid_stage(self, timing: LoopTiming, stage: int) -> list[Pending]:
        if stage == 0:
            self.begin_iteration(timing)
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
