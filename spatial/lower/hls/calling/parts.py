"""The parts of a program whose one kernel starts others: that kernel, and each group that it starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.lower.hls.interfaces import Interface

__all__ = ["Called", "Part", "Parts"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A program of its own, and how its arrays are reached."""

    module: ir.Module
    graph: ActorGraph
    interfaces: Mapping[str, Interface]


@dataclass(frozen=True, kw_only=True)
class Called(Part):
    """What a call starts: a region with the memory that it is given for parameters.

    `name` is that of the call, `path` what its channels that start actors and tell their ends are named after.
    `given` is what the whole program calls the memory, `local` are the parameters that the caller holds on chip.
    """

    name: str
    path: str
    given: tuple[str, ...]
    local: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The `caller`, with an external function for each call, and what the calls start, in order."""

    caller: Part
    called: tuple[Called, ...]

    @property
    def all(self) -> tuple[Part, ...]:
        """The caller and what it calls."""
        return (self.caller, *self.called)
