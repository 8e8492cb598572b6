"""Loops without channel operations that run for long."""

import numpy as np
import pytest

import spatial as sp
from spatial import int32


def counting(trips, ii, latency):
    """A region whose one loop adds up."""

    @sp.region()
    def count(Y: int32[1]):
        @sp.kernel()
        def pe(Y: int32[1]):
            total: int32 = 0
            for k in range(trips, pipeline=sp.Pipeline(ii=ii, latency=latency)):
                total += 1
            Y[0] = total

    return count


@pytest.mark.parametrize("trips", [1, 999, 1000, 1001, 2500])
@pytest.mark.parametrize(("ii", "latency"), [(1, 1), (3, 1), (1, 4)])
def test_a_long_loop_takes_the_cycles_of_its_closed_form(trips, ii, latency):
    Y = np.zeros(1, dtype=np.int32)
    run = sp.simulate(counting(trips, ii, latency), Y)
    assert run.cycles == ii * (trips - 1) + latency
    assert Y[0] == trips


def test_a_loop_that_hardly_ends_stops_at_the_limit():
    run = sp.simulate(counting(10**12, 1, 1), np.zeros(1, dtype=np.int32), until=5000)
    assert (run.ending, run.cycles) == ("stopped", 5000)


@pytest.mark.parametrize("engine", ["simpy", "native"])
@pytest.mark.parametrize(
    ("ii", "until", "done"), [(1, 1, 1), (1, 5, 5), (1, 1003, 1003), (3, 5, 2), (3, 6, 2), (3, 7, 3)]
)
def test_a_stopped_run_shows_no_iteration_that_begins_later(engine, ii, until, done):
    @sp.region()
    def count(Y: int32[1]):
        @sp.kernel()
        def pe(Y: int32[1]):
            for _ in range(5000, pipeline=sp.Pipeline(ii=ii)):
                Y[0] += 1

    run = sp.simulate(count, np.zeros(1, np.int32), until=until, engine=engine)
    assert (run.ending, run.cycles, run.arrays["Y"][0]) == ("stopped", until, done)
