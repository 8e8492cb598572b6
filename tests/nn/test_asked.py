"""What operators cannot be asked for is refused at the line that asks."""

from collections.abc import Callable

import numpy as np
import pytest

import spatial as sp
from spatial.nn import ops


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: ops.gemm(4, 4), "`gemm` is given wrong arguments: missing a required argument: 'K'"),
        (lambda: ops.gemm(0, 4, 4), "`M` of `gemm` is a number of at least 1, not `0`"),
        (lambda: ops.gemm(4, 4, 4, pes=3), "`pes` of `gemm` is two numbers of at least 1, not `3`"),
        (lambda: ops.gemm(4, 4, 4, "int8"), "`dtype` of `gemm` is a type, as `int8`, not `'int8'`"),
        (lambda: ops.gemm(4, 4, 4, name="a b"), "`name` of `gemm` is a name of letters and digits, not `'a b'`"),
        (lambda: ops.gelu(4, 8, lanes=None), "`lanes` of `gelu` is a number of at least 1, not `None`"),
        (lambda: ops.conv2d(1, 8, 8, 1, 3, 3, lanes=0), "`lanes` of `conv2d` is a number of at least 1, not `0`"),
    ],
)
def test_wrong_arguments_are_refused(ask: Callable[[], object], told: str):
    with pytest.raises(sp.ProgramError) as refused:
        ask()
    assert told in str(refused.value)
    assert "test_asked.py:" in str(refused.value)


def test_sizes_may_be_integers_of_numpy():
    assert ops.gelu(np.int64(2), np.int32(4)).operations == 8
