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
