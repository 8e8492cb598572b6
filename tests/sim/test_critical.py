"""What a run hangs on."""

import linecache

import numpy as np
import pytest

import spatial as sp
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
