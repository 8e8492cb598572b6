"""`sp.report` tabulates every loop with its figures and what limits it."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int32


@sp.region()
def scaled(A: float32[12], Y: float32[12]):
    link: Stream[float32, 2][3]

    @sp.kernel(args=[A])
    def source(A: float32[12]):
        for n in range(12, name="feed"):
            link[0].put(A[n])

    @sp.kernel(mapping=[2])
    def worker():
        p = sp.get_pid()
        acc: float32 = 0
        for a in range(3):
            for b in range(4):
                acc += link[p].get()
                link[p + 1].put(acc)

    @sp.kernel(args=[Y])
    def sink(Y: float32[12]):
        n: int32 = 0
        while n < 12:
            Y[n] = link[2].get()
            n += 1


def by_kernel(report):
    return {loop.kernel: loop for loop in report.loops}


def test_a_row_holds_the_figures_of_a_loop():
    found = by_kernel(sp.report(scaled, device="xcu280@300"))
    worker, source = found["worker"], found["source"]
    assert worker.actors == ("worker[0]", "worker[1]")
    assert (worker.name, source.name, worker.style) == ("a, b", "feed", "elastic")
    assert (worker.ii, worker.latency, worker.trip_count) == (7, 10, 12)
    assert worker.cycles == 7 * 11 + 10
    assert (worker.limit.kind, worker.limit.distance) == ("recurrence", 1)
    assert [(part.what, part.stages) for part in worker.limit.parts] == [("float add", 7)]
    assert worker.limit.parts[0].span.line == worker.span.line + 1


def test_what_only_a_run_can_tell_is_left_open():
    sink = by_kernel(sp.report(scaled))["sink"]
    assert (sink.name, sink.trip_count, sink.cycles) == ("while", None, None)


def test_a_loop_that_is_not_pipelined_has_no_interval():
    @sp.region()
    def outer(Y: float32[4, 3]):
        @sp.kernel()
        def pe(Y: float32[4, 3]):
            for i in range(4):
                Y[i, 0] = 1
                for j in range(2):
                    Y[i, j + 1] = 2

    first, second = sp.report(outer).loops
    assert (first.style, first.ii, first.trip_count, first.cycles) == ("not pipelined", None, 4, None)
    assert (second.ii, second.trip_count, second.cycles) == (1, 2, 2)


def test_actors_whose_loops_run_differently_often_have_a_row_each():
    @sp.region()
    def uneven(Y: float32[8]):
        @sp.kernel(mapping=[2])
        def pe(Y: float32[8]):
            p = sp.get_pid()
            for i in range(3 + p):
                Y[4 * p + i] = 1

    assert [(loop.actors, loop.trip_count) for loop in sp.report(uneven).loops] == [(("pe[0]",), 3), (("pe[1]",), 4)]


def test_a_loop_alone_takes_the_cycles_that_the_report_says():
    """And the store behind it one more."""

    @sp.region()
    def total(A: float32[12], Y: float32[1]):
        @sp.kernel()
        def pe(A: float32[12], Y: float32[1]):
            acc: float32 = 0
            for n in range(12):
                acc += A[n]
            Y[0] = acc

    (loop,) = sp.report(total, device="xcu280@300").loops
    run = sp.simulate(total, np.ones(12, np.float32), np.zeros(1, np.float32), device="xcu280@300")
    assert run.cycles == loop.cycles + 1


def test_it_prints_as_a_table(golden):
    golden(f"{sp.report(scaled, device='xcu280@300')}\n", "report.txt")


def test_the_ideal_device_is_titled_structural():
    assert "scaled on ideal (structural): 3 loops" in str(sp.report(scaled))


def test_what_is_no_program_is_refused():
    with pytest.raises(sp.ProgramError, match="is no region, kernel or function"):
        sp.report(None)
