"""PEs that are alike take turns in one actor."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32
from tests.schedule.space.test_systolic import drawn, in_eight_lines

M, N, K = 3, 2, 8


def product(schedule, *, build=False):
    A, B, C = drawn((M, K), int8), drawn((K, N), int8), np.zeros((M, N), np.int32)
    run = sp.simulate(schedule, A, B, C, device="hls")
    np.testing.assert_array_equal(C, A.astype(np.int32) @ B)
    if build:
        C[:] = 0
        sp.build(schedule, target="hls")(A, B, C)
        np.testing.assert_array_equal(C, A.astype(np.int32) @ B)
    return run


def test_a_row_of_pes_takes_turns_with_one_copy_of_what_they_do(golden):
    s = in_eight_lines(M, N, K, int8, int32, 32)
    apart = product(s)
    made = [s.bundle(s["PE"][row, :]) for row in range(M)]
    assert [str(each) for each in made] == ["PE_1", "PE_2", "PE_3"]
    run = product(s, build=True)
    assert sum(name.startswith("PE") for name in run.actors) == M
    assert apart.cycles < run.cycles < 3 * apart.cycles
    golden(f"{s}\n\n{s.module}\n", "bundle.txt")


def test_a_whole_grid_takes_turns():
    s = in_eight_lines(M, N, K, int8, int32, 64)
    s.bundle(s["PE"])
    assert sum(name.startswith("PE") for name in product(s, build=True).actors) == 1


def scaled(A: int32[5, 4], w: int32[5], B: int32[5, 4]):
    for i in range(5, name="rows"):
        for j in range(4):
            B[i, j] = w[i] * A[i, j]


@pytest.mark.parametrize("slice_", [slice(None), slice(1, 4), slice(0, 5, 2)])
def test_pes_without_channels_take_turns(slice_):
    s = sp.customize(scaled)
    grid = s.unfold("rows")
    s.bundle(s[str(grid)][slice_])
    A, w, B = np.arange(20, dtype=np.int32).reshape(5, 4), np.arange(5, dtype=np.int32), np.zeros((5, 4), np.int32)
    sp.simulate(s, A, w, B)
    np.testing.assert_array_equal(B, A * w[:, None])


@sp.region()
def odd(A: int32[4], B: int32[4]):
    fifo: Stream[int32, 4][3]

    @sp.kernel(mapping=[4], args=[A, B])
    def pe(A: int32[4], B: int32[4]):
        p = sp.get_pid()
        with sp.meta_if(p == 0):
            for i in range(4):
                fifo[0].put(A[i])
        with sp.meta_elif(p == 3):
            for i in range(4):
                B[i] = fifo[2].get()
        with sp.meta_else():
            kept: int32[4]
            for i in range(4):
                fifo[p].put(fifo[p - 1].get() + kept[i])
                kept[i] = 1


def test_refusals_say_what_is_in_the_way(golden):
    told = []

    def refused(what, part):
        with pytest.raises(sp.ProgramError) as error:
            s.bundle(part)
        told.append(f"# {what}\n{error.value}")

    s = sp.customize(odd)
    refused("several functions", s["pe"])
    refused("locals that keep something", s["pe"][1:3])
    refused("one", s["pe"][0])
    refused("a name", "pe")
    golden("\n\n".join(told) + "\n", "bundle_refused.txt")
