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


def test_accesses_that_nothing_orders_are_refused():
    @sp.region()
    def region(A: int32[8], Y: int32[8]):
        @sp.kernel()
        def writer(A: int32[8]):
            for k in range(8):
                A[k] = k

        @sp.kernel()
        def reader(A: int32[8], Y: int32[8]):
            for k in range(4):
                Y[k] = A[2 * k]

    with pytest.raises(sp.ProgramError, match=r"`writer\[0\]` and `reader\[0\]` both touch `A\[0\]`") as caught:
        sp.check(region)
    assert len(caught.value.problems) == 1


def test_disjoint_elements_and_actors_joined_by_channels_are_left_to_the_run():
    @sp.region()
    def region(A: int32[8], Y: int32[8]):
        ready: Stream[int32, 2]

        @sp.kernel(mapping=[4])
        def writer(A: int32[8]):
            i = sp.get_pid()
            A[i] = A[i + 4]
            with sp.meta_if(i == 3):
                ready.put(1)

        @sp.kernel()
        def reader(A: int32[8], Y: int32[8]):
            Y[0] = ready.get()
            Y[1] = A[3]

    assert len(sp.check(region).actors) == 5


def test_a_check_for_hls_takes_ports_and_refuses_other_targets():
    @sp.region()
    def region(A: int32[8], Y: int32[8]):
        @sp.kernel()
        def copy(A: int32[8], Y: int32[8]):
            for k in range(8):
                Y[k] = A[k]

    ports = {"A": sp.m_axi(bundle="g0"), "Y": sp.m_axi(bundle="g0")}
    assert len(sp.check(region, target="hls", interfaces=ports).actors) == 1
    with pytest.raises(sp.ProgramError, match='write `target="hls"`'):
        sp.check(region, interfaces=ports)
    with pytest.raises(sp.ProgramError, match="no checks for the target 'verilog'"):
        sp.check(region, target="verilog")
