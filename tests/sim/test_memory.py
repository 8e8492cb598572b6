"""Memory that a region declares for its kernels: each run begins with the declared values, tokens order its uses."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.region.program import compile_region

N = 8


@sp.region()
def through_memory(A: int32[N], B: int32[N]):
    buffer: int32[N]
    ready: Stream[int32]

    @sp.kernel(args=[A, buffer])
    def fill(A: int32[N], buffer: int32[N]):
        for k in range(N):
            buffer[k] = buffer[k] + 2 * A[k]
        ready.put(1)

    @sp.kernel
    def drain(B: int32[N], buffer: int32[N]):
        ready.get()
        for k in range(N):
            B[k] = buffer[N - 1 - k]


def test_an_array_of_the_region_is_shared_by_its_kernels():
    A, B = np.arange(N, dtype=np.int32), np.zeros(N, np.int32)
    run = sp.simulate(through_memory, A, B)
    assert B.tolist() == [2 * (N - 1 - k) for k in range(N)]
    assert run.cycles == N + 1 + 1 + N  # the put in cycle N, the get in the next


def test_each_run_begins_with_the_declared_values():
    module = sp.build(through_memory)
    for _ in range(2):
        A, B = np.arange(N, dtype=np.int32), np.zeros(N, np.int32)
        module(A, B)
        assert B.tolist() == [2 * (N - 1 - k) for k in range(N)]


def test_memory_is_declared_in_the_region_with_its_initial_values():
    table = np.array([[1, 2], [3, 4]])

    @sp.region()
    def begins(B: int32[2, 2]):
        first: int32[2, 2] = table
        second: int32[2, 2] = 7

        @sp.kernel(args=[B, first, second])
        def add(B: int32[2, 2], x: int32[2, 2], y: int32[2, 2]):
            for i, j in sp.grid(2, 2):
                B[i, j] = x[i, j] + y[i, j]

    graph = compile_region(begins).graph
    assert [(memory.name, str(memory.type), memory.initial, memory.stateful) for memory in graph.memories] == [
        ("first", "int32[2, 2]", (1, 2, 3, 4), False),
        ("second", "int32[2, 2]", (7,), False),
    ]
    B = np.zeros((2, 2), np.int32)
    sp.simulate(begins, B)
    assert B.tolist() == [[8, 9], [10, 11]]


def test_accesses_to_memory_that_no_token_orders_race():
    @sp.region()
    def racing(B: int32[1]):
        cell: int32[1]

        @sp.kernel(args=[cell])
        def write(cell: int32[1]):
            cell[0] = 1

        @sp.kernel(args=[B, cell])
        def read(B: int32[1], cell: int32[1]):
            B[0] = cell[0]

    with pytest.raises(sp.RunError, match=r"cell\[0\]"):
        sp.simulate(racing, np.zeros(1, np.int32))


def test_memories_of_one_name_are_told_apart():
    @sp.region()
    def twice(B: int32[2]):
        for n in range(2):
            cell: int32[1] = n + 5

            @sp.kernel
            def write(B: int32[2], cell: int32[1]):
                B[n] = cell[0]

    assert [memory.name for memory in compile_region(twice).graph.memories] == ["cell", "cell_1"]
    B = np.zeros(2, np.int32)
    sp.simulate(twice, B)
    assert B.tolist() == [5, 6]


def test_a_region_without_parameters_keeps_its_memory_to_itself():
    @sp.region()
    def own():
        cell: int32[1]

        @sp.kernel
        def write(B: int32[2], cell: int32[1]):
            cell[0] = 3
            B[1] = cell[0]

    graph = compile_region(own).graph
    assert [array.name for array in graph.arrays] == ["B"]
    B = np.zeros(2, np.int32)
    sp.simulate(own, B)
    assert B.tolist() == [0, 3]


def ping_pong(blocks: int, size: int):
    """A producer fills one of two buffers while a consumer drains the other; tokens hand them over."""

    @sp.region()
    def handing_over(A: int32[blocks, size], B: int32[blocks, size]):
        buffers: int32[2, size]
        filled: Stream[int32, 2]
        drained: Stream[int32, 2]

        @sp.kernel(args=[A, buffers])
        def fill(A: int32[blocks, size], buffers: int32[2, size]):
            for n in range(blocks):
                if n >= 2:
                    drained.get()
                for k in range(size):
                    buffers[n % 2, k] = A[n, k] + 1
                filled.put(n)

        @sp.kernel(args=[buffers, B])
        def drain(buffers: int32[2, size], B: int32[blocks, size]):
            for n in range(blocks):
                filled.get()
                for k in range(size):
                    B[n, k] = 2 * buffers[n % 2, k]
                if n < blocks - 2:
                    drained.put(n)

    return handing_over


@pytest.mark.parametrize(("blocks", "size"), [(1, 4), (2, 3), (6, 16)])
def test_a_ping_pong_buffer_overlaps_filling_and_draining(blocks, size):
    A = np.arange(blocks * size, dtype=np.int32).reshape(blocks, size)
    B = np.zeros_like(A)
    run = sp.simulate(ping_pong(blocks, size), A, B)
    assert np.array_equal(B, 2 * (A + 1))
    assert run.cycles <= (blocks + 1) * (size + 3)


def test_a_ping_pong_buffer_without_the_answer_races():
    @sp.region()
    def hasty(B: int32[4]):
        buffers: int32[2]
        filled: Stream[int32, 8]

        @sp.kernel
        def fill(buffers: int32[2]):
            for n in range(4):
                buffers[n % 2] = n
                filled.put(n)

        @sp.kernel
        def drain(buffers: int32[2], B: int32[4]):
            for n in range(4):
                filled.get()
                B[n] = buffers[n % 2]

    with pytest.raises(sp.RunError, match=r"buffers\[0\]"):
        sp.simulate(hasty, np.zeros(4, np.int32))


def test_what_a_failed_run_leaves_in_memory_is_told():
    @sp.region()
    def failing(n: int32, B: int32[1]):
        cells: int32[3] = 1

        @sp.kernel
        def pe(cells: int32[3], B: int32[1]):
            for k in range(3):
                cells[k] = 12 // (n - k)
            B[0] = cells[2]

    with pytest.raises(sp.RunError) as caught:
        sp.simulate(failing, 2, np.zeros(1, np.int32))
    assert caught.value.run.memories["cells"].tolist() == [6, 12, 1]
