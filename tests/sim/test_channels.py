"""Block tokens, initial tokens, peeks, polls, selection: their values and their cycles."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from tests.sim.programs import actors

BOTH = pytest.mark.parametrize("device", ["ideal", "hls"])


def times(region, *arrays, device="ideal", record, **options):
    run = sp.simulate(region, *arrays, device=device, record=[record], **options)
    return run.trace[record].puts, run.trace[record].gets


@BOTH
def test_a_block_is_put_and_taken_in_one_cycle(device):
    region = actors(
        "blocks: Stream[int32[64], 2]", source="b: int32[64] = 7\nfor n in range(4):\n    blocks.put(b)",
        sink="for n in range(4):\n    b: int32[64] = blocks.get()",
    )  # fmt: skip
    assert times(region, device=device, record="blocks") == ((64, 65, 66, 67), (65, 66, 67, 68))


def test_a_block_is_a_value():
    @sp.region()
    def region(Y: int32[4]):
        blocks: Stream[int32[4], 2]

        @sp.kernel()
        def source():
            b: int32[4] = 1
            blocks.put(b)
            b[0] = 9
            blocks.put(b)
            blocks.put(b + b)

        @sp.kernel(args=[Y])
        def sink(Y: int32[4]):
            first: int32[4] = blocks.get()
            Y[:] = blocks.get()
            Y[1] = first[0]
            Y[2:4] = blocks.get()[0:2]

    Y = np.zeros(4, dtype=np.int32)
    sp.simulate(region, Y)
    assert Y.tolist() == [9, 1, 18, 2]


def test_recorded_blocks_are_arrays():
    region = actors(
        "blocks: Stream[int32[2, 2], 2]", source="b: int32[2, 2] = 3\nblocks.put(b)",
        sink="b: int32[2, 2] = blocks.get()",
    )  # fmt: skip
    (token,) = sp.simulate(region, record=["blocks"]).trace["blocks"].values
    assert token.tolist() == [[3, 3], [3, 3]]


def test_a_large_block_makes_a_memory_fifo():
    small = "fifo: Stream[int32[8], 4]"
    large = "fifo: Stream[int32[16], 4]"
    body = {"source": "b: int32[{n}] = 0\nfifo.put(b)", "sink": "b: int32[{n}] = fifo.get()"}
    for streams, size, delay in ((small, 8, 1), (large, 16, 2)):
        region = actors(streams, **{name: text.format(n=size) for name, text in body.items()})
        (put,), (get,) = times(region, device="hls", record="fifo")
        assert get - put == delay


@BOTH
def test_the_first_gets_find_the_initial_tokens(device):
    @sp.region()
    def region(Y: int32[4]):
        fifo = sp.pipe(dtype=int32, depth=3, initial=[5, 6])

        @sp.kernel()
        def source():
            for k in range(2):
                fifo.put(k)

        @sp.kernel(args=[Y])
        def sink(Y: int32[4]):
            for k in range(4):
                Y[k] = fifo.get()

    Y = np.zeros(4, dtype=np.int32)
    assert times(region, Y, device=device, record="fifo") == ((-1, -1, 0, 1), (0, 1, 2, 3))
    assert Y.tolist() == [5, 6, 0, 1]


def test_initial_tokens_let_a_ring_start():
    @sp.region()
    def region(Y: int32[1]):
        ring = sp.array(sp.pipe(dtype=int32, depth=2, initial=[1]), shape=3)

        @sp.kernel(mapping=[3], args=[Y])
        def pe(Y: int32[1]):
            i = sp.get_pid()
            for _n in range(4):
                token: int32 = ring[i].get()
                ring[(i + 1) % 3].put(token + i)
            with sp.meta_if(i == 0):
                Y[0] = token

    Y = np.zeros(1, dtype=np.int32)
    assert sp.simulate(region, Y).channels["ring[0]"].left == 1
    assert Y[0] == 4


def test_an_initial_token_counts_in_a_report():
    region = actors("pass", source="fifo.put(1)", sink="for _ in range(3):\n    fifo.get()")
    with pytest.raises(sp.ProgramError):
        sp.simulate(region)

    @sp.region()
    def program():
        fifo = sp.pipe(dtype=int32, depth=2, initial=[0])

        @sp.kernel()
        def source():
            fifo.put(1)

        @sp.kernel()
        def sink():
            for _k in range(3):
                fifo.get()

    with pytest.raises(sp.Deadlock, match="began with 1 tokens, saw 1 puts and 2 gets"):
        sp.simulate(program)


def test_peek_waits_and_takes_nothing():
    @sp.region()
    def region(Y: int32[4]):
        fifo: Stream[int32, 3]

        @sp.kernel()
        def source():
            for k in range(6):
                fifo.put(k * k)

        @sp.kernel(args=[Y])
        def window(Y: int32[4]):
            for k in range(4):
                Y[k] = fifo.peek() + fifo.peek(1) + fifo.peek(2)
                fifo.get()
            fifo.get()
            fifo.get()

    Y = np.zeros(4, dtype=np.int32)
    puts, gets = times(region, Y, record="fifo")
    assert Y.tolist() == [5, 14, 29, 50]
    assert gets[0] == puts[2] + 1
    assert gets[:4] == (3, 5, 7, 9)


def test_a_peek_too_deep_at_run_time_is_a_deadlock_that_names_the_depth():
    @sp.region()
    def region(n: int32):
        fifo: Stream[int32, 2]

        @sp.kernel()
        def source():
            for k in range(4):
                fifo.put(k)

        @sp.kernel()
        def sink(n: int32):
            fifo.peek(n)
            for _k in range(4):
                fifo.get()

    with pytest.raises(sp.Deadlock, match="see 4 tokens of") as caught:
        sp.simulate(region, 3)
    assert caught.value.report.verdict.depths == {"fifo": 4}


def test_a_negative_peek_at_run_time_is_a_fault():
    @sp.region()
    def region(n: int32):
        fifo: Stream[int32, 2]

        @sp.kernel()
        def source():
            fifo.put(1)

        @sp.kernel()
        def sink(n: int32):
            fifo.peek(n)
            fifo.get()

    with pytest.raises(sp.RunError, match="tokens count from 0"):
        sp.simulate(region, -1)


@BOTH
def test_a_poll_sees_what_earlier_cycles_did(device):
    @sp.region()
    def region(Y: int32[6]):
        fifo: Stream[int32, 1]

        @sp.kernel()
        def source():
            fifo.put(7)

        @sp.kernel(args=[Y])
        def sink(Y: int32[6]):
            Y[0] = fifo.empty()
            Y[1] = fifo.empty()
            ok, token = fifo.try_get()
            Y[2], Y[3] = ok, token
            ok, token = fifo.try_get()
            Y[4], Y[5] = ok, token

    Y = np.zeros(6, dtype=np.int32)
    run = sp.simulate(region, Y, device=device, record=["fifo"])
    assert Y.tolist() == [1, 0, 1, 7, 0, 0]
    assert run.trace["fifo"].gets == (2,)
    assert run.cycles == 4


@BOTH
def test_a_put_is_tried_until_there_is_room(device):
    @sp.region()
    def region(Y: int32[1]):
        fifo: Stream[int32, 2]

        @sp.kernel(args=[Y])
        def source(Y: int32[1]):
            for k in range(4):
                while not fifo.try_put(k):
                    Y[0] += 1

        @sp.kernel()
        def sink():
            for _k in range(4):
                fifo.get()
                for _n in range(4):
                    pass

    Y = np.zeros(1, dtype=np.int32)
    puts, gets = times(region, Y, device=device, record="fifo")
    assert gets == (1, 6, 11, 16)
    assert puts == (0, 1, 2, 7)
    assert Y[0] == 4


@BOTH
def test_the_oldest_token_is_selected_and_equally_old_ones_in_turn(device):
    @sp.region()
    def region(K: int32[6]):
        fifo: Stream[int32, 2][3]

        @sp.kernel(mapping=[3])
        def source():
            i = sp.get_pid()
            for k in range(2):
                fifo[i].put(k)

        @sp.kernel(args=[K])
        def sink(K: int32[6]):
            for n in range(6):
                k, token = sp.select(fifo)
                K[n] = 10 * k + token

    K = np.zeros(6, dtype=np.int32)
    run = sp.simulate(region, K, device=device)
    assert K.tolist() == [0, 10, 20, 1, 11, 21]
    assert run.cycles == 7


def test_a_starred_list_of_channels_is_selected_from():
    @sp.region()
    def region(Y: int32[4]):
        fifo: Stream[int32, 2][3]
        last: Stream[int32, 2]

        @sp.kernel(mapping=[3])
        def source():
            i = sp.get_pid()
            fifo[i].put(i)

        @sp.kernel()
        def other():
            last.put(3)

        @sp.kernel(args=[Y])
        def sink(Y: int32[4]):
            for n in range(4):
                k, token = sp.select(*[fifo[j] for j in range(3)], last)
                Y[n] = 10 * k + token

    Y = np.zeros(4, dtype=np.int32)
    sp.simulate(region, Y)
    assert sorted(Y.tolist()) == [0, 11, 22, 33]


def test_a_part_of_an_array_of_channels_is_selected_from():
    @sp.region()
    def region(Y: int32[2]):
        fifo: Stream[int32, 2][2, 2]

        @sp.kernel(mapping=[2, 2])
        def source():
            i, j = sp.get_pid()
            with sp.meta_if(i == 1):
                fifo[i, j].put(j + 5)

        @sp.kernel(args=[Y])
        def sink(Y: int32[2]):
            for n in range(2):
                _k, Y[n] = sp.select(fifo[1, :])

    Y = np.zeros(2, dtype=np.int32)
    sp.simulate(region, Y)
    assert Y.tolist() == [5, 6]


def test_a_fork_and_a_merge_pass_a_token_each_cycle():
    @sp.region()
    def region(Y: int32[6]):
        numbers: Stream[int32, 2]
        left, right = sp.fork(numbers)
        both = sp.merge(left, right)

        @sp.kernel()
        def source():
            for k in range(3):
                numbers.put(k)

        @sp.kernel(args=[Y])
        def sink(Y: int32[6]):
            for k in range(6):
                Y[k] = both.get()

    Y = np.zeros(6, dtype=np.int32)
    run = sp.simulate(region, Y, record=["left", "both"])
    assert Y.tolist() == [0, 0, 1, 1, 2, 2]
    assert run.trace["left"].puts == (1, 2, 4)
    assert run.trace["both"].gets == (3, 4, 5, 6, 7, 8)
    assert {"fork[0]", "merge[0]"} <= set(run.actors)


def test_tokens_are_gathered_into_blocks_and_scattered_again():
    @sp.region()
    def region(Y: int32[4]):
        lanes: Stream[int32, 2][4]
        blocks = sp.gather(lanes)
        again = sp.scatter(blocks)

        @sp.kernel(mapping=[4])
        def source():
            i = sp.get_pid()
            for k in range(3):
                lanes[i].put(10 * k + i)

        @sp.kernel(args=[Y])
        def sink(Y: int32[4]):
            for _k in range(3):
                v = sp.gather(again)
                with sp.meta_for(4) as i:
                    Y[i] = v[i]

    Y = np.zeros(4, dtype=np.int32)
    run = sp.simulate(region, Y, record=["blocks"])
    assert Y.tolist() == [20, 21, 22, 23]
    assert run.trace["blocks"].puts == (1, 2, 3)
    assert run.cycles == 6


def test_what_is_wrong_with_a_merge_points_at_its_call():
    @sp.region()
    def region():
        a: Stream[int32, 2]
        both = sp.merge(a)

        @sp.kernel()
        def sink():
            both.get()

    with pytest.raises(sp.ProgramError, match=r"both = sp.merge\(a\)"):
        sp.simulate(region)
