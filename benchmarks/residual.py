"""A residual layer on an NPU, step by step as it was tuned: designs, what was measured, and what is predicted."""

from dataclasses import dataclass
from functools import cache

import spatial as sp
from examples.npu.residual import residual

__all__ = ["FITTED", "STEPS", "Step", "predicted_step"]

FITTED = ("loop", "apart")
"""The parameters of a device that are fitted to these steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of tuning: pixels computed at once, whether loops are pipelined, tiles, cores, and what was measured.

    `tile` is pixels x channels, `windows` the cores of the 3 x 3 convolution for each of `bands` of the image.
    """

    name: str
    tile: tuple[int, int]
    lanes: int
    pipelined: bool
    windows: int = 1
    bands: int = 1
    milliseconds: float

    @property
    def how(self) -> dict[str, object]:
        """What the example takes to build the step."""
        given = {"tile": self.tile, "lanes": self.lanes, "pipelined": self.pipelined}
        return {**given, "windows": self.windows, "bands": self.bands}

    def design(self):
        """The program: an image of 32 x 32 pixels of 256 channels, 64 between its convolutions."""
        return residual(32, 32, 256, 64, **self.how)


STEPS = (
    Step(name="scalar, tiles 16 x 16, 3 cores", tile=(16, 16), lanes=1, pipelined=False, milliseconds=57.40),
    Step(name="vectors of 4", tile=(16, 16), lanes=4, pipelined=False, milliseconds=16.63),
    Step(name="vectors of 8", tile=(16, 16), lanes=8, pipelined=False, milliseconds=9.82),
    Step(name="3 x 3 convolution on 2 cores", tile=(16, 16), lanes=8, pipelined=False, windows=2, milliseconds=9.18),
    Step(name="instructions pipelined", tile=(16, 16), lanes=8, pipelined=True, windows=2, milliseconds=8.44),
    Step(name="tiles 32 x 16", tile=(32, 16), lanes=8, pipelined=True, windows=2, milliseconds=5.72),
    Step(name="tiles 32 x 32", tile=(32, 32), lanes=8, pipelined=True, windows=2, milliseconds=5.21),
    Step(name="tiles 32 x 64", tile=(32, 64), lanes=8, pipelined=True, windows=2, milliseconds=4.99),
    Step(name="8 cores", tile=(32, 64), lanes=8, pipelined=True, windows=2, bands=2, milliseconds=3.16),
)


@cache
def predicted_step(step: Step, device: str = "npu1") -> float:
    """The milliseconds of a call, as the report of the placed design has them."""
    seconds = sp.report(step.design(), device=device).seconds
    assert seconds is not None, "no value decides how often something is done"
    return 1e3 * seconds
