"""A program is checked without being run."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32


def region_of(puts, gets):
    @sp.region()
    def region(A: int32[1]):
        fifo: Stream[int32, 8]

        @sp.kernel()
        def writer():
            for k in range(puts):
                fifo.put(k)

        @sp.kernel()
        def reader(A: int32[1]):
            for k in range(gets):
                A[0] = fifo.get()

    return region


def test_a_sound_region_gives_its_graph():
    assert [actor.name for actor in sp.check(region_of(3, 3)).actors] == ["writer[0]", "reader[0]"]


def test_counts_that_differ_are_refused():
    with pytest.raises(sp.ProgramError, match="puts 5 tokens into `fifo`, of which 3 are taken"):
        sp.check(region_of(5, 3))
    with pytest.raises(sp.ProgramError, match="takes 4 tokens from `fifo`, which is given 2"):
        sp.check(region_of(2, 4))


def test_a_run_tells_more_of_a_starved_reader():
    with pytest.raises(sp.Deadlock, match="`writer"):
        sp.simulate(region_of(2, 4), np.zeros(1, np.int32))
