"""Regions that kernels call: their actors are started, and the kernel waits until all have finished."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32


@sp.region()
def add_one(A: int32[4]):
    """Two actors, one of which feeds the other."""
    s: Stream[int32, 2]

    @sp.kernel(args=[A])
    def read(A: int32[4]):
        for k in range(4):
            s.put(A[k])

    @sp.kernel(args=[A])
    def write(A: int32[4]):
        for k in range(4):
            A[k] = s.get() + 1


def test_a_kernel_calls_a_region():
    @sp.region()
    def program(A: int32[4], B: int32[4]):
        @sp.kernel(args=[A, B])
        def pe(A: int32[4], B: int32[4]):
            for k in range(4):
                A[k] = k
            add_one(A)
            for k in range(4):
                B[k] = A[k] * 10

    A, B = np.zeros(4, dtype=np.int32), np.zeros(4, dtype=np.int32)
    run = sp.simulate(program, A, B)
    assert B.tolist() == [10, 20, 30, 40]
    assert list(run.actors) == ["pe[0]", "pe[0].add_one[0].read[0]", "pe[0].add_one[0].write[0]"]
    assert set(run.channels) == {"pe[0].add_one[0].s"}


def called(times):
    """A kernel that calls a region so many times, and nothing else."""

    @sp.region()
    def program(A: int32[4]):
        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            for _ in range(times):
                add_one(A)

    return program


@pytest.mark.parametrize("times", [1, 2, 7])
def test_a_call_takes_four_cycles_beyond_those_of_the_region(times):
    alone = sp.simulate(add_one, np.zeros(4, dtype=np.int32)).cycles
    A = np.zeros(4, dtype=np.int32)
    assert sp.simulate(called(times), A).cycles == times * (alone + 4)
    assert A.tolist() == [times] * 4


@sp.region()
def short(A: int32[1]):
    @sp.kernel(args=[A])
    def bump(A: int32[1]):
        A[0] += 1


def test_a_region_without_loops_has_ended_before_its_kernel_goes_on():
    @sp.region()
    def program(A: int32[1], B: int32[3]):
        @sp.kernel(args=[A, B])
        def pe(A: int32[1], B: int32[3]):
            for k in range(3):
                short(A)
                B[k] = A[0]

    A, B = np.zeros(1, dtype=np.int32), np.zeros(3, dtype=np.int32)
    sp.simulate(program, A, B)
    assert B.tolist() == [1, 2, 3]


@sp.region()
def summed(source: Stream[int32], target: Stream[int32], n: int, factor: int = 1):
    @sp.kernel()
    def add():
        total: int32 = 0
        for k in range(n):
            total += source.get() * factor
        target.put(total)


@sp.region()
def by_rows(A: int32[2, 6], B: int32[2, 3]):
    tokens: Stream[int32, 2][2]
    sums: Stream[int32, 4][2]

    @sp.kernel(mapping=[2])
    def feed(A: int32[2, 6]):
        i = sp.get_pid()
        for k in range(4 - i):
            tokens[i].put(A[i, k])

    @sp.kernel(mapping=[2])
    def pe():
        i = sp.get_pid()
        with sp.meta_if(i == 0):
            for t in range(2):
                summed(tokens[i], sums[i], 2)
        with sp.meta_else():
            summed(tokens[i], sums[i], n=3, factor=10)

    @sp.kernel(mapping=[2], args=[B])
    def collect(B: int32[2, 3]):
        i = sp.get_pid()
        for k in range(2 - i):
            B[i, k] = sums[i].get()


def test_streams_given_to_a_region_are_used_by_its_actors():
    A, B = np.arange(12, dtype=np.int32).reshape(2, 6), np.zeros((2, 3), dtype=np.int32)
    run = sp.simulate(by_rows, A, B)
    assert B.tolist() == [[1, 5, 0], [210, 0, 0]]
    assert "pe[0].summed[0].add[0]" in run.actors
    assert "pe[1].summed[0].add[0]" in run.actors


def test_a_deadlock_in_a_called_region_names_its_actors():
    @sp.region()
    def pair(A: int32[4]):
        s: Stream[int32, 2]

        @sp.kernel(args=[A])
        def short(A: int32[4]):
            for k in range(3):
                s.put(A[k])

        @sp.kernel(args=[A])
        def long(A: int32[4]):
            for k in range(4):
                A[k] = s.get()

    @sp.region()
    def program(A: int32[4]):
        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            pair(A)

    with pytest.raises(sp.Deadlock) as stuck:
        sp.simulate(program, np.zeros(4, dtype=np.int32))
    told = str(stuck.value)
    assert "`pe[0].pair[0].long[0]` waits for `pe[0].pair[0].short[0]`, which has finished" in told
    assert "`pe[0].pair[0].s` saw 3 puts and 3 gets" in told


def test_a_deadlock_says_which_region_a_kernel_waits_for():
    @sp.region()
    def taker(s: Stream[int32], A: int32[4]):
        @sp.kernel(args=[A])
        def take(A: int32[4]):
            for k in range(4):
                A[k] = s.get()

    @sp.region()
    def program(A: int32[4]):
        s: Stream[int32, 2]

        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            taker(s, A)
            for k in range(4):
                s.put(k)

    with pytest.raises(sp.Deadlock) as stuck:
        sp.simulate(program, np.zeros(4, dtype=np.int32))
    told = str(stuck.value)
    assert "`pe[0]` has called a region, and waits for `pe[0].taker[0].take[0]` to finish" in told
    assert "`pe[0].taker[0].take[0]` waits to get from `s` (0/2 empty)" in told
    assert "hint: let another kernel do what the region that is called waits for" in told


def test_depth_is_never_asked_for_what_starts_a_region():
    @sp.region()
    def taker(s: Stream[int32], A: int32[4]):
        @sp.kernel(args=[A])
        def take(A: int32[4]):
            for k in range(4):
                A[k] = s.get()

    @sp.region()
    def program(A: int32[4]):
        s: Stream[int32, 2]

        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            for k in range(4):
                s.put(k)
            taker(s, A)

    with pytest.raises(sp.Deadlock) as stuck:
        sp.simulate(program, np.zeros(4, dtype=np.int32))
    told = str(stuck.value)
    assert "`pe[0].taker[0].take[0]` waits for `pe[0]` to call its region" in told
    assert 'hint: depths={"s": 4}' in told


def test_a_region_is_given_the_part_of_an_array_that_the_pe_sees():
    @sp.region()
    def scale(part: int32[2], factor: int):
        @sp.kernel(args=[part])
        def times(part: int32[2]):
            for k in range(2):
                part[k] *= factor

    @sp.region()
    def program(A: int32[2, 4], B: int32[3]):
        @sp.kernel(mapping=[2], args=[A[1, :], B[1:3]])
        def pe(row: int32[4] @ sp.S(0), end: int32[2]):
            i = sp.get_pid()
            scale(row, 10 + i)
            with sp.meta_if(i == 1):
                scale(end, 2)

    A, B = np.ones((2, 4), dtype=np.int32), np.ones(3, dtype=np.int32)
    sp.simulate(program, A, B)
    assert A.tolist() == [[1, 1, 1, 1], [10, 10, 11, 11]]
    assert B.tolist() == [1, 2, 2]


def test_windows_of_arrays_are_given_to_regions():
    @sp.region()
    def program(A: int32[3, 4], B: int32[6]):
        @sp.kernel(mapping=[3], args=[A, B])
        def pe(A: int32[3, 4], B: int32[6]):
            i = sp.get_pid()
            for t in range(i + 1):
                add_one(A[i])
            with sp.meta_if(i == 1):
                add_one(B[1:5])

    A, B = np.zeros((3, 4), dtype=np.int32), np.zeros(6, dtype=np.int32)
    sp.simulate(program, A, B)
    assert A.tolist() == [[1] * 4, [2] * 4, [3] * 4]
    assert B.tolist() == [0, 1, 1, 1, 1, 0]


def test_regions_are_called_to_any_depth():
    @sp.region()
    def counted(A: int32[4], n: int):
        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            A[n] += 1
            with sp.meta_if(n > 0):
                counted(A, n - 1)

    @sp.region()
    def program(A: int32[4]):
        @sp.kernel()
        def top(A: int32[4]):
            for t in range(3):
                counted(A, 3)

    A = np.zeros(4, dtype=np.int32)
    run = sp.simulate(program, A)
    assert A.tolist() == [3, 3, 3, 3]
    assert "top[0]" + 4 * ".counted[0].pe[0]" in run.actors


def made(n):
    @sp.region()
    def add_to(A: int32[4]):
        @sp.kernel(args=[A])
        def one(A: int32[4]):
            A[n] += n

    return add_to


def test_each_pass_of_a_meta_loop_has_an_instance_of_its_own():
    @sp.region()
    def program(A: int32[4]):
        @sp.kernel()
        def pe(A: int32[4]):
            made(2)(A)
            for j in sp.meta_for(4):
                made(j)(A)

    A = np.zeros(4, dtype=np.int32)
    run = sp.simulate(program, A)
    assert A.tolist() == [0, 1, 4, 3]
    assert list(run.actors) == ["pe[0]", *(f"pe[0].add_to[{n}].one[0]" for n in range(5))]


def test_actors_begin_anew_in_each_call():
    @sp.region()
    def first_above(A: int32[4], B: int32[1]):
        @sp.kernel(args=[A, B])
        def look(A: int32[4], B: int32[1]):
            steps: int32 = 0
            for k in range(4):
                steps += 1
                if A[k] > 1:
                    B[0] += steps
                    return

    @sp.region()
    def program(A: int32[4], B: int32[1]):
        @sp.kernel()
        def pe(A: int32[4], B: int32[1]):
            for t in range(4):
                first_above(A, B)
                A[3 - t] = 0

    A, B = np.array([0, 2, 2, 2], dtype=np.int32), np.zeros(1, dtype=np.int32)
    sp.simulate(program, A, B)
    assert B[0] == 6


def test_local_arrays_are_given_to_regions():
    @sp.region()
    def program(A: int32[3, 4]):
        @sp.kernel(mapping=[3])
        def pe(A: int32[3, 4]):
            i = sp.get_pid()
            row: int32[4] = 0
            for t in range(2):
                for k in range(4):
                    row[k] += k * i
                add_one(row)
            A[i] = row

    A = np.zeros((3, 4), dtype=np.int32)
    run = sp.simulate(program, A)
    assert A.tolist() == [[2 + 2 * k * i for k in range(4)] for i in range(3)]
    assert run.memories["pe[2].row"].tolist() == A[2].tolist()


def test_numbers_of_the_run_are_given_to_regions():
    @sp.region()
    def scaled(A: int32[4], x: int32, n: int):
        @sp.kernel()
        def pe(A: int32[4], x: int32):
            for k in range(n):
                A[k] += x

    @sp.region()
    def program(A: int32[2, 4], y: int32):
        @sp.kernel(mapping=[2])
        def pe(A: int32[2, 4], y: int32):
            i = sp.get_pid()
            total: int32 = 0
            for t in range(3):
                total += t * (i + 1)
                scaled(A[i], total, 3)
                scaled(A[i], n=2, x=A[i, 0] + y)
            scaled(A[i], y, 4)
            scaled(A[i], 100, 1)

    def reference(A, y):
        for i in range(2):
            total = 0
            for t in range(3):
                total += t * (i + 1)
                A[i, :3] += total
                A[i, :2] += A[i, 0] + y
            A[i] += y
            A[i, 0] += 100

    A, expected = np.arange(8, dtype=np.int32).reshape(2, 4), np.arange(8, dtype=np.int32).reshape(2, 4)
    sp.simulate(program, A, 7)
    reference(expected, 7)
    assert A.tolist() == expected.tolist()
