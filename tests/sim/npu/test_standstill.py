"""Designs that would hang on the device are refused, with those that wait for each other and their lines."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.region.definition import Region
from tests.lower.aie.mapping.test_room import running
from tests.lower.aie.test_machine import performed


def crossed(depth: int) -> Region:
    """A core puts four tokens into one stream, then four into another; the other end gets them the other way round."""

    @sp.region()
    def design(A: int32[8], B: int32[8]):
        left: Stream[int32, depth]
        right: Stream[int32, depth]

        @sp.kernel(args=[A])
        def first(A: int32[8]):
            for i in range(4):
                left.put(A[i] + 1)
            for i in range(4):
                right.put(A[4 + i] + 1)

        @sp.kernel(args=[B])
        def second(B: int32[8]):
            for i in range(4):
                B[i] = right.get() * 2
            for i in range(4):
                B[4 + i] = left.get() * 2

    return design


def test_a_design_that_stands_still_is_refused_with_both_lines():
    with pytest.raises(sp.ProgramError) as caught:
        sp.build(crossed(2), target="aie")
    (problem,) = caught.value.problems
    report = problem.report()
    assert report.code == "aie/standstill"
    assert report.title == "the design stands still on `npu1`: `first[0]` waits for room in `left` for ever"
    assert [label.text for label in report.related] == ["`second[0]` waits for a token of `right` meanwhile"]


def test_a_design_with_room_enough_runs():
    a, b = np.arange(8, dtype=np.int32), np.zeros(8, np.int32)
    performed(crossed(4), (a, b))
    np.testing.assert_array_equal(b, 2 * np.concatenate([a[4:], a[:4]]) + 2)


def test_tokens_that_channels_begin_with_count():
    assert sp.build(running, target="aie", device="npu2").report.cores
