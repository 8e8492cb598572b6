"""Functions with types, and kernels that stand alone, are programs wherever a region is."""

import shutil

import numpy as np
import pytest

import spatial as sp
from spatial import Int, Stream, bfloat16, float32, int8, int16, int32

M, N, K = 3, 4, 5
A = np.arange(M * K, dtype=np.int8).reshape(M, K)
B = np.arange(K * N, dtype=np.int8).reshape(K, N)
PRODUCT = A.astype(np.int32) @ B.astype(np.int32)
NO_COMPILER = shutil.which("g++") is None


def matmul(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    for i, j in sp.grid(M, N, name="PE"):
        for k in range(K):
            C[i, j] += A[i, k] * B[k, j]


def product(A: int8[M, K], B: int8[K, N]) -> int32[M, N]:
    Z: int32[M, N] = 0
    for i, j in sp.grid(M, N):
        for k in range(K):
            Z[i, j] += A[i, k] * B[k, j]
    return Z


def both(A: int8[M, K], x: int32, y: int32 = 2) -> tuple[int32, int32[M]]:
    total: int32 = 0
    rows: int32[M] = 0
    for i, k in sp.grid(M, K):
        total += A[i, k]
        rows[i] += A[i, k]
    return x * total + y, rows


BOTH = (3 * int(A.sum()) + 2, A.sum(axis=1))


@sp.kernel(mapping=[2])
def halves(X: int32[4], out: Stream[int32, 4][2]):
    p = sp.get_pid()
    for k in range(2):
        out[p].put(X[2 * p + k] + 1)


@pytest.mark.parametrize("engine", ["native", "simpy"])
def test_a_function_is_simulated_like_a_region(engine):
    C = np.zeros((M, N), np.int32)
    run = sp.simulate(matmul, A, B, C, engine=engine)
    assert np.array_equal(C, PRODUCT)
    assert run.result is None
    assert list(run.actors) == ["matmul[0]"]
    assert run.cycles == M * N * K


@pytest.mark.parametrize("engine", ["native", "simpy"])
def test_what_a_function_returns_is_the_result_of_the_run(engine):
    assert np.array_equal(sp.simulate(product, A, B, engine=engine).result, PRODUCT)
    number, rows = sp.simulate(both, A, 3, engine=engine).result
    assert number == BOTH[0]
    assert isinstance(number, np.int32)
    assert np.array_equal(rows, BOTH[1])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"target": "simulator"},
        {"engine": "simpy"},
        pytest.param({"target": "hls"}, marks=pytest.mark.skipif(NO_COMPILER, reason="no C++ compiler")),
    ],
    ids=["cpu", "simulator", "simpy", "hls"],
)
def test_a_built_function_returns_what_it_computes(options):
    built = sp.build(product, **options)
    assert np.array_equal(built(A, B), PRODUCT)
    assert np.array_equal(built(A=A, B=B), PRODUCT)
    number, rows = sp.build(both, **options)(A, 3)
    assert (number, rows.tolist()) == (BOTH[0], BOTH[1].tolist())
    C = np.zeros((M, N), np.int32)
    assert sp.build(matmul, **options)(A, B, C) is None
    assert np.array_equal(C, PRODUCT)


def test_each_call_returns_an_array_of_its_own():
    built = sp.build(product)
    first, second = built(A, B), built(-A, B)
    assert np.array_equal(first, -second)


def test_an_array_that_is_given_and_returned_is_that_array():
    def doubled(X: int32[4], Y: int32[2]) -> tuple[int32[4], int32[2]]:
        for k in range(4):
            X[k] = 2 * X[k]
        return X, Y

    X = np.arange(4, dtype=np.int32)
    for built in (sp.build(doubled), sp.build(doubled, engine="simpy")):
        given = X.copy()
        mine, other = built(given, [7, 8])
        assert mine is given
        assert mine.tolist() == [0, 2, 4, 6]
        assert other.tolist() == [7, 8]


def test_values_that_are_computed_are_returned_as_well():
    def computed(X: int32[4], Y: int32[4]):
        return X + Y, X[1:3], 7, X[0] * 2

    sums, window, seven, first = sp.simulate(computed, np.full(4, 5, np.int32), np.arange(4, dtype=np.int32)).result
    assert sums.tolist() == [5, 6, 7, 8]
    assert sp.build(computed)([5, 5, 5, 5], [0, 1, 2, 3])[0].tolist() == [5, 6, 7, 8]
    assert window.tolist() == [5, 5]
    assert (int(seven), int(first)) == (7, 10)


def test_an_array_that_is_returned_twice_is_one():
    def twice(x: int32):
        Z: int32[2] = x
        return Z, x, Z

    for built in (sp.build(twice), sp.build(twice, engine="simpy")):
        first, number, second = built(3)
        assert first is second
        assert (first.tolist(), int(number)) == ([3, 3], 3)


def test_a_return_from_within_a_loop_gives_its_value():
    def first_above(X: int32[6], least: int32) -> tuple[int32, int16]:
        for k in range(6):
            if X[k] > least:
                return X[k], k
        return -1, 6

    built = sp.build(first_above)
    X = np.array([1, 5, 2, 9, 4, 7], np.int32)
    assert tuple(map(int, built(X, 4))) == (5, 1)
    assert tuple(map(int, built(X, 8))) == (9, 3)
    assert tuple(map(int, built(X, 9))) == (-1, 6)
    assert all(isinstance(value, kind) for value, kind in zip(built(X, 4), (np.int32, np.int16), strict=True))


def test_a_wide_number_is_returned_as_it_is():
    def shifted(x: int32) -> Int(100):
        wide: Int(100) = x
        return wide << 60

    assert sp.build(shifted)(-3) == -3 << 60


def test_a_default_is_a_compile_time_value():
    def scaled(X: float32[4], *, factor=3, n: int32 = 4) -> float32[4]:
        Y: float32[4] = 0
        with sp.meta_if(factor > 2):
            for k in range(n):
                Y[k] = X[k] * factor
        return Y

    assert sp.build(scaled)(np.ones(4, np.float32)).tolist() == [3, 3, 3, 3]
    with pytest.raises(sp.ProgramError, match=r"`scaled` has no parameter `n`"):
        sp.build(scaled)(np.ones(4, np.float32), n=2)


def test_a_kernel_that_stands_alone_is_a_program_with_its_mapping():
    run = sp.simulate(halves, np.arange(4, dtype=np.int32))
    assert [name for name in run.actors if "sink" not in name] == ["halves[0]", "halves[1]"]
    assert run.outputs["out"].tolist() == [[1, 2], [3, 4]]
    built = sp.build(halves)
    assert built(np.arange(4, dtype=np.int32)) is None
    assert built.last_run.outputs["out"].tolist() == [[1, 2], [3, 4]]


def test_a_function_takes_streams():
    def pairs(a: Stream[int32], b: Stream[int32]):
        for _ in range(2):
            b.put(a.get() + a.get())

    assert sp.simulate(pairs, [1, 2, 3, 4]).outputs["b"].tolist() == [3, 7]


def test_a_function_is_checked_reported_and_sized():
    assert [array.name for array in sp.check(product).arrays] == ["A", "B", "Z"]
    assert [loop.name for loop in sp.report(product).loops][-1] == "i, j, k"
    assert sp.size_fifos(halves, np.arange(4, dtype=np.int32)).cycles == 3


def test_time_alone_needs_no_arrays():
    run = sp.simulate(product, values=False)
    assert run.cycles == sp.simulate(product, A, B).cycles
    assert run.result is None


def test_a_run_that_is_stopped_returns_nothing():
    assert sp.simulate(product, A, B, until=5).result is None


def test_names_of_the_function_around_are_known_where_it_runs():
    extent = 3

    def filled() -> int32[3]:
        Z: int32[extent] = 1
        return Z

    assert sp.build(filled)().tolist() == [1, 1, 1]


def test_what_is_returned_is_not_given():
    with pytest.raises(sp.ProgramError) as refused:
        sp.simulate(product, A, B, Z=PRODUCT)
    report = refused.value.problems[0].report()
    assert report.title == "`Z` of `product` is not given: it is returned"
    assert report.hint == "leave it out: `Z = mod(...)`, or `run.result`"
    with pytest.raises(sp.ProgramError, match=r"`product` takes 2 arrays \(A, B\), 3 are given"):
        sp.simulate(product, A, B, PRODUCT)


def generator(X: int32[4]):
    yield X


class Thing:
    pass


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (lambda X: X, "a program is a function with a name, not a `lambda`"),
        (generator, "a program is a plain function, `generator` contains `yield`"),
        (Thing, "`Thing` is no region, kernel or function"),
        (3, "`3` is no region, kernel or function"),
    ],
    ids=["lambda", "generator", "class", "number"],
)
def test_what_is_no_program_is_refused(given, told):
    with pytest.raises(sp.ProgramError) as refused:
        sp.simulate(given)
    report = refused.value.problems[0].report()
    assert report.title == told
    assert report.primary.span.file == __file__


@pytest.mark.skipif(NO_COMPILER, reason="no C++ compiler")
def test_a_float_without_a_type_in_cpp_is_returned_from_c_simulation_beside_one_that_has():
    def shortened(x: float32) -> bfloat16:
        return bfloat16(x)

    assert float(sp.build(shortened, target="hls")(1.5)) == float(sp.build(shortened)(1.5)) == 1.5


@pytest.mark.skipif(NO_COMPILER, reason="no C++ compiler")
def test_a_project_of_a_function_has_its_result_as_an_output(tmp_path):
    made = sp.build(product, target="hls", mode="project", path=tmp_path / "p", device=sp.fpga("xcu280", mhz=300))
    data = {path.name for path in (tmp_path / "p" / "data").iterdir()}
    assert {"A.bin", "B.bin", "Z.golden.bin"} <= data
    assert np.array_equal(made(A, B), PRODUCT)
