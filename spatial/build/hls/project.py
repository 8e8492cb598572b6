"""`sp.build(..., target="hls", mode="project")`: a design that is exported, and run through the vendor's tools."""

from collections.abc import Mapping

from spatial.build.hls.driven import check_path
from spatial.build.hls.export import part_of
from spatial.build.hls.module import HlsModule, compile_hls
from spatial.build.subject import Runnable
from spatial.device.fpga import device_of
from spatial.device.model import Device
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.project.folder import check_folder
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["MODES", "STEPS", "compile_project"]

STEPS = ("csyn", "cosim", "hw_emu", "hw")
MODES = ("csim", "project", *STEPS)


def compile_project(
    given: Runnable,
    device: str | Device,
    depths: Mapping[str, int] | None,
    interfaces: Mapping[str, Interface] | None,
    mode: str | None,
    path: object,
    inputs: Mapping[str, object] | None,
    seed: int,
) -> HlsModule:
    """Makes a design of a program, exports it, and runs the step that `mode` names, if it is one.

    What the step reports is in `results` by its name. Raises `ProgramError` where something is wrong, before
    anything is compiled where the device or the folder is.
    """
    found = device_of(device)
    part_of(found)
    folder = check_path(path)
    check_folder(folder.resolve())
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        title = f"`seed` is an integer of at least 0, not `{seed!r}`"
        raise ProgramError([Misuse(title=title, span=caller_span("seed"))])
    made = compile_hls(given, found, depths, interfaces, proven=True)
    made.export(folder, inputs=inputs, seed=seed)
    if mode in STEPS:
        made.results[mode] = getattr(made, mode)()
    return made
