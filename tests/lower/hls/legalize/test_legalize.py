"""What is done to arrays that are used in different ways."""

import dataclasses

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, bool_, float32, int32
from spatial.device.operators import Resources
from spatial.lower.hls.interfaces import bram
from spatial.lower.hls.legalize.ways import MOST
from spatial.source.errors import ProgramError
from tests.lower.hls.legalize.running import DEVICE, made_legal


def told(made):
    return {note.array: note.told for note in made.legal.notes}


def copying(straight):
    @sp.region()
    def copy(X: int32[4, 4], Y: int32[4, 4]):
        @sp.kernel(args=[X, Y])
        def move(X: int32[4, 4], Y: int32[4, 4]):
            for r, c in sp.grid(4, 4):
                with sp.meta_if(straight):
                    Y[r, c] = X[r, c]
                with sp.meta_else():
                    Y[r, c] = X[c, r]

    return copy


def test_an_array_that_is_read_once_in_order_is_read_where_it_is():
    assert told(made_legal(copying(straight=True))) == {"X": "direct", "Y": "direct"}


def test_an_array_that_is_read_in_another_order_is_copied_first():
    made = made_legal(copying(straight=False))
    assert told(made) == {"X": "buffered", "Y": "direct"}
    X, Y = np.arange(16, dtype=np.int32).reshape(4, 4), np.zeros((4, 4), np.int32)
    made.run(X, Y)
    assert (X.T == Y).all()


def test_a_memory_outside_with_addresses_is_used_in_any_order():
    assert told(made_legal(copying(straight=False), interfaces={"X": bram()})) == {"X": "direct", "Y": "direct"}


def test_what_is_not_surely_written_stays():
    @sp.region()
    def some(Y: int32[8], Z: int32[8]):
        @sp.kernel(args=[Y])
        def alone(Y: int32[8]):
            for n in range(8):
                if n % 3 == 0:
                    Y[n] = n

        @sp.kernel(mapping=[2], args=[Z])
        def both(Z: int32[8]):
            p = sp.get_pid()
            for n in range(4):
                if n % 3 == 0:
                    Z[2 * n + p] = n

    made = made_legal(some)
    Y, Z = np.full(8, -1, np.int32), np.full(8, -1, np.int32)
    made.run(Y, Z)
    assert Y.tolist() == [0, -1, -1, 3, -1, -1, 6, -1]
    assert Z.tolist() == [0, 0, -1, -1, -1, -1, 3, 3]


def test_shares_may_lie_in_steps():
    @sp.region()
    def deal(X: int32[12], Y: int32[12]):
        @sp.kernel(mapping=[3], args=[X, Y])
        def pe(X: int32[12], Y: int32[12]):
            p = sp.get_pid()
            for n in range(4):
                Y[3 * n + p] = X[3 * (3 - n) + p]

    made = made_legal(deal)
    X, Y = np.arange(12, dtype=np.int32), np.zeros(12, np.int32)
    made.run(X, Y)
    assert (Y.reshape(4, 3) == X.reshape(4, 3)[::-1]).all()
    (note,) = (note for note in made.legal.notes if note.array == "X")
    assert (note.buffers, note.buffer_bits) == (3, 3 * 4 * 32)


def test_functions_do_not_multiply_with_actors():
    def make(size):
        @sp.region()
        def rows(X: int32[size, 4], Y: int32[size, 4]):
            @sp.kernel(mapping=[size], args=[X, Y])
            def pe(X: int32[size, 4], Y: int32[size, 4]):
                p = sp.get_pid()
                for c in range(4):
                    Y[p, c] = X[p, 3 - c]

        return rows

    counts = [len(made_legal(make(size)).legal.graph.specializations) for size in (3, 9, MOST + 1, MOST + 9)]
    assert counts == [3, 3, 7, 7], "a loader, a storer and one for all actors, with chains between where they are many"


def test_a_constant_is_given_to_each_of_its_readers():
    @sp.region()
    def weighted(X: float32[4], Y: float32[4]):
        weights: float32[4] = [0.5, 1.5, 2.5, 3.5]

        @sp.kernel(mapping=[4], args=[X, Y, weights])
        def pe(X: float32[4], Y: float32[4], weights: float32[4]):
            p = sp.get_pid()
            Y[p] = X[p] * weights[3 - p]

    made = made_legal(weighted)
    X, Y = np.arange(4, dtype=np.float32), np.zeros(4, np.float32)
    made.run(X, Y)
    assert Y.tolist() == [0.0, 2.5, 3.0, 1.5]
    assert told(made)["weights"] == "constant"
    assert not made.legal.graph.memories


def handing(initial):
    @sp.region()
    def twice(X: int32[2, 4], Y: int32[2, 4]):
        memory: int32[4] = [9, 8, 7, 6]
        free = sp.pipe(dtype=bool_, depth=2, initial=[True] * initial)
        full: Stream[bool_, 2]

        @sp.kernel(args=[X, memory])
        def fill(X: int32[2, 4], memory: int32[4]):
            for t in range(2):
                free.get()
                for n in range(3):
                    memory[n] = X[t, n]
                full.put(True)

        @sp.kernel(args=[memory, Y])
        def drain(memory: int32[4], Y: int32[2, 4]):
            for t in range(2):
                full.get()
                for n in range(4):
                    Y[t, n] = memory[3 - n]
                free.put(True)

    return twice


def test_memory_is_handed_on_with_its_tokens():
    made = made_legal(handing(initial=1))
    X, Y = np.arange(8, dtype=np.int32).reshape(2, 4), np.zeros((2, 4), np.int32)
    made.run(X, Y)
    assert Y.tolist() == [[6, 2, 1, 0], [6, 6, 5, 4]]
    assert told(made)["memory"] == "handed on"
    assert not made.legal.graph.memories
    assert not any(channel.initial for channel in made.legal.graph.channels)


def test_an_array_is_handed_on_too():
    @sp.region()
    def chained(X: int32[4], Y: int32[4]):
        ready: Stream[bool_, 2]

        @sp.kernel(args=[X])
        def double(X: int32[4]):
            for n in range(3):
                X[n] = 2 * X[n]
            ready.put(True)

        @sp.kernel(args=[X, Y])
        def turn(X: int32[4], Y: int32[4]):
            ready.get()
            for n in range(4):
                Y[n] = X[3 - n]

    made = made_legal(chained)
    X, Y = np.arange(1, 5, dtype=np.int32), np.zeros(4, np.int32)
    made.run(X, Y)
    assert X.tolist() == [2, 4, 6, 4]
    assert Y.tolist() == [4, 6, 4, 2]


def test_two_writers_of_an_element_are_refused():
    @sp.region()
    def clash(X: int32[4]):
        order: Stream[bool_, 2]

        @sp.kernel(args=[X])
        def first(X: int32[4]):
            X[0] = 1
            order.put(True)

        @sp.kernel(args=[X])
        def second(X: int32[4]):
            order.get()
            X[0] = 2

    with pytest.raises(ProgramError, match=r"`first.0.` and `second.0.` may write the same elements of `X`"):
        made_legal(clash)


def test_many_shares_pass_by_rows():
    @sp.region()
    def negate(X: int32[10, 10], Y: int32[10, 10]):
        @sp.kernel(mapping=[10, 10], args=[X, Y])
        def pe(X: int32[10, 10], Y: int32[10, 10]):
            i, j = sp.get_pid()
            Y[9 - i, j] = -X[j, i]

    made = made_legal(negate)
    X, Y = np.arange(100, dtype=np.int32).reshape(10, 10), np.zeros((10, 10), np.int32)
    run = made.run(X, Y)
    assert (Y == -X.T[::-1]).all()
    assert len(made.legal.graph.actors) == 100 + 2 * (100 + 10 + 1)
    assert run.cycles < 100 + 100 + 3 * (10 + 10)


TINY = dataclasses.replace(DEVICE, budget=Resources(bram18=1))  # holds 576 elements of 32 bits


def columns(straight):
    @sp.region()
    def scale(X: int32[200, 4], Y: int32[200, 4]):
        @sp.kernel(mapping=[4], args=[X, Y])
        def pe(X: int32[200, 4], Y: int32[200, 4]):
            p = sp.get_pid()
            for n in range(200):
                with sp.meta_if(straight):
                    Y[n, p] = X[n, p] * (p + 2)
                with sp.meta_else():
                    Y[n, p] = X[199 - n, p]

    return scale


def test_what_is_larger_than_the_part_passes_in_turns():
    made = made_legal(columns(straight=True), device=TINY)
    X, Y = np.arange(800, dtype=np.int32).reshape(200, 4), np.zeros((200, 4), np.int32)
    run = made.run(X, Y)
    assert (Y == X * np.arange(2, 6)).all()
    assert told(made) == {"X": "streamed", "Y": "streamed"}
    assert max(channel.depth for channel in made.legal.graph.channels) == 2
    assert run.cycles < 800 + 50


def test_what_is_larger_than_the_part_and_used_in_any_order_is_refused():
    with pytest.raises(ProgramError, match="what kernels use of `X` takes 3 KiB, and the part has 2 KiB of memory"):
        made_legal(columns(straight=False), device=TINY)


def test_one_actor_uses_what_is_larger_than_the_part_where_it_is():
    @sp.region()
    def turn(X: int32[800], Y: int32[800]):
        @sp.kernel(args=[X, Y])
        def move(X: int32[800], Y: int32[800]):
            for n in range(800):
                Y[n] = X[799 - n]

    assert told(made_legal(turn, device=TINY)) == {"X": "direct", "Y": "direct"}
