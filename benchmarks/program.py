"""The program that is measured: an output-stationary array of int32, and what its operations count."""

from dataclasses import dataclass

import numpy as np

from examples.systolic.output_stationary import output_stationary
from spatial import int32
from spatial.region.definition import Region

__all__ = ["DEPTH", "Case", "sizes_of"]

DEPTH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A P x P array that multiplies matrices over K steps; a put and a get are one operation each."""

    size: int
    steps: int

    def __str__(self) -> str:
        return f"P={self.size}, K={self.steps}"

    @property
    def operations(self) -> int:
        """Every channel passes one token in each step, which is put and taken."""
        return 2 * 2 * self.size * (self.size + 1) * self.steps

    def region(self) -> Region:
        """The program."""
        return output_stationary(self.size, self.size, self.steps, int32, int32, DEPTH)

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Two factors, and zeros for their product."""
        random = np.random.default_rng(0)
        A = random.integers(-100, 100, (self.size, self.steps)).astype(np.int32)
        B = random.integers(-100, 100, (self.steps, self.size)).astype(np.int32)
        return A, B, np.zeros((self.size, self.size), np.int32)


def sizes_of(text: str) -> Case:
    """The case that `32x256` means: P and K."""
    size, steps = map(int, text.split("x"))
    return Case(size=size, steps=steps)
