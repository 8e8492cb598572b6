"""Two programs are tested against each other."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, index, int8, int16, int32, uint8
from spatial.build.testing import driver
from tests.conformance.programs import gemm_output_stationary

M, N, K = 3, 2, 4


def product(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    for i, j in sp.grid(M, N):
        total: int32 = 0
        for k in range(K):
            total += A[i, k] * B[k, j]
        C[i, j] = total


def returned(A: int8[M, K], B: int8[K, N]) -> int32[M, N]:
    C: int32[M, N] = 0
    for i, j in sp.grid(M, N):
        for k in range(K):
            C[i, j] += A[i, k] * B[k, j]
    return C


def narrow(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    for i, j in sp.grid(M, N):
        total: int16 = 0
        for k in range(K):
            total += A[i, k] * B[k, j]
        C[i, j] = total


def halfway(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    for i, j in sp.grid(M - 1, N):
        total: int32 = 0
        for k in range(K):
            total += A[i, k] * B[k, j]
        C[i, j] = total


def accumulated(A: int8[M, K], B: int8[K, N], C: int32[M, N]):
    for i, j in sp.grid(M, N):
        for k in range(K):
            C[i, j] += A[i, k] * B[k, j]


def test_equal_programs_of_any_kind_pass_and_the_verdict_says_that_this_is_no_proof():
    for other in (returned, gemm_output_stationary.make(M, N, K), sp.customize(product)):
        found = sp.verify(product, other, samples=20, seed=1, mode="test")
        assert found
        assert found.tested.compared == 20
        assert "agree in 20 tests: that is testing, no proof" in str(found)
        assert found.kind.name == "AGREE"
        assert "seed 1" in str(found)


def test_a_width_that_is_too_small_is_found_and_shown_by_few_numbers():
    found = sp.verify(product, narrow, seed=1, mode="test")
    assert not found
    difference = found.tested.difference
    A, B = difference.inputs["A"].astype(int), difference.inputs["B"].astype(int)
    one, other = difference.values
    assert one == (A @ B)[difference.place]
    assert abs(int(one)) > 32767
    assert other == (int(one) + 0x8000) % 0x10000 - 0x8000
    assert np.count_nonzero(A) <= 4
    row, column = difference.place
    assert f"`C[{row}, {column}]` is {one} in `product` and {other} in `narrow`" in str(found)


def test_cells_that_are_not_written_differ_from_those_that_are():
    found = sp.verify(product, halfway, seed=1, mode="test")
    assert not found
    assert found.tested.difference.output == "C"
    assert found.tested.difference.place[0] == M - 1


def test_what_an_array_holds_before_counts_unless_it_is_given():
    assert not sp.verify(product, accumulated, samples=20, seed=1, mode="test")
    assert sp.verify(product, accumulated, samples=20, seed=1, inputs={"C": 0}, mode="test")


def forward(X: float32[4]) -> float32:
    total: float32 = 0
    for k in range(4):
        total += X[k]
    return total


def backward(X: float32[4]) -> float32:
    total: float32 = 0
    for k in range(4):
        total += X[3 - k]
    return total


def test_a_sum_of_floats_in_another_order_differs():
    found = sp.verify(forward, backward, seed=1, mode="test")
    assert not found
    X = found.tested.difference.inputs["X"]
    with np.errstate(all="ignore"):
        sums = [np.float32(0), np.float32(0)]
        for k in range(4):
            sums[0] += X[k]
            sums[1] += X[3 - k]
    assert [one.tobytes() for one in sums] == [np.float32(one).tobytes() for one in found.tested.difference.values]


def greater(a: float32, b: float32) -> float32:
    return a if a > b else b


def largest(a: float32, b: float32) -> float32:
    return sp.maximum(a, b)


def test_nan_and_zeros_of_two_signs_are_tried():
    found = sp.verify(greater, largest, seed=1, mode="test")
    assert not found
    a, b = (float(found.tested.difference.inputs[name]) for name in "ab")
    assert np.isnan(a) or np.isnan(b) or (a == b == 0)


def quotient(a: int8, b: int8) -> int8:
    return a // b


def guarded(a: int8, b: int8) -> int8:
    found: int8 = 0
    if b != 0:
        found = a // b
    return found


def test_where_only_one_program_fails_they_differ():
    found = sp.verify(quotient, guarded, seed=1, mode="test")
    assert not found
    assert found.tested.difference.inputs["b"] == 0
    assert "`quotient` fails: division by zero in `quotient[0]`" in str(found)
    assert "`guarded` finishes" in str(found)


def test_inputs_on_which_both_fail_say_nothing():
    found = sp.verify(quotient, quotient, samples=30, seed=1, mode="test")
    assert found
    assert 0 < found.tested.skipped < 30
    assert f"{found.tested.skipped} more say nothing" in str(found)


def forever(x: uint8) -> uint8:
    while x > 3:
        pass
    return x


def test_a_program_that_never_ends_on_some_inputs_is_stopped(monkeypatch):
    monkeypatch.setattr(driver, "SHARE", 1 / 300)
    found = sp.verify(forever, forever, samples=8, seed=1, mode="test")
    assert found
    assert found.tested.skipped


def counted(X: uint8[5], counts: int32[4]):
    for b in range(4):
        counts[b] = 0
    for i in range(5):
        counts[X[i]] += 1


def test_inputs_are_drawn_by_a_function_of_the_user():
    with pytest.raises(sp.ProgramError, match="no `Y`"):
        sp.verify(counted, counted, inputs={"Y": 0}, mode="test")
    found = sp.verify(
        counted, counted, inputs={"X": lambda generator: generator.integers(0, 4, 5)}, samples=10, mode="test"
    )
    assert (found.tested.compared, found.tested.skipped) == (10, 0)


@sp.region()
def doubling(source: Stream[int32, 2], target: Stream[int32, 2]):
    @sp.kernel()
    def double():
        while True:
            target.put(source.get() * 2)


@sp.region()
def doubling_late(source: Stream[int32, 2], target: Stream[int32, 2]):
    middle: Stream[int32, 2]

    @sp.kernel()
    def shift():
        while True:
            middle.put(source.get() << 1)

    @sp.kernel()
    def pass_on():
        while True:
            target.put(middle.get())


@sp.region()
def dropping(source: Stream[int32, 2], target: Stream[int32, 2]):
    @sp.kernel()
    def drop():
        while True:
            value: int32 = source.get()
            if value != 5:
                target.put(value * 2)


def test_tokens_of_streams_are_compared_and_counted():
    assert sp.verify(doubling, doubling_late, samples=16, seed=1, mode="test")
    found = sp.verify(doubling, dropping, seed=1, mode="test")
    assert not found
    assert 5 in found.tested.difference.inputs["source"]
    assert "tokens in `doubling`" in str(found)


def small(x: int8) -> int16:
    return x * 2


def large(x: int16) -> int16:
    return x * 2


def more(x: int8, y: int8) -> int16:
    return x * y


@pytest.mark.parametrize("other", [large, more])
def test_programs_of_other_parameters_are_not_compared(other):
    found = sp.verify(small, other, mode="test")
    assert not found
    assert found.kind.name == "INTERFACE"
    assert "verify/parameters" in str(found)


def outside(X: int8[4], i: index) -> int8:
    return X[i + 9]


def test_programs_that_always_fail_are_not_called_equal():
    with pytest.raises(sp.ProgramError, match="verify/untested"):
        sp.verify(outside, outside, mode="test")


@pytest.mark.parametrize(("option", "value"), [("samples", 0), ("samples", 1.5), ("seed", -1)])
def test_options_have_their_limits(option, value):
    with pytest.raises(sp.ProgramError, match=f"`{option}` is an integer"):
        sp.verify(small, small, **{option: value}, mode="test")
