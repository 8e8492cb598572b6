"""`sp.check`: what is wrong with a program, found without running it."""

from collections.abc import Mapping
from typing import Literal

from spatial.analysis.counts import check_counts
from spatial.analysis.races import check_races
from spatial.build.aie.placed import placed
from spatial.build.check_hls import check_for_hls
from spatial.build.simulate import compile_simulator
from spatial.build.subject import Runnable
from spatial.device.model import Device
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.interfaces import Interface
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["check"]


def check(
    given: Runnable,
    *,
    device: str | Device = "ideal",
    target: Literal["hls", "aie"] | None = None,
    interfaces: Mapping[str, Interface] | None = None,
) -> ActorGraph:
    """Compiles a program with the timing of a device, then looks for what would surely go wrong in a run.

    That is: ends of a channel that pass different numbers of tokens, and accesses to an element of an
    array that nothing orders. What depends on data or on time is left to the run. With `target="hls"` the rules of
    Vitis HLS are checked too, for ports as `interfaces` say; problems are told with its codes. With `target="aie"` it
    is placed on the NPU `device`, "npu1" if none is given, and checked against its limits. Gives the graph of
    its actors; raises `ProgramError` with every problem found.
    """
    if target == "hls":
        return check_for_hls(given, device=device, interfaces=interfaces).graph
    _check_target(target, interfaces)
    if target == "aie":
        return placed(given, None if device == "ideal" else device).program.graph
    program = compile_simulator(given, device).program
    counted = check_counts(program.module, program.graph)
    if problems := [*counted, *check_races(program.module, program.graph)]:
        raise ProgramError(problems)
    return program.graph


def _check_target(target: object, interfaces: object) -> None:
    """Raises `ProgramError` for a target without checks of its own, and for ports without a target that has some."""
    if target not in (None, "aie"):
        title, hint = f"there are no checks for the target {target!r}", 'write `target="hls"` or `target="aie"`'
        raise ProgramError([Misuse(title=title, span=caller_span("target"), hint=hint, code="target/unknown")])
    if interfaces is not None:
        title, hint = '`interfaces` are for `target="hls"`', 'write `target="hls"`'
        raise ProgramError([Misuse(title=title, span=caller_span("interfaces"), hint=hint)])
