"""`sp.fpga`: a part at a clock as a device model."""

from functools import cache

from spatial.device.errors import ClockOutOfRange, NotAnFpga, UnknownDevice
from spatial.device.model import DEVICES, HLS, Device
from spatial.device.npu import NPUS
from spatial.device.operators import Operators
from spatial.device.parts import Part, operator_table, part_named, parts
from spatial.source.errors import ProgramError
from spatial.source.span import caller_span

__all__ = ["device_of", "fpga"]


def fpga(part: str, *, mhz: float) -> Device:
    """An FPGA at a clock: the channels of the device "hls", and operators that take time.

    `part` is a part, "xcu280", or a board, "zcu102"; `mhz` its clock. What a device knows of its operators and what
    it holds comes from the tables beside this file, which name their sources; see `docs/devices.md`. Raises
    `ProgramError` where there is no such part, or the clock is outside of what its tables cover.
    """
    found = part_named(part) if isinstance(part, str) else None
    if found is None:
        raise ProgramError([_unknown(part)])
    valid = isinstance(mhz, int | float) and not isinstance(mhz, bool) and found.slowest <= mhz <= found.fastest
    if not valid:
        raise ProgramError([_clock(found, mhz)])
    return _device(found.name, float(mhz))


def device_of(device: str | Device) -> Device:
    """A device model by its name, "ideal", or a part with its clock in MHz, "xcu280@300"; raises as `fpga` does.

    An NPU is none, as what it takes is known of a placed design only: it is refused with what to ask instead.
    """
    if isinstance(device, Device):
        return device
    if not isinstance(device, str):
        raise ProgramError([_unknown(device)])
    if device in DEVICES:
        return DEVICES[device]
    if device in NPUS:
        raise ProgramError([NotAnFpga(asked=device, span=caller_span())])
    name, _, clock = device.partition("@")
    part = part_named(name)
    if part is None:
        raise ProgramError([_unknown(device)])
    try:
        mhz = float(clock.lower().removesuffix("mhz"))
    except ValueError:
        raise ProgramError([_clock(part, clock or None)]) from None
    return fpga(name, mhz=mhz)


@cache
def _device(name: str, mhz: float) -> Device:
    part = parts()[name]
    table = operator_table(part.family)
    period = 1000 / mhz
    uncertainty, multiplier = table["uncertainty"], table["multiplier"]
    assert isinstance(uncertainty, float)
    assert isinstance(multiplier, list)
    wide, narrow = multiplier
    operators = Operators(
        family=str(table["title"]),
        period=period,
        budget=period * (1 - uncertainty),
        multiplier=(wide, narrow),
        table={kind: entry for kind, entry in table.items() if isinstance(entry, dict)},
    )
    return Device(
        name=f"{name}@{mhz:g}",
        title=f"{name} at {mhz:g} MHz",
        register_bits=HLS.register_bits,
        register_latency=HLS.register_latency,
        memory_latency=HLS.memory_latency,
        release_latency=HLS.release_latency,
        operators=operators,
        budget=part.budget,
    )


def _unknown(asked: object) -> UnknownDevice:
    known = tuple(parts())
    return UnknownDevice(asked=asked, models=tuple(DEVICES), parts=known, span=caller_span())


def _clock(part: Part, asked: object) -> ClockOutOfRange:
    return ClockOutOfRange(part=part.name, asked=asked, slowest=part.slowest, fastest=part.fastest, span=caller_span())
