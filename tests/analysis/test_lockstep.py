"""Which networks no depth of their channels lets deadlock."""

import numpy as np
import pytest

import spatial as sp
from examples.systolic.output_stationary import output_stationary
from spatial import Stream, int8, int32
from spatial.analysis.lockstep import go_in_step
from spatial.region.program import compile_region

N = 4


def diamond(first: int, second: int):
    """Two ways from one actor to another, which takes so many tokens of each at a time."""

    @sp.region()
    def ways(X: int32[N], Y: int32[N]):
        left: Stream[int32, 1]
        right: Stream[int32, 1]

        @sp.kernel(args=[X])
        def split(X: int32[N]):
            for i in range(N):
                left.put(X[i])
                right.put(X[i])

        @sp.kernel(args=[Y])
        def join(Y: int32[N]):
            for i in range(N // first):
                for k in range(first):
                    Y[i * first + k] = left.get()
                for k in range(second):
                    Y[i * second + k] += right.get()

    return ways


@sp.region()
def rows(X: int32[N, N], Y: int32[N, N]):
    between: Stream[int32, 1][N]

    @sp.kernel(args=[X])
    def load(X: int32[N, N]):
        for i, j in sp.grid(N, N):
            between[0].put(X[i, j])

    @sp.kernel(mapping=[N - 1])
    def on():
        p = sp.get_pid()
        for n in range(N * N):
            value: int32 = between[p].get()
            between[p + 1].put(value + 1)

    @sp.kernel(args=[Y])
    def store(Y: int32[N, N]):
        for i, j in sp.grid(N, N):
            Y[i, j] = between[N - 1].get()


@sp.region()
def circle(X: int32[N], Y: int32[N]):
    there: Stream[int32, 1]
    back: Stream[int32, 1]

    @sp.kernel(args=[X, Y])
    def ask(X: int32[N], Y: int32[N]):
        for i in range(N):
            there.put(X[i])
            Y[i] = back.get()

    @sp.kernel()
    def answer():
        for i in range(N):
            back.put(there.get() + 1)


@sp.region()
def begun(X: int32[N], Y: int32[N]):
    between = sp.array(sp.pipe(dtype=int32, depth=2, initial=[7]), shape=[1])

    @sp.kernel(args=[X])
    def load(X: int32[N]):
        for i in range(N):
            between[0].put(X[i])

    @sp.kernel(args=[Y])
    def store(Y: int32[N]):
        for i in range(N):
            Y[i] = between[0].get()


def one_way(puts: int, gets: int):
    """A channel with so many puts and gets, each in a round of its own."""

    @sp.region()
    def way(X: int32[N], Y: int32[N]):
        between: Stream[int32, 1]

        @sp.kernel(args=[X])
        def load(X: int32[N]):
            for i in range(puts):
                between.put(X[i])

        @sp.kernel(args=[Y])
        def store(Y: int32[N]):
            for i in range(gets):
                Y[i] = between.get()

    return way


@sp.region()
def chosen(X: int32[N], Y: int32[N]):
    between: Stream[int32, 1]

    @sp.kernel(args=[X])
    def load(X: int32[N]):
        for i in range(N):
            if i != 1:
                between.put(X[i])

    @sp.kernel(args=[Y])
    def store(Y: int32[N]):
        for i in range(N):
            if i != 2:
                Y[i] = between.get()


@pytest.mark.parametrize(
    ("region", "in_step"),
    [
        (output_stationary(4, 4, 8, int8, int32), True),
        (rows, True),
        (circle, False),
        (begun, False),
        (diamond(2, 2), False),
        (one_way(N, N), True),
        (one_way(N, N - 1), False),
        (chosen, False),
    ],
)
def test_actors_go_in_step_that_move_one_token_through_each_channel_in_each_round(region, in_step: bool) -> None:
    program = compile_region(region)
    assert go_in_step(program.module, program.graph) is in_step


def test_a_diamond_whose_ways_are_used_in_other_orders_may_deadlock() -> None:
    run = sp.simulate(diamond(2, 2), np.ones(N, np.int32), np.zeros(N, np.int32), on_deadlock="return")
    assert run.deadlock is not None
