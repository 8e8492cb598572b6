"""Scalar parameters: numbers that a run is given, read by every kernel, changed without compiling anew."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, bool_, float32, int8, int32, uint8
from spatial.region.program import compile_region

N = 8


@sp.region()
def scaled(A: int32[N], n: int32, B: int32[N]):
    @sp.kernel(args=[A, B])
    def copy(A: int32[N], B: int32[N]):
        for k in range(n):
            B[k] = n * A[k]


def test_a_scalar_bounds_loops_and_takes_part_in_arithmetic():
    A, B = np.arange(N, dtype=np.int32), np.zeros(N, np.int32)
    run = sp.simulate(scaled, A, 5, B)
    assert B.tolist() == [0, 5, 10, 15, 20, 0, 0, 0]
    assert run.cycles == 5


def test_a_new_value_needs_no_new_module():
    module = sp.build(scaled)
    for n in (0, 3, np.int64(8)):
        A, B = np.ones(N, np.int32), np.zeros(N, np.int32)
        module(A, n, B)
        assert B.tolist() == [n] * n + [0] * (N - n)
        assert module.last_run.cycles == n


def test_a_kernel_may_take_it_as_a_parameter_of_any_name():
    @sp.region()
    def given(n: int32, up: bool, B: int32[2]):
        @sp.kernel(args=[n, up, B])
        def first(limit: int32, rises: bool_, B: int32[2]):
            B[0] = limit + 1 if rises else limit - 1

        @sp.kernel
        def second(n: int32, B: int32[2]):
            if n > 3:
                B[1] = n

    B = np.zeros(2, np.int32)
    sp.simulate(given, 4, True, B)
    assert B.tolist() == [5, 4]
    sp.simulate(given, 3, False, B)
    assert B.tolist() == [2, 4]


def test_every_pe_reads_it():
    @sp.region()
    def chain(bias: int8, B: int32[4]):
        link: Stream[int32][5]

        @sp.kernel(mapping=[4], args=[B])
        def pe(B: int32[4]):
            i = sp.get_pid()
            with sp.meta_if(i > 0):
                x: int32 = link[i].get()
            with sp.meta_else():
                x: int32 = 0
            x = x + bias
            B[i] = x
            with sp.meta_if(i < 3):
                link[i + 1].put(x)

    B = np.zeros(4, np.int32)
    sp.simulate(chain, -2, B)
    assert B.tolist() == [-2, -4, -6, -8]


def test_a_region_without_parameters_has_its_kernels_scalars():
    @sp.region()
    def own():
        @sp.kernel
        def fill(n: uint8, B: int32[1]):
            B[0] = n + 100

    assert [(p.name, p.kind) for p in compile_region(own).graph.parameters] == [("n", "scalar"), ("B", "array")]
    B = np.zeros(1, np.int32)
    sp.simulate(own, 200, B)
    assert B.tolist() == [300]


def test_a_float_is_rounded_to_its_type_once():
    @sp.region()
    def times(x: float32, B: float32[1]):
        @sp.kernel(args=[B])
        def pe(B: float32[1]):
            B[0] = x

    B = np.zeros(1, np.float32)
    sp.simulate(times, 0.1, B)
    assert B[0] == np.float32(0.1)


@pytest.mark.parametrize("wrong", [1 << 31, -(1 << 31) - 1, 0.5, "3", None, np.zeros(2)])
def test_a_number_that_its_type_does_not_hold_is_refused(wrong):
    B = np.zeros(N, np.int32)
    with pytest.raises(sp.ProgramError, match=r"`n` is declared as `int32`"):
        sp.simulate(scaled, np.ones(N, np.int32), wrong, B)
    assert not B.any()


def test_the_number_of_arguments_counts_scalars():
    with pytest.raises(sp.ProgramError, match=r"takes 3 arguments \(A, n, B\), 2 are given"):
        sp.simulate(scaled, np.ones(N, np.int32), np.zeros(N, np.int32))
