"""What kernels can say runs as it says, in the cycles the specification gives it."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int16, int32
from tests.sim.programs import actors


def filled(*shape: int) -> np.ndarray:
    return np.arange(np.prod(shape), dtype=np.int32).reshape(shape)


def test_local_arrays_slices_and_copies():
    @sp.region()
    def turn(A: int32[4, 6], B: int32[6, 4], C: int32[2, 3], D: int32[6]):
        @sp.kernel(args=[A, B, C, D])
        def only(A: int32[4, 6], B: int32[6, 4], C: int32[2, 3], D: int32[6]):
            tile: int32[4, 6] = A
            for i, j in sp.grid(6, 4):
                B[i, j] = tile[j, i]
            C[:, :] = A[1:3, 0:6:2]
            row: int32[6] = A[-1]
            row[2:4] = 0
            D[:] = row

    A, B, C, D = filled(4, 6), np.zeros((6, 4), np.int32), np.zeros((2, 3), np.int32), np.zeros(6, np.int32)
    sp.simulate(turn, A, B, C, D)
    assert np.array_equal(B, filled(4, 6).T)
    assert np.array_equal(C, A[1:3, 0:6:2])
    assert D.tolist() == [18, 19, 0, 0, 22, 23]


def test_a_copy_takes_a_cycle_for_each_element():
    @sp.region()
    def copy(A: int32[4, 6], B: int32[4, 6]):
        @sp.kernel(args=[A, B])
        def only(A: int32[4, 6], B: int32[4, 6]):
            B[:, :] = A

    B = np.zeros((4, 6), np.int32)
    assert sp.simulate(copy, filled(4, 6), B).cycles == 24
    assert np.array_equal(B, filled(4, 6))


def test_a_local_array_is_each_pe_s_own():
    @sp.region()
    def sums(A: int32[3, 4]):
        @sp.kernel(mapping=[3], args=[A])
        def pe(A: int32[3, 4]):
            i = sp.get_pid()
            total: int32[1] = 0
            for k in range(4):
                total[0] += A[i, k]
            for k in range(4):
                A[i, k] = total[0]

    A = filled(3, 4)
    sp.simulate(sums, A)
    assert A[:, 0].tolist() == filled(3, 4).sum(axis=1).tolist()


def test_a_while_loop_runs_until_its_condition_fails():
    """Collatz: each iteration takes a cycle, the last test none."""

    @sp.region()
    def collatz(A: int32[2]):
        @sp.kernel(args=[A])
        def only(A: int32[2]):
            n: int32 = A[0]
            steps: int32 = 0
            while n != 1:
                n = n // 2 if n % 2 == 0 else 3 * n + 1
                steps += 1
            A[1] = steps

    A = np.array([27, 0], np.int32)
    assert sp.simulate(collatz, A).cycles == 111
    assert A[1] == 111


WHILE = "total: int32 = 0\n{}\nout.put(total)"


@pytest.mark.parametrize(
    ("loop", "stages"),
    [
        ("while a.get() > 0:\n    total += 1", 1),
        ("while a.get() + a.get() > 0:\n    total += 1", 2),
        ("while a.get() > 0 and a.get() > 0:\n    total += a.get()", 3),
    ],
)
def test_a_condition_can_take_tokens(loop, stages):
    """The operations on one channel end stand in stages of their own, those of the condition first."""
    values = {1: [5, 4, 3, 0], 2: [5, 4, 3, 0, -1, 1], 3: [1, 2, 30, 4, 5, 60, 0]}[stages]
    region = actors(
        "a: Stream[int32, 2]\nout: Stream[int32, 2]",
        source="\n".join(f"a.put({value})" for value in values),
        count=WHILE.format(loop),
        sink="x: int32 = out.get()",
    )
    run = sp.simulate(region, record=["a", "out"])
    assert run.trace["out"].values == ({1: 3, 2: 2, 3: 90}[stages],)
    assert run.trace["a"].gets == tuple(range(1, len(values) + 1))


def test_a_pipelined_while_with_stages_takes_its_condition_s_tokens_in_stage_1():
    region = actors(
        "a: Stream[int32, 8]\nout: Stream[int32, 8]",
        source="for k in range(4):\n    a.put(3 - k)",
        count="while a.get() > 0:\n    out.put(1)\n    out.put(2)",
        sink="for k in range(6):\n    x: int32 = out.get()",
    )
    run = sp.simulate(region, record=["a", "out"])
    assert run.trace["out"].values == (1, 2) * 3
    assert run.trace["a"].gets == (1, 3, 5, 7)


def test_nested_branches_use_channels_only_where_they_are_taken():
    @sp.region()
    def route(A: int32[12], B: int32[3, 4]):
        small: Stream[int32, 4]
        even: Stream[int32, 4]
        odd: Stream[int32, 4]

        @sp.kernel(args=[A])
        def split(A: int32[12]):
            for k in range(12):
                if A[k] < 4:
                    small.put(A[k])
                else:
                    if A[k] % 2 == 0:
                        even.put(A[k])
                    else:
                        odd.put(A[k])

        @sp.kernel(args=[B])
        def gather(B: int32[3, 4]):
            for k in range(4):
                B[0, k] = small.get()
                B[1, k] = even.get()
                B[2, k] = odd.get()

    A, B = np.array([4, 0, 5, 6, 1, 7, 2, 8, 9, 10, 3, 11], np.int32), np.zeros((3, 4), np.int32)
    sp.simulate(route, A, B)
    assert B.tolist() == [[0, 1, 2, 3], [4, 6, 8, 10], [5, 7, 9, 11]]


def test_branches_that_use_one_channel_end_share_a_stage():
    """Only one of the two puts happens in an iteration, so II = 1."""
    region = actors(
        "a: Stream[int32, 4]",
        source="for k in range(6):\n    if k % 3 == 0:\n        a.put(-k)\n    else:\n        a.put(k)",
        sink="for k in range(6):\n    x: int32 = a.get()",
    )
    run = sp.simulate(region, record="a")
    assert run.trace["a"].values == (0, 1, 2, -3, 4, 5)
    assert run.trace["a"].puts == tuple(range(6))


def test_meta_for_makes_an_operation_for_each_value():
    @sp.region()
    def fan(A: int32[3, 5], B: int32[3, 5]):
        lane: Stream[int32, 2][3]

        @sp.kernel(args=[A])
        def load(A: int32[3, 5]):
            for k in range(5):
                with sp.meta_for(3) as i:
                    lane[i].put(A[i, k])

        @sp.kernel(args=[B])
        def store(B: int32[3, 5]):
            for k in range(5):
                with sp.meta_for(3) as i:
                    B[i, k] = lane[i].get()

    B = np.zeros((3, 5), np.int32)
    assert sp.simulate(fan, filled(3, 5), B).cycles == 6
    assert np.array_equal(B, filled(3, 5))


@pytest.mark.parametrize("style", ["elastic", "rigid"])
@pytest.mark.parametrize("latency", [1, 2, 5])
def test_overlapping_iterations_carry_scalars_as_if_they_ran_in_turn(style, latency):
    @sp.region()
    def running(A: int32[8], B: int32[8]):
        fifo: Stream[int32, 2]
        sums: Stream[int32, 2]

        @sp.kernel(args=[A])
        def load(A: int32[8]):
            for k in range(8):
                fifo.put(A[k])

        @sp.kernel()
        def accumulate():
            total: int32 = 0
            for k in range(8, pipeline=sp.Pipeline(latency=latency, style=style)):
                total += fifo.get()
                sums.put(total)

        @sp.kernel(args=[B])
        def store(B: int32[8]):
            for k in range(8):
                B[k] = sums.get()

    B = np.zeros(8, np.int32)
    sp.simulate(running, filled(8), B)
    assert np.array_equal(B, np.cumsum(filled(8)))


@pytest.mark.parametrize("style", ["elastic", "rigid"])
def test_a_scalar_carried_over_stages_sets_the_interval(style):
    """`last` is read in stage 0 and written in stage 3, so the next iteration starts 3 cycles later."""
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 9]\nc: Stream[int32, 2]",
        source="for k in range(5):\n    a.put(k)",
        carry=f"""
            last: int32 = 100
            for k in range(5, pipeline=sp.Pipeline(latency=4, style={style!r}, stages={{"a": 3, "b": 0}})):
                b.put(last)
                last = a.get()
        """,
        sink="for k in range(5):\n    x: int32 = b.get()\n    c.put(x)",
        end="for k in range(5):\n    x: int32 = c.get()",
    )
    run = sp.simulate(region, record="b")
    assert run.trace["b"].values == (100, 0, 1, 2, 3)
    assert run.trace["b"].puts == (0, 3, 6, 9, 12)


def test_a_run_ends_when_only_free_running_actors_wait():
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        source="for k in range(5):\n    a.put(k)",
        serve="while True:\n    b.put(a.get() * 2)",
        sink="for k in range(5):\n    x: int32 = b.get()",
    )
    run = sp.simulate(region, record="b")
    assert (run.finished, run.cycles) == (True, 5 + 2)
    assert run.trace["b"].values == (0, 2, 4, 6, 8)
    assert run.actors["serve[0]"].done is None


def test_a_finite_actor_behind_a_free_running_one_can_still_deadlock():
    region = actors(
        "a: Stream[int32, 2]\nb: Stream[int32, 2]",
        source="for k in range(4):\n    a.put(k)",
        serve="while True:\n    b.put(a.get())",
        sink="for k in range(5):\n    x: int32 = b.get()",
    )
    with pytest.raises(sp.Deadlock):
        sp.simulate(region)


def test_a_loop_that_takes_no_time_by_itself_takes_a_cycle():
    """`for j in range(0)` is nothing; yet the `while` around it must not go on for ever in one cycle."""
    region = actors(
        "a: Stream[int32, 2]",
        source="n: int32 = 0\nwhile n < 5:\n    n += 1\n    for j in range(0):\n        a.put(1)\na.put(n)",
        sink="x: int32 = a.get()",
    )
    run = sp.simulate(region, record="a")
    assert (run.trace["a"].values, run.trace["a"].puts) == ((5,), (5,))


def test_a_mapping_of_three_axes():
    @sp.region()
    def cube(A: int32[2, 3, 4]):
        link: Stream[int32, 2][2, 3, 5]

        @sp.kernel(mapping=[2, 3, 4], args=[A])
        def pe(A: int32[2, 3, 4]):
            i, j, k = sp.get_pid()
            with sp.meta_if(k > 0):
                before: int32 = link[i, j, k].get()
                A[i, j, k] = before + 1
                with sp.meta_if(k < 3):
                    link[i, j, k + 1].put(before + 1)
            with sp.meta_else():
                link[i, j, 1].put(100 * i + 10 * j)

    A = np.zeros((2, 3, 4), np.int32)
    run = sp.simulate(cube, A)
    assert A[1, 2].tolist() == [0, 121, 122, 123]
    assert run.actors["pe[1,2,3]"].pid == (1, 2, 3)


def test_values_wrap_at_assignment_only():
    @sp.region()
    def wrap(A: int8[2], B: int16[2], C: int8[2]):
        @sp.kernel(args=[A, B, C])
        def only(A: int8[2], B: int16[2], C: int8[2]):
            B[0] = A[0] * A[1]
            C[0] = A[0] * A[1]
            C[1] = (A[0] + A[1]) // 2

    A = np.array([127, 127], np.int8)
    B, C = np.zeros(2, np.int16), np.zeros(2, np.int8)
    sp.simulate(wrap, A, B, C)
    assert (B[0], C[0], C[1]) == (16129, 1, 127)


def test_a_long_expression_stays_one():
    terms = " + ".join(f"A[{n}] * A[{n}]" for n in range(80))
    region = actors(
        "a: Stream[Int(200), 2]",
        source=f"A: int32[80] = 3\na.put({terms})",
        sink="x: Int(200) = a.get()",
    )
    assert sp.simulate(region, record="a").trace["a"].values == (720,)


def test_closures_are_read_at_each_run():
    factor = 2

    @sp.region()
    def scale(A: int32[2]):
        @sp.kernel(args=[A])
        def only(A: int32[2]):
            for k in range(2):
                A[k] = A[k] * factor

    A = np.array([1, 2], np.int32)
    sp.simulate(scale, A)
    factor = 10
    sp.simulate(scale, A)
    assert A.tolist() == [20, 40]
