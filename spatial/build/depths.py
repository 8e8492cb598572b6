"""Chooses the depths of channels that a schedule leaves open."""

from collections.abc import Mapping
from dataclasses import replace

from spatial.analysis.extraction import processes_of
from spatial.analysis.processes import ProcessNetwork
from spatial.device.model import Device
from spatial.ir.dialect import ChannelOp, context
from spatial.ir.function import region_function
from spatial.ir.graph import element_name
from spatial.ir.mlir import ir
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.region.program import Program
from spatial.sim.reference.network import compile_network
from spatial.sim.sizing.size import sizer_of
from spatial.sim.sizing.timed import TimingEvaluator
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["chosen_depths", "with_depths"]

OPEN, CHOSEN = "df.open", "df.chosen"
"""The attributes of a channel whose depth is to be chosen, and of one whose depth was."""


def with_depths(program: Program, device: Device) -> Program:
    """The program with the least depths of the channels left open at which it loses no cycles on a device.

    Other channels keep theirs. Raises `ProgramError` where values or the clock decide what the program does, and where
    it passes too many tokens for the search. One that deadlocks at any depth stays as it is, and does when it runs.
    """
    names = {_name(op): op for op in _marked(program.module, OPEN)}
    if not names:
        return program
    network = compile_network(program.module, program.graph, device)
    processes = processes_of(network.graph, network.module, network.timings, network.device)
    if not isinstance(processes, ProcessNetwork):
        raise _undecided(names, "what it does depends on values")
    links = tuple(each if each.name in names else replace(each, role="fixed") for each in processes.links)
    evaluator = TimingEvaluator(replace(processes, links=links))
    if not evaluator.fits:
        raise _undecided(names, "it passes too many tokens for the search")
    sizer = sizer_of(evaluator, device)
    if sizer is None:
        return program
    return _deepened(program, sizer.search.depths(sizer.smallest(sizer.best.cycles).vector))


def chosen_depths(module: ir.Module) -> dict[str, int]:
    """The depths that were chosen, by the channels' names."""
    return {_name(op): int(op.depth.value) for op in _marked(module, CHOSEN)}


def _marked(module: ir.Module, mark: str) -> list[ChannelOp]:
    operations = region_function(module).entry_block.operations
    return [op for op in operations if isinstance(op, ChannelOp) and mark in op.attributes]


def _name(op: ChannelOp) -> str:
    return element_name(op.stream.value, tuple(index.value for index in op.indices))


def _undecided(names: Mapping[str, object], why: str) -> ProgramError:
    listed = ", ".join(f"`{name}`" for name in list(names)[:3])
    title = f"the depth of {listed} cannot be chosen without a run of the program: {why}"
    return ProgramError([Misuse(title=title, span=caller_span(), hint="give it in the schedule: `s.to(..., depth=4)`")])


def _deepened(program: Program, depths: Mapping[str, int]) -> Program:
    """A copy of the program with these depths."""
    with context(), ir.Location.unknown():
        module = copy_of(program.module)
        for op in _marked(module, OPEN):
            op.attributes["depth"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), depths[_name(op)])
            op.attributes[CHOSEN] = op.attributes[OPEN]
            del op.attributes[OPEN]
    return replace(program, module=module, graph=verify(module))
