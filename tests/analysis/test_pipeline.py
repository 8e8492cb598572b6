"""Loops are scheduled as soon as their needs allow, or as asked by hand; what is impossible is refused."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.analysis.pipeline import LoopTiming
from spatial.build.simulate import compile_simulator
from spatial.ir.dialect import GetOp, PutOp
from spatial.region.definition import Region
from tests.sim.programs import actors

STREAMS = "a: Stream[int32, 2]\nb: Stream[int32, 2]"
SINK = "for k in range(8):\n    x: int32 = b.get()"


def timing_of(region: Region, kernel: str) -> LoopTiming:
    """The timing of a kernel's only pipelined loop."""
    network = compile_simulator(region).network
    (timing,) = network.timings[network.graph.actor[f"{kernel}[0]"].function].values()
    return timing


def channel_stages(timing: LoopTiming) -> list[tuple[str, int]]:
    kinds = {GetOp: "get", PutOp: "put"}
    return [(kinds[type(op.opview)], stage) for op, stage in timing.stages.items() if type(op.opview) in kinds]


def figures(body: str, source: str = "for k in range(8):\n    a.put(k)") -> tuple[int, int, list[tuple[str, int]]]:
    """II, latency and the stages of the channel operations of a relay's loop."""
    timing = timing_of(actors(STREAMS, source=source, relay=body, sink=SINK), "relay")
    return timing.ii, timing.latency, channel_stages(timing)


def problem_of(asked: str, body: str = "b.put(a.get())") -> str:
    region = actors(
        STREAMS,
        source="for k in range(8):\n    a.put(k)",
        relay=f"for k in range(8, pipeline=sp.Pipeline({asked})):\n    {body}",
        sink=SINK,
    )
    with pytest.raises(sp.ProgramError) as caught:
        sp.simulate(region)
    return str(caught.value)


def test_an_iteration_takes_one_cycle_where_nothing_forces_more():
    assert figures("for k in range(8):\n    b.put(a.get() * 3 + k)") == (1, 1, [("get", 0), ("put", 0)])


def test_each_further_use_of_a_channel_end_takes_a_stage_and_an_interval():
    ii, latency, stages = figures("for k in range(4):\n    b.put(a.get())\n    b.put(a.get())")
    assert (ii, latency) == (2, 2)
    assert stages == [("get", 0), ("put", 0), ("get", 1), ("put", 1)]


def test_uses_in_different_branches_of_one_if_share_a_stage():
    ii, latency, stages = figures(
        "for k in range(8):\n    if k % 2 == 0:\n        b.put(a.get())\n    else:\n        b.put(-a.get())"
    )
    assert (ii, latency) == (1, 1)
    assert {stage for _, stage in stages} == {0}


def test_by_hand_gets_stand_in_stage_1_and_puts_in_the_last():
    assert figures("for k in range(8, pipeline=sp.Pipeline(latency=5)):\n    b.put(a.get())") == (
        1,
        5,
        [("get", 1), ("put", 4)],
    )


def test_by_hand_several_uses_of_one_end_still_fit_the_latency():
    """Two puts in a pipeline of 3 stages: the last two stages, with an interval of 2."""
    ii, latency, stages = figures(
        "for k in range(4, pipeline=sp.Pipeline(latency=3)):\n    x: int32 = a.get()\n    y: int32 = a.get()\n"
        "    b.put(x)\n    b.put(y)"
    )
    assert (ii, latency) == (2, 3)
    assert stages == [("get", 1), ("get", 2), ("put", 1), ("put", 2)]


def test_a_stage_given_by_stream_is_kept():
    body = 'for k in range(8, pipeline=sp.Pipeline(latency=4, stages={"a": 0, "b": 2})):\n    b.put(a.get())'
    assert figures(body) == (1, 4, [("get", 0), ("put", 2)])


@pytest.mark.parametrize("style", ["elastic", "rigid"])
def test_the_style_is_kept(style):
    region = actors(
        STREAMS,
        source="for k in range(8):\n    a.put(k)",
        relay=f"for k in range(8, pipeline=sp.Pipeline(style={style!r})):\n    b.put(a.get())",
        sink=SINK,
    )
    assert timing_of(region, "relay").style == style


def test_an_answer_is_taken_a_stage_after_its_question():
    region = actors(
        STREAMS,
        ask="for k in range(8):\n    a.put(k)\n    x: int32 = b.get()",
        answer="for k in range(8):\n    b.put(a.get())",
    )
    assert channel_stages(timing_of(region, "ask")) == [("put", 0), ("get", 1)]
    assert channel_stages(timing_of(region, "answer")) == [("get", 0), ("put", 0)]


def test_an_answer_by_hand_leaves_room_behind_its_question():
    """Latency 3: the put moves forward to stage 1, so that the get has the last."""
    region = actors(
        STREAMS,
        ask="for k in range(8, pipeline=sp.Pipeline(latency=3)):\n    a.put(k)\n    x: int32 = b.get()",
        answer="for k in range(8):\n    b.put(a.get())",
    )
    assert channel_stages(timing_of(region, "ask")) == [("put", 1), ("get", 2)]


def test_a_while_starts_an_iteration_when_the_one_before_has_ended():
    timing = timing_of(
        actors(
            STREAMS,
            source="for k in range(8):\n    a.put(7 - k)",
            relay="while a.get() > 0:\n    b.put(1)\n    b.put(2)",
            sink="for k in range(14):\n    x: int32 = b.get()",
        ),
        "relay",
    )
    assert (timing.ii, timing.latency, timing.overlaps) == (2, 2, False)


def test_memory_of_others_is_touched_between_the_gets_before_and_the_puts_behind():
    @sp.region()
    def ordered(A: int32[8]):
        a: Stream[int32, 2]
        b: Stream[int32, 2]

        @sp.kernel(args=[A])
        def write(A: int32[8]):
            for k in range(8):
                A[k] = k
                a.put(k)

        @sp.kernel(args=[A])
        def update(A: int32[8]):
            for k in range(8, pipeline=sp.Pipeline(latency=4)):
                n: int32 = a.get()
                A[n] += 1
                b.put(n)

        @sp.kernel()
        def sink():
            for k in range(8):
                x: int32 = b.get()

    timing = timing_of(ordered, "update")
    stages = {type(op.opview).__name__: stage for op, stage in timing.stages.items()}
    assert (stages["GetOp"], stages["LoadOp"], stages["StoreOp"], stages["PutOp"]) == (1, 1, 1, 3)
    A = np.zeros(8, np.int32)
    sp.simulate(ordered, A)
    assert A.tolist() == [k + 1 for k in range(8)]


def test_an_interval_below_the_least_is_refused_with_the_line_that_limits_it():
    told = problem_of("ii=1", "b.put(a.get())\n    b.put(a.get())")
    assert "cannot start an iteration every 1 cycles, the least is 2" in told
    assert "is used again here" in told
    assert "write `ii=2`" in told


def test_an_interval_below_a_recurrence_is_refused_with_the_line_that_ends_it():
    region = actors(
        STREAMS,
        source="for k in range(8):\n    a.put(k)",
        relay="""
            last: int32 = 0
            for k in range(8, pipeline=sp.Pipeline(ii=1, latency=4, stages={"a": 3, "b": 0})):
                b.put(last)
                last = a.get()
        """,
        sink=SINK,
    )
    with pytest.raises(sp.ProgramError) as caught:
        sp.simulate(region)
    assert "the least is 3" in str(caught.value)
    assert "the next iteration may need what is stored here" in str(caught.value)


def test_a_latency_below_the_least_is_refused_and_the_one_told_is_taken():
    told = problem_of("latency=1", "b.put(a.get())\n    b.put(a.get())")
    assert "an iteration of this loop takes 2 stages, not 1" in told
    assert "write `latency=2`" in told
    ii, latency, _ = figures(
        "for k in range(4, pipeline=sp.Pipeline(latency=2)):\n    b.put(a.get())\n    b.put(a.get())"
    )
    assert (ii, latency) == (2, 2)


def test_a_stage_of_a_stream_the_loop_does_not_use_is_refused():
    told = problem_of('latency=2, stages={"c": 1}')
    assert "this loop does not use the stream `c`" in told
    assert "`a`, `b`" in told


def test_a_stage_before_what_it_needs_is_refused():
    told = problem_of('latency=3, stages={"a": 2, "b": 1}')
    assert "`b` cannot be used in stage 1, the first it can be used in is 2" in told


def ring(latency):
    @sp.region()
    def region(Y: int32[2]):
        f: Stream[int32, 4][2]

        @sp.kernel(mapping=[2], args=[Y])
        def pe(Y: int32[2]):
            i = sp.get_pid()
            v: int32 = i
            for _t in range(8, pipeline=sp.Pipeline(latency=latency)):
                f[i].put(v)
                v = f[1 - i].get() + 1
            Y[i] = v

    return region


@pytest.mark.parametrize("latency", [2, 3, 4, 6])
def test_a_value_carried_around_a_ring_does_not_lengthen_its_interval(latency):
    Y = np.zeros(2, dtype=np.int32)
    assert sp.simulate(ring(latency), Y).cycles == 7 + latency
    assert Y.tolist() == [8, 9]


def test_a_pipeline_of_an_outer_loop_is_refused():
    @sp.region()
    def region(Y: int32[2, 3]):
        @sp.kernel()
        def pe(Y: int32[2, 3]):
            for a in range(2, pipeline=sp.Pipeline(ii=7, latency=9)):
                for b in range(3):
                    Y[a, b] = b

    with pytest.raises(sp.ProgramError, match="only an innermost loop is pipelined"):
        sp.simulate(region, np.zeros((2, 3), dtype=np.int32))
