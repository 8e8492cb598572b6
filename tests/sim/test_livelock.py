"""When polling is the end of a run, and of what kind."""

import pickle

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from tests.sim.programs import actors


def test_polling_for_a_token_that_never_comes_is_a_livelock():
    region = actors(
        "fifo: Stream[int32, 2]", source="fifo.put(1)",
        sink="n: int32 = 0\nwhile n < 2:\n    ok, v = fifo.try_get()\n    if ok:\n        n += 1",
    )  # fmt: skip
    with pytest.raises(sp.Livelock, match=r"`try_get` of `fifo` \(0/2 empty\), `source\[0\]` has finished") as caught:
        sp.simulate(region)
    assert caught.value.run.cycles < 2000
    assert caught.value.run.ending == "livelock"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_actors_that_poll_for_each_other_are_a_livelock():
    body = "while {0}.empty():\n    pass\n{0}.get()\n{1}.put(1)"
    region = actors("a: Stream[int32, 1]\nb: Stream[int32, 1]", p=body.format("a", "b"), q=body.format("b", "a"))
    with pytest.raises(sp.Livelock, match="2 actors poll for ever"):
        sp.simulate(region)
    assert sp.simulate(region, on_deadlock="return").livelock is not None


def test_an_actor_that_waits_for_one_that_polls_is_in_the_report():
    region = actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]", p="while a.empty():\n    pass\na.get()\nb.put(1)",
        q="b.get()\na.put(1)",
    )  # fmt: skip
    with pytest.raises(sp.Livelock, match=r"`q\[0\]` waits to get from `b`"):
        sp.simulate(region)


def test_a_loop_that_counts_its_polls_and_gives_up_ends():
    region = actors(
        "fifo: Stream[int32, 1]", source="fifo.put(1)",
        sink="fifo.get()\nn: int32 = 0\nwhile fifo.empty() and n < 5000:\n    n += 1",
    )  # fmt: skip
    assert sp.simulate(region).finished


def test_a_poll_in_an_actor_that_goes_on_computing_is_no_livelock():
    region = actors(
        "fifo: Stream[int32, 1]", source="n: int32 = 0\nfor k in range(20000):\n    n += k\nfifo.put(n)",
        sink="while fifo.empty():\n    pass\nfifo.get()",
    )  # fmt: skip
    assert sp.simulate(region).cycles > 20000


def test_a_slow_partner_is_waited_for():
    region = actors(
        "fifo: Stream[int32, 1]", source="n: int32 = 20000\nwhile n > 0:\n    n -= 1\nfifo.put(n)",
        sink="while fifo.empty():\n    pass\nfifo.get()",
    )  # fmt: skip
    assert sp.simulate(region).cycles > 20000


def test_free_running_actors_that_poll_in_vain_end_the_run():
    @sp.region()
    def region(Y: int32[1]):
        jobs: Stream[int32, 2]

        @sp.kernel()
        def client():
            jobs.put(7)

        @sp.kernel(args=[Y])
        def server(Y: int32[1]):
            while True:
                ok, x = jobs.try_get()
                if ok:
                    for _i in range(100):
                        Y[0] += x

    Y = np.zeros(1, dtype=np.int32)
    run = sp.simulate(region, Y)
    assert run.finished
    assert run.cycles == 2 + 100
    assert Y[0] == 700


def test_a_deadlock_beside_an_idle_poller_keeps_its_remedy():
    @sp.region()
    def region():
        a: Stream[int32, 1]
        b: Stream[int32, 1]
        idle: Stream[int32, 1]

        @sp.kernel()
        def p():
            a.put(1)
            a.put(2)
            b.put(3)
            with sp.meta_if(False):
                idle.put(0)

        @sp.kernel()
        def q():
            b.get()
            a.get()
            a.get()
            idle.put(1)

        @sp.kernel()
        def poller():
            while True:
                idle.try_get()

    with pytest.raises(sp.Deadlock, match="actors poll: what happens depends on time") as caught:
        sp.simulate(region)
    assert caught.value.report.verdict.depths == {"a": 2}
    assert not caught.value.report.verdict.smallest


def test_a_livelock_is_noticed_in_the_same_cycle_whatever_the_order_of_kernels():
    bodies = {
        "p": "a.put(1)\nwhile b.empty():\n    pass\nb.get()",
        "q": "a.get()\nfor _ in range(3):\n    c.put(1)\nwhile c.full():\n    pass\nb.put(1)",
        "r": "c.get()\nwhile True:\n    if a2.empty():\n        c.try_get()\n    a2.try_get()",
        "s": "while b2.empty():\n    pass\nb2.get()\na2.put(1)",
        "t": "while b3.empty():\n    pass\nb3.get()\nb2.put(1)",
        "u": "while c2.empty():\n    pass\nb3.put(1)\nc2.get()\nc2.put(1)",
    }
    streams = "\n".join(f"{name}: Stream[int32, 1]" for name in ("a", "b", "c", "a2", "b2", "b3", "c2"))
    orders = [list(bodies), list(bodies)[::-1], sorted(bodies, key=lambda name: name in "prt")]
    runs = [
        sp.simulate(actors(streams, **{name: bodies[name] for name in order}), on_deadlock="return") for order in orders
    ]
    assert {run.ending for run in runs} == {"livelock"}
    assert len({run.cycles for run in runs}) == 1
