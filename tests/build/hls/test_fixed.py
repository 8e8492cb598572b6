"""Fixed point is written as `ap_fixed`, and has the values that the simulator has."""

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Stream, UFixed, int8
from spatial.types.checks import OVERFLOWS, ROUNDINGS
from tests.lower.hls.cpp import needs_compiler, needs_genuine
from tests.lower.hls.second import judged

pytestmark = needs_compiler

N = 16
NUMBER, PART = Fixed(12, 6), UFixed(8, 7)


def weighted(result):
    """A kernel that multiplies, adds and compares, whose results are rounded into another type."""

    @sp.region()
    def top(A: NUMBER[N], W: PART[N], n: int8, B: result[N], C: NUMBER[N]):
        products: Stream[NUMBER, 2]

        @sp.kernel(args=[A, W])
        def scale(A: NUMBER[N], W: PART[N]):
            for k in range(N):
                products.put(A[k] * W[k] + 0.25)

        @sp.kernel(args=[n, B, C])
        def add(n: int8, B: result[N], C: NUMBER[N]):
            total: NUMBER = 0
            for k in range(N):
                x = products.get()
                total += x
                B[k] = x * total - n
                C[k] = min(x, total) if x < 0 else x / 2.5

    return top


def given(seed):
    random = np.random.default_rng(seed)
    return random.integers(-2048, 2048, N) / 64, random.integers(0, 256, N) / 128, random.integers(-128, 128)


def agrees(top, call, seed=0):
    expected, found = (np.zeros(N), np.zeros(N)), (np.zeros(N), np.zeros(N))
    sp.build(top, target="simulator")(*given(seed), *expected)
    call(*given(seed), *found)
    return all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))


def body(module, name):
    text = module.design.files["processes.h"]
    begin = text.index(f"static void {name}(")
    return [line.strip() for line in text[begin : text.index("\n}\n", begin)].splitlines()]


def test_numbers_are_computed_with_as_ap_fixed():
    module = sp.build(weighted(Fixed(10, 3, rounding="half_even", overflow="saturate")), target="hls")
    assert "products.write(A[k] * W[k] + ap_fixed<20, 7>(0.25));" in body(module, "scale")
    less, quotient = "least<ap_fixed<12, 6>>(x, total)", "x / ap_fixed<12, 6>(2.5)"
    assert body(module, "add")[-6:-1] == [
        "const ap_fixed<12, 6> x = products.read();",
        "total += x;",
        "B[k] = x * total - n;",
        f"const ap_fixed<19, 13> value = (x < 0) ? ap_fixed<19, 13>({less}) : {quotient};",
        "C[k] = value;",
    ]
    assert agrees(weighted(Fixed(10, 3, rounding="half_even", overflow="saturate")), module)


def roundings(overflow):
    """A kernel that rounds a product into a type of each mode."""
    T = [Fixed(9, 3, rounding=rounding, overflow=overflow) for rounding in ROUNDINGS]

    @sp.region()
    def top(A: NUMBER[N], B: T[0][N], C: T[1][N], D: T[2][N], E: T[3][N], F: T[4][N], G: T[5][N], H: T[6][N]):
        @sp.kernel(args=[A, B, C, D, E, F, G, H])
        def work(A: NUMBER[N], B: T[0][N], C: T[1][N], D: T[2][N], E: T[3][N], F: T[4][N], G: T[5][N], H: T[6][N]):
            for k in range(N):
                x = A[k]
                B[k] = x * 1.5
                C[k] = x * 1.5
                D[k] = x * 1.5
                E[k] = x * 1.5
                F[k] = x * 1.5
                G[k] = x * 1.5
                H[k] = x * 1.5

    return top


@pytest.mark.parametrize("overflow", OVERFLOWS)
def test_conversions_are_those_of_the_types(overflow):
    module = sp.build(roundings(overflow), target="hls")
    assert [line.split(" = ")[1] for line in body(module, "work") if "[k] =" in line] == [
        "x * ap_fixed<12, 6>(1.5);"
    ] * 7
    calls = [module, sp.build(roundings(overflow), target="simulator")]
    results = [[np.zeros(N) for _ in ROUNDINGS] for _ in calls]
    for call, arrays in zip(calls, results, strict=True):
        call(given(1)[0], *arrays)
    assert np.array_equal(*results)


@needs_genuine
def test_conversions_of_the_genuine_headers_agree():
    top = weighted(Fixed(10, 3, rounding="half_zero", overflow="symmetric"))
    opinion = judged(sp.build(top, target="hls"))
    assert agrees(top, lambda *arguments: opinion(*arguments, timeout=60))


def test_what_only_bits_say_goes_through_the_units():
    @sp.region()
    def top(A: NUMBER[N], B: NUMBER[N]):
        @sp.kernel(args=[A, B])
        def work(A: NUMBER[N], B: NUMBER[N]):
            for k in range(N):
                B[k] = (A[k] << 2) ^ A[k]

    module = sp.build(top, target="hls")
    A, B = given(3)[0], np.zeros(N)
    module(A, B)
    units = (A * 64).astype(np.int64)
    cut = ((units << 2) ^ units) & 0xFFF
    assert np.array_equal(B * 64, np.where(cut >= 2048, cut - 4096, cut))
    assert "from_units<ap_fixed<12, 6>>" in "".join(body(module, "work"))
