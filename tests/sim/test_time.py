"""Closed forms of the specification's section on time, on single loops and on chains."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from tests.sim.programs import region_of

PIPELINES = [
    (trips, ii, latency, style)
    for trips in (0, 1, 2, 7)
    for ii in (1, 2, 5)
    for latency in (1, 3, 5)
    for style in ("elastic", "rigid")
]


def single(trips: int, pipeline: sp.Pipeline, after: int = 0) -> sp.Run:
    @sp.region()
    def one(A: int32[8]):
        @sp.kernel(args=[A])
        def only(A: int32[8]):
            for k in range(trips, pipeline=pipeline):
                A[k] = k
            for k in range(after):
                A[k] = 0

    return sp.simulate(one, np.zeros(8, np.int32))


@pytest.mark.parametrize(("trips", "ii", "latency", "style"), PIPELINES)
def test_a_pipeline_takes_ii_times_trips_less_one_plus_latency(trips, ii, latency, style):
    """II*(TC-1) + IL, and nothing for no iterations."""
    run = single(trips, sp.Pipeline(ii=ii, latency=latency, style=style))
    assert run.cycles == (ii * (trips - 1) + latency if trips else 0)


def test_what_follows_a_pipeline_starts_one_cycle_after_its_last_stage():
    """II*(TC-1) + IL, then 3 iterations of one cycle."""
    assert single(4, sp.Pipeline(ii=2, latency=5), after=3).cycles == (2 * 3 + 5) + 3


def streamed(trips: int, pipeline: sp.Pipeline) -> sp.Run:
    """A pipelined writer into a channel that is never full."""

    @sp.region()
    def pair():
        fifo: Stream[int32, 64]

        @sp.kernel()
        def write():
            for k in range(trips, pipeline=pipeline):
                fifo.put(k)

        @sp.kernel()
        def read():
            for k in range(trips):
                fifo.get()

    return sp.simulate(pair, record="fifo")


@pytest.mark.parametrize(("trips", "ii", "latency", "style"), PIPELINES)
def test_iteration_i_enters_at_i_times_ii_and_puts_in_its_last_stage(trips, ii, latency, style):
    """put[i] = i*II + IL - 1."""
    run = streamed(trips, sp.Pipeline(ii=ii, latency=latency, style=style))
    assert run.trace["fifo"].puts == tuple(i * ii + latency - 1 for i in range(trips))
    assert run.actors["write[0]"].done == (ii * (trips - 1) + latency if trips else 0)


def test_a_get_stands_in_stage_1_of_a_pipeline_with_several_stages():
    """get[i] = put[i] + 1 = i + 1 for a reader that starts at 0 and gets in stage 1."""

    @sp.region()
    def pair():
        fifo: Stream[int32, 4]

        @sp.kernel()
        def write():
            for k in range(6):
                fifo.put(k)

        @sp.kernel()
        def read():
            for k in range(6, pipeline=sp.Pipeline(latency=4)):
                fifo.get()

    run = sp.simulate(pair, record="fifo")
    assert run.trace["fifo"].gets == tuple(i + 1 for i in range(6))
    assert run.cycles == 5 + 4


NESTS = {
    "perfect": ("for i in range(3):", "    for j in range(4, pipeline=P):", "        A[i, j] = i", 2 * 11 + 5),
    "grid": ("for i, j in sp.grid(3, 4, pipeline=P):", "    A[i, j] = i", "", 2 * 11 + 5),
    "imperfect": ("for i in range(3):", "    A[i, 0] = 0\n            for j in range(4, pipeline=P):",
                  "        A[i, j] = i", 3 * (2 * 3 + 5)),
    "dependent bound": ("for i in range(3):", "    for j in range(i, pipeline=P):", "        A[i, j] = i",
                        0 + 5 + (2 + 5)),
}  # fmt: skip


@pytest.mark.parametrize("nest", NESTS)
def test_perfect_nests_flatten_and_others_do_not(nest):
    """Perfect: II*(3*4 - 1) + IL; imperfect: 3 * (II*(4-1) + IL); triangular: the sum over its rows."""
    *lines, cycles = NESTS[nest]
    text = "@sp.region()\ndef net(A: int32[3, 4]):\n    @sp.kernel(args=[A])\n    def only(A: int32[3, 4]):\n"
    text += "\n".join(" " * 8 + line for line in lines) + "\n"
    region = region_of(text, P=sp.Pipeline(ii=2, latency=5))
    assert sp.simulate(region, np.zeros((3, 4), np.int32)).cycles == cycles


def test_three_loops_that_nest_perfectly_flatten_over_all_axes():
    """II*(2*3*4 - 1) + IL with II = IL = 1."""

    @sp.region()
    def cube(A: int32[2, 3, 4]):
        @sp.kernel(args=[A])
        def only(A: int32[2, 3, 4]):
            for i in range(2):
                for j in range(3):
                    for k in range(4):
                        A[i, j, k] = i + j + k

    A = np.zeros((2, 3, 4), np.int32)
    assert sp.simulate(cube, A).cycles == 24
    assert np.array_equal(A, np.indices(A.shape).sum(axis=0))


def test_an_unpipelined_loop_takes_a_cycle_for_each_channel_operation():
    """4 iterations of 2 puts each, in place of 4 * II with II = 2 and overlapping iterations."""

    @sp.region()
    def pair():
        left: Stream[int32, 8]
        right: Stream[int32, 8]

        @sp.kernel()
        def write():
            for k in range(4, pipeline=False):
                left.put(k)
                right.put(k)

        @sp.kernel()
        def read():
            for k in range(4):
                left.get()
                right.get()

    run = sp.simulate(pair, record=["left", "right"])
    assert run.trace["left"].puts == (0, 2, 4, 6)
    assert run.trace["right"].puts == (1, 3, 5, 7)


def test_channel_operations_outside_of_loops_take_a_cycle_each():
    @sp.region()
    def pair():
        fifo: Stream[int32, 4]

        @sp.kernel()
        def write():
            fifo.put(1)
            fifo.put(2)
            fifo.put(3)

        @sp.kernel()
        def read():
            fifo.get()
            fifo.get()
            fifo.get()

    run = sp.simulate(pair, record="fifo")
    assert (run.trace["fifo"].puts, run.trace["fifo"].gets, run.cycles) == ((0, 1, 2), (1, 2, 3), 4)


def test_two_puts_into_one_channel_make_an_iteration_of_two_cycles():
    """II = 2: put[n] = n, so 2*TC tokens take 2*TC cycles."""

    @sp.region()
    def pair():
        fifo: Stream[int32, 4]

        @sp.kernel()
        def write():
            for k in range(5):
                fifo.put(k)
                fifo.put(-k)

        @sp.kernel()
        def read():
            for k in range(10):
                fifo.get()

    run = sp.simulate(pair, record="fifo")
    assert run.trace["fifo"].puts == tuple(range(10))
    assert run.trace["fifo"].values == tuple(sign * k for k in range(5) for sign in (1, -1))


# Chains


def chain(
    channels: int,
    tokens: int,
    *,
    depth: int = 2,
    element: object = int32,
    relay: sp.Pipeline | None = None,
    sink: sp.Pipeline | None = None,
    device: str = "ideal",
) -> sp.Run:
    """A source, `channels - 1` relays and a sink, all one loop over `tokens`."""
    relay, sink = relay or sp.Pipeline(), sink or sp.Pipeline()
    last = channels - 1

    @sp.region()
    def line():
        fifo: Stream[element, depth][channels]

        @sp.kernel(mapping=[channels + 1])
        def stage():
            i = sp.get_pid()
            with sp.meta_if(i == 0):
                for k in range(tokens):
                    fifo[0].put(k)
            with sp.meta_elif(i == last + 1):
                for k in range(tokens, pipeline=sink):
                    fifo[last].get()
            with sp.meta_else():
                for k in range(tokens, pipeline=relay):
                    fifo[i].put(fifo[i - 1].get())

    return sp.simulate(line, device=device, record=["fifo"])


@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize("tokens", [1, 9])
def test_a_token_spends_one_cycle_in_each_shift_register_of_a_chain(channels, tokens):
    """get[k] of channel c is k + (c+1)*RAW with RAW = 1; cycles = TC + C*RAW."""
    run = chain(channels, tokens, device="hls")
    for c in range(channels):
        assert run.trace[f"fifo[{c}]"].gets == tuple(k + c + 1 for k in range(tokens))
    assert run.cycles == tokens + channels


@pytest.mark.parametrize(
    ("depth", "bits", "latency"),
    [(2, 1024, 1), (32, 32, 1), (33, 32, 2), (3, 342, 2), (3, 341, 1), (1024, 1, 1), (1025, 1, 2)],
)
def test_a_memory_fifo_shows_a_token_two_cycles_after_its_put(depth, bits, latency):
    """RAW = 2 where D > 2 and D*w > 1024, else 1; cycles = TC + C*RAW."""
    element = sp.UInt(bits)
    for device, delay in (("hls", latency), ("ideal", 1)):
        run = chain(3, 7, depth=depth, element=element, device=device)
        assert run.cycles == 7 + 3 * delay, device


@pytest.mark.parametrize("channels", [1, 4])
def test_a_channel_of_depth_1_passes_a_token_every_second_cycle(channels):
    """put[k] >= get[k-1] + 1 = put[k-1] + 2; cycles = 2*(TC-1) + C + 1."""
    run = chain(channels, 8, depth=1, device="hls")
    assert run.trace["fifo[0]"].puts == tuple(2 * k for k in range(8))
    assert run.trace["fifo[0]"].gets == tuple(2 * k + 1 for k in range(8))
    assert run.cycles == 2 * 7 + channels + 1


@pytest.mark.parametrize("latency", [1, 2, 3, 6])
@pytest.mark.parametrize("style", ["elastic", "rigid"])
def test_relays_with_several_stages_delay_what_they_pass(latency, style):
    """A relay gets in stage g = min(1, IL-1), puts in IL-1: put[k] = get[k] + IL - 1 - g.

    The first relay's stage 0 overlaps with the source. Rigid or not, nothing stalls at full depth until the
    source ends, and what is in flight then drains.
    """
    relays, tokens = 3, 10
    run = chain(relays + 1, tokens, depth=16, relay=sp.Pipeline(latency=latency, style=style))
    through = latency - 1 - min(1, latency - 1)
    for c in range(relays + 1):
        assert run.trace[f"fifo[{c}]"].puts == tuple(k + c * (1 + through) for k in range(tokens))
    assert run.cycles == tokens + relays * (1 + through) + 1


@pytest.mark.parametrize("interval", [2, 3])
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_slow_consumer_holds_its_producer_back_once_the_channel_is_full(interval, depth):
    """get[k] = RAW + S*k; put[k] = max(k, get[k-D] + WAR); cycles = S*(TC-1) + 1 + RAW."""
    tokens = 9
    run = chain(1, tokens, depth=depth, sink=sp.Pipeline(ii=interval))
    gets = tuple(1 + interval * k for k in range(tokens))
    puts: list[int] = []
    for k in range(tokens):
        puts.append(max(puts[-1] + 1 if puts else 0, gets[k - depth] + 1 if k >= depth else 0))
    assert run.trace["fifo[0]"].gets == gets
    assert run.trace["fifo[0]"].puts == tuple(puts)
    assert run.cycles == interval * (tokens - 1) + 1 + 1


@pytest.mark.parametrize("interval", [2, 4])
def test_the_slowest_relay_sets_the_pace_of_a_chain(interval):
    """cycles = II*(TC-1) + C*RAW + 1."""
    assert chain(3, 12, relay=sp.Pipeline(ii=interval)).cycles == interval * 11 + 3 + 1
