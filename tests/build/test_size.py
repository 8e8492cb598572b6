"""`sp.size_fifos`: closed forms, what it tells, and what it refuses."""

import pickle
from pathlib import Path

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from tests.sim.programs import actors

TOKENS, BURST = 64, 16


@sp.region()
def diamond():
    """`b` must hold what `middle` takes from `a` before it puts anything into `c`."""
    a: Stream[int32, 2]
    b: Stream[int32, 2]
    c: Stream[int32, 2]

    @sp.kernel()
    def source():
        for i in range(TOKENS):
            a.put(i)
            b.put(i)

    @sp.kernel()
    def middle():
        block: int32[BURST]
        for _ in range(TOKENS // BURST):
            for i in range(BURST):
                block[i] = a.get()
            for i in range(BURST):
                c.put(block[i])

    @sp.kernel()
    def sink():
        for _ in range(TOKENS):
            total: int32 = b.get() + c.get()


def test_reconvergent_paths_need_what_the_longer_one_holds():
    sizing = sp.size_fifos(diamond)
    assert sizing.declared_cycles is None
    assert sizing.depths == {"a": 2, "b": BURST, "c": 2}
    assert sizing.channels["b"].why == f"{BURST - 1} deadlocks"
    assert sizing.cycles == sizing.fewest == sp.simulate(diamond, depths=sizing.depths).cycles
    assert sizing.smallest
    assert sizing.fewest_proven


@pytest.mark.parametrize("engine", ["native", "simpy"])
def test_the_engines_find_the_same_depths(engine):
    assert sp.size_fifos(diamond, device="hls", engine=engine).depths == {"a": 2, "b": BURST, "c": 2}


@pytest.mark.parametrize("burst", [4, 8, 16])
def test_a_burst_is_held_while_a_reader_of_half_the_rate_takes_it(burst):
    """The writer then computes as long as it took, so it must not wait: at its last put the reader has freed
    `burst / 2 - 1` slots."""
    region = actors(
        "a: Stream[int32, 2]",
        left=f"""
        block: int32[{burst}]
        for _ in range(4):
            for i in range({burst}):
                a.put(i)
            for i in range({burst}):
                block[i] = i
        """,
        right=f"for i in range({4 * burst}, pipeline=sp.Pipeline(ii=2, latency=1)):\n    x: int32 = a.get()",
    )
    assert sp.size_fifos(region).depths == {"a": burst // 2 + 1}


def test_slack_and_cycles_trade_time_for_memory():
    fewest = sp.size_fifos(diamond)
    slower = sp.size_fifos(diamond, cycles=fewest.cycles + 60)
    assert fewest.cycles < slower.cycles <= fewest.cycles + 60
    assert slower.memory < fewest.memory
    assert sp.size_fifos(diamond, slack=0.5).depths == slower.depths


def test_the_front_goes_from_the_fewest_cycles_to_the_least_memory():
    sizing = sp.size_fifos(diamond)
    assert sizing.front_complete
    assert sizing.front[0].depths == sizing.depths
    cycles, bits = zip(*((point.cycles, point.memory.bits) for point in sizing.front), strict=True)
    assert list(cycles) == sorted(set(cycles))
    assert list(bits) == sorted(set(bits), reverse=True)
    assert dict(sizing.front[-1].depths) == {"a": 1, "b": BURST, "c": 1}
    assert all(sp.simulate(diamond, depths=point.depths).cycles == point.cycles for point in sizing.front)


@pytest.mark.parametrize("engine", ["simpy", "native"])
def test_what_is_found_survives_pickling_with_its_front(engine):
    sizing = sp.size_fifos(diamond, engine=engine)
    again = pickle.loads(pickle.dumps(sizing))
    assert (str(again), again.front, again.front_complete) == (str(sizing), sizing.front, sizing.front_complete)


def test_several_channels_that_deadlock_only_together_are_all_deepened():
    region = actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]",
        left="for i in range(6):\n    a.put(i)\nfor i in range(6):\n    b.put(i)",
        right="for i in range(6):\n    x: int32 = b.get()\nfor i in range(6):\n    y: int32 = a.get()",
    )
    sizing = sp.size_fifos(region)
    assert sizing.declared_cycles is None
    assert sizing.depths == {"a": 6, "b": 2}


@sp.region()
def busy_memory(A: int32[8], B: int32[8]):
    a: Stream[int32, 8]

    @sp.kernel()
    def load(A: int32[8]):
        for i in range(8):
            a.put(A[i])

    @sp.kernel()
    def store(B: int32[8]):
        for i in range(8):
            B[i] = a.get()


def test_arguments_may_be_left_out_where_no_value_decides():
    sizing = sp.size_fifos(busy_memory)
    assert sizing.depths == {"a": 2}
    assert sizing.checked.endswith("(timing engine)")
    A = np.zeros(8, np.int32)
    assert "by the reference engine too" in sp.size_fifos(busy_memory, A, A.copy()).checked


def test_where_values_decide_the_program_is_run_with_them():
    @sp.region()
    def chosen(A: int32[8]):
        a: Stream[int32, 8]
        b: Stream[int32, 8]

        @sp.kernel()
        def left(A: int32[8]):
            for i in range(8):
                if A[i] > 0:
                    a.put(i)
                else:
                    b.put(i)

        @sp.kernel()
        def right(A: int32[8]):
            for i in range(8):
                if A[i] > 0:
                    x: int32 = a.get()
            for i in range(8):
                if A[i] <= 0:
                    y: int32 = b.get()

    mixed = sp.size_fifos(chosen, np.array([1, 0, 1, 0, 1, 0, 1, 0], np.int32))
    assert "native engine" in mixed.checked
    assert mixed.depths["b"] > sp.size_fifos(chosen, np.ones(8, np.int32)).depths["b"] == 1
    with pytest.raises(sp.ProgramError, match="A"):
        sp.size_fifos(chosen)


def test_a_recorded_design_takes_no_arguments():
    design = sorted((Path(__file__).parents[1] / "sim" / "recorded" / "designs").glob("*gesummv*"))[0]
    assert sp.size_fifos(design, slack=0.1).cycles > sp.size_fifos(str(design)).cycles
    with pytest.raises(sp.ProgramError, match="takes no arguments"):
        sp.size_fifos(design, 1)
    with pytest.raises(sp.ProgramError, match="has no FIFO `z`"):
        sp.size_fifos(design, depths={"z": 3})


def test_arrays_are_only_read():
    @sp.region()
    def double(A: int32[8], B: int32[8]):
        a: Stream[int32, 8]

        @sp.kernel()
        def load(A: int32[8]):
            for i in range(8):
                a.put(A[i])

        @sp.kernel()
        def store(B: int32[8]):
            for i in range(8):
                B[i] = a.get() * 2

    B = np.full(8, 7, np.int32)
    assert sp.size_fifos(double, np.arange(8, dtype=np.int32), B).depths == {"a": 2}
    assert (B == 7).all()


def test_a_program_whose_actors_share_elements_is_sized():
    @sp.region()
    def handed(A: int32[8], B: int32[8]):
        a: Stream[int32, 8]

        @sp.kernel()
        def first(A: int32[8]):
            for i in range(8):
                A[i] = i
                a.put(i)

        @sp.kernel()
        def second(A: int32[8], B: int32[8]):
            for _ in range(8):
                i: int32 = a.get()
                B[i] = A[i]

    assert sp.size_fifos(handed, np.zeros(8, np.int32), np.zeros(8, np.int32)).depths == {"a": 2}


def test_what_it_found_is_printed_in_a_table():
    told = str(sp.size_fifos(diamond))
    for text in (
        "no depths take fewer",
        "as declared it deadlocks",
        "15 deadlocks",
        "reference engine",
        "shift register",
    ):
        assert text in told


def test_a_region_that_deadlocks_at_any_depth_is_told_with_its_lines():
    region = actors(
        "a: Stream[int32, 1]\nb: Stream[int32, 1]",
        left="x: int32 = b.get()\na.put(x)",
        right="x: int32 = a.get()\nb.put(x)",
    )
    with pytest.raises(sp.Deadlock, match="no depth helps"):
        sp.size_fifos(region)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"cycles": 10}, "does not run in 10 cycles"),
        ({"cycles": 0}, "at least 1"),
        ({"cycles": 500, "slack": 0.1}, "both say"),
        ({"slack": -1}, "at least 0"),
        ({"depths": {"z": 3}}, "no channel `z`"),
        ({"engine": "fast"}, "no engine 'fast'"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(options, told):
    with pytest.raises(sp.ProgramError, match=told):
        sp.size_fifos(diamond, **options)


def test_a_program_that_asks_the_clock_is_refused():
    region = actors(
        "a: Stream[int32, 1]",
        left="a.put(1)",
        right="ok: bool_ = False\nwhile not ok:\n    ok, x = a.try_get()",
    )
    with pytest.raises(sp.ProgramError, match="depends on time"):
        sp.size_fifos(region)


def test_more_tokens_than_a_trial_may_hold_are_refused_by_name():
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        first="for k in range(5_000_000):\n    a.put(k)",
        relay="for k in range(5_000_000):\n    b.put(a.get())",
        last="for k in range(5_000_000):\n    x: int32 = b.get()",
    )
    with pytest.raises(sp.ProgramError, match=r"too many tokens to be sized: .* 4194304 of them together at most"):
        sp.size_fifos(region)
