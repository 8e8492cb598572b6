"""What descriptors of a shim hold: only their outermost dimension may stand still."""

import numpy as np
import pytest

from spatial.lower.aie.emit.transfers import pieces_of
from spatial.lower.aie.movers.walks import places_of

MOST = 1023


@pytest.mark.parametrize(
    "walk",
    [
        [(8, 0), (1, 0), (1, 0), (16, 1)],
        [(8, 0), (1, 0), (4, 32), (16, 1)],
        [(100, 0), (1, 0), (1, 0), (16, 2)],
        [(8, 0), (1, 0), (1, 0), (1, 1)],
        [(1, 0), (1, 0), (1, 0), (1, 1)],
    ],
)
def test_what_is_repeated_is_the_outermost_dimension(walk):
    found = list(pieces_of(3, walk, 4, MOST))
    for _, dimensions in found:
        assert len(dimensions) == 4
        assert all(stride > 0 for count, stride in dimensions[1:] if count > 1)
    if walk[0][0] > 1:
        assert all(dimensions[0][1] == 0 and dimensions[0][0] > 1 for _, dimensions in found)
    moved = np.concatenate([offset + places_of(dimensions) for offset, dimensions in found])
    np.testing.assert_array_equal(moved, 3 + places_of(tuple(walk)))
