"""Device models: how long things take on the hardware a program is imagined on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from spatial.device.operators import Operators, Resources

__all__ = ["DEVICES", "Device", "FifoTiming", "Storage"]


class Storage(Enum):
    """What a channel is built from."""

    REGISTER = "shift register"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class FifoTiming:
    """A token can be taken `read_after_write` cycles after its put, a slot filled `write_after_read` after its get."""

    storage: Storage
    read_after_write: int
    write_after_read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """The timing rules of one kind of hardware; all times are cycles.

    A channel of at most 2 tokens, or of at most `register_bits` bits, is a shift register, otherwise a
    memory. Source of the "hls" figures: vendor FIFOs in lock step with RTL of the same rules, and
    published co-simulation counts (see `docs/timing.md`). `operators` say what computing takes, which is nothing
    where there are none; `budget` is what the part holds.
    """

    name: str
    title: str
    register_bits: int
    register_latency: int
    memory_latency: int
    release_latency: int
    operators: Operators | None = None
    budget: Resources | None = None

    def fifo(self, depth: int, bits: int, storage: str = "") -> FifoTiming:
        """The timing of a channel of `depth` tokens of `bits` bits each, in the `storage` it is bound to.

        That is "srl", shift registers, or "bram", memory; without it the device chooses.
        """
        small = storage == "srl" if storage else depth <= 2 or depth * bits <= self.register_bits
        return FifoTiming(
            storage=Storage.REGISTER if small else Storage.MEMORY,
            read_after_write=self.register_latency if small else self.memory_latency,
            write_after_read=self.release_latency,
        )


IDEAL = Device(
    name="ideal",
    title="ideal (structural)",
    register_bits=1024,
    register_latency=1,
    memory_latency=1,
    release_latency=1,
)
HLS = Device(
    name="hls",
    title="hls (FPGA channel rules)",
    register_bits=1024,
    register_latency=1,
    memory_latency=2,
    release_latency=1,
)
DEVICES: Mapping[str, Device] = {device.name: device for device in (IDEAL, HLS)}
