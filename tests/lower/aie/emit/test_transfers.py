"""What descriptors of a shim hold: only their outermost dimension may stand still."""

import numpy as np
import pytest

from spatial.lower.aie.emit.transfers import begun_at, pieces_of
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


@pytest.mark.parametrize(
    "walk",
    [
        [(1, 0), (1, 0), (1, 0), (16, 4)],
        [(8, 0), (1, 0), (1, 0), (16, 4)],
        [(2, 0), (2, 500), (3, 100), (16, 4)],
        [(2, 1000), (2, 500), (3, 100), (16, 4)],
    ],
)
@pytest.mark.parametrize("begin", [0, 1, 8])
def test_a_transfer_begins_at_the_sum_of_offsets_times_strides(walk, begin):
    moved = []
    for offset, dimensions in pieces_of(begin, walk, 4, MOST):
        offsets, given = begun_at(offset, dimensions)
        assert all(stride > 0 for count, stride in given[1:] if count > 1)
        moved.append(sum(n * stride for n, (_, stride) in zip(offsets, given, strict=True)) + places_of(given))
    np.testing.assert_array_equal(np.concatenate(moved), begin + places_of(tuple(walk)))
