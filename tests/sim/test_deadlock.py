"""Deadlocks are found, explained, and cured."""

import time

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.region.definition import Region
from spatial.sim.explain.deadlock import DeadlockReport, Deeper, Hopeless, PartnerFinished
from tests.sim.programs import actors, region_of


def deadlock_of(region: Region, *arrays: np.ndarray, **options: object) -> DeadlockReport:
    """The report of a region that must deadlock, which takes less than a second."""
    begun = time.process_time()
    with pytest.raises(sp.Deadlock) as caught:
        sp.simulate(region, *arrays, **options)
    assert time.process_time() - begun < 1
    return caught.value.report


def waits_of(report: DeadlockReport) -> list[tuple[str, str, str]]:
    return [(wait.actor, "put" if wait.puts else "get", wait.channel) for wait in report.waits]


RECONVERGENT = """
@sp.region()
def net():
    direct: Stream[int32, 2]
    detour: Stream[int32, 2]
    total: Stream[int32, 2]

    @sp.kernel()
    def split():
        for k in range(6):
            direct.put(k)
            detour.put(k)

    @sp.kernel()
    def add():
        acc: int32 = 0
        for k in range(6):
            acc += detour.get()
        total.put(acc)

    @sp.kernel()
    def scale():
        factor: int32 = total.get()
        for k in range(6):
            x: int32 = direct.get() * factor
"""


def test_a_reconvergent_path_is_too_shallow():
    report = deadlock_of(region_of(RECONVERGENT))
    assert waits_of(report) == [
        ("split[0]", "put", "direct"),
        ("scale[0]", "get", "total"),
        ("add[0]", "get", "detour"),
    ]
    assert isinstance(report.verdict, Deeper)
    assert (report.verdict.depths, report.verdict.smallest) == ({"direct": 6}, True)


def test_the_depths_of_a_verdict_run_in_the_cycles_it_tells():
    verdict = deadlock_of(region_of(RECONVERGENT)).verdict
    assert isinstance(verdict, Deeper)
    run = sp.simulate(region_of(RECONVERGENT), depths=verdict.depths)
    assert (run.finished, run.cycles) == (True, verdict.cycles)


def test_a_printed_report_shows_who_waits_where_and_what_helps(golden):
    with pytest.raises(sp.Deadlock) as caught:
        sp.simulate(region_of(RECONVERGENT, file="normalize.py"))
    golden(f"{caught.value}\n", "reconvergent.txt")


def test_two_actors_that_both_get_first_are_beyond_help():
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        left="for k in range(3):\n    x: int32 = a.get()\n    b.put(x)",
        right="for k in range(3):\n    x: int32 = b.get()\n    a.put(x)",
    )
    report = deadlock_of(region)
    assert report.verdict == Hopeless(waits=report.waits)
    assert waits_of(report) == [("left[0]", "get", "a"), ("right[0]", "get", "b")]


def test_a_ring_of_three_that_gets_first_names_all_three():
    streams = "ring: Stream[int32, 2][3]"
    body = "for k in range(2):\n    ring[{}].put(ring[{}].get())"
    report = deadlock_of(actors(streams, a=body.format(1, 0), b=body.format(2, 1), c=body.format(0, 2)))
    assert isinstance(report.verdict, Hopeless)
    assert {wait.actor for wait in report.waits} == {"a[0]", "b[0]", "c[0]"}


def test_a_ring_that_puts_two_before_it_gets_needs_one_channel_of_depth_2():
    """One slot more lets one actor reach its gets, which opens the ring; of equal cost, the first by name."""
    body = "ring[{0}].put(1)\nring[{0}].put(2)\nx: int32 = ring[{1}].get()\ny: int32 = ring[{1}].get()"
    region = actors("ring: Stream[int32, 1][3]", a=body.format(1, 0), b=body.format(2, 1), c=body.format(0, 2))
    report = deadlock_of(region)
    assert isinstance(report.verdict, Deeper)
    assert report.verdict.depths == {"ring[0]": 2}
    assert {wait.puts for wait in report.waits} == {True}


def test_a_writer_of_too_many_tokens_waits_for_a_reader_that_has_finished():
    region = actors(
        "a: Stream[int32, 1]", left="for k in range(7):\n    a.put(k)", right="for k in range(3):\n    a.get()"
    )
    verdict = PartnerFinished(channel="a", partner="right[0]", puts=4, gets=3, waits_to_put=True)
    assert deadlock_of(region).verdict == verdict


def test_a_reader_of_too_many_tokens_waits_for_a_writer_that_has_finished():
    region = actors(
        "a: Stream[int32, 1]", left="for k in range(3):\n    a.put(k)", right="for k in range(5):\n    a.get()"
    )
    verdict = PartnerFinished(channel="a", partner="left[0]", puts=3, gets=3, waits_to_put=False)
    assert deadlock_of(region).verdict == verdict


def test_tokens_missing_at_the_source_are_told_at_the_source():
    """A sink and a relay wait, but only the relay's partner has finished."""
    region = actors(
        "a: Stream[int32, 4]\nb: Stream[int32, 4]",
        source="for k in range(8):\n    if k % 2 == 0:\n        a.put(k)",
        relay="for k in range(8):\n    b.put(a.get())",
        sink="for k in range(8):\n    b.get()",
    )
    report = deadlock_of(region)
    assert report.verdict == PartnerFinished(channel="a", partner="source[0]", puts=4, gets=4, waits_to_put=False)
    assert report.blocked == 2


def test_a_self_loop_that_gets_first_waits_for_itself():
    report = deadlock_of(actors("a: Stream[int32, 4]", alone="for k in range(3):\n    a.put(a.get() + 1)"))
    assert isinstance(report.verdict, Hopeless)
    assert waits_of(report) == [("alone[0]", "get", "a")]
    assert "waits for itself" in report.summary()


def test_a_self_loop_that_puts_first_needs_room_for_its_own_tokens():
    region = actors("a: Stream[int32, 1]", alone="for k in range(3):\n    a.put(k)\nfor k in range(3):\n    a.get()")
    report = deadlock_of(region)
    assert isinstance(report.verdict, Deeper)
    assert report.verdict.depths == {"a": 3}
    assert waits_of(report) == [("alone[0]", "put", "a")]


def test_depth_that_only_leads_to_a_finished_partner_does_not_help():
    """As it stands both wait for each other; with room, `left` would end one token short."""
    region = actors(
        "x: Stream[int32, 1]\ny: Stream[int32, 1]",
        left="for k in range(2):\n    x.put(k)\nfor k in range(2):\n    y.put(k)",
        right="for k in range(2):\n    y.get()\nfor k in range(3):\n    x.get()",
    )
    report = deadlock_of(region)
    assert isinstance(report.verdict, Hopeless)
    assert report.verdict.ended == "left[0]"
    assert waits_of(report) == [("right[0]", "get", "x")]
    assert "which has finished" in report.summary()


def lanes(count: int, tokens: int, depth: int) -> Region:
    """A rigid loader that writes all lanes in one step, into a square of rigid PEs with one stage of latency."""
    rigid = sp.Pipeline(latency=3, style="rigid")
    loader = sp.Pipeline(style="rigid")

    @sp.region()
    def square():
        right: Stream[int32, depth][count, count + 1]
        down: Stream[int32, depth][count + 1, count]

        @sp.kernel()
        def load_rows():
            for k in range(tokens, pipeline=loader):
                with sp.meta_for(count) as i:
                    right[i, 0].put(k)

        @sp.kernel()
        def load_columns():
            for k in range(tokens, pipeline=loader):
                with sp.meta_for(count) as j:
                    down[0, j].put(k)

        @sp.kernel(mapping=[count, count])
        def pe():
            i, j = sp.get_pid()
            for k in range(tokens, pipeline=rigid):
                a: int32 = right[i, j].get()
                b: int32 = down[i, j].get()
                right[i, j + 1].put(a)
                down[i + 1, j].put(b)

        @sp.kernel(mapping=[count])
        def drain():
            i = sp.get_pid()
            for k in range(tokens):
                right[i, count].get()
                down[count, i].get()

    return square


@pytest.mark.parametrize("count", [2, 3])
def test_a_rigid_loader_of_p_lanes_deadlocks_below_depth_p_and_is_at_full_speed_at_2p(count):
    tokens = 16
    for depth in range(1, count):
        report = deadlock_of(lanes(count, tokens, depth))
        assert isinstance(report.verdict, Deeper)
        assert max(report.verdict.depths.values()) == count
    slow = sp.simulate(lanes(count, tokens, count))
    full = sp.simulate(lanes(count, tokens, 2 * count))
    endless = sp.simulate(lanes(count, tokens, 4 * tokens))
    assert slow.finished
    assert full.cycles == endless.cycles < slow.cycles


def test_on_deadlock_return_gives_the_partial_run():
    run = sp.simulate(region_of(RECONVERGENT), on_deadlock="return", record="detour")
    assert (run.ending, run.finished) == ("deadlock", False)
    assert run.deadlock is not None
    assert run.cycles == run.deadlock.cycle
    assert run.trace["detour"].values == (0, 1)
    assert run.channels["direct"].left == run.channels["direct"].high_water == 2
    assert run.actors["add[0]"].locals["acc"] == 1
    assert run.actors["add[0]"].done is None
    assert run.actors["add[0]"].waits_for == "get from detour"


def test_a_run_returned_from_a_deadlock_prints_its_verdict():
    printed = str(sp.simulate(region_of(RECONVERGENT), on_deadlock="return"))
    assert "deadlock after" in printed
    assert "`direct` 2 -> 6" in printed


def test_arrays_are_untouched_by_a_deadlock_and_the_run_has_the_partial_values():
    @sp.region()
    def half(A: int32[4]):
        fifo: Stream[int32, 2]

        @sp.kernel()
        def write():
            for k in range(2):
                fifo.put(k + 1)

        @sp.kernel(args=[A])
        def read(A: int32[4]):
            for k in range(4):
                A[k] = fifo.get()

    A = np.full(4, 9, np.int32)
    with pytest.raises(sp.Deadlock) as caught:
        sp.simulate(half, A)
    assert A.tolist() == [9] * 4
    assert caught.value.run.arrays["A"].tolist() == [1, 2, 9, 9]


def test_other_waiting_actors_are_counted_behind_the_cycle():
    region = actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]\nc: Stream[int32, 1]",
        left="for k in range(3):\n    x: int32 = a.get()\n    b.put(x)\n    c.put(x)",
        right="for k in range(3):\n    a.put(b.get())",
        behind="for k in range(3):\n    c.get()",
    )
    report = deadlock_of(region)
    assert report.blocked == 3
    assert {wait.actor for wait in report.waits} == {"left[0]", "right[0]"}
    assert "3 actors wait in all" in str(sp.ProgramError([report]))


def test_an_operation_held_back_by_its_stage_is_told():
    """`join` could take from `left`, but it takes from both together."""
    region = actors(
        "left: Stream[int32, 1]\nright: Stream[int32, 1]",
        source="for k in range(4):\n    left.put(k)\nfor k in range(4):\n    right.put(k)",
        join="for k in range(4):\n    x: int32 = left.get()\n    y: int32 = right.get()",
    )
    report = deadlock_of(region)
    assert [wait.held_back for wait in report.waits if wait.actor == "join[0]"] == [("left",)]
    assert isinstance(report.verdict, Deeper)
    assert report.verdict.depths == {"left": 4}


def test_a_fault_that_more_depth_would_reach_is_told():
    region = actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]",
        left="for k in range(2):\n    a.put(k)\nfor k in range(2):\n    b.put(k)",
        right="for k in range(2):\n    x: int32 = 4 // b.get()\nfor k in range(2):\n    a.get()",
    )
    report = deadlock_of(region)
    assert "division by zero" in report.explanation()


def test_only_the_stage_that_is_waited_for_counts():
    """`pump` waits in two stages: with `late`, which nobody needs yet, and for `seed`, which holds all back.

    `closing` takes the first `late` only after three tokens of `early`; the third needs `seed`, whose
    sender is stopped by `full`. More room for `late` would not help.
    """
    region = actors(
        "seed: Stream[int32, 2]\nearly: Stream[int32, 2]\nlate: Stream[int32, 1]\n"
        "full: Stream[int32, 1]\ngo: Stream[int32, 2]",
        pump="""
            for k in range(4, pipeline=sp.Pipeline(latency=5, stages={"seed": 1, "early": 2, "late": 4})):
                x: int32 = seed.get()
                early.put(x)
                late.put(x)
        """,
        sender="""
            for k in range(2):
                seed.put(k)
            for k in range(2):
                full.put(k)
            for k in range(2):
                seed.put(k)
        """,
        closing="""
            for k in range(3):
                early.get()
            late.get()
            go.put(1)
            for k in range(3):
                late.get()
            early.get()
        """,
        opening="go.get()\nfor k in range(2):\n    full.get()",
    )
    report = deadlock_of(region)
    assert isinstance(report.verdict, Deeper)
    assert report.verdict.depths == {"full": 2}
    assert set(waits_of(report)) == {
        ("sender[0]", "put", "full"),
        ("opening[0]", "get", "go"),
        ("closing[0]", "get", "early"),
        ("pump[0]", "get", "seed"),
    }
