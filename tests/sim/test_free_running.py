"""Kernels that never end, and what counts as the end of a run with them."""

import pickle

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32

N = 6


def split_and_join(depth):
    """Two servers between which a channel of `depth` tokens must hold three."""

    @sp.region()
    def region(Y: int32[N]):
        numbers: Stream[int32, 16]
        each: Stream[int32, depth]
        third: Stream[int32, depth]

        @sp.kernel()
        def client():
            for i in range(N):
                numbers.put(i)

        @sp.kernel()
        def split():
            while True:
                x: int32 = 0
                for _j in range(3):
                    x = numbers.get()
                    each.put(x)
                third.put(x)

        @sp.kernel(args=[Y])
        def join(Y: int32[N]):
            while True:
                s: int32 = third.get()
                for _j in range(3):
                    k: int32 = each.get()
                    Y[k] = k + s

    return region


def test_servers_that_wait_for_work_end_the_run():
    Y = np.zeros(N, dtype=np.int32)
    run = sp.simulate(split_and_join(3), Y)
    assert run.finished
    assert Y.tolist() == [2, 3, 4, 8, 9, 10]


def test_servers_that_wait_for_each_other_are_a_deadlock():
    Y = np.zeros(N, dtype=np.int32)
    with pytest.raises(sp.Deadlock) as caught:
        sp.simulate(split_and_join(2), Y)
    assert caught.value.report.verdict.depths == {"each": 3}
    assert not Y.any()


def test_the_work_of_a_server_counts():
    @sp.region()
    def region(Y: int32[1]):
        jobs: Stream[int32, 2]

        @sp.kernel()
        def client():
            jobs.put(7)

        @sp.kernel(args=[Y])
        def server(Y: int32[1]):
            while True:
                x: int32 = jobs.get()
                for _i in range(100):
                    Y[0] += x

    Y = np.zeros(1, dtype=np.int32)
    assert sp.simulate(region, Y).cycles == 1 + 1 + 100
    assert Y[0] == 700


def test_a_server_that_waits_before_its_loop_is_not_idle():
    @sp.region()
    def region(Y: int32[1]):
        jobs: Stream[int32, 2]

        @sp.kernel()
        def client():
            for k in range(3):
                jobs.put(k)

        @sp.kernel(args=[Y])
        def server(Y: int32[1]):
            for _i in range(4):
                Y[0] += jobs.get()
            while True:
                Y[0] += jobs.get()

    with pytest.raises(sp.Deadlock, match="3 puts and 3 gets"):
        sp.simulate(region, np.zeros(1, dtype=np.int32))


@pytest.mark.parametrize("engine", ["simpy", "native"])
def test_a_deadlock_survives_pickling(engine):
    with pytest.raises(sp.Deadlock) as caught:
        sp.simulate(split_and_join(2), np.zeros(N, dtype=np.int32), engine=engine)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.run.cycles == caught.value.run.cycles
    assert {name: dict(actor.locals) for name, actor in again.run.actors.items()} == {
        name: dict(actor.locals) for name, actor in caught.value.run.actors.items()
    }


@pytest.mark.parametrize("engine", ["simpy", "native"])
def test_a_run_survives_pickling_but_for_its_critical_path(engine):
    run = sp.simulate(split_and_join(3), np.zeros(N, dtype=np.int32), engine=engine)
    again = pickle.loads(pickle.dumps(run))
    assert str(again) == str(run)
    assert (run.critical is None, again.critical is None) == (False, True)
