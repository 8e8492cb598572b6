"""What kernels print and assert."""

import itertools

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int32, uint8


def test_values_print_as_in_python(capsys):
    @sp.region()
    def program(B: uint8[2], F: float32[2]):
        @sp.kernel(args=[B, F])
        def pe(B: uint8[2], F: float32[2]):
            for k in range(2):
                print("k is", k, B[k], F[k], B[k] > 99, sep=", ", end=";")
                print(f"{B[k]:3d}|{F[k]:.3f}|{B[k]!r:>5}|{k=}")
            print()
            print(f"{2 * 3} of {'x' * 3}", None, 1.5)

    run = sp.simulate(program, np.array([7, 200], np.uint8), np.array([0.5, 0.1], np.float32))
    lines = ["k is, 0, 7, 0.5, False", "  7|0.500|    7|k=0"]
    lines += ["k is, 1, 200, 0.10000000149011612, True", "200|0.100|  200|k=1", "", "6 of xxx None 1.5"]
    assert [each.text for each in run.prints] == lines
    assert [each.cycle for each in run.prints] == [0, 0, 1, 1, 2, 2]
    ends = [";", "\n"] * 2 + ["\n", "\n"]
    assert capsys.readouterr().out == "".join(line + end for line, end in zip(lines, ends, strict=True))
    assert run.prints[0].actor == "pe[0]"
    assert "k is, 1, 200" in str(run)


def test_a_text_is_printed_when_its_stage_happens():
    @sp.region()
    def program():
        fifo: Stream[int32, 2]

        @sp.kernel()
        def source():
            for k in range(3, pipeline=sp.Pipeline(ii=4)):
                fifo.put(k)

        @sp.kernel(mapping=[1])
        def sink():
            i = sp.get_pid()
            for k in range(3, pipeline=sp.Pipeline(latency=3)):
                print(f"PE {i} got {fifo.get()}")
            print("done")

    run = sp.simulate(program)
    assert [each.text for each in run.prints] == ["PE 0 got 0", "PE 0 got 1", "PE 0 got 2", "done"]
    gets = [each.cycle for each in run.prints[:3]]
    assert [later - sooner for sooner, later in itertools.pairwise(gets)] == [4, 4]


def test_pes_that_share_code_print_their_own_numbers():
    @sp.region()
    def program():
        @sp.kernel(mapping=[3])
        def pe():
            i = sp.get_pid()
            print(f"{i}/{i / 2}", i * i)

    assert [each.text for each in sp.simulate(program).prints] == ["0/0.0 0", "1/0.5 1", "2/1.0 4"]


@pytest.mark.parametrize("wrong", [-1, 3])
def test_an_assertion_that_fails_ends_the_run(wrong):
    @sp.region()
    def program(C: int32[8]):
        @sp.kernel(mapping=[2], args=[C])
        def pe(C: int32[8]):
            i = sp.get_pid()
            for k in range(4):
                assert C[4 * i + k] < 10
                assert C[4 * i + k] >= 0, f"element {k} is {C[4 * i + k]}"
                C[4 * i + k] += 1

    C = np.zeros(8, np.int32)
    if wrong < 0:
        sp.simulate(program, C)
        assert C.tolist() == [1] * 8
        return
    C[4 + wrong] = -5
    with pytest.raises(sp.RunError, match=r"an assertion failed in `pe\[1\]`: element 3 is -5") as caught:
        sp.simulate(program, C)
    assert caught.value.problems[0].report().code == "run/assertion"
    assert C.tolist() == [0] * 7 + [-5]


def test_texts_are_told_once_when_a_run_is_repeated(capsys):
    """Whether accesses to one element are in order is decided by a second run."""

    @sp.region()
    def program(B: int32[1], C: int32[2]):
        go: Stream[int32, 1]

        @sp.kernel(args=[B, C])
        def first(B: int32[1], C: int32[2]):
            print("first")
            C[B[0]] = 1
            go.put(1)

        @sp.kernel(args=[B, C])
        def second(B: int32[1], C: int32[2]):
            x = go.get()
            C[B[0]] += x
            print("second")

    C = np.zeros(2, np.int32)
    run = sp.simulate(program, np.ones(1, np.int32), C)
    assert C.tolist() == [0, 2]
    assert capsys.readouterr().out.split() == [each.text for each in run.prints] == ["first", "second"]


def summing(latency):
    @sp.region()
    def region(A: int32[8], limit: int32):
        @sp.kernel()
        def pe(A: int32[8], limit: int32):
            total: int32 = 0
            for k in range(8, pipeline=sp.Pipeline(latency=latency)):
                total += A[k]
                print("total", total)
                assert total < limit, "too much"

    return region


@pytest.mark.parametrize("latency", [1, 3])
def test_a_failed_assertion_tells_the_locals_and_what_was_printed_before(latency, capsys):
    with pytest.raises(sp.RunError) as raised:
        sp.simulate(summing(latency), np.arange(8, dtype=np.int32), 5)
    assert "note: with k = 3, total = 6" in str(raised.value)
    assert raised.value.run.actors["pe[0]"].locals == {"k": 3, "total": 6}
    assert capsys.readouterr().out.splitlines() == ["total 0", "total 1", "total 3", "total 6"]


def test_a_fault_tells_the_locals_and_cuts_long_ones():
    @sp.region()
    def region(A: int32[4], n: int32):
        @sp.kernel()
        def pe(A: int32[4], n: int32):
            table: int32[32] = 1000
            at: int32 = 0
            while at < 9:
                A[at] = table[n]
                at += 1

    with pytest.raises(sp.RunError) as raised:
        sp.simulate(region, np.zeros(4, np.int32), 1)
    assert "note: with table = [1000, 1000, 1000, 1000, 1000, 1000, ..., at = 4" in str(raised.value)


def test_a_deadlock_tells_what_was_printed_last():
    @sp.region()
    def region(A: int32[4]):
        fifo: Stream[int32, 2]

        @sp.kernel()
        def source():
            for k in range(3):
                print("put", k)
                fifo.put(k)

        @sp.kernel()
        def sink(A: int32[4]):
            for k in range(4):
                A[k] = fifo.get()

    with pytest.raises(sp.Deadlock) as raised:
        sp.simulate(region, np.zeros(4, np.int32))
    assert "note: the last text printed is of `source[0]` in cycle 2: put 2" in str(raised.value)
