"""Channels between the host and a core that has too many of them become one, and carry the same."""

import numpy as np

import spatial as sp
from spatial import Stream, int8, int32
from spatial.build.aie.placed import placed
from spatial.build.subject import program_of
from spatial.device.npu import npu
from spatial.ir.pins import pins_of
from spatial.lower.aie.legalize.joined import joined
from spatial.lower.aie.legalize.legalize import legalize
from spatial.lower.aie.mapping.mapping import map_legal, map_program
from tests.lower.aie.emit.programs import vector_program
from tests.lower.aie.legalize.running import run_legal
from tests.lower.aie.performed import performed

N, BLOCK = 64, 16


def multiplied_and_added():
    @sp.region()
    def three(A: int32[N], B: int32[N], C: int32[N], D: int32[N], E: int32[2]):
        a: Stream[int32[BLOCK], 2]
        b: Stream[int32[BLOCK], 2]
        c: Stream[int32[BLOCK], 2]
        d: Stream[int32[BLOCK], 2]
        ends: Stream[int32, 2][2]

        @sp.kernel(args=[A, B, C])
        def load(A: int32[N], B: int32[N], C: int32[N]):
            for i in range(N // BLOCK):
                a.put(A[i * BLOCK : (i + 1) * BLOCK])
                b.put(B[i * BLOCK : (i + 1) * BLOCK])
                c.put(C[i * BLOCK : (i + 1) * BLOCK])

        @sp.kernel()
        def work():
            low: int32 = 2147483647
            high: int32 = -2147483648
            for _ in range(N // BLOCK):
                x = a.get()
                y = b.get()
                z = c.get()
                made: int32[BLOCK] = 0
                for i in range(BLOCK):
                    made[i] = x[i] * y[i] + z[i]
                    low = min(low, made[i])
                    high = max(high, made[i])
                d.put(made)
            ends[0].put(low)
            ends[1].put(high)

        @sp.kernel(args=[D, E])
        def store(D: int32[N], E: int32[2]):
            for i in range(N // BLOCK):
                D[i * BLOCK : (i + 1) * BLOCK] = d.get()
            E[0] = ends[0].get()
            E[1] = ends[1].get()

    return three


def drawn():
    a, b, c = np.random.default_rng(2).integers(-999, 1000, (3, N), dtype=np.int32)
    return a, b, c, np.zeros(N, np.int32), np.zeros(2, np.int32)


def is_right(arrays):
    a, b, c, made, ends = arrays
    return np.array_equal(made, a * b + c) and ends.tolist() == [made.min(), made.max()]


def test_three_streams_in_and_three_out_of_a_core_run_on_one_channel_each():
    arrays = drawn()
    performed(multiplied_and_added(), arrays)
    assert is_right(arrays)


def test_each_part_of_a_joined_token_is_a_transfer_of_its_own():
    mapped = placed(multiplied_and_added(), "npu1").mapped
    ends = [each for each in mapped.fifos for end in each.consumers if end.node == "work[0]"]
    assert [each.shape for each in ends] == [(3 * BLOCK,)]
    moved = [each.array for each in mapped.transfers if each.fifo == ends[0].name]
    assert moved == ["A", "B", "C"] * (N // BLOCK)


def test_the_joined_program_computes_the_same():
    program = program_of(multiplied_and_added())
    legal = joined(legalize(program.module, program.graph, npu("npu1")))
    arrays = drawn()
    run_legal(map_legal(legal, pins_of(legal.module), npu("npu1")), [arrays])
    assert is_right(arrays)


def test_what_fits_is_not_joined():
    mapped = placed(vector_program(256, 64), "npu1").mapped
    assert sorted(each.shape for each in mapped.fifos) == [(64,)] * 3


def test_windows_of_one_array_become_transfers_of_one_channel():
    @sp.region()
    def corners(A: int32[8, 8], B: int8[4], C: int32[4]):
        @sp.kernel(args=[A, B, C])
        def core(A: int32[8, 8], B: int8[4], C: int32[4]):
            for i in range(4):
                if i >= 1:
                    C[i] = A[0, i] + B[i]
            C[0] = A[7, 7]

    a, b, c = np.arange(64, dtype=np.int32).reshape(8, 8), np.arange(4, dtype=np.int8), np.zeros(4, np.int32)
    performed(corners, (a, b, c))
    assert c.tolist() == [63, 2, 4, 6]


def fetched(region):
    """The arrays of the host that are fetched for a region."""
    program = program_of(region)
    found = map_program(program.module, program.graph, npu("npu1"))
    return {each.array for each in found.transfers if found.fifo[each.fifo].producer.node.startswith("host")}


def test_what_a_branch_on_an_index_surely_writes_is_not_fetched():
    @sp.region()
    def late(A: int32[4], C: int32[4]):
        @sp.kernel(args=[A, C])
        def core(A: int32[4], C: int32[4]):
            for i in range(6):
                if i >= 2:
                    C[i - 2] = A[5 - i]

    assert fetched(late) == {"A"}


def test_what_a_branch_on_data_writes_is_fetched():
    @sp.region()
    def some(A: int32[4], C: int32[4]):
        @sp.kernel(args=[A, C])
        def core(A: int32[4], C: int32[4]):
            for i in range(4):
                if A[i] > 2:
                    C[i] = A[i]

    assert fetched(some) == {"A", "C"}


def test_what_is_set_before_it_is_added_to_is_not_fetched():
    @sp.region()
    def added(A: int32[4, 8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def core(A: int32[4, 8], C: int32[8]):
            for i in range(8):
                C[i] = 0
            for j in range(4):
                for i in range(8):
                    C[i] += A[j, i]

    assert fetched(added) == {"A"}
    a, c = np.arange(32, dtype=np.int32).reshape(4, 8), np.ones(8, np.int32)
    performed(added, (a, c))
    assert np.array_equal(c, a.sum(axis=0))


def test_what_is_set_in_part_before_it_is_added_to_is_fetched():
    @sp.region()
    def added(A: int32[4, 8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def core(A: int32[4, 8], C: int32[8]):
            for j in range(4):
                for i in range(7):
                    C[i] = 0
                for i in range(8):
                    C[i] += A[j, i]

    assert fetched(added) == {"A", "C"}
    a, c = np.arange(32, dtype=np.int32).reshape(4, 8), np.ones(8, np.int32)
    performed(added, (a, c))
    assert c.tolist() == [*a[3, :7], 1 + a[:, 7].sum()]
