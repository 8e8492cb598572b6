"""Whether an operator computes the same bits as a reference, as it is written and with its schedule."""

import numpy as np

import spatial as sp

__all__ = ["DEVICE", "agree", "agree_in_c", "cycles_of", "in_order"]

DEVICE = "xcu280@300"


def agree(operator, given, expected):
    """Simulates an operator on both devices, builds it for "cpu", and compares its last array to the bit."""
    for program in (operator.function, operator.schedule):
        for device in ("ideal", DEVICE):
            arrays = [*given, _empty(expected)]
            sp.simulate(program, *arrays, device=device)
            np.testing.assert_array_equal(arrays[-1], expected, strict=True)
        arrays = [*given, _empty(expected)]
        sp.build(program)(*arrays)
        np.testing.assert_array_equal(arrays[-1], expected, strict=True)


def agree_in_c(operator, given, expected):
    """Runs the C++ for HLS of an operator's schedule, and compares its last array to the bit."""
    arrays = [*given, _empty(expected)]
    sp.build(operator.schedule, target="hls", mode="csim", device=DEVICE)(*arrays)
    np.testing.assert_array_equal(arrays[-1], expected, strict=True)


def cycles_of(operator):
    """What the function takes on an FPGA, and what it takes with the schedule."""
    runs = [
        sp.simulate(program, device=DEVICE, values=False, engine="simpy")
        for program in (operator.function, operator.schedule)
    ]
    return tuple(run.cycles for run in runs)


def in_order(A, B):
    """A B in the type of A, summed up in the order of the inner index."""
    C = np.zeros((A.shape[0], B.shape[1]), A.dtype)
    for k in range(A.shape[1]):
        C += A[:, k : k + 1] * B[k : k + 1]
    return C


def _empty(expected):
    """An array for the result, with something else in it."""
    return np.full_like(expected, 77)
