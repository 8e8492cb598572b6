"""Designs whose cores copy tokens are placed for what that takes of their memory."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32


def twice(given, made):
    """A core that puts what it makes of a block into two channels, so that it cannot build it in the object of one."""

    @sp.region()
    def twice(A: int32[2 * given], B: int32[2 * made], C: int32[2 * made]):
        taken: Stream[int32[given], 2]
        first: Stream[int32[made], 2]
        second: Stream[int32[made], 2]

        @sp.kernel()
        def load(A: int32[2 * given]):
            for i in range(2):
                taken.put(A[i * given : (i + 1) * given])

        @sp.kernel()
        def work():
            for _ in range(2):
                a = taken.get()
                b: int32[made] = 0
                for i in range(made):
                    b[i] = a[i] + 1
                first.put(b)
                second.put(b)

        @sp.kernel()
        def store(B: int32[2 * made], C: int32[2 * made]):
            for i in range(2):
                B[i * made : (i + 1) * made] = first.get()
                C[i * made : (i + 1) * made] = second.get()

    return twice


def test_a_copy_that_does_not_fit_is_made_room_for():
    module = sp.build(twice(4096, 1792), target="aie")
    (core,) = (node for node in module.placed.mapped.nodes if node.actor)
    assert core.copied >= 4 * 1792
    assert module.placed.mapped.fifo["first"].producer.depth == 1, "what passes least is held once"
    A, B, C = np.arange(8192, dtype=np.int32), np.zeros(3584, np.int32), np.zeros(3584, np.int32)
    module(A, B, C)
    assert np.array_equal(B, np.concatenate([A[:1792], A[4096:5888]]) + 1)
    assert np.array_equal(B, C)


def test_a_copy_that_fits_nowhere_is_told():
    with pytest.raises(sp.ProgramError, match="bytes of data memory") as refused:
        sp.build(twice(5000, 4500), target="aie")
    assert "`b_work_0` takes 18016 bytes" in str(refused.value)
