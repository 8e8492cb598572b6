"""Evaluates depths on the timing engine: no values, and what repeats itself is leapt over."""

import dataclasses
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from spatial.analysis.merging import Merged, merged
from spatial.analysis.processes import Link, ProcessNetwork
from spatial.sim.sizing.evaluator import Depths, Sized
from spatial.sim.timing.engine import TimingEngine
from spatial.sim.timing.timing import Timing

__all__ = ["TimingEvaluator"]

AFFORDABLE = 50_000_000  # operations that the search for the least memory may run
RUN_COST = 50_000  # operations that take as long as it takes to set up a run


class TimingEvaluator:
    """A process network whose links are sized; those that do the same are sized as one.

    `settled` is a run at depths that no put waits at, or one that deadlocks at any.
    """

    def __init__(self, network: ProcessNetwork) -> None:
        self.network = network
        self.merged: Merged = merged(network.with_depths({link.name: link.bits for link in network.links}))
        self.links = self.merged.network.links
        self.engine = TimingEngine(dataclasses.replace(self.merged.network, device=network.device))

    @property
    def fits(self) -> bool:
        """Whether a run without bounds fits into memory; others take no more."""
        return self.engine.fits(np.zeros(len(self.links), np.int64))

    @cached_property
    def settled(self) -> Timing:
        """A run without bounds."""
        return self.engine.run(np.zeros(len(self.links), np.int64))

    @cached_property
    def channels(self) -> tuple[Sized, ...]:
        """The links whose depths are free."""
        passed = self.settled.tokens + self.settled.left
        deep = {link.name: int(tokens) for link, tokens in zip(self.links, passed, strict=True)}
        owner = {name: key for key, names in self.merged.members.items() for name in names}
        return tuple(
            Sized(
                name=link.name,
                bits=link.bits,
                initial=link.initial,
                declared=link.depth,
                deep=deep[owner[link.name]],
                storage=link.storage,
            )
            for link in self.network.links
            if not link.role
        )

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The links that always do the same at the same time, together."""
        return tuple(self.merged.members[link.name] for link in self.links if not link.role)

    @cached_property
    def operations(self) -> int:
        """How many puts and gets a run does."""
        members = np.array([len(self.merged.members[link.name]) for link in self.links], np.int64)
        return int(((2 * self.settled.tokens + self.settled.left) * members).sum())

    @property
    def budget(self) -> int:
        """How many runs the search for the least memory may take."""
        return AFFORDABLE // (RUN_COST + self.operations)

    def row(self, depths: Depths) -> list[int]:
        """A depth for each link of the merged network."""
        return [link.depth if link.role else depths[link.name] for link in self._declared]

    def cycles(self, vectors: Sequence[Depths]) -> list[int | None]:
        """The cycles of a run at each of the depths; None where it deadlocks."""
        found = self.engine.cycles_of([self.row(depths) for depths in vectors])
        return [None if cycles < 0 else cycles for cycles in found.tolist()]

    def needs(self, depths: Depths) -> Depths:
        """Depths at which a run that finishes at `depths` stays as it is, while channels show tokens as soon.

        A slot is free a cycle after its get: that is one more than a channel held at most.
        """
        held = self.engine.run(self.row(depths)).high_water + self.network.device.release_latency
        need = zip(self.links, held.tolist(), strict=True)
        return {name: most for link, most in need for name in self.merged.members[link.name]}

    def optimistic(self) -> "TimingEvaluator":
        """The same network where every link shows its tokens as soon as a shift register does."""
        device = dataclasses.replace(self.network.device, memory_latency=self.network.device.register_latency)
        return TimingEvaluator(dataclasses.replace(self.network, device=device))

    @cached_property
    def _declared(self) -> tuple[Link, ...]:
        """The links of the merged network as they were declared."""
        known = {link.name: link for link in self.network.links}
        return tuple(known[link.name] for link in self.links)
