"""Regions that are called in functions that kernels call."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32


@sp.region()
def add(A: int32[4], by: int32):
    s: Stream[int32, 2]

    @sp.kernel(args=[A])
    def read(A: int32[4]):
        for k in range(4):
            s.put(A[k])

    @sp.kernel(args=[A, by])
    def write(A: int32[4], by: int32):
        for k in range(4):
            A[k] = s.get() + by


@sp.region()
def total(source: Stream[int32], target: Stream[int32], n: int):
    @sp.kernel()
    def add():
        sum_: int32 = 0
        for k in range(n):
            sum_ += source.get()
        target.put(sum_)


def twice(row, by):
    add(row, by)
    add(row, 10 * by)


def test_a_function_calls_a_region_on_the_arrays_it_is_given():
    @sp.region()
    def program(A: int32[2, 4], B: int32[8], n: int32):
        @sp.kernel(mapping=[2])
        def pe(A: int32[2, 4], B: int32[8], n: int32):
            i = sp.get_pid()
            for t in range(2):
                twice(A[i], t + i)
            with sp.meta_if(i == 0):
                twice(B[2:6], n)

    A, B = np.zeros((2, 4), np.int32), np.zeros(8, np.int32)
    run = sp.simulate(program, A, B, 3)
    assert A.tolist() == [[11] * 4, [33] * 4]
    assert B.tolist() == [0, 0, 33, 33, 33, 33, 0, 0]
    assert "pe[1].add[1].read[0]" in run.actors
    assert "pe[1].add[2].read[0]" not in run.actors


@pytest.mark.parametrize("times", [1, 3])
def test_a_call_in_a_function_takes_as_long_as_one_in_the_kernel(times):
    def apply(A):
        for _ in range(times):
            add(A, 1)

    @sp.region()
    def program(A: int32[4]):
        @sp.kernel()
        def pe(A: int32[4]):
            apply(A)

    assert sp.simulate(program, np.zeros(4, np.int32)).cycles == times * (5 + 4)


def test_each_call_of_a_function_has_an_instance_of_its_own():
    @sp.region()
    def program(A: int32[3, 4]):
        @sp.kernel()
        def pe(A: int32[3, 4]):
            for j in sp.meta_for(3):
                twice(A[j], j)

    A = np.zeros((3, 4), np.int32)
    run = sp.simulate(program, A)
    assert A.tolist() == [[0] * 4, [11] * 4, [22] * 4]
    assert "pe[0].add[5].write[0]" in run.actors


def test_functions_pass_arrays_on_and_take_windows_of_windows():
    def halves(block, by):
        twice(block[0, 0:4], by)
        add(block[1, 4:], 1)

    @sp.region()
    def program(A: int32[4, 8]):
        @sp.kernel()
        def pe(A: int32[4, 8]):
            halves(A[1:3], 2)

    A = np.zeros((4, 8), np.int32)
    sp.simulate(program, A)
    expected = np.zeros((4, 8), np.int32)
    expected[1, :4], expected[2, 4:] = 22, 1
    assert A.tolist() == expected.tolist()


def test_a_function_gives_a_region_its_own_arrays():
    def added(A, by):
        row: int32[4] = 0
        for k in range(4):
            row[k] = A[k]
        add(row, by)
        A[:] = row

    @sp.region()
    def program(A: int32[2, 4]):
        @sp.kernel(mapping=[2])
        def pe(A: int32[2, 4]):
            i = sp.get_pid()
            row: int32[4] = i
            added(row, 5)
            added(row, 10)
            A[i] = row

    A = np.zeros((2, 4), np.int32)
    sp.simulate(program, A)
    assert A.tolist() == [[15] * 4, [16] * 4]


def test_functions_give_regions_streams_and_compile_time_values():
    def forward(source, target, count):
        total(source, target, count)

    @sp.region()
    def program(B: int32[2]):
        tokens: Stream[int32, 2][2]
        sums: Stream[int32, 2][2]

        @sp.kernel(mapping=[2])
        def feed():
            i = sp.get_pid()
            for k in range(3 + i):
                tokens[i].put(k + 1)

        @sp.kernel(mapping=[2])
        def pe():
            i = sp.get_pid()

            def here():
                forward(tokens[i], sums[i], 3 + i)

            here()

        @sp.kernel(mapping=[2])
        def collect(B: int32[2]):
            i = sp.get_pid()
            B[i] = sums[i].get()

    B = np.zeros(2, np.int32)
    sp.simulate(program, B)
    assert B.tolist() == [6, 10]


def test_a_function_inside_a_kernel_calls_a_region_on_the_arrays_around_it():
    @sp.region()
    def program(A: int32[4]):
        @sp.kernel()
        def pe(A: int32[4]):
            own: int32[4] = 2

            def both(by):
                add(A, by)
                add(own, by)

            both(1)
            both(A[0])
            for k in range(4):
                A[k] = A[k] * 10 + own[k]

    A = np.zeros(4, np.int32)
    sp.simulate(program, A)
    assert A.tolist() == [24] * 4


def test_local_arrays_bound_to_storage_are_given_to_regions():
    def stored(A):
        near: int32[4] @ sp.Memory("registers") = 3
        add(near, 4)
        A[:] = near

    @sp.region()
    def program(A: int32[2, 4]):
        @sp.kernel()
        def pe(A: int32[2, 4]):
            far: int32[4] @ sp.Memory("URAM") = 1
            add(far, 2)
            A[0] = far
            stored(A[1])

    A = np.zeros((2, 4), np.int32)
    run = sp.simulate(program, A)
    assert A.tolist() == [[3] * 4, [7] * 4]
    assert set(run.memories) >= {"pe[0].far", "pe[0].near"}
