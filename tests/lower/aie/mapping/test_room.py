"""What takes the place of movers has room for all that they and their channels had."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.lower.aie.design import Kind
from spatial.region.definition import Region
from tests.lower.aie.legalize.running import mapped
from tests.lower.aie.test_machine import performed


def fed(held: int, *, count: int = 12, depth: int = 2) -> Region:
    """A core puts all it has into one channel before it puts into another; a mover holds the first `held` tokens."""

    @sp.region()
    def chain(A: int32[count], B: int32[count]):
        given: Stream[int32, depth]
        taken: Stream[int32, depth]
        begin: Stream[int32, depth]

        @sp.kernel(args=[A])
        def first(A: int32[count]):
            for i in range(held):
                given.put(A[i] + 1)
            begin.put(7)
            for i in range(held, count):
                given.put(A[i] + 1)

        @sp.kernel
        def buffer():
            own: int32[held]
            for i in range(held):
                own[i] = given.get()
            for i in range(held):
                taken.put(own[i])
            for i in range(held, count):
                taken.put(given.get())

        @sp.kernel(args=[B])
        def last(B: int32[count]):
            more = begin.get()
            for i in range(count):
                B[i] = taken.get() + more

    return chain


@pytest.mark.parametrize("held", [1, 4, 9])
def test_a_mover_that_holds_tokens_is_a_longer_fifo_or_stays(held):
    a, b = np.arange(12, dtype=np.int32), np.zeros(12, np.int32)
    performed(fed(held), (a, b))
    np.testing.assert_array_equal(b, a + 8)


def test_room_is_that_of_channels_and_movers_together():
    found = mapped(fed(4, depth=2))
    assert found.fifo["given"].producer.depth == 2 + 4 + 2
    assert [node.name for node in found.nodes if node.kind is Kind.CORE] == ["first[0]", "last[0]"]


def test_a_mover_that_holds_more_than_descriptors_stays_a_core():
    found = mapped(fed(9, depth=2))
    assert [node.name for node in found.nodes if node.kind is Kind.CORE] == ["first[0]", "buffer[0]", "last[0]"]


@sp.region()
def running(A: int32[8], B: int32[8], C: int32[8]):
    given = sp.pipe(dtype=int32, depth=4, initial=[5, 6])
    made = sp.pipe(dtype=int32, depth=4)
    other = sp.pipe(dtype=int32, depth=4, initial=[1, 2, 3])

    @sp.kernel(args=[A])
    def load(A: int32[8]):
        for i in range(3):
            given.put(A[i])

    @sp.kernel
    def core():
        for _ in range(5):
            made.put(3 * given.get())

    @sp.kernel
    def passing():
        for _ in range(5):
            other.put(made.get())

    @sp.kernel(args=[C])
    def rest(C: int32[8]):
        for i in range(8):
            C[i] = i

    @sp.kernel(args=[B])
    def store(B: int32[8]):
        for i in range(8):
            B[i] = other.get()


def test_tokens_that_channels_begin_with_are_not_lost():
    a, b, c = np.arange(8, dtype=np.int32), np.zeros(8, np.int32), np.zeros(8, np.int32)
    performed(running, (a, b, c))
    np.testing.assert_array_equal(b, [1, 2, 3, 15, 18, 0, 3, 6])
