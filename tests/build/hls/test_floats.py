"""Floats of every width go through designs as they do through the simulator, wherever they lie."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, bfloat16, float8_e4m3fn, float8_e5m2, float16, float32, float64

FLOATS = [float8_e4m3fn, float8_e5m2, bfloat16, float16, float32, float64]


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_scalars_state_and_arrays(dtype):
    @sp.region()
    def adding(c: dtype, X: dtype[3], Y: float64[3], Z: dtype[3]):
        numbers: Stream[dtype, 2]

        @sp.kernel
        def put(X: dtype[3]):
            for n in range(3):
                numbers.put(X[n])

        @sp.kernel
        def get(c: dtype, Y: float64[3], Z: dtype[3]):
            sum: dtype @ sp.Stateful = 0.5
            for n in range(3):
                sum = sum + numbers.get()
                Y[n] = sum * c
                Z[n] = sum

    kind = sp.numpy_dtype(dtype)
    mod, reference = sp.build(adding, target="hls"), sp.build(adding, target="simulator", engine="simpy")
    for c in (1.5, -0.75):
        found, wanted = ((np.zeros(3), np.zeros(3, kind)) for _ in range(2))
        X = np.array([0.25, 1.5, -3.0], kind)
        mod(kind.type(c), X, *found)
        reference(kind.type(c), X, *wanted)
        assert found[0].tolist() == wanted[0].tolist()
        assert found[1].tobytes() == wanted[1].tobytes()


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_tables_have_the_values_they_were_given(dtype):
    kind = sp.numpy_dtype(dtype)
    table = np.array([0.1, 1e-3, -2.75, 0.3, 0.07, 96.0], kind)

    @sp.region()
    def reading(Y: float64[6], same: sp.bool_[6]):
        @sp.kernel
        def read(Y: float64[6], same: sp.bool_[6]):
            values: dtype[6] = table
            first: dtype = table[1]
            for n in range(6):
                Y[n] = values[n]
                same[n] = values[n] == first

    programs = [
        sp.build(reading, target="hls"),
        sp.build(reading, target="cpu"),
        sp.build(reading, target="simulator", engine="simpy"),
        sp.build(reading, target="simulator"),
    ]
    for program in programs:
        Y, same = np.zeros(6), np.zeros(6, bool)
        program(Y, same)
        assert Y.tolist() == table.astype(np.float64).tolist()
        assert same.tolist() == [False, True, False, False, False, False]
