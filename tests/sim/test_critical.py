"""What a run hangs on."""

import linecache

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, bool_, int32
from tests.build.test_size import diamond
from tests.sim.programs import actors
from tests.sim.test_native import systolic

ENGINES = ("simpy", "native")
LINE = "for i in range(60):\n    "


@pytest.mark.parametrize("engine", ENGINES)
def test_the_slowest_actor_has_most_of_the_cycles(engine):
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        left=LINE + "a.put(i)",
        middle="for i in range(60, pipeline=sp.Pipeline(ii=3, latency=3)):\n    b.put(a.get())",
        right=LINE + "x: int32 = b.get()",
    )
    critical = sp.simulate(region, engine=engine).critical
    assert critical.actor == "middle[0]"
    assert critical.own["middle[0]"] >= 3 * 59
    assert sum(critical.own.values()) <= critical.cycles
    assert critical.full == ()
    assert str(critical).startswith("limited by `middle[0]`")


@pytest.mark.parametrize("engine", ENGINES)
def test_channels_that_are_too_shallow_make_actors_wait_for_each_other(engine):
    critical = sp.simulate(diamond, engine=engine, depths={"a": 1, "b": 17}).critical
    assert critical.actor is None
    assert critical.full == ("a",)
    assert {each.actor for each in critical.crossings} == {"middle[0]", "source[0]"}
    deeper = sp.simulate(diamond, engine=engine, depths={"a": 2, "b": 17})
    assert deeper.cycles < critical.cycles
    assert deeper.critical.actor == "middle[0]"


def test_the_lines_of_the_waits_are_told():
    critical = sp.simulate(diamond, depths={"a": 1, "b": 17}).critical
    waits = {each.puts: linecache.getline(each.span.file, each.span.line).strip() for each in critical.crossings}
    assert waits == {True: "a.put(i)", False: "block[i] = a.get()"}
    assert f"line {critical.crossings[0].span.line}" in str(critical)


@pytest.mark.parametrize("device", ["ideal", "hls"])
def test_a_systolic_array_hangs_on_an_end_of_it(device):
    A, B, C = np.ones((4, 32), np.int32), np.ones((32, 4), np.int32), np.zeros((4, 4), np.int32)
    run = sp.simulate(systolic(4, 32), A, B, C, device=device, calls=3)
    assert run.critical.actor is not None
    assert run.critical.cycles == run.cycles


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_run_hangs_on_is_that_of_the_arrays_it_began_with(engine):
    """The array that says how long it takes is 0 afterwards."""

    @sp.region()
    def waits(count: int32[1]):
        there: Stream[int32, 1]
        back: Stream[int32, 1]

        @sp.kernel(args=[count])
        def left(count: int32[1]):
            for k in range(count[0]):
                there.put(back.get() + k)
            count[0] = 0
            there.put(-1)

        @sp.kernel()
        def right():
            more: bool_ = True
            while more:
                back.put(0)
                more = there.get() >= 0

    count = np.full(1, 20, np.int32)
    critical = sp.simulate(waits, count, device="hls", engine=engine).critical
    assert count.tolist() == [0]
    assert sum(each.times for each in critical.crossings) > 20


def test_a_run_that_did_not_finish_hangs_on_nothing():
    assert sp.simulate(diamond, depths={"b": 16}, until=5).critical is None
    assert sp.simulate(diamond, on_deadlock="return").critical is None


@pytest.mark.parametrize("work", [0, 40])
def test_the_engines_agree_on_what_kernels_that_run_freely_hang_on(work):
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]\nc: Stream[int32, 1]",
        left="for i in range(24):\n    a.put(i)",
        middle="while True:\n    x: int32 = a.get()\n    b.put(x)\n    c.put(x)",
        right=f"while True:\n    x: int32 = b.get()\n    for i in range({work}):\n        x = x + 1",
        other="while True:\n    x: int32 = c.get()",
    )
    reference, native = (sp.simulate(region, engine=engine) for engine in ENGINES)
    assert native.critical == reference.critical
    assert reference.critical.cycles == reference.cycles
    assert reference.critical.own["right[0]"] >= work
