"""Where answers depend on time, the native engine gives those of the reference engine, and ends its runs alike."""

import random

import numpy as np
import pytest

import spatial as sp
from tests.sim.polling import answer_arrays, random_net, source
from tests.sim.programs import actors, region_of
from tests.sim.test_native import assert_same, results


@pytest.mark.parametrize("seed", range(8))
def test_random_networks_that_poll_run_alike(seed):
    net, draw = random_net(seed), random.Random(seed)
    region = region_of(source(net, list(range(len(net.loops)))).replace("Int(600)", "Int(64)"))
    engines = [sp.build(region, device=net.device, engine=engine) for engine in ("simpy", "native")]
    depths = {link.name: max(1, link.initial, draw.choice([1, 2, 3, 40])) for link in net.links}
    for options in ({}, {"until": 3 + seed}, {"depths": depths} if not peeks_beyond(net, depths) else {}):
        arrays = [[np.zeros(length, np.int32) for _, length in answer_arrays(net)] for _ in engines]
        reference, native = (
            engine.run(*own, on_deadlock="return", **options) for engine, own in zip(engines, arrays, strict=True)
        )
        assert_same(reference, native)


def peeks_beyond(net, depths):
    return any(use.place >= depths[use.link.name] for loop in net.loops for use in loop.uses)


ENDS = {
    "a poll for ever": actors(
        "fifo: Stream[int32, 2]", source="fifo.put(1)",
        sink="n: int32 = 0\nwhile n < 2:\n    ok, v = fifo.try_get()\n    if ok:\n        n += 1",
    ),
    "polls for each other": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]",
        p="while a.empty():\n    pass\na.get()\nb.put(1)", q="while b.empty():\n    pass\nb.get()\na.put(1)",
    ),
    "waiting for one that polls": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]", p="while a.empty():\n    pass\na.get()\nb.put(1)",
        q="b.get()\na.put(1)",
    ),
    "a state with a long period": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]\nc: Stream[int32, 1]", q="b.put(1)\nb.put(2)\nc.put(1)\na.put(1)",
        p="n: int32 = 0\nwhile a.empty():\n    n = (n + 3) % 301\na.get()\nb.get()",
        r="m: int32[2]\nwhile c.empty():\n    m[1] = (m[1] + 1) % 7\nc.get()",
    ),
    "a nest of loops that poll": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 2]", p="while a.empty():\n    k: int32 = 0\n    "
        "while b.empty() and k < 4:\n        k += 1\na.get()\nb.get()", q="b.put(1)\nb.put(1)\nb.put(1)\na.put(1)",
    ),
    "polls that give up": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]", p="n: int32 = 0\nwhile a.empty() and n < 3000:\n    n += 1",
        q="while b.empty():\n    pass\na.put(1)", r="for k in range(4500):\n    pass\nb.put(1)",
    ),
    "a free-running server that polls": actors(
        "jobs: Stream[int32, 2]\ndone: Stream[int32, 2]", client="for k in range(3):\n    jobs.put(k)\n    done.get()",
        server="while True:\n    ok, x = jobs.try_get()\n    if ok:\n"
        "        for _ in range(50):\n            x = x + 1\n        done.put(x)",
    ),
    "a free-running actor that looks": actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 1]", p="a.put(1)\na.put(2)\nb.get()",
        q="while True:\n    if not a.empty():\n        b.try_put(a.peek(0))",
    ),
    "a deadlock beside a poller": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]\nidle: Stream[int32, 1]", p="a.put(1)\na.put(2)\nb.put(3)",
        q="b.get()\na.get()\na.get()\nidle.put(1)", poller="while True:\n    idle.try_get()",
    ),
    "a selection that waits": actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 2]\nc: Stream[int32, 1]", p="a.put(1)\na.put(2)",
        q="for k in range(3):\n    b.put(k)\nc.get()", r="for k in range(6):\n    n, x = sp.select(a, b)\nc.put(1)",
    ),
    "a peek that waits": actors(
        "a: Stream[int32, 3]", p="a.put(1)\na.put(2)",
        r="i: int32 = 1\nx: int32 = a.peek(i)\ni = 2\ny: int32 = a.peek(i)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("device", ["ideal", "hls"])
@pytest.mark.parametrize("region", ENDS.values(), ids=ENDS)
def test_runs_of_actors_that_poll_end_alike(region, device):
    reference, native = results(region, device=device)
    assert_same(reference, native)


def test_the_ends_are_of_all_kinds():
    assert {sp.simulate(region, on_deadlock="return").ending for region in ENDS.values()} == {
        "finished", "deadlock", "livelock",
    }  # fmt: skip


def test_a_selection_takes_turns_alike():
    @sp.region()
    def region(Y: sp.int32[40]):
        lanes: sp.Stream[sp.int32, 2][3]
        merged: sp.Stream[sp.int32, 4]

        @sp.kernel(mapping=[3])
        def source():
            i = sp.get_pid()
            for k in range(8):
                lanes[i].put(10 * i + k)
                if k % (i + 2) == 0:
                    for _ in range(3 * i):
                        pass

        @sp.kernel()
        def between():
            for _ in range(24, pipeline=sp.Pipeline(ii=1, latency=3)):
                n, x = sp.select(lanes)
                merged.put(x * 4 + n)

        @sp.kernel(args=[Y])
        def sink(Y: sp.int32[40]):
            for k in range(24):
                Y[k] = merged.get()

    for device in ("ideal", "hls"):
        assert_same(*results(region, np.zeros(40, np.int32), device=device))


def test_an_actor_that_runs_ahead_of_polls_counts_for_the_bound_on_polls():
    """A token that comes too late to be seen within the bound is too late in both engines."""
    region = actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]", p="n: int32 = 0\nwhile a.empty():\n    n += 1\na.get()",
        q="while b.empty():\n    pass\nfor k in range(3000):\n    pass\na.put(1)",
        r="for k in range(9000):\n    pass\nb.put(1)",
    )  # fmt: skip
    reference, native = results(region)
    assert reference.ending == "finished"
    assert_same(reference, native)


@pytest.mark.parametrize("region", ENDS.values(), ids=ENDS)
def test_calls_that_overlap_end_alike(region):
    reference, native = results(region, calls=3)
    assert reference.calls == native.calls
    assert_same(reference, native)
