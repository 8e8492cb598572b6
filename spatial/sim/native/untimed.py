"""Runs programs for their values alone: machine code without clocks."""

from collections.abc import Mapping, Sequence

from spatial.ir.dialect import (
    AssertOp,
    EmptyOp,
    FullOp,
    PeekBlockOp,
    PeekOp,
    PrintOp,
    SelectBlockOp,
    SelectOp,
    TryGetBlockOp,
    TryGetOp,
    TryPutOp,
    context,
)
from spatial.ir.function import kernels
from spatial.ir.mlir import ir
from spatial.lower.llvm.layout import DONE, NEVER, ActorHalf, RunField
from spatial.sim.native.compiled import NativeProgram, compile_native
from spatial.sim.native.engine import NativeRun
from spatial.sim.native.readout import Readout
from spatial.sim.native.words import values_in
from spatial.sim.reference.engine import Ending
from spatial.sim.reference.network import Network
from spatial.sim.reference.waits import is_quiet
from spatial.types.tensor import element_of

__all__ = ["compile_untimed", "execute_untimed"]

CLOCKED = (
    AssertOp, EmptyOp, FullOp, PeekBlockOp, PeekOp, PrintOp, SelectBlockOp, SelectOp, TryGetBlockOp, TryGetOp, TryPutOp,
)  # fmt: skip


def compile_untimed(network: Network) -> NativeProgram | None:
    """The machine code of a network without clocks, or None where it needs them.

    It needs them where values or what is told depend on time: polls, prints, asserts; where iterations
    overlap, for their order is that of their clocks; and where streams of the region's leave it.
    """
    return None if _needs_clocks(network) else compile_native(network, timed=False)


def execute_untimed(
    program: NativeProgram,
    depths: Mapping[str, int],
    memory: Mapping[str, Sequence[object]],
    seconds: float | None = None,
) -> Mapping[str, Sequence[object]] | None:
    """All memory after a run to the end, flat, by name; None where the run does not come to its end, or fails.

    `KeyboardInterrupt` ends it. Raises `TimeoutError` where it takes more than so many `seconds`.
    """
    graph = program.network.graph
    own = {each.name: each.values for each in graph.memories}
    run = NativeRun(program, depths, {**own, **memory}, NEVER)
    ended = run.advance(seconds=seconds)
    if ended is Ending.INTERRUPTED:
        raise KeyboardInterrupt
    if ended is Ending.STOPPED:
        raise TimeoutError
    wrong = ended is not None or run.field(RunField.FAULT_CYCLE) != NEVER or run.field(RunField.SHARED_SITE) >= 0
    if wrong or not _has_finished(run):
        return None
    return {name: values_in(run.image.arrays[name], element_of(type_)) for name, type_ in graph.memory_types.items()}


def _has_finished(run: NativeRun) -> bool:
    """Whether all actors have ended, or run freely and wait for tokens that nobody will put."""
    image, graph = run.image, run.graph
    if all(image.actor(actor.name, ActorHalf.STATE) == DONE for actor in graph.actors):
        return True
    found = Readout(run.program, run.depths, image, run.stalls, 0)
    return is_quiet(graph, found.actors.values())


def _needs_clocks(network: Network) -> bool:
    if network.graph.is_timed or any(parameter.stream for parameter in network.graph.parameters):
        return True
    if any(timing.overlaps for timings in network.timings.values() for timing in timings.values()):
        return True
    with context():
        return any(_has_clocked(function.operation) for function in kernels(network.module))


def _has_clocked(operation: ir.Operation) -> bool:
    found: list[ir.Operation] = []

    def look(op: ir.Operation) -> ir.WalkResult:
        if isinstance(op.opview, CLOCKED):
            found.append(op)
            return ir.WalkResult.INTERRUPT
        return ir.WalkResult.ADVANCE

    operation.walk(look)
    return bool(found)
