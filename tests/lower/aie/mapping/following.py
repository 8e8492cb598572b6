"""Does what a mapped program says that DMA does, to check it against what its movers do."""

from collections.abc import Mapping

import numpy as np

from spatial.lower.aie.design import Dimension, Fifo, Kind, Mapped

__all__ = ["moved", "places"]


def places(walk: tuple[Dimension, ...]) -> np.ndarray:
    """The places that a walk goes through, from its first one on."""
    found = np.zeros(1, np.int64)
    for size, stride in walk:
        found = (found[:, None] + np.arange(size) * stride).reshape(-1)
    return found


def moved(mapped: Mapped, fifo: Fifo, arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """The objects that the host puts into a fifo, or takes from it: elements of arrays, a row for each object."""
    parts = []
    for transfer in mapped.transfers:
        if transfer.fifo == fifo.name:
            parts.append(arrays[transfer.array].reshape(-1)[transfer.offset + places(transfer.walk)])
    host = [end for end in fifo.ends if mapped.node[end.node].kind is Kind.SHIM]
    assert len(host) == 1
    return np.concatenate(parts).reshape(fifo.objects, -1)
