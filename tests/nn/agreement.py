"""Whether an operator computes the same bits as a reference, as it is written and with its schedule."""

import numpy as np

import spatial as sp

__all__ = ["DEVICE", "agree", "agree_in_c", "cycles_of", "real", "whole"]

DEVICE = "xcu280@300"
RANDOM = np.random.default_rng(seed=0)


def agree(operator, given, expected):
    """Simulates an operator on both devices, builds it for "cpu", and compares its last array to the bit."""
    for program in (operator.function, operator.schedule):
        for device, engine in (("ideal", "native"), (DEVICE, "simpy")):
            arrays = [*given, _empty(expected)]
            sp.simulate(program, *arrays, device=device, engine=engine)
            np.testing.assert_array_equal(arrays[-1], expected, strict=True)
    arrays = [*given, _empty(expected)]
    sp.build(operator.schedule)(*arrays)
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


def whole(dtype, *shape):
    """Random integers of all sizes."""
    limits = np.iinfo(dtype)
    return RANDOM.integers(limits.min, limits.max, shape, dtype, endpoint=True)


def real(*shape):
    """Random numbers around 0, in float32."""
    return RANDOM.normal(size=shape).astype(np.float32)


def _empty(expected):
    """An array for the result, with something else in it."""
    return np.full_like(expected, 77)
