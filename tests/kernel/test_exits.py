"""`break`, `continue`, `return` and `else` behind loops do what they do in Python, in no more time than they must."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32


def values(region: object, *given: int, size: int = 8) -> tuple[list[int], int]:
    C = np.zeros(size, np.int32)
    C[: len(given)] = given
    cycles = sp.simulate(region, C).cycles
    return C.tolist(), cycles


@pytest.mark.parametrize("found", [0, 3, 7, 8])
def test_iterations_behind_a_break_cost_no_time(found):
    @sp.region()
    def search(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            for k in range(8):
                if C[k] == 5:
                    C[k] = 6
                    break
                C[k] = 1

    C = np.zeros(8, np.int32)
    if found < 8:
        C[found] = 5
    assert sp.simulate(search, C).cycles == min(found + 1, 8)
    assert C.tolist() == [1] * found + [6] * (found < 8) + [0] * (7 - found)


def test_a_breaking_iteration_takes_its_stages():
    """Two puts into one channel take two stages; the iteration that breaks before both takes them too."""

    @sp.region()
    def program():
        fifo: Stream[int32, 16]

        @sp.kernel()
        def source():
            for k in range(6):
                if k == 3:
                    break
                fifo.put(k)
                fifo.put(k)

        @sp.kernel()
        def sink():
            for k in range(6):
                fifo.get()

    assert sp.simulate(program).actors["source[0]"].done == 4 * 2


def test_an_endless_loop_with_a_break_is_not_free_running():
    @sp.region()
    def program(C: int32[8]):
        fifo: Stream[int32, 2]

        @sp.kernel()
        def source():
            for k in range(5):
                fifo.put(4 - k)

        @sp.kernel(args=[C])
        def sink(C: int32[8]):
            n = 0
            while True:
                x = fifo.get()
                if x == 0:
                    break
                C[n] = x
                n += 1
            C[7] = n

    C = np.zeros(8, np.int32)
    run = sp.simulate(program, C)
    assert C.tolist() == [4, 3, 2, 1, 0, 0, 0, 4]
    assert run.actors["sink[0]"].done == 6


def test_continue_keeps_a_pipeline_at_its_interval():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            for k in range(8, pipeline=sp.Pipeline(latency=4)):
                if k % 2 == 1:
                    continue
                C[k] = k

    assert values(program) == ([0, 0, 2, 0, 4, 0, 6, 0], 8 + 3)


def test_return_ends_the_kernel_from_within_loops():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            if C[0] == 9:
                return
            for i in range(4):
                for j in range(4):
                    if i * 4 + j == C[0]:
                        C[1] = 100
                        return
                    C[2] += 1
                C[3] += 1
            C[4] = 1

    assert values(program, 9) == ([9, 0, 0, 0, 0, 0, 0, 0], 0)
    assert values(program, 6) == ([6, 100, 6, 1, 0, 0, 0, 0], 7)
    assert values(program, 20)[0] == [20, 0, 16, 4, 1, 0, 0, 0]


def test_return_ends_some_pes_at_compile_time():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(mapping=[4], args=[C])
        def pe(C: int32[8]):
            i = sp.get_pid()
            with sp.meta_if(i == 2):
                return
            C[i] = i + 1

    assert values(program)[0] == [1, 2, 0, 4, 0, 0, 0, 0]


def test_else_runs_where_a_loop_was_not_left():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            for k in range(3):
                if C[k] == 5:
                    break
            else:
                C[3] = 1
            n = 0
            while n < 3:
                if C[n] == 6:
                    C[4] = n
                    break
                n += 1
            else:
                C[4] = 7
            for k in range(2):
                C[5] += 1
            else:
                C[6] = 1

    assert values(program, 0, 5, 6)[0] == [0, 5, 6, 0, 2, 2, 1, 0]
    assert values(program, 0, 0, 0)[0] == [0, 0, 0, 1, 7, 2, 1, 0]


def test_break_leaves_a_grid_and_a_repetition():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            for i, j in sp.grid(3, 4):
                if i == 1 and j == 2:
                    break
                if j == 3:
                    continue
                C[0] += 1
            for n in sp.meta_for(4):
                if C[7] == n:
                    break
                if C[6] == n:
                    continue
                C[1] += 1
                for m in range(2):
                    if m == 1:
                        break
                    C[2] += 1
            C[3] = 1

    C = [0] * 6 + [1, 3]
    assert values(program, *C)[0] == [5, 2, 2, 1, 0, 0, 1, 3]


def test_a_local_has_a_value_wherever_control_comes_from():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            if C[0] == 0:
                if C[1] == 0:
                    return
                x = 1
            else:
                x = 2
            C[2] = x
            for k in range(3):
                if C[3] == k:
                    continue
                if C[4] == k:
                    y = 3
                else:
                    break
                C[5] += y

    assert values(program, 1, 0, 0, 0, 1)[0] == [1, 0, 2, 0, 1, 3, 0, 0]
    assert values(program, 0, 0, 0, 0, 1)[0] == [0, 0, 0, 0, 1, 0, 0, 0]


def first_at_least(A, n, limit) -> int32:
    for k in range(n):
        if A[k] < 0:
            continue
        if A[k] >= limit:
            return k
    return -1


def last_even(A, n):
    found = -1
    for k in range(n - 1, -1, -1):
        if A[k] % 2 == 0:
            found = k
            break
    return found, found >= 0


def test_functions_return_from_within_loops():
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(args=[C])
        def pe(C: int32[8]):
            C[4] = first_at_least(C, 4, 5)
            C[5] = first_at_least(C, 2, 5)
            C[6], found = last_even(C, 4)
            if found:
                C[7] = 1

    assert values(program, -7, 4, 6, 3)[0] == [-7, 4, 6, 3, 2, -1, 2, 1]
