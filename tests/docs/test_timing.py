"""The closed forms in `docs/timing.md` hold: each is evaluated as it is printed there, and simulated."""

import re
from pathlib import Path

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32

PAGE = Path(__file__).parents[2] / "docs" / "timing.md"
DEVICES = ("ideal", "hls")
LOOPS = [(1, 1, 1), (7, 1, 1), (7, 1, 4), (6, 3, 4), (5, 3, 2)]
CHAINS = [(1, 1, 1), (9, 1, 1), (9, 3, 1), (1, 2, 4), (8, 1, 2), (8, 3, 2), (9, 2, 3), (7, 4, 5)]


def closed_forms():
    """From each program in the page's table to its formula."""
    return dict(re.findall(r"^\| (.+) \| `(.+)` \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))


def predicted(program, **symbols):
    return eval(closed_forms()[program], {"max": max}, symbols)


def read_after_write(device, depth):
    """RAW of a channel of int32."""
    return 2 if device == "hls" and depth > 32 else 1


def cycles(region, *shape, device):
    return sp.simulate(region, np.zeros(shape, np.int32), device=device).cycles


def chain(TC, P, IL, depth, *, II=1, style="elastic"):
    """A source, P workers and a sink."""

    @sp.region()
    def chain(Y: int32[TC]):
        link: Stream[int32, depth][P + 1]

        @sp.kernel()
        def source():
            for n in range(TC, pipeline=sp.Pipeline(latency=IL, style=style)):
                link[0].put(n)

        @sp.kernel(mapping=[P])
        def worker():
            p = sp.get_pid()
            for n in range(TC, pipeline=sp.Pipeline(ii=II, latency=IL, style=style)):
                link[p + 1].put(link[p].get())

        @sp.kernel(args=[Y])
        def sink(Y: int32[TC]):
            for n in range(TC, pipeline=sp.Pipeline(latency=IL, style=style)):
                Y[n] = link[P].get()

    return chain


def test_every_closed_form_of_the_page_is_tested():
    tested = set(re.findall(r'predicted\(\s*"(.+?)"', Path(__file__).read_text(encoding="utf-8")))
    assert closed_forms().keys() == tested


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("TC", "II", "IL"), LOOPS)
def test_a_loop(TC, II, IL, device):
    @sp.region()
    def program(Y: int32[TC]):
        @sp.kernel()
        def work(Y: int32[TC]):
            for n in range(TC, pipeline=sp.Pipeline(ii=II, latency=IL)):
                Y[n] = 1

    assert cycles(program, TC, device=device) == predicted("a loop", TC=TC, II=II, IL=IL)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("TC", "II", "IL"), LOOPS)
def test_two_loops(TC, II, IL, device):
    @sp.region()
    def program(Y: int32[TC]):
        @sp.kernel()
        def work(Y: int32[TC]):
            for n in range(TC, pipeline=sp.Pipeline(ii=II, latency=IL)):
                Y[n] = 1
            for n in range(TC, pipeline=sp.Pipeline(ii=II, latency=IL)):
                Y[n] = 2

    expected = predicted("two such loops, one after the other", TC=TC, II=II, IL=IL)
    assert cycles(program, TC, device=device) == expected


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("TC", "II", "IL"), LOOPS)
def test_a_perfect_nest(TC, II, IL, device):
    N = 3

    @sp.region()
    def program(Y: int32[N, TC]):
        @sp.kernel()
        def work(Y: int32[N, TC]):
            for m in range(N):
                for n in range(TC, pipeline=sp.Pipeline(ii=II, latency=IL)):
                    Y[m, n] = 1

    expected = predicted("the loop inside of another with `N` iterations, perfectly nested", TC=TC, II=II, IL=IL, N=N)
    assert cycles(program, N, TC, device=device) == expected


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("TC", "II", "IL"), LOOPS)
def test_a_nest_with_a_statement_between(TC, II, IL, device):
    N = 3

    @sp.region()
    def program(Y: int32[N, TC + 1]):
        @sp.kernel()
        def work(Y: int32[N, TC + 1]):
            for m in range(N):
                for n in range(TC, pipeline=sp.Pipeline(ii=II, latency=IL)):
                    Y[m, n] = 1
                Y[m, TC] = 2

    expected = predicted("the same with a statement between the two", TC=TC, II=II, IL=IL, N=N)
    assert cycles(program, N, TC + 1, device=device) == expected


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("depth", [2, 33])
@pytest.mark.parametrize(("TC", "m"), [(1, 2), (5, 2), (4, 3)])
def test_several_puts_into_one_channel(TC, m, depth, device):
    @sp.region()
    def program(Y: int32[m * TC]):
        link: Stream[int32, depth]

        @sp.kernel()
        def source():
            for n in range(TC):
                with sp.meta_for(m) as lane:
                    link.put(n + lane)

        @sp.kernel(args=[Y])
        def sink(Y: int32[m * TC]):
            for n in range(m * TC):
                Y[n] = link.get()

    raw = read_after_write(device, depth)
    expected = predicted("one iteration with `m` puts into one channel, `TC` times, and a sink", TC=TC, m=m, RAW=raw)
    assert cycles(program, m * TC, device=device) == expected


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("style", ["elastic", "rigid"])
@pytest.mark.parametrize("depth", [2, 3, 32, 33])
@pytest.mark.parametrize(("TC", "P", "IL"), CHAINS)
def test_a_chain(TC, P, IL, depth, style, device):
    raw = read_after_write(device, depth)
    expected = predicted("a chain, workers with interval 1", TC=TC, P=P, IL=IL, RAW=raw)
    assert cycles(chain(TC, P, IL, depth, style=style), TC, device=device) == expected


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("II", [2, 3])
@pytest.mark.parametrize(("TC", "P", "IL"), CHAINS)
def test_a_chain_with_an_interval(TC, P, IL, II, device):
    expected = predicted("a chain, workers with interval `II`", TC=TC, P=P, IL=IL, II=II, RAW=1)
    assert cycles(chain(TC, P, IL, 2, II=II), TC, device=device) == expected


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("TC", "P", "IL"), CHAINS)
def test_a_chain_of_depth_one(TC, P, IL, device):
    expected = predicted("a chain of depth 1", TC=TC, P=P, IL=IL, RAW=1)
    assert cycles(chain(TC, P, IL, 1), TC, device=device) == expected


@pytest.mark.parametrize("device", DEVICES)
def test_outside_of_loops_each_channel_operation_takes_a_cycle(device):
    @sp.region()
    def program(Y: int32[3]):
        link: Stream[int32, 2]

        @sp.kernel()
        def source():
            link.put(1)
            link.put(2)
            link.put(3)

        @sp.kernel(args=[Y])
        def sink(Y: int32[3]):
            for n in range(3):
                Y[n] = link.get()

    assert cycles(program, 3, device=device) == 3 + 1


@pytest.mark.parametrize("device", DEVICES)
def test_an_unpipelined_loop_takes_a_cycle_for_each_channel_operation(device):
    TC = 6

    @sp.region()
    def program(Y: int32[TC]):
        before: Stream[int32, 2]
        behind: Stream[int32, 2]

        @sp.kernel()
        def source():
            for n in range(TC):
                before.put(n)

        @sp.kernel()
        def worker():
            for n in range(TC, pipeline=False):
                behind.put(before.get())

        @sp.kernel(args=[Y])
        def sink(Y: int32[TC]):
            for n in range(TC):
                Y[n] = behind.get()

    assert cycles(program, TC, device=device) == 1 + 2 * TC + 1


@pytest.mark.parametrize("device", DEVICES)
def test_an_unpipelined_iteration_without_channel_operations_takes_a_cycle(device):
    @sp.region()
    def program(Y: int32[5]):
        @sp.kernel()
        def work(Y: int32[5]):
            for n in range(5, pipeline=False):
                Y[n] = n

    assert cycles(program, 5, device=device) == 5


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("b", [0, 2, 5])
def test_a_loop_that_is_left_takes_no_time_for_the_iterations_behind(b, device):
    """`IL * (b + 1)`, with the IL of 2 that two puts into one channel need."""

    @sp.region()
    def left(Y: int32[1]):
        link: Stream[int32, 32]

        @sp.kernel(args=[Y])
        def only(Y: int32[1]):
            for k in range(9):
                link.put(k)
                link.put(k)
                if k == b:
                    break

        @sp.kernel()
        def drain():
            for _ in range(2 * (b + 1)):
                link.get()

    assert "takes `IL * (b + 1)` cycles" in PAGE.read_text(encoding="utf-8")
    assert sp.simulate(left, np.zeros(1, np.int32), device=device).actors["only[0]"].done == 2 * (b + 1)
