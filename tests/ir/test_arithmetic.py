"""What is emitted for an operator computes what the table of arithmetic says, run by the simulator."""

import math

import ml_dtypes
import numpy as np
import pytest

import spatial as sp
from spatial import Int, UInt, bfloat16, float8_e4m3fn, float8_e5m2, float16, float32, float64, int8, uint8
from spatial.build.simulate import simulate
from spatial.types.arithmetic import Operator, apply

SPECIAL = [0.0, -0.0, 1.0, -1.0, 3.5, 0.1, -0.1, 7.25, -2.0, 1e30, 1e-40, 65504.0, math.inf, -math.inf, math.nan]
FLOATS = {
    float8_e4m3fn: ml_dtypes.float8_e4m3fn,
    float8_e5m2: ml_dtypes.float8_e5m2,
    float16: np.float16,
    bfloat16: ml_dtypes.bfloat16,
    float32: np.float32,
    float64: np.float64,
}


def same(got, wanted):
    """Equal bit for bit, any NaN being like another."""
    if math.isnan(got) or math.isnan(wanted):
        return math.isnan(got) and math.isnan(wanted)
    return got == wanted and math.copysign(1, got) == math.copysign(1, wanted)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_floor_division_and_modulo_of_floats(dtype):
    random = np.random.default_rng(1).normal(size=(2, 200)) * [[100], [1]]
    left = [*(a for a in SPECIAL for _ in SPECIAL), *random[0]]
    right = [*(b for _ in SPECIAL for b in SPECIAL), *random[1]]
    size = len(left)

    @sp.region()
    def program(A: dtype[size], B: dtype[size], Q: dtype[size], R: dtype[size]):
        @sp.kernel(args=[A, B, Q, R])
        def pe(A: dtype[size], B: dtype[size], Q: dtype[size], R: dtype[size]):
            for k in range(size):
                Q[k] = A[k] // B[k]
                R[k] = A[k] % B[k]

    with np.errstate(all="ignore"):
        A, B = np.array(left).astype(FLOATS[dtype]), np.array(right).astype(FLOATS[dtype])
    Q, R = np.zeros_like(A), np.zeros_like(A)
    simulate(program, A, B, Q, R)
    for a, b, quotient, remainder in zip(*(array.astype(np.float64).tolist() for array in (A, B, Q, R)), strict=True):
        assert same(quotient, apply(Operator.FLOORDIV, dtype, a, dtype, b)), (a, b)
        assert same(remainder, apply(Operator.MOD, dtype, a, dtype, b)), (a, b)


@pytest.mark.parametrize("left", [int8, uint8, Int(5), UInt(3), Int(1024)], ids=str)
@pytest.mark.parametrize("right", [int8, uint8, Int(12)], ids=str)
def test_shifts_by_running_amounts(left, right):
    amounts = [-100, -1, 0, 1, 2, 3, 4, 5, 7, 8, 100] if right != uint8 else [0, 1, 2, 3, 4, 5, 7, 8, 100, 255]
    values = [-3, 3] if isinstance(left, Int) else [1, 6]
    kinds = {int8: np.int8, uint8: np.uint8, Int(5): np.int8, UInt(3): np.uint8, Int(12): np.int16}
    pairs = [(value, amount) for value in values for amount in amounts]
    size = len(pairs)

    @sp.region()
    def program(A: left[size], B: right[size], U: left[size], D: left[size]):
        @sp.kernel(args=[A, B, U, D])
        def pe(A: left[size], B: right[size], U: left[size], D: left[size]):
            for k in range(size):
                U[k] = A[k] << B[k]
                D[k] = A[k] >> B[k]

    A = np.array([value for value, _ in pairs], dtype=kinds.get(left, object))
    B = np.array([amount for _, amount in pairs], dtype=kinds[right])
    U, D = np.array([0] * size, dtype=A.dtype), np.array([0] * size, dtype=A.dtype)
    simulate(program, A, B, U, D)
    assert U.tolist() == [apply(Operator.SHL, left, value, right, amount) for value, amount in pairs]
    assert D.tolist() == [apply(Operator.SHR, left, value, right, amount) for value, amount in pairs]
