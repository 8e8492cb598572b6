"""Tokens and arrays of every type are the same on both engines."""

import random

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int16, int32
from spatial.types.dtype import (
    DType,
    Fixed,
    Int,
    Struct,
    UInt,
    bfloat16,
    bool_,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
    index,
    uint8,
)
from spatial.types.values import from_values
from tests.sim.both import alike, both, same
from tests.sim.expressions import random_value
from tests.sim.programs import actors, region_of

WIDE = Struct("Wide", (("tag", UInt(3)), ("x", float16), ("many", Int(100)), ("y", Fixed(20, 4))))
TYPES: tuple[DType, ...] = (
    *(float8_e4m3fn, float8_e5m2, float16, bfloat16, float32, float64, bool_, index, Int(13), UInt(64)),
    *(Int(65), UInt(128), Int(200), UInt(1024), Fixed(33, 7), Fixed(90, 40), WIDE, Struct("Pair", (("a", uint8),) * 1)),
)


def drawn(dtype: DType, *shape: int) -> np.ndarray:
    draw = random.Random(str(dtype))
    return from_values([random_value(draw, dtype) for _ in range(int(np.prod(shape)))], dtype, shape)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_numbers_of_every_type_pass_through_channels_and_arrays(dtype):
    region = region_of(
        """
@sp.region()
def net(A: T[9], B: T[9]):
    link: Stream[T, 2]
    @sp.kernel(args=[A])
    def left(A: T[9]):
        kept: T[9] = A
        for k in range(9):
            link.put(kept[k])
    @sp.kernel(args=[B])
    def right(B: T[9]):
        last: T[3]
        for k in range(9):
            x: T = link.get()
            last[k % 3] = x
            B[k] = last[k % 3]
""",
        T=dtype,
    )
    A = drawn(dtype, 9)
    run = alike(both(region, device="hls"), A, np.zeros_like(A))
    assert same(run.arrays["B"], A)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("shape", [(3,), (2, 5)], ids=str)
def test_blocks_of_every_type_are_tokens(dtype, shape):
    block = dtype[shape]
    region = region_of(
        """
@sp.region()
def net(A: Many, B: Many):
    link: Stream[Block, 3]
    back: Stream[Block, 1]
    @sp.kernel(args=[A])
    def left(A: Many):
        own: Block
        for k in range(4):
            own[:] = A[k]
            link.put(own)
            own[:] = back.get()
    @sp.kernel(args=[B])
    def right(B: Many):
        for k in range(4):
            B[k] = link.get()
            back.put(B[k])
""",
        Block=block,
        Many=dtype[(4, *shape)],
    )
    A = drawn(dtype, 4, *shape)
    run = alike(both(region), A, np.zeros_like(A), record=["link"])
    assert same(run.arrays["B"], A)


@pytest.mark.parametrize("device", ["ideal", "hls"])
@pytest.mark.parametrize("style", ["elastic", "rigid"])
@pytest.mark.parametrize("depth", [1, 2, 5])
def test_blocks_pass_through_pipelines_whose_iterations_overlap(device, style, depth):
    region = region_of(
        f"""
@sp.region()
def net(B: int16[7, 4]):
    to: Stream[int16[4], {depth}]
    fro: Stream[int16[4], {depth}]
    wide: Stream[Int(90), {depth}]
    @sp.kernel()
    def left():
        own: int16[4]
        for k in range(7):
            own[k % 4] = k
            to.put(own)
            wide.put(k * 123456789123456789)
    @sp.kernel()
    def middle():
        for k in range(7, pipeline=sp.Pipeline(style="{style}", latency=4)):
            own: int16[4] = to.get()
            x: Int(90) = wide.get()
            own[3] += int16(x % 1000)
            fro.put(own)
    @sp.kernel(args=[B])
    def right(B: int16[7, 4]):
        for k in range(7):
            B[k] = fro.get()
"""
    )
    alike(both(region, device=device), np.zeros((7, 4), np.int16))


def test_initial_tokens_may_be_blocks_or_wide():
    region = actors(
        """
        a = sp.pipe(dtype=int16[2, 2], depth=4, initial=[[[1, 2], [3, 4]], [[-1, 0], [0, 9]]])
        b = sp.pipe(dtype=Int(100), depth=3, initial=[1 << 90, -5])
        c: Stream[int16[2, 2], 2]
        """,
        left="for k in range(4):\n    m: int16[2, 2] = a.get()\n    m[0, 0] += b.get() >> 85\n    c.put(m)",
        right="for k in range(5):\n    a.put(c.get())\n    b.put(-(k << 88))",
    )
    run = alike(both(region), record=["a", "b", "c"])
    assert run.ending == "deadlock"
    assert [run.channels[name].left for name in "abc"] == [2, 2, 0]


@pytest.mark.parametrize("dtype", [float8_e4m3fn, bfloat16, Int(13), Int(200), WIDE], ids=str)
def test_the_target_cpu_gives_values_of_every_type(dtype):
    region = region_of(
        """
@sp.region()
def net(A: T[5], B: T[5]):
    link: Stream[T[5], 2]
    @sp.kernel(args=[A])
    def left(A: T[5]):
        link.put(A)
    @sp.kernel(args=[B])
    def right(B: T[5]):
        B[:] = link.get()
""",
        T=dtype,
    )
    A = drawn(dtype, 5)
    B = np.zeros_like(A)
    sp.build(region, target="cpu")(A, B)
    assert same(A, B)


def copied(A, B, by):
    for i, j in sp.grid(A.shape[0], A.shape[1]):
        B[i, j] = A[i, j] + by


def grown(x, y):
    y[0] = 0
    while (y[0] + 1) * (y[0] + 1) <= x:
        y[0] += 1


@pytest.mark.parametrize("cycles", [None, 7])
def test_the_references_of_functions_in_cpp_run_in_their_time(cycles):
    timed = {} if cycles is None else {"cycles": cycles}
    add = sp.external("add", args=[sp.In(int16[2, 3]), sp.Out(int16[2, 3]), sp.In(int16)], reference=copied, **timed)
    root = sp.external("root", args=[sp.In(int32), sp.Out(int32[1])], reference=grown, **timed)

    @sp.region()
    def net(A: int16[2, 3], B: int16[2, 3], C: int32[1]):
        link: Stream[int32, 1]

        @sp.kernel(args=[A, B])
        def left(A: int16[2, 3], B: int16[2, 3]):
            link.put(50)
            add(A, B, 4)
            add(B, B, 1)
            link.put(B[0, 0])

        @sp.kernel(args=[C])
        def right(C: int32[1]):
            root(link.get(), C)
            C[0] += link.get()

    A = np.arange(6, dtype=np.int16).reshape(2, 3)
    run = alike(both(net), A, np.zeros_like(A), np.zeros(1, np.int32))
    assert run.arrays["C"].tolist() == [7 + 5]
