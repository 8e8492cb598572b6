"""`sp.build`: from a region to something callable."""

from collections.abc import Mapping

from spatial.build.cpu import CpuModule, compile_cpu
from spatial.build.simulate import Simulator, compile_simulator
from spatial.device.model import Device
from spatial.region.definition import Region
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["build"]

LATER = ("hls", "aie")


def build(
    region: Region,
    *,
    target: str = "cpu",
    device: str | Device = "ideal",
    engine: str | None = None,
    depths: Mapping[str, int] | None = None,
) -> Simulator | CpuModule:
    """Compiles a region once, to be called with arrays as often as you like.

    `target="cpu"` is machine code that computes values alone where they do not depend on time, the fastest; its
    `last_run` is timed when it is asked for. `target="simulator"` keeps time in every call; its `engine` is "native"
    or "simpy", see `simulate`, and naming one asks for this target. `depths` overrides channel depths in every
    call, those of a call win. Raises `ProgramError` with every problem found.
    """
    if target == "cpu" and engine is None:
        return compile_cpu(region, device, depths)
    if target not in ("cpu", "simulator"):
        known = f"the target {target!r} is not available yet" if target in LATER else f"there is no target {target!r}"
        hint = 'write `target="cpu"` or `target="simulator"`'
        raise ProgramError([Misuse(title=known, span=caller_span(), hint=hint, code="target/unknown")])
    return compile_simulator(region, device, engine or "native", depths)
