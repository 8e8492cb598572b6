"""A channel that really holds more tokens than there is memory for."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.sim.native import image
from spatial.sim.reference import channel

COUNT = 1 << 12


@sp.region()
def late(B: int32[1]):
    a: Stream[int32, 2]
    go: Stream[int32, 2]

    @sp.kernel()
    def left():
        for k in range(COUNT):
            a.put(k)
        go.put(1)

    @sp.kernel(args=[B])
    def right(B: int32[1]):
        go.get()
        for k in range(COUNT):
            B[0] = a.get()


@pytest.fixture(autouse=True)
def small_rooms(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(image, "ROOM", 1 << 12)
    monkeypatch.setattr(channel, "MOST_HELD", 1 << 10)


@pytest.mark.parametrize("engine", ["native", "simpy"])
def test_more_tokens_than_there_is_memory_for_are_refused_by_name(engine: str):
    with pytest.raises(sp.ProgramError, match="`a` holds 1024 tokens at once"):
        sp.simulate(late, np.zeros(1, np.int32), engine=engine, depths={"a": 10**8})


def test_the_target_cpu_refuses_them_as_well():
    with pytest.raises(sp.ProgramError, match="`a` holds 1024 tokens at once"):
        sp.build(late, target="cpu", depths={"a": 10**8})(np.zeros(1, np.int32))


def test_a_channel_that_is_as_deep_may_hold_fewer():
    B = np.zeros(1, np.int32)
    sp.simulate(late, B, depths={"a": COUNT}, until=1000)
