"""Convolutions on cores: they are what NumPy says, and sizes that do not fit are refused."""

import numpy as np
import pytest

import spatial as sp
from spatial.build.subject import program_of
from spatial.nn.npu import conv2d

RANDOM = np.random.default_rng(11)


def drawn(C, H, W, F, R, S):
    draw = RANDOM.integers
    return draw(-128, 128, (H, W, C), np.int8), draw(-128, 128, (R * S * C + 1, F), np.int8)


def expected(X, weights, R, S, shift, least):
    height, width, C = X.shape[0] - R + 1, X.shape[1] - S + 1, X.shape[2]
    X, weights = X.astype(np.int32), weights.astype(np.int32)
    sums = np.zeros((height, width, weights.shape[1]), np.int32)
    for r, s in np.ndindex(R, S):
        sums += X[r : r + height, s : s + width] @ weights[(r * S + s) * C : (r * S + s + 1) * C]
    return np.clip((sums >> shift) + weights[-1], least, 127)


@pytest.mark.parametrize("cores", [(1, 1), (2, 2), (5, 1), (1, 3)])
@pytest.mark.parametrize("relu", [True, False])
def test_bands_and_filters_of_all_cores_make_the_image(cores, relu):
    sizes = (4, 12, 9, 12, 3, 3)
    X, weights = drawn(*sizes)
    Y = np.zeros((10, 7, 12), np.int8)
    sp.build(conv2d(*sizes, shift=7, relu=relu, cores=cores))(X, weights, Y)
    assert np.array_equal(Y, expected(X, weights, 3, 3, 7, 0 if relu else -128))


def test_filters_of_other_sizes_are_applied():
    X, weights = drawn(8, 6, 8, 4, 1, 2)
    Y = np.zeros((6, 7, 4), np.int8)
    sp.build(conv2d(8, 6, 8, 4, 1, 2, cores=(2, 1)))(X, weights, Y)
    assert np.array_equal(Y, expected(X, weights, 1, 2, 7, 0))


def test_cores_are_as_many_as_have_a_share():
    def cores(*sizes, **more):
        return sum(actor.kernel == "convolve" for actor in program_of(conv2d(*sizes, **more)).graph.actors)

    assert cores(8, 34, 34, 32) == 16
    assert cores(8, 34, 34, 32, cores=(16, 1)) == 16
    assert cores(8, 9, 34, 24) == 3
    assert cores(8, 8, 34, 8, cores=(4, 4)) == 6


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: conv2d(8, 2, 8, 8), "a filter of 3 x 3 does not lie in 2 x 8 pixels"),
        (lambda: conv2d(3, 8, 9, 8), "9 x 3 elements of a row, or 4 filters of a core, are not whole words"),
        (lambda: conv2d(128, 34, 34, 256), "bytes of a core, which has 64512"),
    ],
)
def test_what_does_not_fit_is_refused(ask, told):
    with pytest.raises(sp.ProgramError, match=told):
        ask()
