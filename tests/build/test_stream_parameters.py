"""Stream parameters of a program: tokens go in as arrays and come out in `run.outputs`."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32
from spatial.region.program import compile_region


@sp.region()
def scaled(a: Stream[int32], n: int32, b: Stream[int32, 4]):
    @sp.kernel
    def pe():
        while True:
            b.put(n * a.get())


def test_tokens_go_in_as_an_array_and_come_out_in_order():
    run = sp.simulate(scaled, np.arange(5, dtype=np.int32), 10)
    assert run.outputs["b"].tolist() == [0, 10, 20, 30, 40]
    assert run.outputs["b"].dtype == np.int32
    assert run.finished


@pytest.mark.parametrize("device", ["ideal", "hls"])
def test_a_source_puts_a_token_each_cycle_from_cycle_0_on(device):
    run = sp.simulate(scaled, list(range(6)), 1, device=device, record=["a", "b"])
    assert run.trace["a"].puts == tuple(range(6))
    assert run.trace["a"].gets == tuple(range(1, 7))
    assert run.trace["b"].puts == tuple(range(1, 7))
    assert run.cycles == 8


def test_outputs_are_recorded_without_a_trace_that_nobody_asked_for():
    run = sp.simulate(scaled, [1, 2], 1)
    assert not run.trace
    assert run.outputs["b"].tolist() == [1, 2]


def test_no_tokens_are_tokens_too():
    run = sp.simulate(scaled, [], 3)
    assert (run.outputs["b"].shape, run.cycles) == ((0,), 0)


def test_a_built_module_takes_any_number_of_tokens():
    module = sp.build(scaled)
    for count in (3, 0, 5, 3):
        module(np.ones(count, np.int32), 7)
        assert module.last_run.outputs["b"].tolist() == [7] * count
        assert module.last_run.cycles == (count + 2 if count else 0)


def test_streams_of_several_channels_take_tokens_for_each():
    @sp.region()
    def lanes(a: Stream[int8][2, 2], b: Stream[int32, 4][4]):
        @sp.kernel(mapping=[2, 2])
        def pe():
            i, j = sp.get_pid()
            while True:
                b[2 * i + j].put(a[i, j].get() + 100 * i)

    tokens = np.arange(12, dtype=np.int8).reshape(2, 2, 3)
    run = sp.simulate(lanes, tokens)
    assert run.outputs["b"].tolist() == [[0, 1, 2], [3, 4, 5], [106, 107, 108], [109, 110, 111]]
    assert run.cycles == 3 + 2


def test_channels_that_get_different_numbers_of_tokens_give_arrays_of_their_own():
    @sp.region()
    def ragged(b: Stream[int32][2]):
        @sp.kernel(mapping=[2])
        def pe():
            i = sp.get_pid()
            for k in range(i + 1):
                b[i].put(k)

    outputs = sp.simulate(ragged).outputs["b"]
    assert [part.tolist() for part in outputs] == [[0], [0, 1]]


def test_arrays_and_streams_are_given_in_the_order_of_the_parameters():
    @sp.region()
    def mixed(A: int32[3], gain: int32, x: Stream[int32], C: int32[3], y: Stream[int32]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[3], C: int32[3]):
            for k in range(3):
                token: int32 = x.get()
                C[k] = A[k] * token
                y.put(token + gain)

    C = np.zeros(3, np.int32)
    run = sp.simulate(mixed, [1, 2, 3], 5, [10, 20, 30], C)
    assert C.tolist() == [10, 40, 90]
    assert run.outputs["y"].tolist() == [15, 25, 35]


def test_a_program_that_waits_for_more_tokens_deadlocks():
    @sp.region()
    def greedy(x: Stream[int32], y: Stream[int32]):
        @sp.kernel
        def pe():
            for _k in range(3):
                y.put(x.get())

    with pytest.raises(sp.Deadlock, match=r"x\.source") as caught:
        sp.simulate(greedy, [1, 2])
    assert caught.value.run.outputs["y"].tolist() == [1, 2]


def test_a_partial_run_has_the_outputs_so_far():
    run = sp.simulate(scaled, [1, 2, 3], 1, until=3)
    assert run.outputs["b"].tolist() == [1, 2]


def test_a_program_that_is_checked_may_have_open_streams():
    graph = sp.check(scaled)
    assert [(parameter.name, parameter.kind) for parameter in graph.parameters] == [
        ("a", "stream"),
        ("n", "scalar"),
        ("b", "stream"),
    ]
    assert graph.outputs == {"b"}
    assert graph.channel["a"].writer is None
    assert graph.channel["b"].reader is None


def test_a_region_with_streams_is_also_a_part_of_another():
    @sp.region()
    def twice(x: Stream[int32], z: Stream[int32]):
        y: Stream[int32]
        inner(x, y, 3)
        inner(y, z, 5)

    @sp.region()
    def inner(a: Stream[int32], b: Stream[int32], by: int32):
        @sp.kernel
        def pe():
            while True:
                b.put(a.get() * by)

    run = sp.simulate(twice, [1, 2, 3])
    assert run.outputs["z"].tolist() == [15, 30, 45]
    assert [actor.name for actor in compile_region(twice).graph.actors] == ["inner[0].pe[0]", "inner[1].pe[0]"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((np.zeros((2, 2), np.int32), 1), r"takes tokens of type `int32`, the array given has the shape \[2, 2\]"),
        ((5, 1), r"the array given has the shape \[\]"),
        (([1.5], 1), "`a` is declared as"),
        (([1 << 40], 1), "`a` is declared as"),
        (([1], 1, []), r"takes 2 arguments \(a, n\), 3 are given"),
    ],
)
def test_tokens_that_do_not_fit_are_refused(given, told):
    with pytest.raises(sp.ProgramError, match=told):
        sp.simulate(scaled, *given)


def test_tokens_may_be_blocks():
    @sp.region()
    def transposed(a: Stream[int32[2, 3]], b: Stream[int32[3, 2]]):
        @sp.kernel
        def pe():
            while True:
                block: int32[2, 3] = a.get()
                turned: int32[3, 2]
                for i, j in sp.grid(2, 3):
                    turned[j, i] = block[i, j]
                b.put(turned)

    tokens = np.arange(24, dtype=np.int32).reshape(4, 2, 3)
    run = sp.simulate(transposed, tokens, record="a")
    assert np.array_equal(run.outputs["b"], tokens.transpose(0, 2, 1))
    assert run.trace["a"].puts[:2] == (0, 1)
    assert sp.simulate(transposed, []).outputs["b"].shape == (0, 3, 2)
