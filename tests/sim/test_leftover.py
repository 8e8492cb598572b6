"""A run warns of tokens that it left behind."""

import warnings

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.analysis.errors import TokensLeft


def taking(initial=(), *, free=False):
    @sp.region()
    def region(A: int32[8], n: int32):
        fifo = sp.pipe(dtype=int32, depth=8, initial=list(initial))

        @sp.kernel()
        def source():
            for k in range(4):
                fifo.put(k)

        @sp.kernel()
        def sink(A: int32[8], n: int32):
            for k in range(n):
                A[k] = fifo.get()
            with sp.meta_if(free):
                while True:
                    fifo.get()

    return region


def run_of(region, n):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return sp.simulate(region, np.zeros(8, np.int32), n)


def test_tokens_that_nobody_took_are_a_warning_of_the_run():
    run = run_of(taking(), 1)
    assert run.finished
    (problem,) = run.warnings
    assert isinstance(problem, TokensLeft)
    assert (problem.channel, problem.writer, problem.reader) == ("fifo", "source[0]", "sink[0]")
    assert (problem.puts, problem.gets) == (4, 1)
    report = problem.report()
    assert report.severity == "warning"
    assert "warning[stream/tokens-left]: `source[0]` puts 4 tokens into `fifo`, of which 1 are taken" in str(run)


@pytest.mark.parametrize(
    ("region", "n"), [(taking(), 4), (taking([7, 8]), 4), (taking([7, 8]), 6), (taking(free=True), 1)]
)
def test_what_is_taken_or_was_there_from_the_start_is_no_warning(region, n):
    run = run_of(region, n)
    assert run.warnings == ()
    assert "warning" not in str(run)


def test_initial_tokens_take_the_place_of_others():
    (problem,) = run_of(taking([7, 8]), 3).warnings
    assert (problem.puts, problem.gets) == (4, 3)


def test_channels_of_one_pair_of_lines_are_one_warning():
    @sp.region()
    def region(A: int32[4], n: int32):
        fifo: Stream[int32, 2][4]

        @sp.kernel(mapping=[4])
        def source():
            i = sp.get_pid()
            fifo[i].put(1)

        @sp.kernel(mapping=[4])
        def sink(A: int32[4], n: int32):
            i = sp.get_pid()
            for k in range(n):
                A[i] = fifo[i].get()

    assert [each.channel for each in sp.simulate(region, np.zeros(4, np.int32), 0).warnings] == ["fifo[0]"]


def test_a_partial_run_warns_of_nothing():
    assert sp.simulate(taking(), np.zeros(8, np.int32), 1, until=3).warnings == ()
