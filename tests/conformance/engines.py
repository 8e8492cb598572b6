"""The columns of the conformance table: everything that can run a region."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

import spatial as sp
from spatial.region.definition import Region
from tests.conformance.program import Program, Size

__all__ = ["COLUMNS", "Column", "Ran"]

Arguments = tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """Cycles of all calls together, if they were counted, and the tokens of output streams in the last call."""

    cycles: int | None
    streams: Mapping[str, np.ndarray] = field(default_factory=dict)


Execute = Callable[[Region, Sequence[Arguments]], Ran]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An engine for a device or target.

    `execute(region, calls)` builds the region once, and calls it with the arguments of each call, which it writes the
    outputs into. If it is `structural` its cycles are those of the programs' closed forms. `excluded` has the programs
    that it does not claim, by name, each with the reason. A `costly` one is tried at one size and the least depth.
    """

    name: str
    execute: Execute
    structural: bool = False
    costly: bool = False
    excluded: Mapping[str, str] = field(default_factory=dict)

    def sizes_of(self, program: Program) -> tuple[Size, ...]:
        """The sizes at which a program is tried."""
        return program.sizes[1:2] if self.costly else program.sizes

    def depths_of(self, program: Program, size: Size) -> list[int]:
        """The depths at which it is tried at a size."""
        return program.depths_of(size)[: 1 if self.costly else None]


def simulator(device: str, engine: str = "simpy") -> Execute:
    """The simulator with a device model and an engine."""

    def execute(region: Region, calls: Sequence[Arguments]) -> Ran:
        module = sp.build(region, target="simulator", device=device, engine=engine)
        runs = [module.run(*arguments) for arguments in calls]
        return Ran(cycles=sum(run.cycles for run in runs), streams=runs[-1].outputs)

    return execute


def values_only(region: Region, calls: Sequence[Arguments]) -> Ran:
    """Machine code that keeps clocks only where values depend on them, or tokens leave by a stream."""
    module = sp.build(region, target="cpu")
    for arguments in calls:
        module(*arguments)
    streams = module.last_run.outputs if module.simulator.has_streams else {}
    return Ran(cycles=None, streams=streams)


def csim(region: Region, calls: Sequence[Arguments]) -> Ran:
    """C++ for Vitis HLS, compiled without a warning and run with channels as deep as they are declared."""
    module = sp.build(region, target="hls", mode="csim")
    assert not module.warnings
    for arguments in calls:
        module(*arguments, timeout=60)
    return Ran(cycles=None, streams=module.outputs)


COLUMNS = (
    Column(name="simpy ideal", execute=simulator("ideal"), structural=True),
    Column(name="simpy hls", execute=simulator("hls")),
    Column(name="native ideal", execute=simulator("ideal", "native"), structural=True),
    Column(name="native hls", execute=simulator("hls", "native")),
    Column(name="cpu", execute=values_only),
    Column(name="hls csim", execute=csim, costly=True),
)
