"""Regions and kernels under decorators of the user's own."""

import functools

import numpy as np

import spatial as sp
from spatial import int32


def traced(function):
    """A decorator that leaves its function to be found."""

    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


@sp.region()
@traced
def counting(A: int32[4]):
    @sp.kernel()
    @traced
    def pe(A: int32[4]):
        for k in range(4):
            A[k] = k


def test_a_wrapped_function_is_compiled_as_written():
    A = np.zeros(4, dtype=np.int32)
    sp.simulate(counting, A)
    assert A.tolist() == [0, 1, 2, 3]
