"""The columns of the conformance table: everything that can run a region."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

import spatial as sp
from spatial.region.definition import Region

__all__ = ["COLUMNS", "Column"]

Arguments = tuple[np.ndarray, ...]
Execute = Callable[[Region, Sequence[Arguments]], int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An engine for a device or target.

    `execute(region, calls)` builds the region once, calls it with the arguments of each call, which it writes the
    outputs into, and returns how many cycles that took, or None where an engine counts none. If it is `structural`
    these are those of the programs' closed forms. `excluded` has the programs that it does not claim, by name, each
    with the reason.
    """

    name: str
    execute: Execute
    structural: bool = False
    excluded: Mapping[str, str] = field(default_factory=dict)


def simulator(device: str) -> Execute:
    """The simulator with a device model."""

    def execute(region: Region, calls: Sequence[Arguments]) -> int:
        module = sp.build(region, target="simulator", device=device)
        return sum(module.run(*arguments).cycles for arguments in calls)

    return execute


COLUMNS = (
    Column(name="simpy ideal", execute=simulator("ideal"), structural=True),
    Column(name="simpy hls", execute=simulator("hls")),
)
