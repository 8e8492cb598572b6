"""Accesses to shared memory that no chain of tokens orders are races; ordered ones are not."""

import functools
import linecache

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.region.definition import Region
from spatial.sim.errors import RaceFound


@pytest.fixture(params=["simpy", "native"], autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs every test on both engines."""
    monkeypatch.setattr(sp, "simulate", functools.partial(sp.simulate, engine=request.param))


def race_of(region: Region, *arrays: np.ndarray, **options: object) -> RaceFound:
    before = [array.copy() for array in arrays]
    with pytest.raises(sp.RunError) as caught:
        sp.simulate(region, *arrays, **options)
    (problem,) = caught.value.problems
    assert isinstance(problem, RaceFound)
    assert all(np.array_equal(array, copy) for array, copy in zip(arrays, before, strict=True))
    return problem


def line_of(region: Region, text: str) -> int:
    """The line of a region's file that ends in a comment."""
    lines = [line.rstrip() for line in linecache.getlines(region.span.file)]
    (number,) = [number for number, line in enumerate(lines, 1) if line.endswith(f"# {text}")]
    return number


def test_a_read_and_a_write_without_tokens_race():
    @sp.region()
    def racing(A: int32[4], B: int32[4]):
        @sp.kernel(args=[A])
        def write(A: int32[4]):
            for k in range(4):
                A[k] = k  # unordered write

        @sp.kernel(args=[A, B])
        def read(A: int32[4], B: int32[4]):
            for k in range(4):
                B[k] = A[k]  # unordered read

    race = race_of(racing, np.zeros(4, np.int32), np.full(4, 7, np.int32))
    assert race.element == "A[0]"
    assert {race.first_actor, race.second_actor} == {"write[0]", "read[0]"}
    lines = {line_of(racing, "unordered write"), line_of(racing, "unordered read")}
    assert {race.first.line, race.second.line} == lines
    report = race.report()
    assert {report.primary.span.line, report.related[0].span.line} == lines


def test_two_writes_of_one_element_race_though_they_store_the_same():
    @sp.region()
    def racing(A: int32[4, 4]):
        @sp.kernel(mapping=[2], args=[A])
        def write(A: int32[4, 4]):
            A[2, 3] = 1

    race = race_of(racing, np.zeros((4, 4), np.int32))
    assert race.element == "A[2,3]"
    assert (race.first_actor, race.second_actor) == ("write[0]", "write[1]")


def test_writes_of_different_elements_do_not_race():
    @sp.region()
    def apart(A: int32[4]):
        @sp.kernel(mapping=[4], args=[A])
        def write(A: int32[4]):
            i = sp.get_pid()
            A[i] = 10 * i

    A = np.zeros(4, np.int32)
    sp.simulate(apart, A)
    assert A.tolist() == [0, 10, 20, 30]


def test_two_readers_do_not_race():
    @sp.region()
    def both(A: int32[4], B: int32[2, 4]):
        @sp.kernel(mapping=[2], args=[A, B])
        def read(A: int32[4], B: int32[2, 4]):
            i = sp.get_pid()
            for k in range(4):
                B[i, k] = A[k]

    A, B = np.arange(4, dtype=np.int32), np.zeros((2, 4), np.int32)
    sp.simulate(both, A, B)
    assert B.tolist() == [[0, 1, 2, 3]] * 2


def test_a_token_orders_a_write_before_a_read():
    @sp.region()
    def ordered(A: int32[4], B: int32[4]):
        ready: Stream[bool, 2]

        @sp.kernel(args=[A])
        def write(A: int32[4]):
            for k in range(4):
                A[k] = k + 1
                ready.put(True)

        @sp.kernel(args=[A, B])
        def read(A: int32[4], B: int32[4]):
            for k in range(4):
                go: bool = ready.get()
                B[k] = A[k]

    A, B = np.zeros((2, 4), np.int32)
    sp.simulate(ordered, A, B)
    assert B.tolist() == [1, 2, 3, 4]


def test_a_chain_of_tokens_through_another_actor_orders_too():
    @sp.region()
    def ordered(A: int32[4], B: int32[4]):
        first: Stream[int32, 2]
        second: Stream[int32, 2]

        @sp.kernel(args=[A])
        def write(A: int32[4]):
            for k in range(4):
                A[k] = k + 1
            first.put(0)

        @sp.kernel()
        def relay():
            second.put(first.get())

        @sp.kernel(args=[A, B])
        def read(A: int32[4], B: int32[4]):
            go: int32 = second.get()
            for k in range(4):
                B[k] = A[k]

    A, B = np.zeros((2, 4), np.int32)
    sp.simulate(ordered, A, B)
    assert B.tolist() == [1, 2, 3, 4]


def test_a_token_sent_before_the_write_does_not_order_it():
    @sp.region()
    def racing(A: int32[4], B: int32[4]):
        ready: Stream[int32, 2]

        @sp.kernel(args=[A])
        def write(A: int32[4]):
            ready.put(0)
            A[1] = 5

        @sp.kernel(args=[A, B])
        def read(A: int32[4], B: int32[4]):
            go: int32 = ready.get()
            B[1] = A[1]

    assert race_of(racing, *np.zeros((2, 4), np.int32)).element == "A[1]"


def test_back_pressure_alone_orders_nothing():
    """With depth 1 the second put happens after the first get, and so after the read; yet no token says so."""

    @sp.region()
    def racing(A: int32[4], B: int32[4]):
        ready: Stream[int32, 1]

        @sp.kernel(args=[A])
        def write(A: int32[4]):
            ready.put(0)
            ready.put(0)
            ready.put(0)
            A[1] = 5

        @sp.kernel(args=[A, B])
        def read(A: int32[4], B: int32[4]):
            B[1] = A[1]
            a: int32 = ready.get()
            b: int32 = ready.get()
            c: int32 = ready.get()

    assert race_of(racing, *np.zeros((2, 4), np.int32)).element == "A[1]"


def test_an_answer_makes_it_safe_to_write_again():
    """A ping-pong of tokens: the writer changes the element only after the reader has acknowledged it."""

    @sp.region()
    def handshake(A: int32[1], B: int32[8]):
        ready: Stream[int32, 1]
        taken: Stream[int32, 1]

        @sp.kernel(args=[A])
        def write(A: int32[1]):
            for k in range(8):
                A[0] = k * k
                ready.put(k)
                answer: int32 = taken.get()

        @sp.kernel(args=[A, B])
        def read(A: int32[1], B: int32[8]):
            for k in range(8):
                number: int32 = ready.get()
                B[number] = A[0]
                taken.put(number)

    A, B = np.zeros(1, np.int32), np.zeros(8, np.int32)
    sp.simulate(handshake, A, B)
    assert B.tolist() == [k * k for k in range(8)]


def test_without_waiting_for_the_answer_the_second_write_races():
    @sp.region()
    def racing(A: int32[1], B: int32[8]):
        ready: Stream[int32, 1]

        @sp.kernel(args=[A])
        def write(A: int32[1]):
            for k in range(8):
                A[0] = k * k
                ready.put(k)

        @sp.kernel(args=[A, B])
        def read(A: int32[1], B: int32[8]):
            for k in range(8):
                number: int32 = ready.get()
                B[number] = A[0]

    assert race_of(racing, np.zeros(1, np.int32), np.zeros(8, np.int32)).element == "A[0]"


@pytest.mark.parametrize("device", ["ideal", "hls"])
def test_races_are_found_on_every_device(device):
    @sp.region()
    def racing(A: int32[2]):
        @sp.kernel(mapping=[2], args=[A])
        def write(A: int32[2]):
            A[0] += 1

    assert race_of(racing, np.zeros(2, np.int32), device=device).element == "A[0]"
