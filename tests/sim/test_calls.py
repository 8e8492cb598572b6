"""Calls of a program that overlap, in both engines."""

import tracemalloc

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.sim.reference.calls import interval_of
from tests.sim.networks import random_net, source
from tests.sim.programs import actors, region_of
from tests.sim.test_native import assert_same, systolic

ENGINES = ("simpy", "native")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("device", ["ideal", "hls"])
def test_a_systolic_array_takes_the_next_matrices_when_its_loaders_are_done(engine, device):
    size, steps = 3, 8
    A, B = np.ones((size, steps), np.int32), np.ones((steps, size), np.int32)
    C = np.zeros((size, size), np.int32)
    run = sp.simulate(systolic(size, steps), A, B, C, device=device, engine=engine, calls=4)
    assert run.latency == steps + 2 * size
    assert run.calls == tuple(run.latency + steps * call for call in range(4))
    assert run.interval == steps
    assert run.cycles == run.calls[-1]
    assert (steps == C).all()
    assert "4 calls: the first takes 14 cycles, then one ends every 8 cycles" in str(run)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_slowest_actor_sets_the_interval(engine):
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        left="for i in range(6):\n    a.put(i)",
        middle="for i in range(6, pipeline=sp.Pipeline(ii=3, latency=3)):\n    b.put(a.get())",
        right="for i in range(6):\n    x: int32 = b.get()",
    )
    run = sp.simulate(region, engine=engine, calls=5)
    assert run.interval == run.actors["middle[0]"].busy / 5 == 3 * 6


@pytest.mark.parametrize(
    ("seed", "ending"), [(3003, "finished"), (3022, "finished"), (3035, "finished"), (3012, "deadlock")]
)
def test_the_engines_agree_on_overlapping_calls(seed, ending):
    net = random_net(seed)
    region = region_of(source(net).replace("Int(600)", "Int(60)"))
    reference, native = (
        sp.simulate(region, device=net.device, engine=engine, calls=3, on_deadlock="return") for engine in ENGINES
    )
    assert_same(reference, native)
    assert native.calls == reference.calls
    assert native.ending == ending


@pytest.mark.parametrize("engine", ENGINES)
def test_each_call_has_arrays_of_its_own_and_what_is_stateful_goes_on(engine):
    @sp.region()
    def count(A: int32[4], B: int32[4]):
        a: Stream[int32, 2]

        @sp.kernel()
        def load(A: int32[4]):
            calls: int32 @ sp.Stateful = 0
            calls += 1
            for i in range(4):
                A[i] = A[i] + calls
                a.put(A[i])

        @sp.kernel()
        def store(B: int32[4]):
            for i in range(4):
                B[i] = B[i] + a.get()

    A, B = np.arange(4, dtype=np.int32), np.full(4, 100, np.int32)
    built = sp.build(count, engine=engine)
    built.run(A, B, calls=3)
    assert A.tolist() == [3, 4, 5, 6]
    assert B.tolist() == [103, 104, 105, 106]
    built.run(A, B, calls=2)
    assert A.tolist() == [8, 9, 10, 11]


@pytest.mark.parametrize("engine", ENGINES)
def test_tokens_that_a_call_leaves_are_there_in_the_next(engine):
    region = actors(
        "a: Stream[int32, 4]",
        left="for i in range(3):\n    a.put(i)",
        right="for i in range(2):\n    x: int32 = a.get()",
    )
    run = sp.simulate(region, engine=engine, calls=3)
    assert run.channels["a"].left == 3
    deadlock = sp.simulate(region, engine=engine, calls=6, on_deadlock="return")
    assert deadlock.ending == "deadlock"
    assert deadlock.calls == (3, 6, 9, 12, 15)


@pytest.mark.parametrize("engine", ENGINES)
def test_prints_and_tokens_of_all_calls_are_kept_in_the_order_of_time(engine):
    region = actors(
        "a: Stream[int32, 2]",
        left="for i in range(3):\n    a.put(i)\n    print('put', i)",
        right="for i in range(3):\n    x: int32 = a.get()\n    print('got', x)",
    )
    run = sp.simulate(region, engine=engine, calls=2, record=["a"])
    assert [(each.cycle, each.text) for each in run.prints if each.actor == "left[0]"] == [
        (cycle, f"put {cycle % 3}") for cycle in range(6)
    ]
    assert [each.cycle for each in run.prints] == sorted(each.cycle for each in run.prints)
    assert run.trace["a"].values == (0, 1, 2, 0, 1, 2)
    assert run.trace["a"].puts == (0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_limit_stops_between_calls(engine):
    region = actors("a: Stream[int32, 2]", left="a.put(1)\na.put(2)", right="x: int32 = a.get()\ny: int32 = a.get()")
    whole = sp.simulate(region, engine=engine, calls=4)
    partial = sp.simulate(region, engine=engine, calls=4, until=whole.calls[1] + 1)
    assert partial.calls == whole.calls[:2]
    assert partial.ending == "stopped"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_timeout_stops_between_calls(engine):
    region = actors("a: Stream[int32, 2]", left="a.put(1)", right="x: int32 = a.get()")
    run = sp.simulate(region, engine=engine, calls=50_000, timeout=1e-6)
    assert run.ending == "stopped"
    assert len(run.calls) < 50_000


def test_the_arrays_of_calls_that_are_done_are_let_go():
    @sp.region()
    def fill(Y: int32[4096]):
        s: Stream[int32, 2]

        @sp.kernel()
        def put():
            s.put(1)

        @sp.kernel(args=[Y])
        def take(Y: int32[4096]):
            Y[0] = Y[0] + s.get()

    Y = np.zeros(4096, np.int32)
    sp.simulate(fill, Y, engine="native", calls=2)
    tracemalloc.start()
    sp.simulate(fill, Y, engine="native", calls=500)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Y[0] == 2
    assert most < 100 * Y.nbytes


def test_a_stream_parameter_is_given_its_tokens_in_each_call():
    @sp.region()
    def double(s: Stream[int32, 2], t: Stream[int32, 2]):
        @sp.kernel()
        def pe():
            for _ in range(3):
                t.put(s.get() * 2)

    run = sp.simulate(double, np.array([1, 2, 3], np.int32), calls=2)
    assert run.outputs["t"].tolist() == [2, 4, 6, 2, 4, 6]


def test_the_interval_is_that_of_the_second_half():
    assert interval_of([7]) is None
    assert interval_of([7, 10]) == 3
    assert interval_of([7, 8, 20, 25, 30]) == 5


@pytest.mark.parametrize("calls", [0, -1, True, 2.0])
def test_calls_are_a_number_of_at_least_one(calls):
    region = actors("a: Stream[int32, 2]", left="a.put(1)", right="x: int32 = a.get()")
    with pytest.raises(sp.ProgramError, match="`calls` is a number of calls of at least 1"):
        sp.simulate(region, calls=calls)
