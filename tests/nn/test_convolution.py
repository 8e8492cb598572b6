"""Convolutions are those of NumPy, and take in a column in each cycle."""

import numpy as np
import pytest

import spatial as sp
from spatial import float32
from spatial.nn import reference
from spatial.nn.ops import conv2d
from tests.nn.agreement import agree, agree_in_c, cycles_of, real, whole


@pytest.mark.parametrize(
    ("sizes", "lanes"),
    [((1, 5, 7, 2, 3, 3), 1), ((2, 4, 6, 4, 2, 3), 2), ((3, 4, 5, 2, 2, 2), 2), ((1, 5, 9, 1, 4, 2), 1)],
)
def test_conv2d_of_integers_is_exact(sizes, lanes):
    C, H, W, F, R, S = sizes
    X, weights = whole(np.int8, C, H, W), whole(np.int8, F, C, R, S)
    agree(conv2d(*sizes, lanes=lanes), [X, weights], reference.conv2d(X, weights))


def test_conv2d_of_floats_adds_in_the_order_of_the_filter():
    X, weights = real(2, 5, 6), real(2, 2, 3, 2)
    expected = reference.conv2d(X, weights, np.float32)
    agree(conv2d(2, 5, 6, 2, 3, 2, float32, float32, lanes=2), [X, weights], expected)


def test_the_reference_slides_filters_over_images():
    X, weights = whole(np.int8, 2, 5, 6), whole(np.int8, 3, 2, 2, 3)
    windows = np.lib.stride_tricks.sliding_window_view(X.astype(np.int32), (2, 3), axis=(1, 2))
    np.testing.assert_array_equal(reference.conv2d(X, weights), np.einsum("cyxrs,fcrs->fyx", windows, weights))


def test_the_emitted_convolution_computes_the_same_bits():
    X, weights = whole(np.int8, 2, 4, 5), whole(np.int8, 2, 2, 2, 2)
    agree_in_c(conv2d(2, 4, 5, 2, 2, 2, lanes=2), [X, weights], reference.conv2d(X, weights))


def test_all_products_of_an_element_are_made_at_once():
    operator = conv2d(1, 16, 66, 2, 3, 3, lanes=2)
    before, after = cycles_of(operator)
    assert operator.lanes == 2 * 9
    assert before > 11 * after


def test_a_filter_of_one_row_is_refused_where_it_is_asked_for():
    with pytest.raises(sp.ProgramError) as caught:
        conv2d(1, 4, 8, 2, 1, 3)
    assert "share nothing of `X` that `reuse_at` could keep" in str(caught.value)
    assert "conv2d(1, 4, 8, 2, 1, 3)" in str(caught.value)
