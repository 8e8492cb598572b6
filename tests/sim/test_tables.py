"""Constant tables of every element type, as the engine reads them."""

import ml_dtypes
import numpy as np
import pytest

import spatial as sp
from spatial import bfloat16, bool_, float16, float32, float64, int8, int64, uint8
from spatial.types.values import numpy_dtype


def copier(table, element):
    """A region that copies a table into its array."""
    (size,) = table.shape

    @sp.region()
    def copy(B: element[size]):
        @sp.kernel()
        def pe(B: element[size]):
            for k in range(size):
                B[k] = table[k]

    return copy


@pytest.mark.parametrize("size", [1, 5, 300])
@pytest.mark.parametrize("element", [int8, uint8, int64, bool_, float16, bfloat16, float32, float64], ids=str)
def test_a_table_is_read_bit_by_bit(element, size):
    dtype = numpy_dtype(element)
    table = (100 * np.random.default_rng(seed=1).standard_normal(size)).astype(
        np.int64 if dtype.kind in "iu" else dtype
    )
    table = table.astype(dtype)
    copied = np.zeros(size, dtype)
    sp.simulate(copier(table, element), copied)
    assert copied.tobytes() == table.tobytes()


def test_infinities_and_nan_pass_a_table():
    table = np.array([np.inf, -np.inf, np.nan], dtype=ml_dtypes.bfloat16)
    copied = np.zeros(3, ml_dtypes.bfloat16)
    sp.simulate(copier(table, bfloat16), copied)
    assert copied[0] == np.inf
    assert copied[1] == -np.inf
    assert np.isnan(copied[2])
