"""Sums over innermost loops run in lanes: the same numbers, whatever the order."""

import re

import numpy as np
import pytest

import spatial as sp
from spatial import int8, int16, int32, uint8, uint16
from spatial.build.aie.placed import placed
from tests.lower.aie.performed import performed

M, K = 4, 64


def product_with(left, right, total, columns=K):
    @sp.region()
    def gemv(W: left[M, columns], x: right[columns], y: total[M]):
        @sp.kernel(args=[W, x, y])
        def core(W: left[M, columns], x: right[columns], y: total[M]):
            for m in range(M):
                found: total = 0
                for k in range(columns):
                    found += W[m, k] * x[k]
                y[m] = found

    return gemv


@sp.region()
def accumulated(W: int8[M, K], x: int8[M], y: int32[K]):
    @sp.kernel(args=[W, x, y])
    def core(W: int8[M, K], x: int8[M], y: int32[K]):
        for m in range(M):
            for k in range(K):
                y[k] += x[m] * W[m, k]


@sp.region()
def many(x: int32[K], y: int32[8]):
    @sp.kernel(args=[x, y])
    def core(x: int32[K], y: int32[8]):
        low: int32 = 1000
        high: int32 = -1000
        differing: int32 = 3
        either: int32 = 0
        every: int32 = -1
        for k in range(K):
            low = min(low, x[k])
            high = max(high, x[k])
            differing = differing ^ x[k]
            either = either | x[k]
            every = every & x[k]
            y[5] += x[k]
        y[0] = low
        y[1] = high
        y[2] = differing
        y[3] = either
        y[4] = every


def code_of(region, device="npu1"):
    return placed(region, device).design.code


def drawn(dtype, *shape):
    limits = np.iinfo(dtype)
    return np.random.default_rng(5).integers(limits.min, limits.max, shape, dtype, endpoint=True)


@pytest.mark.parametrize(
    ("left", "right", "total", "lanes"),
    [
        (int8, int8, int32, "vector<32xi32>"),
        (int16, int16, int32, "vector<32xi32>"),
        (int8, int16, int32, "vector<32xi32>"),
        (uint8, int8, int32, "vector<32xi32>"),
        (uint16, uint16, int32, "vector<8xi32>"),
        (int32, int32, int32, "vector<16xi32>"),
        (int8, int8, int16, "vector<32xi16>"),
        (int8, int8, int8, "vector<64xi8>"),
    ],
)
def test_sums_of_products_wrap_as_one_after_the_other(left, right, total, lanes):
    region = product_with(left, right, total)
    code = code_of(region)
    assert f"iter_args(%arg3 = %cst) -> ({lanes})" in code
    assert f": i{total.bits} from {lanes}" in code
    W, x, y = drawn(str(left), M, K), drawn(str(right), K), np.zeros(M, str(total))
    performed(region, (W, x, y))
    np.testing.assert_array_equal(y, (W.astype(np.int64) @ x.astype(np.int64)).astype(str(total)))


@pytest.mark.parametrize(("columns", "lanes"), [(16, 8), (48, 8), (8, 8), (7, 0), (96, 32)])
def test_lanes_divide_the_length_of_a_loop(columns, lanes):
    region = product_with(int8, int8, int32, columns)
    assert (f"vector<{lanes}xi32>" in code_of(region)) == bool(lanes)
    W, x, y = drawn("int8", M, columns), drawn("int8", columns), np.zeros(M, np.int32)
    performed(region, (W, x, y))
    np.testing.assert_array_equal(y, W.astype(np.int32) @ x.astype(np.int32))


def test_products_of_8_bits_are_taken_32_at_a_time_from_numbers_that_are_extended():
    code = code_of(accumulated)
    assert re.search(r"vector.load .*xi8>, vector<32xi8>", code)
    assert re.search(r"vector.broadcast %\w+ : i8 to vector<32xi8>", code)
    assert len(re.findall(r"arith.extsi %\w+ : vector<32xi8> to vector<32xi32>", code)) == 2
    assert len(re.findall(r"arith.addi .* : vector<16xi32>", code)) == 2
    W, x, y = drawn("int8", M, K), drawn("int8", M), np.arange(K, dtype=np.int32)
    wanted = y + x.astype(np.int32) @ W.astype(np.int32)
    performed(accumulated, (W, x, y))
    np.testing.assert_array_equal(y, wanted)


def test_all_operations_whose_order_does_not_matter():
    code = code_of(many)
    assert len(re.findall(r"vector.extract %\S+ : i32 from vector<8xi32>", code)) == 6
    x, y = drawn("int32", K), np.arange(8, dtype=np.int32)
    performed(many, (x, y))
    wanted = [
        min(1000, x.min()),
        max(-1000, x.max()),
        3 ^ np.bitwise_xor.reduce(x),
        np.bitwise_or.reduce(x),
        np.bitwise_and.reduce(x),
        (5 + x.astype(np.int64).sum()).astype(np.int32),
        6,
        7,
    ]
    assert y.tolist() == wanted


def test_least_numbers_of_a_register_are_reduced_by_one_operation():
    @sp.region()
    def least(x: int32[K], y: int32[1]):
        @sp.kernel(args=[x, y])
        def core(x: int32[K], y: int32[1]):
            found: int32 = 5
            for k in range(K):
                found = min(found, x[k])
            y[0] = found

    assert "vector.reduction <minsi>" in code_of(least)
    x, y = drawn("int32", K), np.zeros(1, np.int32)
    performed(least, (x, y))
    assert y == min(5, x.min())


def test_products_for_the_larger_device_take_less_than_a_register():
    code = code_of(product_with(int8, int8, int32), "npu2")
    assert re.search(r"arith.muli %\S+, %\S+ : vector<8xi\d+>", code)


def test_differences_take_less_than_a_register():
    @sp.region()
    def minus(x: int32[K], y: int32[K], z: int32[K]):
        @sp.kernel(args=[x, y, z])
        def core(x: int32[K], y: int32[K], z: int32[K]):
            for k in range(K):
                z[k] = x[k] - y[k]

    assert re.search(r"arith.subi %\S+, %\S+ : vector<8xi32>", code_of(minus))


def test_what_is_used_on_the_way_is_no_sum():
    @sp.region()
    def running(x: int32[K], y: int32[K]):
        @sp.kernel(args=[x, y])
        def core(x: int32[K], y: int32[K]):
            found: int32 = 0
            for k in range(K):
                found += x[k]
                y[k] = found

    assert "vector.extract" not in code_of(running)
    x, y = drawn("int32", K), np.zeros(K, np.int32)
    performed(running, (x, y))
    np.testing.assert_array_equal(y, np.cumsum(x, dtype=np.int32))


def test_the_order_of_sums_of_floats_stays():
    @sp.region()
    def total(x: sp.float32[K], y: sp.float32[1]):
        @sp.kernel(args=[x, y])
        def core(x: sp.float32[K], y: sp.float32[1]):
            for k in range(K):
                y[0] += x[k]

    assert "vector<" not in code_of(total)
