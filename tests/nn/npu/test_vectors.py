"""Products of a matrix and a vector on cores: they are what NumPy says, and blocks that do not fit are refused."""

import numpy as np
import pytest

import spatial as sp
from spatial import float32, int8, int16
from spatial.build.subject import program_of
from spatial.nn import reference
from spatial.nn.npu import gemv

RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize("cores", [1, 3, 16])
def test_rows_of_all_cores_make_the_product(cores):
    A, x = RANDOM.integers(-128, 128, (48, 20), np.int8), RANDOM.integers(-128, 128, 20, np.int8)
    y = np.zeros(48, np.int32)
    sp.build(gemv(48, 20, int8, cores=cores))(A, x, y)
    assert np.array_equal(y, reference.gemv(A, x))


def test_sums_of_floats_are_in_the_order_of_the_columns():
    A, x = RANDOM.standard_normal((8, 40)).astype(np.float32), RANDOM.standard_normal(40).astype(np.float32)
    y = np.zeros(8, np.float32)
    sp.build(gemv(8, 40, float32, out=float32, cores=2))(A, x, y)
    assert np.array_equal(y, reference.gemv(A, x, np.float32))


def graph(*sizes, **more):
    return program_of(gemv(*sizes, **more)).graph


def test_blocks_are_as_large_as_fits_and_leave_no_core_idle():
    assert graph(256, 64).channel["matrix[0]"].element.shape == (64, 64)
    assert graph(256, 64, cores=16).channel["matrix[0]"].element.shape == (16, 64)
    assert graph(256, 2048, int16).channel["matrix[0]"].element.shape == (4, 2048)
    assert sum(actor.kernel == "multiply" for actor in graph(24, 64, cores=16).actors) == 6


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: gemv(24, 64, rows=5), "24 rows are no multiple of the 5"),
        (lambda: gemv(256, 512, int16, rows=64), "a block of 64 rows takes 133632 bytes of a core, which has 64512"),
        (lambda: gemv(256, 40000), "a block of 1 rows takes"),
    ],
)
def test_blocks_that_do_not_fit_are_refused(ask, told):
    with pytest.raises(sp.ProgramError, match=told):
        ask()
