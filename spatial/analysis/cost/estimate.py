"""The resources of a whole program on a part, and how near it comes to what the part can do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from spatial.analysis.cost.registers import arrays_in, control_of, registers_of
from spatial.analysis.cost.units import cost_of_units, units_of
from spatial.analysis.cost.work import Work, work_of
from spatial.analysis.pipelining.timing import Timings
from spatial.device.memories import array_resources, fifo_resources
from spatial.device.model import Device
from spatial.device.operators import Operators, Resources
from spatial.ir.function import kernels
from spatial.ir.graph import Actor, ActorGraph
from spatial.ir.mlir import func, ir
from spatial.types.tensor import element_of, size_of

__all__ = ["Estimate", "FunctionCost", "Peak", "estimate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCost:
    """What one actor of a function takes: `operators`, `arrays`, and `control` with the registers between stages.

    `actors` are those that have the function as their body. `units` are the operators, by kind and widths in bits.
    """

    function: str
    kernel: str
    actors: tuple[str, ...]
    units: Mapping[tuple[str, tuple[int, ...]], int]
    operators: Resources
    arrays: Resources
    control: Resources

    @property
    def each(self) -> Resources:
        """What one actor takes."""
        return self.operators + self.arrays + self.control

    @property
    def total(self) -> Resources:
        """What all actors of the function take."""
        return self.each.times(len(self.actors))


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """How near a run comes to the most that DSPs can do.

    It does `per_cycle` operations in a cycle, `per_second` in a second. Of the cycles of the DSPs that it is made of
    its operations need the part `of_design`, of those of the whole part `of_part`; None where there are no DSPs.
    """

    cycles: int
    per_cycle: float
    per_second: float
    of_design: float | None
    of_part: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a program takes of a part that holds `budget`, at a clock of `mhz`.

    `channels` and `memories` are those of the module; arrays that the program is given are not its own, and count
    nothing. `work` is what one run computes, None where only a run can tell.
    """

    functions: tuple[FunctionCost, ...]
    channels: Resources
    channel_count: int
    memories: Resources
    memory_count: int
    budget: Resources | None
    mhz: float
    work: Work | None

    @property
    def kernels(self) -> Mapping[str, Resources]:
        """What all actors of each kernel take."""
        totals: dict[str, Resources] = {}
        for cost in self.functions:
            totals[cost.kernel] = totals.get(cost.kernel, Resources()) + cost.total
        return totals

    @property
    def total(self) -> Resources:
        """What all of it takes."""
        total = self.channels + self.memories
        for cost in self.functions:
            total += cost.total
        return total

    def peak(self, cycles: int) -> Peak | None:
        """How near a run of so many cycles comes to the most that is possible; None where the work is not known."""
        if self.work is None or cycles <= 0:
            return None
        per_cycle = self.work.operations / cycles
        return Peak(
            cycles=cycles,
            per_cycle=per_cycle,
            per_second=per_cycle * self.mhz * 1e6,
            of_design=_share(self.work, cycles, self.total),
            of_part=_share(self.work, cycles, self.budget) if self.budget else None,
        )


def estimate(
    module: ir.Module, graph: ActorGraph, timings: Mapping[str, Timings], device: Device, depths: Mapping[str, int]
) -> Estimate | None:
    """The resources of a program whose loops are timed for a device; None where the device has no operators.

    `depths` stand in for those of the channels that they name.
    """
    operators = device.operators
    if operators is None:
        return None
    used: dict[str, list[Actor]] = {}
    for actor in graph.actors:
        used.setdefault(actor.function, []).append(actor)
    bodies = {function.name.value: function for function in kernels(module)}
    return Estimate(
        functions=tuple(_cost(bodies[name], timings[name], actors, operators) for name, actors in used.items()),
        channels=_channels(graph, device, depths),
        channel_count=len(graph.channels),
        memories=_memories(graph),
        memory_count=len(graph.memories),
        budget=device.budget,
        mhz=1000 / operators.period,
        work=_work(bodies, used, operators),
    )


def _cost(function: func.FuncOp, timings: Timings, actors: list[Actor], operators: Operators) -> FunctionCost:
    units = units_of(function, timings, operators)
    return FunctionCost(
        function=function.name.value,
        kernel=actors[0].kernel,
        actors=tuple(actor.name for actor in actors),
        units=dict(sorted(units.items())),
        operators=cost_of_units(units, operators),
        arrays=arrays_in(function),
        control=control_of(function, timings) + registers_of(timings, operators),
    )


def _channels(graph: ActorGraph, device: Device, depths: Mapping[str, int]) -> Resources:
    alike = Counter((depths.get(c.name, c.depth), c.element.bits, c.storage) for c in graph.channels)
    total = Resources()
    for (depth, bits, storage), count in alike.items():
        total += fifo_resources(device, depth, bits, storage).times(count)
    return total


def _memories(graph: ActorGraph) -> Resources:
    total = Resources()
    for memory in graph.memories:
        total += array_resources(size_of(memory.type), element_of(memory.type).bits, memory.storage)
    return total


def _work(bodies: Mapping[str, func.FuncOp], used: Mapping[str, list[Actor]], operators: Operators) -> Work | None:
    total = Work()
    for name, actors in used.items():
        body = bodies[name]
        for values, count in Counter(actor.values for actor in actors).items():
            known = {body.arguments[n]: value for n, value in enumerate(values) if isinstance(value, int)}
            found = work_of(body, known, operators)
            if found is None:
                return None
            total += found.times(count)
    return total


def _share(work: Work, cycles: int, holds: Resources) -> float | None:
    return work.dsp_cycles / (cycles * holds.dsp) if holds.dsp else None
