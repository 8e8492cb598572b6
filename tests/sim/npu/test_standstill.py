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


def centered(depth: int) -> Region:
    """Each group of four blocks less their mean: the blocks wait, in a broadcast, until the mean is there."""

    @sp.region()
    def design(X: int32[8, 16], Y: int32[8, 16]):
        seen: Stream[int32[16], 2]
        kept: Stream[int32[16], depth]
        mean: Stream[int32[16], 2]
        made: Stream[int32[16], 2]

        @sp.kernel(args=[X])
        def load(X: int32[8, 16]):
            for i in range(8):
                seen.put(X[i])
                kept.put(X[i])

        @sp.kernel()
        def average():
            for _ in range(2):
                total: int32[16] = 0
                for n in range(4):
                    total[:] = total + seen.get()
                mean.put(total >> 2)

        @sp.kernel()
        def subtract():
            for _ in range(2):
                middle = mean.get()
                for n in range(4):
                    made.put(kept.get() - middle)

        @sp.kernel(args=[Y])
        def store(Y: int32[8, 16]):
            for i in range(8):
                Y[i] = made.get()

    return design


def test_each_end_of_a_broadcast_is_as_deep_as_its_channel():
    x, y = np.arange(128, dtype=np.int32).reshape(8, 16), np.zeros((8, 16), np.int32)
    performed(centered(4), (x, y))
    np.testing.assert_array_equal(y.reshape(2, 4, 16), x.reshape(2, 4, 16) - (x.reshape(2, 4, 16).sum(1) >> 2)[:, None])
    with pytest.raises(sp.ProgramError) as caught:
        sp.build(centered(2), target="aie")
    assert "larger depth" in caught.value.problems[0].report().hint


def test_where_nobody_waits_for_room_no_depth_is_advised():
    @sp.region()
    def design(A: int32[4]):
        there: Stream[int32, 2]
        back: Stream[int32, 2]

        @sp.kernel()
        def first():
            for _ in range(4):
                there.put(back.get())

        @sp.kernel(args=[A])
        def second(A: int32[4]):
            for i in range(4):
                A[i] = there.get()
                back.put(A[i] + 1)

    with pytest.raises(sp.ProgramError) as caught:
        sp.build(design, target="aie")
    assert "`initial=[...]`" in caught.value.problems[0].report().hint


def test_loops_without_channels_are_no_matter_however_often_they_run():
    @sp.region()
    def design(A: int32[16], B: int32[16]):
        given: Stream[int32[16], 2]
        made: Stream[int32[16], 2]

        @sp.kernel(args=[A])
        def load(A: int32[16]):
            given.put(A)

        @sp.kernel()
        def halve():
            x = given.get()
            y: int32[16] = 0
            for k in range(16):
                left: int32 = x[k]
                while left > 1:
                    left = left // 2 if left > 7 else left - 1
                    y[k] += 1
                if y[k] > 3:
                    y[k] = 3
            made.put(y)

        @sp.kernel(args=[B])
        def store(B: int32[16]):
            B[:] = made.get()

    module = sp.build(design, target="aie")
    assert [note.report().code for note in module.notes] == []
    assert module.report.seconds is None


def test_tokens_that_channels_begin_with_count():
    assert sp.build(running, target="aie", device="npu2").report.cores


def counted(rounds: int | None) -> Region:
    """A core that adds up as many blocks as it is told, or a fixed number."""

    @sp.region()
    def design(A: int32[64], B: int32[16], told: int32):
        taken: Stream[int32[16], 2]
        made: Stream[int32[16], 2]

        @sp.kernel(args=[A])
        def load(A: int32[64]):
            for i in range(4):
                taken.put(A[16 * i : 16 * i + 16])

        @sp.kernel(args=[told])
        def add(told: int32):
            total: int32[16] = told
            with sp.meta_if(rounds is None):
                for _ in range(told):
                    total[:] = total + taken.get()
            with sp.meta_else():
                for _ in range(rounds or 0):
                    total[:] = total + taken.get()
            made.put(total)

        @sp.kernel(args=[B])
        def store(B: int32[16]):
            B[:] = made.get()

    return design


def test_where_values_decide_it_is_said_that_nothing_is_proven():
    module = sp.build(counted(None), target="aie")
    why = "how often this repeats depends on `told`, which the run is given"
    assert module.report.not_proven == why
    assert f"that it never stands still is not proven: {why}" in str(module.report)
    (note,) = (each for each in module.notes if each.report().code == "aie/not-proven")
    assert note.report().severity == "note"
    assert note.report().title.endswith(why)


def test_what_is_proven_has_no_note():
    module = sp.build(counted(4), target="aie")
    assert not module.report.not_proven
    assert not module.report.kept
    assert "it never stands still: every lock, object and transfer was run" in str(module.report)
    assert not [each for each in module.notes if each.report().code == "aie/not-proven"]
