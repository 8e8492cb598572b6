"""Regions in regions: instances, their names, and what they are given."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.region.program import compile_region


@sp.region()
def scaled(source: Stream[int32], target: Stream[int32], n: int, factor: int = 2):
    """Multiplies n tokens, in two actors."""
    middle: Stream[int32, 2]

    @sp.kernel()
    def first():
        for k in range(n):
            middle.put(source.get() * factor)

    @sp.kernel()
    def second():
        for k in range(n):
            target.put(middle.get() + 1)


@sp.region()
def three_stages(A: int32[8], B: int32[8]):
    links: Stream[int32, 2][4]

    @sp.kernel()
    def load(A: int32[8]):
        for k in range(8):
            links[0].put(A[k])

    for stage in range(3):
        scaled(links[stage], links[stage + 1], 8, factor=stage + 2)

    @sp.kernel()
    def store(B: int32[8]):
        for k in range(8):
            B[k] = links[3].get()


def test_one_region_stands_several_times_in_another():
    A, B = np.arange(8, dtype=np.int32), np.zeros(8, dtype=np.int32)
    run = sp.simulate(three_stages, A, B)
    assert B.tolist() == [((k * 2 + 1) * 3 + 1) * 4 + 1 for k in range(8)]
    assert run.cycles == 8 + 7


def test_things_of_an_instance_are_named_after_it():
    graph = compile_region(three_stages).graph
    assert [actor.name for actor in graph.actors] == [
        *("load[0]", "scaled[0].first[0]", "scaled[0].second[0]", "scaled[1].first[0]"),
        *("scaled[1].second[0]", "scaled[2].first[0]", "scaled[2].second[0]", "store[0]"),
    ]
    assert [channel.name for channel in graph.channels] == [
        *("links[0]", "links[1]", "links[2]", "links[3]"),
        *("scaled[0].middle", "scaled[1].middle", "scaled[2].middle"),
    ]


def test_instances_share_their_functions():
    names = list(compile_region(three_stages).graph.specializations)
    assert names == ["load_0", "first_0", "second_0", "first_1", "first_2", "store_0"]


def test_depths_and_records_name_streams_of_instances():
    A, B = np.arange(8, dtype=np.int32), np.zeros(8, dtype=np.int32)
    depths = {"scaled[1].middle": 5, "links": 3, "links[0]": 4}
    run = sp.simulate(three_stages, A, B, depths=depths, record=["scaled[2].middle"])
    assert {name: channel.depth for name, channel in run.channels.items() if channel.depth != 2} == {
        "links[0]": 4,
        "links[1]": 3,
        "links[2]": 3,
        "links[3]": 3,
        "scaled[1].middle": 5,
    }
    assert run.trace["scaled[2].middle"].values == tuple(B - 1)


def grid_of(rows, columns, depth):
    """An output-stationary array that takes its operands from its edges, as a function of its size."""

    @sp.region()
    def grid(west: Stream[int32][rows], north: Stream[int32][columns], C: int32[rows, columns]):
        a: Stream[int32, 2][rows, columns + 1]
        b: Stream[int32, 2][rows + 1, columns]

        @sp.kernel(mapping=[rows, columns], args=[C])
        def pe(C: int32[rows, columns]):
            i, j = sp.get_pid()
            acc: int32 = 0
            for k in range(depth):
                with sp.meta_if(j == 0):
                    x = west[i].get()
                with sp.meta_else():
                    x = a[i, j].get()
                with sp.meta_if(i == 0):
                    y = north[j].get()
                with sp.meta_else():
                    y = b[i, j].get()
                acc += x * y
                with sp.meta_if(j + 1 < columns):
                    a[i, j + 1].put(x)
                with sp.meta_if(i + 1 < rows):
                    b[i + 1, j].put(y)
            C[i, j] = acc

    return grid


@pytest.mark.parametrize("size", [(2, 2, 3), (1, 2, 4), (2, 3, 5)])
def test_functions_that_return_regions_make_them_generic(size):
    rows, columns, depth = size

    @sp.region()
    def program(A: int32[rows, depth], B: int32[depth, columns], C: int32[rows, columns]):
        west: Stream[int32, 2][rows]
        north: Stream[int32, 2][columns]

        @sp.kernel(mapping=[rows])
        def rows_of(A: int32[rows, depth]):
            i = sp.get_pid()
            for k in range(depth):
                west[i].put(A[i, k])

        @sp.kernel(mapping=[columns])
        def columns_of(B: int32[depth, columns]):
            j = sp.get_pid()
            for k in range(depth):
                north[j].put(B[k, j])

        grid_of(rows, columns, depth)(west, [north[j] for j in range(columns)], C)

    A = np.arange(rows * depth, dtype=np.int32).reshape(rows, depth)
    B = np.arange(depth * columns, dtype=np.int32).reshape(depth, columns) - 3
    C = np.zeros((rows, columns), dtype=np.int32)
    run = sp.simulate(program, A, B, C)
    assert (A @ B == C).all()
    assert f"grid[0].pe[{rows - 1},{columns - 1}]" in run.actors


@sp.region()
def reduced(source, target, n: int):
    """Adds 2**n tokens pairwise: two halves of itself, and an adder."""
    left: Stream[int32, 2]
    right: Stream[int32, 2]
    if n == 1:
        left, right = source
    else:
        half = len(source) // 2
        reduced(source[:half], left, n - 1)
        reduced(source[half:], right, n - 1)

    @sp.kernel()
    def add():
        target.put(left.get() + right.get())


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_region_instantiates_itself_to_a_tree(n):
    @sp.region()
    def program(A: int32[2**n], B: int32[1]):
        leaves: Stream[int32, 1][2**n]
        root: Stream[int32, 1]

        @sp.kernel(mapping=[2**n])
        def leaf(A: int32[2**n]):
            i = sp.get_pid()
            leaves[i].put(A[i])

        reduced([leaves[i] for i in range(2**n)], root, n)

        @sp.kernel()
        def store(B: int32[1]):
            B[0] = root.get()

    A, B = np.arange(2**n, dtype=np.int32), np.zeros(1, dtype=np.int32)
    run = sp.simulate(program, A, B)
    assert B[0] == A.sum()
    assert run.cycles == 3 * n + 2
    assert "reduced[0]" + (n - 1) * ".reduced[1]" + ".add[0]" in run.actors


@sp.region()
def scaled_by(A: int32[4], x: int32):
    @sp.kernel()
    def multiply(A: int32[4], x: int32):
        for k in range(4):
            A[k] *= x


def test_a_scalar_of_an_instance_is_a_scalar_or_a_number():
    @sp.region()
    def program(A: int32[2, 4], x: int32):
        scaled_by(A[0], x)
        scaled_by(A[1], 5)

    A = np.ones((2, 4), dtype=np.int32)
    sp.simulate(program, A, 3)
    assert A.tolist() == [[3] * 4, [5] * 4]


def test_what_a_region_returns_is_given_to_its_caller():
    @sp.region()
    def source(A: int32[4]):
        s: Stream[int32, 2]

        @sp.kernel()
        def read(A: int32[4]):
            for k in range(4):
                s.put(A[k])

        return s

    @sp.region()
    def program(A: int32[4], B: int32[4]):
        first, second = source(A), source(A)

        @sp.kernel()
        def add(B: int32[4]):
            for k in range(4):
                B[k] = first.get() + second.get()

    A, B = np.arange(4, dtype=np.int32), np.zeros(4, dtype=np.int32)
    run = sp.simulate(program, A, B)
    assert (A * 2 == B).all()
    assert set(run.channels) == {"source[0].s", "source[1].s"}
