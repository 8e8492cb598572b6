"""Loops that count down, and loops whose body is repeated within an iteration."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32


@pytest.mark.parametrize(("start", "stop", "step"), [(7, -1, -1), (7, 0, -2), (3, 3, -1), (2, 5, -1), (0, 8, 3)])
def test_a_loop_counts_as_range_does(start, stop, step):
    @sp.region()
    def program(B: int32[2], C: int32[8]):
        @sp.kernel(args=[B, C])
        def pe(B: int32[2], C: int32[8]):
            n = 1
            for k in range(start, stop, step):
                C[k] = n
                n += 1
            for k in range(B[0], B[1], step):
                C[k] += 10 * k

    expected = np.zeros(8, np.int32)
    for n, k in enumerate(range(start, stop, step), start=1):
        expected[k] = n + 10 * k
    C = np.zeros(8, np.int32)
    run = sp.simulate(program, np.array([start, stop], np.int32), C)
    assert C.tolist() == expected.tolist()
    assert run.cycles == 2 * len(range(start, stop, step))


def test_bounds_are_checked_when_counting_down():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            for k in range(8, 0, -1):
                C[k] = 1

    with pytest.raises(sp.ProgramError, match="index 1 to 8 is outside of `C`"):
        sp.simulate(program, np.zeros(8, np.int32))


@pytest.mark.parametrize("count", [1, 4, 7, 8])
@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("at_run_time", [False, True])
def test_a_repeated_body_does_the_iterations_of_the_loop(count, step, at_run_time):
    """Four iterations take a cycle together, those that are left take one each."""

    @sp.region()
    def program(B: int32[1], C: int32[8]):
        @sp.kernel(args=[B, C])
        def pe(B: int32[1], C: int32[8]):
            with sp.meta_if(at_run_time):
                for k in range(0, B[0] * step, step, unroll=4):
                    C[k * step] = k + 10
            with sp.meta_else():
                for k in range(0, count * step, step, unroll=4):
                    C[k * step] = k + 10

    C = np.zeros(8, np.int32)
    run = sp.simulate(program, np.array([count], np.int32), C)
    assert C.tolist() == [k * step + 10 for k in range(count)] + [0] * (8 - count)
    assert run.cycles == (0 if count <= 4 and not at_run_time else count // 4 + count % 4)


def test_a_channel_end_used_in_each_repetition_takes_a_stage_each():
    @sp.region()
    def program(C: int32[8]):
        fifo: Stream[int32, 8]

        @sp.kernel()
        def source():
            for k in range(8, unroll=2):
                fifo.put(k)

        @sp.kernel(args=[C])
        def sink(C: int32[8]):
            for k in range(8):
                C[k] = fifo.get()

    C = np.zeros(8, np.int32)
    assert sp.simulate(program, C).actors["source[0]"].done == 8
    assert C.tolist() == list(range(8))


def test_a_loop_unrolled_completely_belongs_to_the_loop_around_it():
    """The outer loop is innermost then, so each of its iterations takes one cycle."""

    @sp.region()
    def program(A: int32[5, 4], C: int32[5]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[5, 4], C: int32[5]):
            for i in range(5):
                total: int32 = 0
                for j in range(4, unroll=True):
                    term = A[i, j] * j
                    total += term
                C[i] = total

    A = np.arange(20, dtype=np.int32).reshape(5, 4)
    C = np.zeros(5, np.int32)
    assert sp.simulate(program, A, C).cycles == 5
    assert C.tolist() == (A @ np.arange(4)).tolist()


def test_a_break_leaves_the_repetitions_behind_it_out():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            for k in range(8, unroll=4):
                if k == 5:
                    break
                C[k] = 1

    C = np.zeros(8, np.int32)
    assert sp.simulate(program, C).cycles == 2
    assert C.tolist() == [1] * 5 + [0] * 3
