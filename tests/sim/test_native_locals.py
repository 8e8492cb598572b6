"""The native engine tells the local variables of actors where they stand, as the reference does."""

import pickle
import shutil

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Stream, UInt, float32, int16, int32
from spatial.build.simulate import Simulator
from spatial.sim.native import locals as told
from tests.sim.both import alike, both


@sp.struct
class Point:
    x: int16
    y: Fixed(8, 4)


def problems(region: object, *arrays: object, **options: object) -> list[str]:
    """What both engines say of a run that fails."""
    found = []
    for module in both(region):
        with pytest.raises(sp.RunError) as caught:
            module.run(*(array.copy() for array in arrays), **options)
        found.append(str(caught.value))
    return found


def test_a_deadlock_shows_locals_of_all_types():
    @sp.region()
    def program(A: UInt(8)[8]):
        points: Stream[Point, 2]
        blocks: Stream[float32[2], 1]
        never: Stream[bool, 1]

        @sp.kernel(args=[A])
        def send(A: UInt(8)[8]):
            x: UInt(8) = 0
            share: Fixed(8, 4) = 0
            table: int32[3] = 7
            flag: bool = False
            big: UInt(80) = 1
            for k in range(8):
                x = A[k]
                share += 0.25
                flag = not flag
                big = big * 1000
                table[k % 3] = k
                points.put(Point(k, share))

        @sp.kernel()
        def take():
            row: float32[2] = 0.5
            for k in range(2):
                first = points.get()
                row[k] = first.y
            blocks.put(row)
            never.put(points.get().x > 0)
            never.put(row[0] > 0)

        @sp.kernel()
        def end():
            got = blocks.get()
            more = blocks.get()
            if more[0] > got[1]:
                never.get()

    run = alike(both(program), np.arange(200, 208, dtype=np.uint8))
    assert run.ending == "deadlock"
    send = run.actors["send[0]"].locals
    assert (send["k"], send["x"], send["share"], send["flag"], send["big"]) == (5, 205, 1.5, False, 1000**6)
    assert send["table"] == [3, 4, 5]
    assert run.actors["take[0]"].locals["row"] == [0.25, 0.5]


@pytest.mark.parametrize("style", ["elastic", "rigid"])
@pytest.mark.parametrize("device", ["ideal", "hls"])
def test_pipelines_that_overlap_and_loops_around_them_show_them_in_every_cycle(style, device):
    @sp.region()
    def program(A: int32[12]):
        a: Stream[int32, 2]
        b: Stream[int32, 1]

        @sp.kernel(args=[A])
        def first(A: int32[12]):
            total: int32 = 0
            for turn in range(2):
                for k in range(12, pipeline=sp.Pipeline(ii=1, latency=3, style=style)):
                    total += A[k]
                    a.put(A[k])
                last = total * 2
                a.put(last)

        @sp.kernel()
        def second():
            seen: int32 = 0
            limit = a.get()
            while seen < 400 + limit:
                x = a.get()
                if x % 3:
                    seen += x
                else:
                    b.put(seen)
                    b.put(x)

        @sp.kernel()
        def third():
            most: int32 = -1
            for k in range(4):
                most = max(most, b.get())

    built = both(program, device)
    A = np.arange(12, dtype=np.int32)
    for until in range(1, 40, 3):
        alike(built, A, until=until)
    assert alike(built, A).ending == "deadlock"


@pytest.mark.parametrize("style", ["elastic", "rigid"])
@pytest.mark.parametrize("latency", [1, 4])
def test_a_fault_in_a_pipeline_or_a_function_it_calls_tells_them(style, latency):
    def share(x: int32, by: int32) -> int32:
        half = x / 2
        return half / by

    @sp.region()
    def program(A: int32[8], B: int32[8]):
        fifo: Stream[int32, 3]

        @sp.kernel(args=[A])
        def load(A: int32[8]):
            for k in range(8):
                fifo.put(A[k])

        @sp.kernel(args=[B])
        def divide(B: int32[8]):
            total: int32 = 40
            for k in range(8, pipeline=sp.Pipeline(ii=1, latency=latency, style=style)):
                x = fifo.get()
                total += x
                B[k] = share(total, x)

    reference, native = problems(program, np.array([3, 2, 1, 4, 0, 1, 1, 1], np.int32), np.zeros(8, np.int32))
    assert native == reference
    assert "note: with " in native
    assert "k = 4" in native


def test_a_fault_in_plain_code_tells_them_and_others_stand_as_before_its_cycle():
    @sp.region()
    def program(A: int32[8]):
        fifo: Stream[int32, 2]

        @sp.kernel(args=[A])
        def load(A: int32[8]):
            for k in range(8):
                fifo.put(A[k])

        @sp.kernel()
        def check():
            best: int32 = 0
            while best < 100:
                x = fifo.get()
                if x > best:
                    best = x
                assert x != 7, "seven"

    A = np.arange(1, 9, dtype=np.int32)
    reference, native = problems(program, A)
    assert native == reference
    with pytest.raises(sp.RunError) as caught:
        sp.simulate(program, A, engine="native")
    run = caught.value.run
    assert run.actors["check[0]"].locals["best"] == 7
    stopped = sp.simulate(program, A, until=run.cycles)
    assert run.actors["load[0]"].locals == stopped.actors["load[0]"].locals


def test_actors_that_hand_elements_over_show_what_they_got():
    @sp.region()
    def program(A: int32[8]):
        ready: Stream[bool, 2]

        @sp.kernel(args=[A])
        def write(A: int32[8]):
            for k in range(7):
                A[k] = 10 * k
                ready.put(True)

        @sp.kernel(args=[A])
        def read(A: int32[8]):
            total: int32 = 0
            for k in range(8):
                ready.get()
                total += A[k]

    run = alike(both(program), np.full(8, -1, np.int32))
    assert run.actors["read[0]"].locals["total"] == 210


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")
def test_actors_that_share_what_a_function_in_cpp_wrote_show_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "twice.cc").write_text('extern "C" void twice(int x, int *y) { *y = 2 * x; }\n')
    twice = sp.external("twice", args=[sp.In(int32), sp.Out(int32[1])], source=tmp_path / "twice.cc", cycles=3)

    @sp.region()
    def program(A: int32[4]):
        ready: Stream[bool, 2]

        @sp.kernel(args=[A])
        def write(A: int32[4]):
            for k in range(4):
                twice(k + 1, A[k : k + 1])
                ready.put(True)

        @sp.kernel(args=[A])
        def read(A: int32[4]):
            total: int32 = 0
            for k in range(5):
                ready.get()
                total += A[k % 4]

    run = alike(both(program), np.zeros(4, np.int32))
    assert run.actors["read[0]"].locals["total"] == 20


def test_actors_that_poll_show_them_in_a_livelock_and_before():
    @sp.region()
    def program():
        fifo: Stream[int32, 2]

        @sp.kernel()
        def put():
            for k in range(3):
                fifo.put(k)
            fifo.put(3)
            while not fifo.try_put(9):
                pass

        @sp.kernel()
        def poll():
            misses: int32 = 0
            got: int32 = 0
            while got < 9:
                valid, x = fifo.try_get()
                if valid and x < 9:
                    got += x
                elif not valid:
                    misses = (misses + 1) % 7

    built = both(program)
    for until in (2, 5, 9, 30):
        alike(built, until=until)
    assert alike(built).ending == "livelock"


def test_calls_show_those_of_the_call_an_actor_stands_in():
    @sp.region()
    def program(A: int32[4]):
        fifo: Stream[int32, 2]

        @sp.kernel(args=[A])
        def load(A: int32[4]):
            rounds: int32 @ sp.Stateful = 0
            rounds += 1
            for k in range(4):
                fifo.put(A[k] + rounds)

        @sp.kernel()
        def take():
            total: int32 = 0
            for k in range(4):
                total += fifo.get()

    built = both(program)
    for until in (3, 7, 12, 16):
        alike(built, np.arange(4, dtype=np.int32), calls=3, until=until)


def test_locals_are_those_of_the_run_though_the_arrays_have_changed_since():
    @sp.region()
    def program(A: int32[4]):
        fifo: Stream[int32, 1]

        @sp.kernel(args=[A])
        def load(A: int32[4]):
            for k in range(4):
                x = A[k]
                fifo.put(x)
                fifo.put(x)

        @sp.kernel()
        def take():
            got = fifo.get()
            fifo.get()
            fifo.get()
            assert got != 5

    A = np.array([1, 2, 3, 4], np.int32)
    run = sp.simulate(program, A, until=4, engine="native")
    expected = sp.simulate(program, A, until=4)
    A[:] = 5
    assert run.actors["take[0]"].locals == expected.actors["take[0]"].locals
    assert run.actors["load[0]"].locals == expected.actors["load[0]"].locals


def test_a_run_that_time_stopped_shows_them_as_before_its_last_cycle(monkeypatch):
    @sp.region()
    def program():
        fifo: Stream[int32, 40]

        @sp.kernel()
        def put():
            for k in range(100000):
                fifo.put(k * k)

        @sp.kernel()
        def take():
            total: int32 = 0
            for k in range(100000):
                for turn in range(k % 3):
                    total += fifo.get()

    monkeypatch.setattr("spatial.sim.native.engine.BUDGET", 200)
    run = sp.simulate(program, timeout=1e-9, engine="native")
    stopped = sp.simulate(program, until=run.cycles)
    assert run.ending == "stopped"
    assert run.actors["take[0]"].locals
    for name, actor in run.actors.items():
        assert actor.locals == stopped.actors[name].locals


def test_a_report_leaves_out_locals_that_take_long_to_find(monkeypatch):
    @sp.region()
    def program(A: int32[4]):
        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            for k in range(4):
                assert A[k] < 3, "too much"

    monkeypatch.setattr(told, "SOON", -1)
    with pytest.raises(sp.RunError) as caught:
        sp.simulate(program, np.arange(4, dtype=np.int32), engine="native")
    assert "with k" not in str(caught.value)
    assert caught.value.run.actors["pe[0]"].locals == {"k": 3}


def test_a_partial_run_is_pickled_with_them():
    @sp.region()
    def program(A: int32[4]):
        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            for k in range(4):
                assert A[k] < 3, "too much"

    with pytest.raises(sp.RunError) as caught:
        sp.simulate(program, np.arange(4, dtype=np.int32), engine="native")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    assert copy.run.actors["pe[0]"].locals == {"k": 3}


def test_a_run_that_ends_keeps_nothing_to_find_them(monkeypatch):
    @sp.region()
    def program(A: int32[4]):
        @sp.kernel(args=[A])
        def pe(A: int32[4]):
            for k in range(4):
                A[k] = k

    built: Simulator = sp.build(program, engine="native")
    run = built.run(np.zeros(4, np.int32))
    assert type(run.actors["pe[0]"].locals) is dict
