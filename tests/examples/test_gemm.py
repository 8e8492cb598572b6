"""The arrays of `examples/systolic` compute what NumPy computes, at every depth."""

import itertools

import numpy as np
import pytest

import spatial as sp
from examples.systolic.output_stationary import output_stationary
from examples.systolic.row_by_row import row_by_row
from examples.systolic.tiled import tiled
from examples.systolic.weight_stationary import weight_stationary
from spatial import float32, int8, int32

ARRAYS = [output_stationary, weight_stationary]
SIZES = (2, 4, 8)
LENGTHS = (1, 5, 64)
DEPTHS = (1, 2, 3, 4)
CASES = list(itertools.product(SIZES, LENGTHS, DEPTHS))


def operands(size, length, dtype, seed):
    """A of size x length, B of length x size, and room for C."""
    random = np.random.default_rng(seed)
    if dtype == np.int8:
        A = random.integers(-128, 128, (size, length), dtype=np.int8)
        B = random.integers(-128, 128, (length, size), dtype=np.int8)
        return A, B, np.zeros((size, size), dtype=np.int32)
    A = random.normal(size=(size, length)).astype(np.float32)
    B = random.normal(size=(length, size)).astype(np.float32)
    return A, B, np.zeros((size, size), dtype=np.float32)


def added_in_order(A, B):
    """A @ B in float32, the products of an element added one after the other from k = 0 on."""
    C = np.zeros((A.shape[0], B.shape[1]), dtype=np.float32)
    for k in range(A.shape[1]):
        C += np.outer(A[:, k], B[k])
    return C


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.__name__)
@pytest.mark.parametrize(("size", "length", "depth"), CASES)
def test_integers_equal_numpy(array, size, length, depth):
    A, B, C = operands(size, length, np.int8, seed=size * length)
    sp.simulate(array(size, size, length, int8, int32, depth=depth), A, B, C)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.__name__)
@pytest.mark.parametrize(("size", "length", "depth"), CASES)
def test_floats_equal_additions_in_order_bit_for_bit(array, size, length, depth):
    A, B, C = operands(size, length, np.float32, seed=size * length)
    sp.simulate(array(size, size, length, float32, float32, depth=depth), A, B, C)
    assert np.array_equal(C.view(np.uint32), added_in_order(A, B).view(np.uint32))


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.__name__)
@pytest.mark.parametrize("depth", DEPTHS)
def test_the_largest_array_is_right_at_every_depth_on_hls(array, depth):
    A, B, C = operands(8, 5, np.int8, seed=depth)
    sp.simulate(array(8, 8, 5, int8, int32, depth=depth), A, B, C, device="hls")
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.__name__)
def test_matrices_need_not_be_square(array):
    A, B = np.arange(10, dtype=np.int8).reshape(2, 5), np.arange(15, dtype=np.int8).reshape(5, 3)
    C = np.zeros((2, 3), dtype=np.int32)
    sp.simulate(array(2, 3, 5, int8, int32), A, B, C)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))


@pytest.mark.parametrize(("M", "N", "K", "rows", "columns"), [(4, 4, 3, 4, 4), (8, 4, 5, 2, 2), (6, 12, 7, 3, 4)])
@pytest.mark.parametrize("depth", [1, 2])
def test_tiles_cover_a_matrix_larger_than_the_array(M, N, K, rows, columns, depth):
    random = np.random.default_rng(seed=M * N)
    A = random.integers(-128, 128, (M, K), dtype=np.int8)
    B = random.integers(-128, 128, (K, N), dtype=np.int8)
    C = np.zeros((M, N), dtype=np.int32)
    sp.simulate(tiled(M, N, K, rows, columns, depth=depth), A, B, C)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))


def test_tiles_that_do_not_fill_the_matrix_are_refused():
    with pytest.raises(ValueError, match="pad it"):
        tiled(6, 8, 4, rows=4, columns=4)


def test_row_by_row_deadlocks_until_its_channels_are_as_deep_as_the_report_says():
    A, B, C = operands(2, 8, np.int8, seed=0)
    with pytest.raises(sp.Deadlock) as caught:
        sp.simulate(row_by_row(2, 2, 8, depth=2), A, B, C)
    assert not C.any()
    sp.simulate(row_by_row(2, 2, 8, depth=2), A, B, C, depths=caught.value.report.verdict.depths)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.__name__)
def test_the_number_of_functions_does_not_depend_on_the_grid(array):
    def functions(size):
        region = array(size, size, size, int8, int32)
        return str(sp.build(region, target="simulator").module).count("func.func")

    assert functions(2) == functions(3) == functions(8)
