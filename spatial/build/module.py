"""`sp.build`: from a program to something callable."""

from collections.abc import Mapping
from os import PathLike

from spatial.build.aie.module import AieModule, compile_aie
from spatial.build.cpu import CpuModule, compile_cpu
from spatial.build.hls.module import HlsModule, compile_hls
from spatial.build.hls.project import MODES, compile_project
from spatial.build.simulate import Simulator, compile_simulator
from spatial.build.subject import Runnable
from spatial.device.model import Device
from spatial.lower.hls.interfaces import Interface
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["build"]


def build(
    program: Runnable,
    /,
    *,
    target: str = "cpu",
    device: str | Device | None = None,
    engine: str | None = None,
    depths: Mapping[str, int] | None = None,
    mode: str | None = None,
    interfaces: Mapping[str, Interface] | None = None,
    path: str | PathLike[str] | None = None,
    inputs: Mapping[str, object] | None = None,
    seed: int = 0,
    seconds: float | None = None,
    sequence: str | None = None,
) -> Simulator | CpuModule | HlsModule | AieModule:
    """Compiles a program, a region, kernel or function, once, to be called with arrays as often as you like.

    `target="cpu"` is machine code that computes values alone where they do not depend on time, the fastest; its
    `last_run` is timed when it is asked for. `target="simulator"` keeps time in every call; its `engine` is "native"
    or "simpy", see `simulate`, and naming one asks for this target. `target="hls"` is a design in C++ for Vitis HLS,
    which a call runs in C-simulation (`mode="csim"`); `interfaces` says what its parameters become, see `sp.m_axi`.
    With `mode="project"` it is also written into the folder `path` for the vendor's tools, with a test bench that
    takes `inputs` by name, and random ones from `seed` else; `mode="csyn"`, "cosim", "hw_emu" or "hw" then runs these
    tools, and what they report is in `results`. `device` is "ideal" if it is not given, for a design "hls"; a project
    needs a part at a clock. `target="aie"` is a placed design for an NPU, the `device` "npu1", "npu2" or a part of
    one; a call runs it there, or functionally on this machine where there is none. Its placement takes at most about
    `seconds`, 10 if they are not given; `mode="project"` writes it into the folder `path`. The host moves data in
    rounds, or with `sequence="ahead"` as early as it can; its `report` tells how long a call takes. `depths` overrides
    channel depths in every call, those of a call win. Raises `ProgramError` with every problem found, and `ToolError`
    where a tool is missing or fails.
    """
    if target == "aie":
        _check_npu(engine, interfaces, inputs)
        return compile_aie(program, device, depths, mode, path, seconds, sequence)
    _check_no_placement(seconds, sequence)
    if target == "hls":
        _check_design(engine, mode)
        if mode in (None, "csim"):
            _check_no_project(path, inputs)
            return compile_hls(program, device or "hls", depths, interfaces)
        return compile_project(program, device or "hls", depths, interfaces, mode, path, inputs, seed)
    _check_no_design(mode, interfaces, path, inputs)
    if target == "cpu" and engine is None:
        return compile_cpu(program, device or "ideal", depths)
    if target not in ("cpu", "simulator"):
        known = f"there is no target {target!r}"
        hint = 'write `target="cpu"`, `target="simulator"`, `target="hls"` or `target="aie"`'
        raise ProgramError([Misuse(title=known, span=caller_span(), hint=hint, code="target/unknown")])
    return compile_simulator(program, device or "ideal", engine or "native", depths).with_machine_code()


def _check_design(engine: str | None, mode: str | None) -> None:
    """Raises `ProgramError` where an option is none of a design's."""
    if engine is not None:
        title, hint = "`engine` is for simulation, not for a design", "leave it out"
        raise ProgramError([Misuse(title=title, span=caller_span("engine"), hint=hint)])
    if mode not in (None, *MODES):
        title, hint = f"a design has no mode {mode!r}", f"write `mode=` with one of {', '.join(MODES)}"
        raise ProgramError([Misuse(title=title, span=caller_span("mode"), hint=hint)])


def _check_npu(engine: str | None, interfaces: object, inputs: object) -> None:
    """Raises `ProgramError` where an option is none of a design's for an NPU."""
    for name, given in {"engine": engine, "interfaces": interfaces, "inputs": inputs}.items():
        if given is not None:
            title, hint = f"`{name}` is not for designs for NPUs", "leave it out"
            raise ProgramError([Misuse(title=title, span=caller_span(name), hint=hint)])


def _check_no_placement(seconds: object, sequence: object) -> None:
    """Raises `ProgramError` where an option of placed designs is given without one."""
    for name, given in {"seconds": seconds, "sequence": sequence}.items():
        if given is not None:
            verb = "are" if name.endswith("s") else "is"
            title, hint = f"`{name}` {verb} for placements on NPUs", 'write `target="aie"`'
            raise ProgramError([Misuse(title=title, span=caller_span(name), hint=hint)])


def _check_no_project(path: object, inputs: object) -> None:
    """Raises `ProgramError` where an option of a project is given without one."""
    for name, given in {"path": path, "inputs": inputs}.items():
        if given is not None:
            title = f"`{name}` is for projects, and C-simulation needs none"
            raise ProgramError([Misuse(title=title, span=caller_span(name), hint='write `mode="project"`')])


def _check_no_design(mode: str | None, interfaces: object, path: object, inputs: object) -> None:
    """Raises `ProgramError` where an option of a design is given without one."""
    for name, given in {"mode": mode, "interfaces": interfaces, "path": path, "inputs": inputs}.items():
        if given is not None:
            title = f"`{name}` is for designs in hardware"
            raise ProgramError([Misuse(title=title, span=caller_span(name), hint='write `target="hls"`')])
