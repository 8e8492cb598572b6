"""Products of matrices and vectors are those of NumPy, and keep their lanes busy."""

import numpy as np
import pytest

import spatial as sp
from spatial import float32, int8, int16, int32, int64
from spatial.nn import reference
from spatial.nn.ops import gemm, gemv
from tests.nn.agreement import agree, agree_in_c, cycles_of, real, whole


@pytest.mark.parametrize("options", [{}, {"pes": (2, 3)}, {"pes": (6, 9)}, {"lanes": 3}, {"lanes": 1}])
def test_gemm_of_integers_is_exact(options):
    A, B = whole(np.int8, 6, 5), whole(np.int8, 5, 9)
    agree(gemm(6, 9, 5, **options), [A, B], A.astype(np.int32) @ B)


@pytest.mark.parametrize("options", [{}, {"pes": (2, 2)}])
def test_gemm_of_floats_adds_in_the_order_of_k(options):
    A, B = real(4, 6), real(6, 8)
    agree(gemm(4, 8, 6, float32, float32, **options), [A, B], reference.gemm(A, B, np.float32))


def test_gemm_of_other_types_sums_up_in_the_type_of_what_it_gives():
    A, B = whole(np.int16, 4, 3), whole(np.int16, 3, 4)
    agree(gemm(4, 4, 3, int16, int64), [A, B], A.astype(np.int64) @ B)
    short, total = sp.Fixed(8, 4), sp.Fixed(24, 8)
    A, B = whole(np.int8, 4, 3) / 16, whole(np.int8, 3, 4) / 16
    agree(gemm(4, 4, 3, short, total), [A, B], A @ B)


@pytest.mark.parametrize(("dtype", "out"), [(int8, int32), (float32, float32)])
def test_gemv_adds_in_the_order_of_k(dtype, out):
    made = (whole(np.int8, 24, 5), whole(np.int8, 5)) if dtype == int8 else (real(24, 5), real(5))
    A, x = made
    expected = A.astype(np.int32) @ x if dtype == int8 else reference.gemv(A, x, np.float32)
    agree(gemv(24, 5, dtype, out, lanes=4), [A, x], expected)
    agree(gemv(24, 5, dtype, out), [A, x], expected)


def test_the_emitted_products_compute_the_same_bits():
    A, B = whole(np.int8, 4, 4), whole(np.int8, 4, 4)
    agree_in_c(gemm(4, 4, 4, pes=(2, 2)), [A, B], A.astype(np.int32) @ B)
    A, x = real(20, 3), real(3)
    agree_in_c(gemv(20, 3, float32, float32), [A, x], reference.gemv(A, x, np.float32))


@pytest.mark.parametrize(
    ("operator", "lanes", "least"),
    [
        (gemm(16, 16, 64), 16, 0.92),
        (gemm(16, 64, 64, float32, float32), 4, 0.93),
        (gemv(64, 64, float32, float32), 4, 0.93),
        (gemv(64, 64), 4, 0.93),
    ],
    ids=["gemm of int8", "gemm of float32", "gemv of float32", "gemv of int8"],
)
def test_lanes_are_busy(operator, lanes, least):
    before, after = cycles_of(operator)
    assert operator.lanes == lanes
    assert operator.peak(before) < 0.27
    assert least < operator.peak(after) <= 1


def test_what_does_not_fit_is_refused_where_the_operator_is_asked_for():
    with pytest.raises(sp.ProgramError) as caught:
        gemm(6, 8, 4, pes=(4, 4))
    assert "`i` has 6 iterations, which 4 PEs cannot share evenly" in str(caught.value)
    assert "gemm(6, 8, 4, pes=(4, 4))" in str(caught.value)
    with pytest.raises(sp.ProgramError, match="5 banks do not divide the 8 elements of dimension 0 of `C_buffer`"):
        gemm(6, 8, 4, lanes=5)


def test_an_operator_is_called_by_other_functions_and_goes_by_the_name_it_is_given():
    first, second = gemm(2, 3, 4, name="first"), gemm(2, 2, 3, int32, int32)

    def model(X: int8[2, 4], V: int8[4, 3], W: int32[3, 2], Y: int32[2, 2]):
        hidden: int32[2, 3]
        first.function(X, V, hidden)
        second.function(hidden, W, Y)

    X, V, W, Y = whole(np.int8, 2, 4), whole(np.int8, 4, 3), np.arange(6).reshape(3, 2), np.zeros((2, 2), np.int32)
    sp.simulate(model, X, V, W, Y)
    assert np.array_equal(Y, X.astype(np.int32) @ V @ W)
    assert first.name == first.schedule.name == "first"
    assert second.name == "gemm"
