"""Kernels declared outside of regions: templates that a region's body calls."""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from spatial.region.program import compile_region


@sp.kernel(mapping=[2])
def scale(source: Stream[int32][2], target: Stream[int32][2], n: int, factor: int = 2):
    i = sp.get_pid()
    for k in range(n):
        target[i].put(source[i].get() * (factor + i))


@sp.kernel(mapping=[2])
def load(A: int32[2, 4], target: Stream[int32][2]):
    i = sp.get_pid()
    for k in range(4):
        target[i].put(A[i, k])


@sp.kernel(mapping=[2])
def store(source, B):
    i = sp.get_pid()
    for k in range(4):
        B[i, k] = source[i].get()


@sp.kernel()
def never_used(s: Stream[int32]):
    s.put(unknown_name)


@sp.region()
def pipeline(A: int32[2, 4], B: int32[2, 4]):
    links: Stream[int32, 2][3, 2]
    rows = [[links[stage, i] for i in range(2)] for stage in range(3)]
    load(A, rows[0])
    scale(rows[0], rows[1], 4)
    scale(source=rows[1], target=rows[2], n=4, factor=5)
    store(rows[2], B)


def test_a_template_is_instantiated_by_each_call():
    A, B = np.arange(8, dtype=np.int32).reshape(2, 4), np.zeros((2, 4), dtype=np.int32)
    run = sp.simulate(pipeline, A, B)
    assert (A * [[10], [18]] == B).all()
    assert list(run.actors) == [
        *("load[0]", "load[1]", "scale[0]", "scale[1]", "scale_1[0]", "scale_1[1]", "store[0]", "store[1]"),
    ]


def test_calls_with_the_same_values_share_their_functions():
    @sp.region()
    def same(A: int32[2, 4], B: int32[2, 4]):
        links: Stream[int32, 2][6]
        load(A, [links[0], links[1]])
        scale([links[0], links[1]], [links[2], links[3]], 4)
        scale([links[2], links[3]], [links[4], links[5]], 4)
        store([links[4], links[5]], B)

    assert [name for name in compile_region(same).graph.specializations if "scale" in name] == ["scale_0"]


def test_kernels_of_a_region_take_streams_in_args_or_by_name():
    @sp.region()
    def program(A: int32[4], B: int32[4]):
        first: Stream[int32, 2]
        second: Stream[int32, 2]

        @sp.kernel(args=[A, first, 4])
        def read(A: int32[4], s: Stream[int32], n: int):
            for k in range(n):
                s.put(A[k])

        @sp.kernel()
        def move(first: Stream[int32], second: Stream[int32]):
            for k in range(4):
                second.put(first.get() + 1)

        @sp.kernel(args=[second, B])
        def write(s, A):
            for k in range(4):
                A[k] = s.get()

    A, B = np.arange(4, dtype=np.int32), np.zeros(4, dtype=np.int32)
    sp.simulate(program, A, B)
    assert B.tolist() == [1, 2, 3, 4]


def test_parameters_of_one_name_are_different_arrays_in_different_kernels():
    @sp.region()
    def program(A: int32[4], B: int32[4], C: int32[4]):
        @sp.kernel(args=[A, B])
        def forward(A: int32[4], C: int32[4]):
            for k in range(4):
                C[k] = A[k] + 1

        @sp.kernel(args=[A, C])
        def backward(B: int32[4], A: int32[4]):
            for k in range(4):
                A[k] = B[3 - k]

    A, B, C = np.arange(4, dtype=np.int32), np.zeros(4, dtype=np.int32), np.zeros(4, dtype=np.int32)
    sp.simulate(program, A, B, C)
    assert (B.tolist(), C.tolist()) == ([1, 2, 3, 4], [3, 2, 1, 0])
