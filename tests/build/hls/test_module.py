"""A built design is a module like others: it computes, keeps quiet, and tells what goes wrong."""

import re

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32
from spatial.build.hls.module import HlsModule


def systolic(m, n, k):
    @sp.region()
    def systolic(A: int8[m, k], B: int8[k, n], C: int32[m, n]):
        fifo_A: Stream[int8, 4][m + 2, n + 2]
        fifo_B: Stream[int8, 4][m + 2, n + 2]

        @sp.kernel(mapping=[m + 2, n + 2], args=[A, B, C])
        def pe(A: int8[m, k], B: int8[k, n], C: int32[m, n]):
            i, j = sp.get_pid()
            with sp.meta_if(i in {0, m + 1} and j in {0, n + 1}):
                pass
            with sp.meta_elif(j == 0):
                for t in range(k):
                    fifo_A[i, j + 1].put(A[i - 1, t])
            with sp.meta_elif(i == 0):
                for t in range(k):
                    fifo_B[i + 1, j].put(B[t, j - 1])
            with sp.meta_elif(i == m + 1):
                for t in range(k):
                    b: int8 = fifo_B[i, j].get()
            with sp.meta_elif(j == n + 1):
                for t in range(k):
                    a: int8 = fifo_A[i, j].get()
            with sp.meta_else():
                acc: int32 = 0
                for t in range(k):
                    a: int8 = fifo_A[i, j].get()
                    b: int8 = fifo_B[i, j].get()
                    acc += a * b
                    fifo_A[i, j + 1].put(a)
                    fifo_B[i + 1, j].put(b)
                C[i - 1, j - 1] = acc

    return systolic


@pytest.fixture(scope="module")
def array():
    return sp.build(systolic(4, 4, 8), target="hls", mode="csim")


def test_an_array_multiplies_in_c_simulation_as_in_the_simulator(array):
    random = np.random.default_rng(1)
    A = random.integers(-128, 128, (4, 8), np.int8)
    B = random.integers(-128, 128, (8, 4), np.int8)
    C = np.zeros((4, 4), np.int32)
    assert isinstance(array, HlsModule)
    array(A, B, C)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
    alone = sp.simulate(systolic(4, 4, 8), A, B, C, device="hls")
    assert array.last_run.cycles > alone.cycles, "loading and storing takes time too"


def test_text_of_arrays_differs_only_in_numbers():
    def words(m, n):
        return re.sub(r"\d+", "#", sp.build(systolic(m, n, 64), target="hls").code).split()

    assert words(12, 12) == words(16, 16)


def test_an_unknown_mode_is_refused_by_name():
    with pytest.raises(sp.ProgramError, match="a design has no mode 'rtl'"):
        sp.build(systolic(2, 2, 2), target="hls", mode="rtl")


def test_options_of_designs_are_refused_for_other_targets():
    with pytest.raises(sp.ProgramError, match="`mode` is for designs in hardware"):
        sp.build(systolic(2, 2, 2), mode="csim")


def test_depths_belong_to_the_build(array):
    arrays = np.zeros((4, 8), np.int8), np.zeros((8, 4), np.int8), np.zeros((4, 4), np.int32)
    with pytest.raises(sp.ProgramError, match="`depths` is no option of a call in C-simulation"):
        array(*arrays, depths={"fifo_A": 2})


def test_a_deadlock_is_told_as_a_run_tells_it_and_leaves_the_arrays_alone():
    @sp.region()
    def cross(X: int32[4], Y: int32[4]):
        first: Stream[int32, 2]
        second: Stream[int32, 2]

        @sp.kernel(args=[X])
        def feed(X: int32[4]):
            for t in range(4):
                first.put(X[t])
            for t in range(4):
                second.put(X[t])

        @sp.kernel(args=[Y])
        def take(Y: int32[4]):
            for t in range(4):
                Y[t] = second.get() + first.get()

    X, Y = np.arange(4, dtype=np.int32), np.full(4, 7, np.int32)
    with pytest.raises(sp.Deadlock) as caught:
        sp.build(cross, target="hls", mode="csim")(X, Y)
    assert "feed waits to write first (holds 2 of 2)" in caught.value.__notes__[0]
    assert (Y == 7).all()
    deep = sp.build(cross, target="hls", mode="csim", depths={"first": 4})
    deep(X, Y)
    assert (Y == 2 * X).all()


def test_an_array_is_not_changed_in_place_by_two_kernels():
    @sp.region()
    def in_place(A: int32[8]):
        passed: Stream[int32, 2]

        @sp.kernel
        def read(A: int32[8]):
            for k in range(8):
                passed.put(A[k])

        @sp.kernel
        def write(A: int32[8]):
            for k in range(8):
                A[k] = 2 * passed.get()

    with pytest.raises(sp.ProgramError, match=r"then let `write\[0\]` write to an array of its own"):
        sp.build(in_place, target="hls")
