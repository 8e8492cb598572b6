"""The name of a grid stays with its loops."""

import pytest

import spatial as sp
from spatial import int32

STEPS = {
    "split outer": (lambda s: s.split("i", 2), ["i.outer", "i.inner", "j"]),
    "split inner": (lambda s: s.split("j", 2), ["i", "j.outer", "j.inner"]),
    "tile": (lambda s: s.tile(["i", "j"], [2, 2]), ["i.outer", "j.outer", "i.inner", "j.inner"]),
    "reorder": (lambda s: s.reorder("j", "i"), ["j", "i"]),
    "unroll and jam": (lambda s: s.unroll_and_jam("i", 2), ["i", "j"]),
}


def filled(A: int32[4, 4, 4]):
    for i, j in sp.grid(4, 4, name="PE"):
        for k in range(4):
            A[i, j, k] = i + j


@pytest.mark.parametrize("name", STEPS)
def test_a_band_keeps_its_name(name):
    step, loops = STEPS[name]
    s = sp.customize(filled)
    step(s)
    assert [loop.name for loop in s["PE"].loops] == loops


def test_a_band_with_another_loop_between_is_none():
    s = sp.customize(filled)
    s.reorder("i", "k", "j")
    with pytest.raises(sp.ProgramError, match="PE"):
        s["PE"]


def test_a_band_of_which_one_loop_is_left_is_that_loop():
    s = sp.customize(filled)
    s.parallel("j")
    assert s["PE"] == s["i"]
