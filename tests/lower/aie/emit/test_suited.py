"""What a core computes is written in forms that the vendor's compiler takes, with the same results."""

import re

import ml_dtypes
import numpy as np
import pytest

import spatial as sp
from spatial import bfloat16, float32, int8, int16, int32
from spatial.build.aie.placed import placed
from tests.lower.aie.performed import performed

M, K, N = 4, 3, 32


def code_of(region):
    return placed(region, "npu1").design.code


@sp.region()
def cut(x: int32[K], y: int8[4 * K], z: int16[2 * K]):
    @sp.kernel(args=[x, y, z])
    def core(x: int32[K], y: int8[4 * K], z: int16[2 * K]):
        for k in range(K):
            y[k] = min(max(x[k] >> 6, 0), 127)
            y[K + k] = x[k] >> 3
            z[k] = max(min(x[k], 1000), -1000)


@sp.region()
def reals(A: bfloat16[M, K], B: bfloat16[K, N], C: float32[M, N]):
    @sp.kernel(args=[A, B, C])
    def core(A: bfloat16[M, K], B: bfloat16[K, N], C: float32[M, N]):
        for m in range(M):
            for k in range(K):
                for n in range(N):
                    C[m, n] += float32(A[m, k]) * float32(B[k, n])


def product_of(dtype):
    @sp.region()
    def integers(A: dtype[M, K + 1], B: dtype[K + 1, N], C: int32[M, N]):
        @sp.kernel(args=[A, B, C])
        def core(A: dtype[M, K + 1], B: dtype[K + 1, N], C: int32[M, N]):
            for m in range(M):
                for k in range(K + 1):
                    for n in range(N):
                        C[m, n] += A[m, k] * B[k, n]

    return integers


def test_truncation_of_a_shifted_or_limited_number_keeps_its_low_bits():
    code = code_of(cut)
    made = dict(re.findall(r"(%\w+) = arith\.(\w+)", code))
    truncated = re.findall(r"arith.trunci (%\w+) : i", code)
    assert truncated
    assert not {made.get(each) for each in truncated} & {"shrsi", "minsi", "maxsi"}
    x, y, z = np.array([-5000, 777, 123456], np.int32), np.zeros(4 * K, np.int8), np.zeros(2 * K, np.int16)
    performed(cut, (x, y, z))
    assert y[: 2 * K].tolist() == [*np.clip(x >> 6, 0, 127), *(x >> 3).astype(np.int8)]
    assert z[:K].tolist() == np.clip(x, -1000, 1000).tolist()


def test_product_of_bfloat16_and_its_sum_are_one_operation():
    assert re.search(r"vector.fma .* : vector<16xf32>", code_of(reals))
    assert not re.search(r"arith.mulf .*vector", code_of(reals))
    random = np.random.default_rng(0)
    A, B = (random.uniform(-1, 1, shape).astype(ml_dtypes.bfloat16) for shape in ((M, K), (K, N)))
    C = np.zeros((M, N), np.float32)
    performed(reals, (A, B, C))
    wanted = np.zeros((M, N), np.float32)
    for k in range(K):
        wanted += np.outer(A[:, k].astype(np.float32), B[k].astype(np.float32))
    np.testing.assert_array_equal(C, wanted)


@pytest.mark.parametrize("dtype", [int8, int16])
def test_sums_with_products_are_added_512_bits_at_a_time(dtype):
    code = code_of(product_of(dtype))
    assert len(re.findall(r"arith.muli .* : vector<32xi32>", code)) == 1
    assert len(re.findall(r"arith.addi .* : vector<16xi32>", code)) == 2
    random = np.random.default_rng(0)
    A, B = (random.integers(-99, 99, shape).astype(sp.numpy_dtype(dtype)) for shape in ((M, K + 1), (K + 1, N)))
    C = np.zeros((M, N), np.int32)
    performed(product_of(dtype), (A, B, C))
    np.testing.assert_array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
