"""Loops become grids of PEs where their iterations have nothing to do with each other."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32


def scaled(A: int32[4, 6], B: int32[4, 6]):
    for i, j in sp.grid(4, 6, "PE"):
        B[i, j] = 3 * A[i, j] + i


def run_of(program, *arrays):
    run = sp.simulate(program, *arrays)
    return run.cycles, len(run.actors)


@pytest.mark.parametrize(
    ("axis", "factor", "pes"),
    [
        (None, None, 24),
        ([0, 1], [4, 6], 24),
        ([1, 0], [2, 4], 8),
        (0, None, 4),
        (1, 3, 3),
        ([0, 1], [2, 3], 6),
        ([0, 1], [1, 1], 1),
    ],
)
def test_each_pe_has_consecutive_iterations(axis, factor, pes):
    A = np.arange(24, dtype=np.int32).reshape(4, 6)
    wanted, found = np.zeros_like(A), np.zeros_like(A)
    sp.simulate(scaled, A, wanted)
    s = sp.customize(scaled)
    grid = s.unfold("PE", axis=axis, factor=factor)
    cycles, actors = run_of(s, A, found)
    np.testing.assert_array_equal(found, wanted)
    assert actors == pes
    assert str(grid) == "PE"
    assert s["PE"] is not None
    assert cycles == (24 // pes if pes < 24 else 0)  # straight code takes no time on "ideal"


def refused(s, *arguments, **named):
    before = str(s.module)
    with pytest.raises(sp.ProgramError) as error:
        s.unfold(*arguments, **named)
    assert str(s.module) == before
    return str(error.value)


def carried(A: int32[8]):
    for i in range(1, 8):
        A[i] = A[i - 1] + A[i]


def summed(A: int32[4, 8], S: int32[1]):
    for i, j in sp.grid(4, 8, "PE"):
        S[0] += A[i, j]


def column_sums(A: int32[4, 8], S: int32[8]):
    for i, j in sp.grid(4, 8, "PE"):
        S[j] += A[i, j]


@sp.region()
def streaming(A: int32[8], B: int32[8]):
    fifo: Stream[int32, 2]

    @sp.kernel
    def send(A: int32[8]):
        for i in range(8):
            fifo.put(A[i])

    @sp.kernel
    def receive(B: int32[8]):
        for i in range(8):
            B[i] = fifo.get()


def two_nests(A: int32[8]):
    for i in range(8):
        A[i] = A[i] + 1
    for j in range(8):
        A[j] = A[j] * 2


def unknown_bounds(A: int32[8], n: int32):
    for i in range(n):
        A[i] = 1


REFUSED = {
    "carried": (carried, ("i",), {}),
    "summed": (summed, ("PE",), {}),
    "column_sums": (column_sums, ("PE",), {}),
    "channel": (streaming, ("send:i",), {}),
    "two nests": (two_nests, ("i",), {}),
    "unknown bounds": (unknown_bounds, ("i",), {}),
    "uneven": (scaled, ("PE",), {"factor": [3, 2]}),
    "no such axis": (scaled, ("PE",), {"axis": [0, 2]}),
    "twice": (scaled, ("PE",), {"axis": [0, 0]}),
    "too few": (scaled, ("PE",), {"factor": 4}),
    "no number": (scaled, ("PE",), {"factor": ["4", 6]}),
    "nothing": (scaled, ("PE",), {"factor": [0, 1]}),
}


def test_refusals_say_what_is_in_the_way(golden):
    told = [
        f"# {name}\n{refused(sp.customize(program), *given, **named)}"
        for name, (program, given, named) in REFUSED.items()
    ]
    s = sp.customize(scaled)
    s.unfold("PE", axis=1)
    told.append(f"# a grid\n{refused(s, 'i')}")
    golden("\n\n".join(told).replace(str(__file__), "test_unfold.py") + "\n", "unfold.txt")


def test_one_axis_is_unfolded_where_only_it_may_be():
    A, S = np.arange(32, dtype=np.int32).reshape(4, 8), np.zeros(8, np.int32)
    s = sp.customize(column_sums)
    s.unfold("PE", axis=1)
    sp.simulate(s, A, S)
    np.testing.assert_array_equal(S, A.sum(axis=0))
