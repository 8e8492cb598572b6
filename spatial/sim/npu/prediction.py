"""What is predicted of a placed design: its time, what each tile and channel does in it, and what it waits for."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.device.npu import Kind, Npu, Tile

__all__ = ["Bottleneck", "CoreUse", "Prediction", "StreamUse", "TileUse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreUse:
    """What a core does, in cycles: busy with its program, waiting for objects, waiting for room."""

    node: str
    tile: Tile
    busy: int
    stalled_input: int
    stalled_output: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamUse:
    """What the channels of a fifo do: objects of `bytes` from a tile to others, `busy` cycles in all."""

    fifo: str
    source: Tile
    targets: tuple[Tile, ...]
    objects: int
    bytes: int
    busy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TileUse:
    """A tile: the nodes on it, the bytes of its memory that objects take, the part of the time it is busy.

    A core is busy while it computes, another tile while the busiest of its channels moves objects.
    """

    tile: Tile
    kind: Kind
    nodes: tuple[str, ...]
    memory: int
    room: int
    busy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """What a call waits for most, and for what share of it.

    Its `kind` is "core", "channel", "runtime sequence" or "launch".
    """

    kind: str
    name: str
    share: float

    def __str__(self) -> str:
        told = self.kind if self.kind == self.name else f"{self.kind} {self.name}"
        return f"{told}, {100 * self.share:.0f} % of the time"


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """A call of a placed design on an NPU: `cycles` of the array, and the host's launch; `seconds` are both.

    `load_seconds` is what the first call takes at least in addition, for the programs of the cores to be loaded.
    `shared` are the fifos in shared memory that a core uses, by its node. `sequence` are the cycles in which the
    runtime sequence is busy.
    """

    design: str
    device: Npu
    cycles: int
    cores: tuple[CoreUse, ...]
    streams: tuple[StreamUse, ...]
    tiles: Mapping[Tile, TileUse]
    shared: Mapping[str, tuple[str, ...]]
    sequence: int

    @property
    def launch_seconds(self) -> float:
        """What a call takes beside what runs on the array."""
        return self.device.times.launch_us / 1e6

    @property
    def seconds(self) -> float:
        """The time of a call, from asking for it to its return."""
        return self.launch_seconds + self.cycles / (self.device.mhz * 1e6)

    @property
    def load_seconds(self) -> float:
        """The least time to load the programs of all cores, a word a cycle, in front of the first call."""
        words = len(self.cores) * self.device.core.program / self.device.bytes_per_cycle
        return words / (self.device.mhz * 1e6)

    @property
    def bottleneck(self) -> Bottleneck:
        """What is busy for the longest part of the time."""
        total = self.seconds * self.device.mhz * 1e6
        found = [("launch", "launch", self.device.times.launch_us * self.device.mhz)]
        found += [("core", core.node, core.busy) for core in self.cores]
        found += [("channel", stream.fifo, stream.busy) for stream in self.streams]
        found += [("runtime sequence", "runtime sequence", self.sequence)]
        kind, name, busy = max(found, key=lambda each: each[2])
        return Bottleneck(kind=kind, name=name, share=busy / total)

    @property
    def utilization(self) -> float:
        """The part of the time that the cores compute, on average of those that are used."""
        return sum(core.busy for core in self.cores) / max(1, self.cycles * len(self.cores))
