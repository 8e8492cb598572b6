"""Actors in sequence that hand on blocks become one, with arrays of blocks for the channels between them."""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from spatial.ir.graph import actor_graph


@sp.region()
def blocks(A: int32[4, 2, 8], B: int32[4, 2, 8]):
    taken: Stream[int32[2, 8], 2]
    between: Stream[int32[2, 8], 2]
    made: Stream[int32[2, 8], 2]

    @sp.kernel(args=[A])
    def load(A: int32[4, 2, 8]):
        for i in range(4):
            taken.put(A[i])

    @sp.kernel
    def double():
        for _ in range(2):
            for _j in range(2):
                between.put(2 * taken.get())

    @sp.kernel
    def total():
        last: int32[2, 8] = 0
        for _ in range(4):
            block = between.get()
            last[:, :] = last + block
            made.put(last)

    @sp.kernel(args=[B])
    def store(B: int32[4, 2, 8]):
        for i in range(4):
            B[i] = made.get()


def test_a_channel_of_blocks_becomes_an_array_of_them():
    s = sp.customize(blocks)
    s.chain(s["double"], s["total"])
    assert {channel.stream for channel in actor_graph(s.module).channels} == {"taken", "made"}
    A = np.arange(64, dtype=np.int32).reshape(4, 2, 8)
    for target in ("cpu", "aie"):
        B = np.zeros_like(A)
        sp.build(s, target=target)(A, B)
        np.testing.assert_array_equal(B, np.cumsum(2 * A, axis=0))
