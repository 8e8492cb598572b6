"""Sequences of tokens: which elements of arrays, or of other tokens, each is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Maker", "Numbers", "Tokens"]

Numbers = NDArray[np.int64]
BASE = 44
"""A place is a number: which parameter it belongs to, and below so many bits where in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tokens:
    """Tokens of `size` elements: each begins at a place of `offsets`, and goes on as the pattern of `kinds` says.

    A pattern has for each element how far it lies behind the first one.
    """

    size: int
    offsets: Numbers
    kinds: Numbers
    patterns: tuple[Numbers, ...]

    def __len__(self) -> int:
        return len(self.offsets)

    @property
    def sources(self) -> frozenset[int]:
        """The parameters, by position, that elements belong to."""
        mixed = any(np.any(np.abs(pattern) >> (BASE - 1)) for pattern in self.patterns)
        return frozenset(np.unique((self.every if mixed else self.offsets) >> BASE).tolist())

    @property
    def key(self) -> tuple[object, ...]:
        """What equal sequences have in common."""
        return self.size, self.offsets.tobytes(), self.kinds.tobytes(), tuple(each.tobytes() for each in self.patterns)

    def alike(self, other: "Tokens") -> bool:
        """Whether tokens go on from where they begin as those of the other sequence do."""
        return np.array_equal(self.kinds, other.kinds) and all(map(np.array_equal, self.patterns, other.patterns))

    @property
    def every(self) -> Numbers:
        """The places of all elements of all tokens, one after the other."""
        found = np.empty((len(self), self.size), np.int64)
        for kind, pattern in enumerate(self.patterns):
            of_kind = self.kinds == kind
            found[of_kind] = self.offsets[of_kind, None] + pattern
        return found.reshape(-1)


@dataclass(slots=True)
class Maker:
    """Puts a sequence together; equal patterns are kept once."""

    size: int
    offsets: list[Numbers] = field(default_factory=list)
    kinds: list[Numbers] = field(default_factory=list)
    patterns: dict[bytes, int] = field(default_factory=dict)

    def add(self, places: Numbers) -> None:
        """Adds tokens that are made of the elements at these places."""
        rows = places.reshape(-1, self.size)
        offsets = rows[:, 0]
        self.offsets.append(offsets.copy())
        behind = rows - offsets[:, None] if self.size > 1 else np.zeros((1, 1), np.int64)
        if len(behind) == 1 or not np.any(behind[1:] != behind[0]):
            kinds = np.full(len(offsets), self._kind(behind[0]), np.int64)
        else:
            kinds = np.array([self._kind(row) for row in behind], np.int64)
        self.kinds.append(kinds)

    def extend(self, tokens: Tokens) -> None:
        """Adds a sequence."""
        renamed = np.array([self._kind(pattern) for pattern in tokens.patterns], np.int64)
        self.offsets.append(tokens.offsets)
        self.kinds.append(renamed[tokens.kinds])

    def _kind(self, pattern: Numbers) -> int:
        return self.patterns.setdefault(pattern.tobytes(), len(self.patterns))

    def made(self) -> Tokens:
        """The sequence."""
        return Tokens(
            size=self.size,
            offsets=_joined(self.offsets),
            kinds=_joined(self.kinds),
            patterns=tuple(np.frombuffer(each, np.int64) for each in self.patterns),
        )


def _joined(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
