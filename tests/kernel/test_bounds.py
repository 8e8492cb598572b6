"""An index outside of what a kernel sees of an array ends the run, also where the memory goes on."""

import numpy as np
import pytest

import spatial as sp
from spatial import int32


def refused(region, *arguments):
    """The report of a run that an index ends."""
    arrays = [array.copy() for array in arguments if isinstance(array, np.ndarray)]
    with pytest.raises(sp.RunError) as raised:
        sp.simulate(region, *arguments)
    kept = [array for array in arguments if isinstance(array, np.ndarray)]
    assert all(np.array_equal(a, b) for a, b in zip(arrays, kept, strict=True))
    return str(raised.value)


@sp.region()
def tiled(A: int32[8, 2], n: int32):
    @sp.kernel(mapping=[2], args=[A, n])
    def pe(tile: int32[8, 2] @ [sp.S(0), sp.R], n: int32):
        tile[n, 1] = 5


@sp.region()
def leaf(X: int32[2], n: int32):
    @sp.kernel()
    def pe(X: int32[2], n: int32):
        X[n] += 1


@sp.region()
def windowed(A: int32[3, 6], n: int32):
    leaf(A[1, 2:4], n)


@sp.region()
def calling(A: int32[3, 6], n: int32):
    @sp.kernel()
    def pe(A: int32[3, 6], n: int32):
        leaf(A[1, 2:4], n)


@sp.region()
def sliced(A: int32[8], n: int32):
    def put(part, place):
        part[place] = 7

    @sp.kernel()
    def pe(A: int32[8], n: int32):
        put(A[2:6], n)


@sp.region()
def rows(A: int32[4, 4], n: int32):
    @sp.kernel(mapping=[2], args=[A, n])
    def pe(tile: int32[4, 4] @ [sp.S(0), sp.R], n: int32):
        tile[n : n + 1, :] = 3


@pytest.mark.parametrize("index", [4, 7, -1, -4])
def test_a_tile_ends_where_the_next_one_begins(index):
    told = refused(tiled, np.zeros((8, 2), np.int32), index)
    assert f"index {index} is outside of the extent 4 of `tile` in `pe[0]`" in told
    assert "tile[n, 1] = 5" in told


@pytest.mark.parametrize("region", [windowed, calling])
@pytest.mark.parametrize("index", [2, -1, 3])
def test_a_window_given_to_a_region_ends_inside_of_its_array(region, index):
    told = refused(region, np.zeros((3, 6), np.int32), index)
    assert f"index {index} is outside of the extent 2 of `X`" in told


@pytest.mark.parametrize("index", [4, -1])
def test_a_slice_given_to_a_function_ends_inside_of_its_array(index):
    assert f"index {index} is outside of the extent 4 of `A`" in refused(sliced, np.zeros(8, np.int32), index)


@pytest.mark.parametrize("index", [2, -1])
def test_a_slice_that_begins_at_run_time_lies_within_its_tile(index):
    assert f"index {index} is outside of the extent 2 of `tile`" in refused(rows, np.zeros((4, 4), np.int32), index)


def test_indices_inside_are_those_of_the_part():
    A = np.zeros((8, 2), np.int32)
    sp.simulate(tiled, A, 3)
    assert A[:, 1].tolist() == [0, 0, 0, 5, 0, 0, 0, 5]
    B = np.zeros((3, 6), np.int32)
    sp.simulate(windowed, B, 1)
    sp.simulate(calling, B, 0)
    assert B[1].tolist() == [0, 0, 1, 1, 0, 0]


def test_what_is_surely_inside_is_not_checked():
    @sp.region()
    def region(A: int32[8]):
        @sp.kernel(mapping=[2], args=[A])
        def pe(tile: int32[8] @ [sp.S(0)]):
            for k in range(4):
                tile[k] = 3 - k

    assert "within" not in sp.build(region).code
