"""NPUs by name: the tiles of a partition, what each kind of tile holds, and what it reaches."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from spatial.device.errors import UnknownNpu
from spatial.device.npu_times import NpuTimes, Product, product_of, times_of
from spatial.source.errors import ProgramError
from spatial.source.span import caller_span

__all__ = ["NPUS", "Kind", "Npu", "Ports", "Tile", "TileLimits", "npu"]

Tile = tuple[int, int]
"""A tile as (column, row)."""


class Kind(Enum):
    """The kinds of tiles: a core, a memory tile, or a shim, which reaches the host's memory."""

    CORE = "core"
    MEMORY = "memory tile"
    SHIM = "shim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """How many streams leave a tile towards each side, within the array."""

    north: int
    south: int
    east: int
    west: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TileLimits:
    """What a tile holds. Sizes are bytes; dimensions, strides and lengths of a DMA's walk count words of 32 bits.

    `inputs` are channels that write into the tile's memory (S2MM), `outputs` those that read it (MM2S). A lock counts
    to `most_lock`. A descriptor walks along `dimensions`, each of at most `most_size` words or rows, and along one more
    where there is `iteration`. `stack` is what a core takes of its memory unless it is told otherwise.
    """

    memory: int
    banks: int
    stack: int
    program: int
    inputs: int
    outputs: int
    locks: int
    most_lock: int
    descriptors: int
    dimensions: int
    most_size: int
    stride_bits: int
    length_bits: int
    iteration: bool
    ports: Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Npu:
    """A partition of an NPU: `columns` of a shim (row 0), a memory tile (row 1) and cores.

    `code` is its number in the format's list of devices. The array runs at `mhz`, as it typically does, at most at
    `top_mhz`. `macs` are the multiply-accumulates of a core in a cycle by the name of the type, on registers of
    `vector_bytes`. A stream, as a channel of a DMA, moves `bytes_per_cycle` a cycle. A channel of a DMA queues `queue`
    tasks, each run at most `most_repeat` times; the host hands over at most `host_buffers` arrays. `products` are how a
    core multiplies matrices, by type. The figures are in `npu.toml`, with their sources.
    """

    name: str
    title: str
    generation: str
    code: int
    columns: int
    rows: int
    mhz: int
    top_mhz: int
    core: TileLimits
    memory: TileLimits
    shim: TileLimits
    macs: Mapping[str, int]
    vector_bytes: int
    bursts: tuple[int, ...]
    bytes_per_cycle: int
    queue: int
    most_repeat: int
    host_buffers: int
    times: NpuTimes
    products: Mapping[str, Product]
    source: str = field(compare=False)

    @property
    def cores(self) -> tuple[Tile, ...]:
        """The tiles that are cores, column after column from the south."""
        return tuple((column, row) for column in range(self.columns) for row in range(2, self.rows))

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """All tiles, column after column from the south."""
        return tuple((column, row) for column in range(self.columns) for row in range(self.rows))

    def has(self, tile: Tile) -> bool:
        """Whether the partition has that tile."""
        column, row = tile
        return 0 <= column < self.columns and 0 <= row < self.rows

    def kind_of(self, tile: Tile) -> Kind:
        """What stands at a tile of the partition."""
        match tile[1]:
            case 0:
                return Kind.SHIM
            case 1:
                return Kind.MEMORY
            case _:
                return Kind.CORE

    def limits(self, kind: Kind) -> TileLimits:
        """What a tile of that kind holds."""
        return {Kind.CORE: self.core, Kind.MEMORY: self.memory, Kind.SHIM: self.shim}[kind]

    def neighbours(self, tile: Tile) -> tuple[Tile, ...]:
        """The tiles whose memory the core at `tile` reads and writes: its own first, then north, south and west.

        A core never reaches east, nor a memory tile; a tile that is no core has its own only.
        """
        column, row = tile
        if self.kind_of(tile) is not Kind.CORE:
            return (tile,)
        near = (tile, (column, row + 1), (column, row - 1), (column - 1, row))
        return tuple(each for each in near if self.has(each) and self.kind_of(each) is Kind.CORE)


def npu(name: str | Npu) -> Npu:
    """The NPU or partition of that name, "npu1" or "npu2_3col"; raises `ProgramError` where there is none."""
    if isinstance(name, Npu):
        return name
    if not isinstance(name, str) or name not in NPUS:
        raise ProgramError([UnknownNpu(asked=name, known=tuple(NPUS), span=caller_span())])
    return NPUS[name]


@cache
def _all() -> Mapping[str, Npu]:
    read = tomllib.loads(files("spatial.device").joinpath("npu.toml").read_text(encoding="utf-8"))
    array = read.pop("array")
    found = (
        _partition(generation, entry, array, columns)
        for generation, entry in read.items()
        for columns in range(1, len(entry["codes"]) + 1)
    )
    return MappingProxyType({each.name: each for each in found})


def _partition(generation: str, entry: Mapping[str, object], array: Mapping[str, object], columns: int) -> Npu:
    """The first `columns` of an array, the last of its codes being that of all of them."""
    codes, figures = entry["codes"], {**entry, **array}
    assert isinstance(codes, list)
    whole = columns == len(codes)
    words = "1 column" if columns == 1 else f"{columns} columns"
    return Npu(
        name=str(entry["name"]) if whole else f"{entry['name']}_{columns}col",
        title=f"{entry['title']}, {words}",
        generation=generation,
        code=int(codes[columns - 1]),
        columns=columns,
        core=_limits(figures["core"]),
        memory=_limits(figures["memory"]),
        shim=_limits(figures["shim"]),
        macs=MappingProxyType(_table(entry["macs"])),
        bursts=tuple(_numbers(entry["bursts"])),
        times=times_of(_table(entry["times"])),
        products=MappingProxyType({name: product_of(each) for name, each in _table(entry["products"]).items()}),
        source=str(entry["source"]),
        **{name: int(str(figures[name])) for name in NUMBERS},
    )


def _limits(entry: object) -> TileLimits:
    assert isinstance(entry, dict)
    return TileLimits(**{**entry, "ports": Ports(**entry["ports"])})


def _table(entry: object) -> dict[str, Any]:
    assert isinstance(entry, dict)
    return entry


def _numbers(entry: object) -> list[int]:
    assert isinstance(entry, list)
    return entry


NUMBERS = ("rows", "mhz", "top_mhz", "vector_bytes", "bytes_per_cycle", "queue", "most_repeat", "host_buffers")
NPUS: Mapping[str, Npu] = _all()
