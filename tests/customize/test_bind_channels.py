"""A channel that is bound to storage has its timing, its resources and its C++ on every engine."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32

DEVICE = "xcu280@300"
SIZE = 16


@sp.region()
def relay(A: int32[SIZE], B: int32[SIZE], out: Stream[int32]):
    hop: Stream[int32, 2][2]

    @sp.kernel(args=[A])
    def send(A: int32[SIZE]):
        for i in range(SIZE):
            hop[0].put(A[i])

    @sp.kernel()
    def pass_on():
        for i in range(SIZE):
            hop[1].put(hop[0].get() + 1)

    @sp.kernel(args=[B])
    def receive(B: int32[SIZE]):
        for i in range(SIZE):
            value: int32 = hop[1].get()
            B[i] = value
            out.put(value)


def cycles(program, **options):
    A, B = np.arange(SIZE, dtype=np.int32), np.zeros(SIZE, np.int32)
    runs = [sp.simulate(program, A, B, device=DEVICE, engine=engine, **options) for engine in ("native", "simpy")]
    runs.append(sp.simulate(program, A, B, device=DEVICE, values=False, **options))
    assert B.tolist() == (A + 1).tolist()
    assert len({run.cycles for run in runs}) == 1
    return runs[0].cycles


def bound(name, impl):
    s = sp.customize(relay)
    s.bind(name, impl)
    return s


def test_memory_shows_a_token_a_cycle_later_than_a_register():
    assert cycles(bound("hop", "srl")) == cycles(relay)
    assert cycles(bound("hop[1]", "bram"), depths={"hop": 8}) == cycles(relay, depths={"hop": 8}) + 1
    assert cycles(bound("hop", "bram"), depths={"hop": 8}) == cycles(relay, depths={"hop": 8}) + 2
    deep = {"hop": 256}
    assert cycles(relay, depths=deep) == cycles(bound("hop", "bram"), depths=deep)
    assert cycles(bound("hop", "srl"), depths=deep) == cycles(relay, depths={"hop": 8})


def test_resources_and_sizes_follow():
    plain, memory = (sp.report(each, device=DEVICE).resources.total for each in (relay, bound("hop", "bram")))
    assert (plain.bram18, memory.bram18) == (0, 2)
    arrays = np.zeros((2, SIZE), np.int32)
    sizing = sp.size_fifos(bound("hop[0]", "bram"), *arrays, device=DEVICE)
    assert sizing.channels["hop[0]"].memory.blocks == 1
    assert sizing.channels["hop[1]"].memory.blocks == 0


def test_each_storage_has_its_own_streams_in_the_code():
    assert str(bound("hop[1]", "bram").module).count('df.storage = "bram"') == 1
    code = str(sp.build(bound("hop[1]", "bram"), target="hls", device=DEVICE))
    bindings = [line.split("impl=")[1] for line in code.splitlines() if "bind_storage" in line and "hop" in line]
    assert sorted(bindings) == ["bram", "srl"]


@pytest.mark.parametrize(
    ("name", "impl", "title"),
    [
        ("hop", "uram", "a channel is not bound to 'uram'"),
        ("out", "srl", "`out` is a parameter of the program: what holds its tokens lies outside"),
    ],
)
def test_what_no_channel_has_is_refused(name, impl, title):
    with pytest.raises(sp.ProgramError) as caught:
        bound(name, impl)
    (problem,) = caught.value.problems
    assert problem.report().title == title
