"""Tokens are counted before a run where control flow tells."""

import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.analysis.counts import Tokens, check_counts, token_counts
from spatial.build.simulate import compile_simulator


def counts_of(region):
    program = compile_simulator(region).program
    return token_counts(program.module, program.graph)


def problems_of(region):
    program = compile_simulator(region).program
    return [problem.report() for problem in check_counts(program.module, program.graph)]


def pair(puts, gets):
    """A writer and a reader that run these many times each."""

    @sp.region()
    def region(A: int32[1]):
        fifo: Stream[int32, 2]

        @sp.kernel()
        def writer():
            for k in range(puts):
                fifo.put(k)

        @sp.kernel()
        def reader(A: int32[1]):
            for k in range(gets):
                A[0] = fifo.get()

    return region


def test_equal_counts_are_no_problem():
    assert counts_of(pair(5, 5)) == {"fifo": Tokens(puts=5, gets=5)}
    assert problems_of(pair(5, 5)) == []


@pytest.mark.parametrize(
    ("puts", "gets", "code", "title"),
    [
        (3, 4, "stream/tokens-missing", "`reader[0]` takes 4 tokens from `fifo`, which is given 3"),
        (4, 3, "stream/tokens-left", "`writer[0]` puts 4 tokens into `fifo`, of which 3 are taken"),
    ],
)
def test_other_counts_are_told_at_both_ends(puts, gets, code, title):
    (report,) = problems_of(pair(puts, gets))
    assert (report.code, report.title) == (code, title)
    assert len(report.related) == 1


def test_counts_follow_nests_branches_and_the_pe():
    @sp.region()
    def region(A: int32[8], Y: int32[4]):
        fifo: Stream[int32, 2][4]

        @sp.kernel(mapping=[4])
        def writer(A: int32[8]):
            i = sp.get_pid()
            for j in range(i, 6):
                for k in range(j):
                    fifo[i].put(k)
            for k in range(8):
                if k < i:
                    fifo[i].put(k)
            if A[0] > 0:
                fifo[i].put(1)
            else:
                fifo[i].put(2)

        @sp.kernel(mapping=[4])
        def reader(Y: int32[4]):
            i = sp.get_pid()
            while Y[i] < 10:
                Y[i] += fifo[i].get()

    expected = {f"fifo[{i}]": Tokens(puts=sum(range(i, 6)) + i + 1, gets=None) for i in range(4)}
    assert counts_of(region) == expected


def test_what_only_a_run_can_tell_is_left_open():
    @sp.region()
    def region(A: int32[8]):
        fifo: Stream[int32, 2]

        @sp.kernel()
        def writer(A: int32[8]):
            for k in range(8):
                if A[k] > 0:
                    fifo.put(A[k])
            fifo.put(-1)

        @sp.kernel()
        def reader():
            for k in range(3):
                fifo.get()

    assert counts_of(region) == {"fifo": Tokens(puts=None, gets=3)}
    assert problems_of(region) == []
