"""Programs that do not take and give the same, and one that never ends."""

import pytest

import spatial as sp
from spatial import int32
from spatial.verify.kinds import Kind


def forward(x: int32[4], y: int32[4]) -> None:
    for i in range(4):
        y[i] = x[i] + 1


def backward(y: int32[4], x: int32[4]) -> None:
    for i in range(4):
        x[i] = y[i] + 1


def silent(x: int32[4], y: int32[4]) -> None:
    unused: int32 = x[0]


def unending(x: int32[4], y: int32[4]) -> None:
    i: int32 = 0
    while i < 4:
        y[0] = x[0]


@pytest.mark.parametrize(("mode", "kind"), [("exact", Kind.DIFFERENT), ("test", Kind.INTERFACE)])
def test_parameters_of_the_same_names_are_not_paired_in_order(mode, kind):
    assert sp.verify(forward, backward, mode=mode).kind is kind


def test_inputs_that_nobody_tried_are_not_told():
    assert "none of" not in str(sp.verify(forward, silent))


def test_a_loop_that_never_ends_has_a_verdict_of_its_own():
    found = sp.verify(forward, unending)
    assert found.kind is Kind.ENDLESS
    assert "uses a channel\n" in str(found)
