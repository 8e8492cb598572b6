"""Every NaN that leaves a run has the same bits, whatever the engine and the machine."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, bfloat16, float8_e5m2, float16, float32, float64
from spatial.types.bits import nan_bits


def divided(dtype):
    @sp.region()
    def divide(F: dtype[4], Y: dtype[4], t: Stream[dtype, 4]):
        @sp.kernel(args=[F, Y])
        def pe(F: dtype[4], Y: dtype[4]):
            for k in range(4):
                Y[k] = F[k] / 0.0
                t.put(F[k] - F[k])

    return divide


@pytest.mark.parametrize("dtype", [float8_e5m2, bfloat16, float16, float32, float64])
def test_engines_leave_the_same_bits_of_what_is_no_number(dtype):
    F = np.array([-0.0, 0.0, np.inf, -np.inf]).astype(sp.numpy_dtype(dtype))
    word = f"u{F.itemsize}"
    found = []
    for engine in ("simpy", "native"):
        Y = np.zeros_like(F)
        run = sp.simulate(divided(dtype), F, Y, engine=engine)
        found.append((Y.view(word).tolist(), run.outputs["t"].view(word).tolist()))
    assert found[0] == found[1]
    assert found[0][0][:2] == [nan_bits(dtype)] * 2
    assert found[0][1][2:] == [nan_bits(dtype)] * 2


def test_the_module_for_this_machine_leaves_them_too():
    @sp.region()
    def divide(F: float32[2], Y: float32[2]):
        @sp.kernel(args=[F, Y])
        def pe(F: float32[2], Y: float32[2]):
            for k in range(2):
                Y[k] = F[k] / 0.0

    Y = np.zeros(2, np.float32)
    sp.build(divide, target="cpu")(np.array([-0.0, 0.0], np.float32), Y)
    assert Y.view("u4").tolist() == [nan_bits(float32)] * 2
