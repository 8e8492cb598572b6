"""The softmax of rows on cores: it is the reference to the bit, in both types."""

import numpy as np
import pytest
from ml_dtypes import bfloat16

import spatial as sp
from spatial.nn import reference
from spatial.nn.npu import softmax

RANDOM = np.random.default_rng(5)


@pytest.mark.parametrize("cores", [1, 4, 16])
def test_rows_of_all_cores_are_the_softmax(cores):
    X, Y = 4 * RANDOM.standard_normal((32, 24)).astype(np.float32), np.zeros((32, 24), np.float32)
    sp.build(softmax(32, 24, cores=cores))(X, Y)
    assert np.array_equal(Y, reference.softmax(X))


def test_bfloat16_is_rounded_once():
    X = (4 * RANDOM.standard_normal((16, 24))).astype(bfloat16)
    Y = np.zeros((16, 24), bfloat16)
    sp.build(softmax(16, 24, sp.bfloat16))(X, Y)
    assert np.array_equal(Y, reference.softmax(X.astype(np.float32)).astype(bfloat16))


def test_rows_that_do_not_fit_are_refused():
    with pytest.raises(sp.ProgramError, match="a block of 1 rows takes 160000 bytes of a core, which has 64512"):
        softmax(8, 8000)
