"""Two functions in one do what each does alone, in any order of modes."""

import itertools
from pathlib import Path

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32

HOME = Path(__file__).parents[2]
SIZE = 6


def above(A: int32[SIZE, SIZE], s: int32, Y: int32[SIZE]):
    for i, j in sp.grid(SIZE, SIZE):
        if A[i, j] > s:
            Y[i] += 1


def scaled(A: int32[SIZE, SIZE], s: int32, Y: int32[SIZE]):
    for i in range(SIZE):
        total: int32 = 0
        for j in range(SIZE):
            total += A[i, j] * s
        Y[i] = total + Y[i]


def diagonal(A: int32[SIZE, SIZE], s: int32, Y: int32[SIZE]):
    for i in range(SIZE):
        Y[i] += A[i, i] + s


def backwards(A: int32[SIZE, SIZE], s: int32, Y: int32[SIZE]):
    kept: int32[SIZE] = 0
    for i in range(SIZE):
        kept[SIZE - 1 - i] = Y[i]
    for i in range(SIZE):
        Y[i] = kept[i]


def searched(A: int32[SIZE, SIZE], s: int32, Y: int32[SIZE]):
    i: int32 = 0
    while i < SIZE - 1 and A[i, 0] < s:
        i += 1
    Y[i] = s


FUNCTIONS = [above, scaled, diagonal, backwards, searched]


def after(functions, modes, A, s, Y):
    """`Y` after the functions that some modes mean, each simulated alone."""
    found = Y.copy()
    for mode in modes:
        sp.simulate(functions[min(mode, 1)], A, s, found)
    return found


PAIRS = list(itertools.product(FUNCTIONS, FUNCTIONS))


@pytest.mark.parametrize("functions", PAIRS, ids=lambda pair: "_".join(each.__name__ for each in pair))
def test_each_round_does_what_its_mode_means(functions):
    s = sp.unify(*functions, rounds=3)
    choose = np.random.default_rng(1)
    for modes in ([0, 1, 0], [1, 1, 0], [0, 0, 7]):
        A, Y = choose.integers(-9, 9, (SIZE, SIZE), np.int32), choose.integers(-9, 9, SIZE, np.int32)
        wanted = after(functions, modes, A, 2, Y)
        sp.simulate(s, A, 2, Y, np.array(modes, np.int8))
        assert Y.tolist() == wanted.tolist()


def test_engines_agree_and_results_are_given_back():
    def doubled(A: int32[4]) -> int32[4]:
        Y: int32[4] = 0
        for i in range(4):
            Y[i] = 2 * A[i]
        return Y

    def summed(A: int32[4]) -> int32[4]:
        Y: int32[4] = 0
        for i in range(4):
            for j in range(4):
                Y[i] += A[j]
        return Y

    s = sp.unify(doubled, summed)
    A = np.arange(4, dtype=np.int32)
    for device in ("ideal", "xcu280@300"):
        runs = [sp.simulate(s, A, np.array([1], np.int8), device=device, engine=e) for e in ("native", "simpy")]
        assert runs[0].cycles == runs[1].cycles
        assert [run.result.tolist() for run in runs] == [[6] * 4] * 2
    assert sp.build(s, target="cpu")(A, np.array([0], np.int8)).tolist() == [0, 2, 4, 6]


def test_loops_that_count_alike_are_one(golden):
    s = sp.unify(above, scaled)
    names = [line.split('df.name = "')[1].split('"')[0] for line in str(s.module).splitlines() if "} {df.name" in line]
    assert sorted(names) == ["i", "j", "round"]
    golden(f"{s.module}\n", "unify.mlir")


def test_schedules_keep_their_steps():
    one, other = sp.customize(above), sp.customize(scaled)
    one.pipeline("j", ii=2)
    other.pipeline("j", ii=2)
    other.partition("A", dim=0)
    s = sp.unify(one, other)
    assert s["j"].extent == SIZE
    assert 'A = "[complete, whole]"' in str(s.module)
    s.unroll("i", 2)
    A, Y = np.ones((SIZE, SIZE), np.int32), np.zeros(SIZE, np.int32)
    sp.simulate(s, A, 3, Y, np.array([1], np.int8))
    assert Y.tolist() == [18] * SIZE


def no_rounds():
    sp.unify(above, scaled, rounds=0)


def other_parameters():
    def narrow(A: int8[SIZE, SIZE], s: int32, Y: int32[SIZE]):
        Y[0] = A[0, 0]

    sp.unify(above, narrow)


def other_results():
    def one(A: int32[4]) -> int32[4]:
        Y: int32[4] = 0
        return Y

    def other(A: int32[4], Y: int32[4]):
        Y[0] = A[0]

    sp.unify(one, other)


def streams():
    @sp.kernel
    def passed(X: Stream[int32], Y: Stream[int32]):
        Y.put(X.get())

    sp.unify(above, sp.customize(passed))


@pytest.mark.parametrize("case", [no_rounds, other_parameters, other_results, streams], ids=lambda c: c.__name__)
def test_a_refused_pair_says_why(case, golden, monkeypatch):
    monkeypatch.chdir(HOME)
    with pytest.raises(sp.ProgramError) as caught:
        case()
    golden(f"{caught.value}\n", f"refused/unify_{case.__name__}.err")
