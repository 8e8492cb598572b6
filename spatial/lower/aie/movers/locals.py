"""What a mover's locals hold at some time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from spatial.analysis.control.expression import Value
from spatial.lower.aie.movers.tokens import Numbers

__all__ = ["NOTHING", "Locals"]

NOTHING = -1
"""Where an element comes from that was not written yet."""


@dataclass(slots=True)
class Locals:
    """Blocks, numbers that are known, and numbers that are moved, by their memories.

    An element is the number of the place that it comes from. Arrays are never changed in place.
    """

    memories: dict[int, Numbers] = field(default_factory=dict)
    numbers: dict[int, Value] = field(default_factory=dict)
    cells: dict[int, Numbers] = field(default_factory=dict)

    def copy(self) -> "Locals":
        """The same, apart."""
        return Locals(dict(self.memories), dict(self.numbers), dict(self.cells))

    def forget(self, changed: Collection[int]) -> None:
        """Some hold nothing that is known."""
        for held in (self.memories, self.numbers, self.cells):
            for memory in changed:
                held.pop(memory, None)

    def filled(self, changed: set[int]) -> set[tuple[int, int]]:
        """Which of some hold something, and of which kind."""
        held: tuple[Mapping[int, object], ...] = (self.memories, self.numbers, self.cells)
        return {(kind, each) for kind, known in enumerate(held) for each in changed & known.keys()}

    def is_whole(self, changed: set[int]) -> bool:
        """Whether all elements of blocks among some are known, where any is."""
        return not any(np.any(self.memories[each] < 0) for each in changed & self.memories.keys())
