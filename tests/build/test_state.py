"""Stateful memory keeps its values over the calls of a built module."""

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Stateful, Stream, float32, int8, int32, uint8
from spatial.region.program import compile_region

TAPS = np.array([1, 2, 3], np.int32)
N = 5


@sp.region()
def fir(X: int32[N], Y: int32[N]):
    """A filter whose delay line outlives a call."""

    @sp.kernel(args=[X, Y])
    def pe(X: int32[N], Y: int32[N]):
        line: int32[3] @ Stateful
        seen: int32 @ sp.Stateful = 0
        for n in range(N):
            for t in range(2):
                line[2 - t] = line[1 - t]
            line[0] = X[n]
            total: int32 = 0
            for t in range(3):
                total += line[t] * TAPS[t]
            Y[n] = total
            seen += 1


def filtered(module, X):
    Y = np.zeros(N, np.int32)
    module(X, Y)
    return Y


def test_a_filter_goes_on_where_the_last_call_ended():
    module = sp.build(fir)
    signal = np.random.default_rng(0).integers(-100, 100, 3 * N).astype(np.int32)
    whole = np.convolve(signal, TAPS)[: 3 * N]
    parts = [filtered(module, signal[k : k + N]) for k in (0, N, 2 * N)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert module.last_run.memories["pe[0].seen"] == 3 * N
    assert module.last_run.memories["pe[0].line"].tolist() == signal[:-4:-1].tolist()


def test_reset_restores_the_first_values():
    module = sp.build(fir)
    X = np.arange(N, dtype=np.int32)
    first = filtered(module, X)
    assert not np.array_equal(filtered(module, X), first)
    module.reset()
    assert np.array_equal(filtered(module, X), first)


def test_simulate_starts_fresh():
    X, Y = np.arange(N, dtype=np.int32), np.zeros(N, np.int32)
    runs = [sp.simulate(fir, X, Y).memories["pe[0].seen"] for _ in range(2)]
    assert runs == [N, N]


def test_two_modules_keep_apart_what_they_keep():
    first, second = sp.build(fir), sp.build(fir)
    X = np.ones(N, np.int32)
    filtered(first, X)
    assert filtered(second, X).tolist() == [1, 3, 6, 6, 6]


@sp.region()
def counting(B: int32[4], until: int32):
    """PE i counts from 10 * i; the last divides by what is given."""

    @sp.kernel(mapping=[4], args=[B])
    def pe(B: int32[4]):
        i = sp.get_pid()
        count: int32 @ Stateful = 10 * i
        count = count + 1
        B[i] = count // until


def test_each_pe_keeps_its_own_and_begins_as_it_says():
    module, B = sp.build(counting), np.zeros(4, np.int32)
    graph = module.simulator.program.graph
    assert [(memory.name, memory.initial) for memory in graph.memories] == [
        (f"pe[{i}].count", (10 * i,)) for i in range(4)
    ]
    assert all(memory.stateful for memory in graph.memories)
    assert len(graph.specializations) == 1
    for call in (1, 2):
        module(B, 1)
        assert B.tolist() == [call, 10 + call, 20 + call, 30 + call]


def test_a_failed_call_leaves_the_state_as_it_was():
    module, B = sp.build(counting), np.zeros(4, np.int32)
    module(B, 1)
    with pytest.raises(sp.RunError, match="division by zero"):
        module(B, 0)
    assert B.tolist() == [1, 11, 21, 31]
    module(B, 1)
    assert B.tolist() == [2, 12, 22, 32]


def test_a_deadlock_or_a_partial_run_leaves_the_state_as_it_was():
    @sp.region()
    def stuck(n: int32, B: int32[1]):
        link: Stream[int32, 1]

        @sp.kernel
        def left():
            for k in range(n):
                link.put(k)

        @sp.kernel(args=[B])
        def right(B: int32[1]):
            calls: int32 @ Stateful
            calls += 1
            B[0] = calls
            link.get()

    module, B = sp.build(stuck), np.zeros(1, np.int32)
    module(1, B)
    with pytest.raises(sp.Deadlock):
        module(5, B)
    module.run(1, B, until=1)
    module(1, B)
    assert B.tolist() == [2]


def test_an_array_of_a_region_can_be_stateful():
    @sp.region()
    def shared(B: int32[2]):
        kept: int32[2] @ Stateful = [5, 6]
        done: Stream[bool]

        @sp.kernel
        def first(kept: int32[2]):
            kept[0] = kept[0] + 1
            done.put(True)

        @sp.kernel
        def second(kept: int32[2], B: int32[2]):
            done.get()
            B[:] = kept

    module, B = sp.build(shared), np.zeros(2, np.int32)
    for call in (1, 2, 3):
        module(B)
        assert B.tolist() == [5 + call, 6]


def test_state_of_every_type_begins_with_its_values():
    table = np.array([1.5, -2.0], np.float32)

    @sp.region()
    def typed(A: uint8[1], B: float32[2], C: int8[1]):
        @sp.kernel
        def pe(A: uint8[1], B: float32[2], C: int8[1]):
            high: uint8 @ Stateful = 250
            values: float32[2] @ Stateful = table
            low: int8 @ Stateful = -128
            high += 3
            for k in range(2):
                values[k] = values[k] * 2
            low = low - 1
            A[0] = high
            B[:] = values
            C[0] = low

    module = sp.build(typed)
    A, B, C = np.zeros(1, np.uint8), np.zeros(2, np.float32), np.zeros(1, np.int8)
    for expected in ((253, [3, -4], 127), (0, [6, -8], 126)):
        module(A, B, C)
        assert (A[0], B.tolist(), C[0]) == expected


def test_a_sum_in_state_is_pipelined():
    @sp.region()
    def summing(A: int32[16], B: int32[1]):
        @sp.kernel
        def pe(A: int32[16], B: int32[1]):
            total: int32 @ Stateful
            for k in range(16):
                total += A[k]
            B[0] = total

    run = sp.simulate(summing, np.arange(16, dtype=np.int32), np.zeros(1, np.int32))
    assert run.cycles == 16


def test_storage_is_kept_in_the_program_and_changes_nothing():
    @sp.region()
    def stored(A: int32[4] @ sp.Memory("URAM", ports="2P"), B: int32[4]):
        between: int32[4] @ sp.Memory("BRAM")

        @sp.kernel(args=[A, between, B])
        def pe(A: int32[4], between: int32[4], B: int32[4]):
            local: int32[4] @ sp.Memory("LUTRAM")
            local[:] = 3
            kept: int32[4] @ sp.Memory("registers") @ Stateful
            for k in range(4):
                between[k] = A[k] + local[k] + kept[k]
                B[k] = between[k]

    program = compile_region(stored)
    assert {array.name: array.storage for array in program.graph.arrays} == {"A": "URAM(2P)", "B": ""}
    assert {memory.name: memory.storage for memory in program.graph.memories} == {
        "between": "BRAM",
        "pe[0].kept": "registers",
    }
    assert 'df.storage = "LUTRAM"' in str(program)
    assert 'df.storage = {A = "URAM(2P)"}' in str(program)
    A, B = np.arange(4, dtype=np.int32), np.zeros(4, np.int32)
    assert sp.simulate(stored, A, B).cycles == 8
    assert B.tolist() == [3, 4, 5, 6]


@pytest.mark.parametrize(("resource", "ports"), [("BRAMS", ""), ("URAM", "3P")])
def test_unknown_storage_is_refused(resource, ports):
    with pytest.raises(sp.ProgramError, match="there are"):
        sp.Memory(resource, ports=ports)


def counted(step):
    count: int32 @ Stateful = 0
    count += step
    return count


def test_each_call_of_a_function_keeps_its_own():
    @sp.region()
    def calling(B: int32[3]):
        @sp.kernel
        def pe(B: int32[3]):
            B[0] = counted(1)
            B[1] = counted(5)
            B[2] = counted(B[0])

    module, B = sp.build(calling), np.zeros(3, np.int32)
    module(B)
    module(B)
    assert B.tolist() == [2, 10, 3]


def test_a_stateful_struct_begins_with_its_fields():
    @sp.struct
    class Pair:
        a: int32
        b: Fixed(8, 4)

    @sp.region()
    def top(Y: Fixed(16, 4)[2]):
        @sp.kernel(args=[Y])
        def work(Y: Fixed(16, 4)[2]):
            p: Pair @ sp.Stateful = Pair(1, b=0.5)
            q: Pair[2] @ sp.Stateful = [(2, 0.25), (3, 0.75)]
            r: Pair @ sp.Stateful = (4, 0.5)
            p.a += 1
            q[1].b += 1
            Y[0] = p.a + p.b + r.a
            Y[1] = q[1].b

    Y = np.zeros(2)
    module = sp.build(top)
    module(Y)
    module(Y)
    assert Y.tolist() == [7.5, 2.75]


@sp.struct
class Pair:
    low: int8
    high: int32


def test_structs_are_kept_and_begin_with_their_fields():
    @sp.region()
    def program(B: int32[6]):
        shared: Pair[2] @ Stateful = [Pair(1, 2), Pair(low=3, high=4)]

        @sp.kernel(args=[shared, B])
        def pe(shared: Pair[2], B: int32[6]):
            one: Pair @ Stateful = Pair(low=5, high=6)
            several: Pair[2] @ Stateful = [Pair(7, 8), (9, 10)]
            one.high = one.high + 1
            several[1].low = several[1].low + 1
            shared[0].high = shared[0].high + 1
            B[0], B[1] = one.low, one.high
            B[2], B[3] = several[0].high, several[1].low
            B[4], B[5] = shared[0].high, shared[1].low

    module, B = sp.build(program), np.zeros(6, np.int32)
    for call in (1, 2):
        module(B)
        assert B.tolist() == [5, 6 + call, 8, 9 + call, 2 + call, 3]
    module.reset()
    module(B)
    assert B.tolist() == [5, 7, 8, 10, 3, 3]


def smoothed(x: int32):
    """A filter with a memory of its own at each call."""
    last: int32 @ Stateful = 0
    window: int32[2] @ Stateful
    if x < 0:
        return 0
    window[1] = window[0]
    window[0] = x
    last = last + window[0] + window[1]
    return last + 0


@pytest.mark.parametrize("unroll", [1, 2, 4, True])
def test_a_function_called_in_a_loop_keeps_its_values_from_one_iteration_to_the_next(unroll):
    @sp.region()
    def program(A: int32[7], B: int32[7], C: int32[7]):
        @sp.kernel()
        def pe(A: int32[7], B: int32[7], C: int32[7]):
            for k in range(7, unroll=unroll):
                B[k] = smoothed(A[k])
                if k % 2 == 0:
                    C[k] = smoothed(10 * A[k])

    def reference(values, state):
        for x in values:
            if x >= 0:
                state[1], state[0] = state[0], x
                state[2] += state[0] + state[1]
            yield state[2] if x >= 0 else 0

    A = np.array([3, 1, -4, 1, 5, 9, 2], np.int32)
    B, C = np.zeros(7, np.int32), np.zeros(7, np.int32)
    module, first, second = sp.build(program), [0, 0, 0], [0, 0, 0]
    for _ in range(2):
        module(A, B, C)
        assert B.tolist() == list(reference(A, first))
        assert C[::2].tolist() == list(reference(10 * A[::2], second))
    assert len(module.simulator.program.graph.memories) == 4
