"""What the search for depths asks of an engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

__all__ = ["Depths", "Evaluator", "Sized", "Stamps", "need_of"]

Depths = Mapping[str, int]
Cycles = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A channel whose depth is looked for: the bits of a token, the tokens that it starts with, its declared depth.

    `storage` is what it is bound to. `deep` is a depth at which no put ever waits, whatever the other depths.
    """

    name: str
    bits: int
    initial: int
    declared: int
    deep: int
    storage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """The cycles of all puts and gets of a channel, in order; initial tokens are none of its puts."""

    puts: Cycles
    gets: Cycles


class Evaluator(Protocol):
    """Tells how long a program takes at any depths of its channels.

    The channels of a group have the same ends, used in the same cycles whenever their depths are equal.
    """

    @property
    def channels(self) -> Sequence[Sized]:
        """The channels whose depths are free."""

    @property
    def groups(self) -> Sequence[Sequence[str]]:
        """The channels by name, those together that may as well have one depth."""

    @property
    def operations(self) -> int:
        """How many puts and gets a run does."""

    @property
    def budget(self) -> int:
        """How many runs the search for the least memory may take."""

    def cycles(self, vectors: Sequence[Depths]) -> list[int | None]:
        """The cycles of a run at each of the depths; None where it deadlocks."""

    def needs(self, depths: Depths) -> Depths:
        """Depths at which a run that finishes at `depths` stays as it is, while channels show tokens as soon."""

    def optimistic(self) -> "Evaluator":
        """The same program where every channel shows its tokens as soon as a shift register does."""


def need_of(stamps: Stamps, initial: int, write_after_read: int) -> int:
    """The least depth at which every put can happen when it does: a slot is free so many cycles after its get."""
    freed = np.searchsorted(stamps.gets + write_after_read, stamps.puts, side="right")
    held = initial + 1 + np.arange(len(stamps.puts)) - freed
    return max(1, initial, int(held.max(initial=0)))
