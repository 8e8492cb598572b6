"""What steps are given: NumPy's integers are numbers, and what is no argument is refused at its line."""

from collections.abc import Callable

import numpy as np
import pytest

import spatial as sp
from spatial import int32
from spatial.customize.schedule import Schedule


def product(A: int32[6, 8], B: int32[8, 4], C: int32[6, 4]):
    for i, j in sp.grid(6, 4, "PE"):
        for k in range(8):
            C[i, j] += A[i, k] * B[k, j]


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        (lambda s: s.split("k", np.int64(2)), lambda s: s.split("k", 2)),
        (lambda s: s.tile(["i", "j"], [np.int32(2), np.uint8(4)]), lambda s: s.tile(["i", "j"], [2, 4])),
        (lambda s: s.pipeline("k", ii=np.int16(3)), lambda s: s.pipeline("k", ii=3)),
        (lambda s: s.partition("A", dim=np.int64(1)), lambda s: s.partition("A", dim=1)),
        (
            lambda s: s.unfold("PE", factor=(np.int64(3), np.int64(2)), axis=[np.int64(0), 1]),
            lambda s: s.unfold("PE", factor=(3, 2), axis=[0, 1]),
        ),
    ],
)
def test_integers_of_numpy_are_numbers(given: Callable[[Schedule], object], plain: Callable[[Schedule], object]):
    first, second = sp.customize(product), sp.customize(product)

    given(first)
    plain(second)

    assert str(first.module) == str(second.module)
    assert str(first.history[0]) == str(second.history[0])


def test_undo_takes_integers_of_numpy():
    s = sp.customize(product)
    s.split("k", 2)
    s.split("j", 2)
    s.undo(np.int64(2))
    assert s.history == ()


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (lambda s: s.tile([], []), "this step is given no loops"),
        (lambda s: s.tile(None, [2]), "this step takes several loops, not `None`"),
        (lambda s: s.tile("ij", [2, 2]), "this step takes several loops, not `'ij'`"),
        (lambda s: s.tile(["i", "j"], 2), "`tile` takes a list of factors, not `2`"),
        (lambda s: s.tile(["k", "k"], [2, 2]), 'write `tile(["i", "j"], [4, 4])`'),
        (lambda s: s.reorder(), "this step is given no loops"),
        (lambda s: s.fuse(), "this step is given no loops"),
        (lambda s: s.compute_at(None, "i"), "this step takes a loop or an array, not `None`"),
        (lambda s: s.reverse_compute_at(["k"], "i"), "this step takes a loop or an array, not `['k']`"),
        (lambda s: s.compute_at(s["product"], "i"), "this step takes a loop or an array, not `<kernel product"),
        (lambda s: s.bind(3, "dsp"), "this step takes a loop or an array, not `3`"),
        (lambda s: s.bind("k", "dsp", op=["mul"]), "an operator ['mul'] is not bound"),
        (lambda s: s.infer_layouts(keep="A"), "`keep` of `infer_layouts` is a list of arrays, not `'A'`"),
        (lambda s: s.infer_layouts(keep=None), "`keep` of `infer_layouts` is a list of arrays, not `None`"),
        (lambda s: s.partition("A", dim=1.5), "`partition` was given dimension 1.5 of `A`"),
        (lambda s: s.partition("A", dim={}), "`partition` was given dimension {} of `A`"),
        (lambda s: s.pipeline("k", ii=2**31), "less than 2**31, this is 2147483648"),
    ],
)
def test_what_is_no_argument_is_refused_and_changes_nothing(step: Callable[[Schedule], object], told: str):
    s = sp.customize(product)
    before = str(s.module)

    with pytest.raises(sp.ProgramError) as refused:
        step(s)

    assert told in str(refused.value)
    assert "test_arguments.py:" in str(refused.value)
    assert (str(s.module), s.history) == (before, ())


def halves(A: int32[8], B: int32[8]):
    H: int32[8]
    for i in range(8):
        H[i] = A[i] // 2
    for j in range(8):
        B[j] = H[j] + 1


def test_an_array_sent_before_there_are_processes_is_told_of_dataflow():
    s = sp.customize(halves)
    with pytest.raises(sp.ProgramError, match=r"hint: `s\.dataflow\(\)` makes processes"):
        s.to(s.H, "j")
    _, second = s.dataflow()
    assert s.to(s.H, second) == "fifo_H"


def test_a_kernel_that_has_no_such_buffer_is_told_which_has():
    s = sp.customize(product)
    row = s.buffer_at("A", "j")
    s.unfold("PE")
    with pytest.raises(sp.ProgramError, match=r'hint: write `s\.to\(A_buffer, "PE"\)`'):
        s.to(row, "PES")


@pytest.mark.parametrize("place", [np.s_[:], np.s_[9, :], np.s_[-1, 0], np.s_[0, 0, 0]])
def test_a_place_without_a_pe_is_told_where_the_last_one_is(place: object):
    s = sp.customize(product)
    s.unfold("PE")
    with pytest.raises(sp.ProgramError, match=r"the last one is `PE\[5,3\]`; write a number or a slice for each axis"):
        s["PE"][place]
