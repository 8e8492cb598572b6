"""What a conformance program is made of."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spatial.region.definition import Region

__all__ = ["Program", "Size"]

Size = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A region for every size and depth, with inputs for it and what it must make of them.

    `make(*size, depth=...)` gives the region, whose parameters are its inputs followed by its outputs.
    Names in `streams` are output streams of the region, whose tokens are the last outputs.
    `inputs(random, *size)` draws the inputs, `reference(size, *inputs)` gives the outputs: an array or a tuple of them.
    `depths` are tried where they are at least `least_depth(*size)`, below which the program cannot run; that and the
    next are tried too. What passes through the channels depends on time only where it is `clock_dependent`.
    With more than one of `calls` every array has one more axis in front: a built module is called once for each entry.
    Values equal the reference to the bit, or within `ulps` units in the last place.
    `cycles(*size)` is the closed form on the device "ideal" for channels of at least `full_speed` tokens.
    """

    name: str
    make: Callable[..., Region]
    sizes: tuple[Size, ...]
    inputs: Callable[..., tuple[np.ndarray, ...]]
    reference: Callable[..., np.ndarray | tuple[np.ndarray, ...]]
    depths: tuple[int, ...] = (1, 2, 16)
    least_depth: Callable[..., int] = lambda *size: 1
    streams: tuple[str, ...] = ()
    clock_dependent: bool = False
    calls: int = 1
    ulps: int = 0
    cycles: Callable[..., int] | None = None
    full_speed: int = 2

    def depths_of(self, size: Size) -> list[int]:
        """The depths to try at a size, the least one first."""
        least = self.least_depth(*size)
        return sorted({least, least + 1, *(depth for depth in self.depths if depth >= least)})
