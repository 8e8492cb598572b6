"""`sp.build`: from a region to something callable."""

from collections.abc import Mapping

from spatial.build.simulate import Simulator, compile_simulator
from spatial.device.model import Device
from spatial.region.definition import Region
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["build"]

LATER = ("cpu", "hls", "aie")


def build(
    region: Region,
    *,
    target: str = "simulator",
    device: str | Device = "ideal",
    engine: str = "simpy",
    depths: Mapping[str, int] | None = None,
) -> Simulator:
    """Compiles a region once, to be called with arrays as often as you like.

    `target="simulator"` is the only target so far; its `engine` is "simpy" or "native", see `simulate`. `depths`
    overrides channel depths in every call, those of a call win. Raises `ProgramError` with every problem found.
    """
    if target != "simulator":
        known = f"the target {target!r} is not available yet" if target in LATER else f"there is no target {target!r}"
        hint = 'write `target="simulator"`'
        raise ProgramError([Misuse(title=known, span=caller_span(), hint=hint, code="target/unknown")])
    return compile_simulator(region, device, engine, depths)
