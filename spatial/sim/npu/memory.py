"""What memory of the host costs a transfer: its share of bandwidth, short rows, pages."""

import math

from spatial.device.npu import Npu
from spatial.lower.aie.design import Dimension, Fifo

__all__ = ["object_cycles"]


def object_cycles(fifo: Fifo, walk: tuple[Dimension, ...], device: Npu, streams: int) -> int:
    """The cycles of one object between a shim and memory, where so many streams share it.

    `walk` is how the transfer goes through memory.

    A stream moves a word a cycle, or its share of the bandwidth, each row of at least a burst; the pages that
    are looked up come in addition.
    """
    times, count = device.times, math.prod(fifo.shape)
    size = fifo.element.bits / 8
    run, _ = _row(walk)
    rows = max(1, count // run)
    share = 1000 * times.ddr_gbps / device.mhz / max(1, streams)
    bursts = rows * max(min(run, count) * size, device.bursts[0])
    moved = max(count * size / device.bytes_per_cycle, bursts / share)
    looked = pages(walk, count, size, device) * times.page_us * device.mhz
    return math.ceil(moved + looked)


def pages(walk: tuple[Dimension, ...], count: int, size: float, device: Npu) -> float:
    """How many pages are looked up for an object of `count` elements of `size` bytes, on average of a transfer.

    A dimension that comes back to pages finds them known where all that was used in between is within `reach`.
    """
    run, _ = _row(walk)
    used = looked = max(1.0, run * size / device.times.page_bytes)
    for extent, stride in reversed(_rows(walk)):
        step = abs(stride) * size / device.times.page_bytes
        again = step < 1
        union = used * (max(1.0, extent * step) if again else extent)
        looked = union if again and used <= device.times.reach else looked * extent
        used = union
    return looked * count / math.prod(extent for extent, _ in walk)


def _row(walk: tuple[Dimension, ...]) -> Dimension:
    """The elements beside each other in the innermost dimensions, and how many dimensions they are."""
    run, dimensions = 1, 0
    for extent, stride in reversed(walk):
        if extent > 1 and stride != run:
            break
        run, dimensions = run * extent, dimensions + 1
    return run, dimensions


def _rows(walk: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    return walk[: len(walk) - _row(walk)[1]]
