"""Products of matrices on cores: they are what NumPy says, and sizes that do not fit are refused."""

import numpy as np
import pytest
from ml_dtypes import bfloat16

import spatial as sp
from spatial import int8, int16, int32
from spatial.build.subject import program_of
from spatial.nn.npu import gemm
from spatial.nn.npu.fitting import MEMORY
from spatial.nn.npu.products import TILES

RANDOM = np.random.default_rng(7)


def test_blocks_of_all_cores_make_the_product():
    A, B = RANDOM.integers(-128, 128, (32, 16), np.int8), RANDOM.integers(-128, 128, (16, 48), np.int8)
    C = np.zeros((32, 48), np.int32)
    sp.build(gemm(32, 16, 48, int8, out=int32, cores=(2, 3), tile=(8, 8, 8)))(A, B, C)
    assert np.array_equal(C, A.astype(np.int32) @ B.astype(np.int32))


def test_sums_wrap_in_the_type_of_the_result():
    A, B = RANDOM.integers(-128, 128, (8, 8), np.int8), RANDOM.integers(-128, 128, (8, 8), np.int8)
    C = np.zeros((8, 8), np.int8)
    sp.build(gemm(8, 8, 8, int8, cores=(1, 1), tile=(8, 8, 8)))(A, B, C)
    assert np.array_equal(C, (A.astype(np.int32) @ B.astype(np.int32)).astype(np.int8))


def cores(program):
    return sum(actor.kernel == "multiply" for actor in program_of(program).graph.actors)


def test_sums_of_bfloat16_are_kept_in_float32():
    A, B = (RANDOM.uniform(-1, 1, (16, 16)).astype(bfloat16) for _ in range(2))
    C, plain = np.zeros((16, 16), bfloat16), np.zeros((16, 16), bfloat16)
    sp.build(gemm(16, 16, 16, sp.bfloat16, tile=(8, 8, 8)))(A, B, C)
    sums = np.zeros((16, 16), np.float32)
    for k in range(16):
        sums += np.outer(A[:, k].astype(np.float32), B[k].astype(np.float32))
    assert np.array_equal(C, sums.astype(bfloat16))
    sp.build(gemm(16, 16, 16, sp.bfloat16, sums=sp.bfloat16, tile=(8, 8, 8)))(A, B, plain)
    assert not np.array_equal(plain, C)


def test_blocks_are_chosen_so_that_all_cores_have_a_share():
    assert cores(gemm(256, 128, 512, int8)) == 16
    assert cores(gemm(64, 128, 64, int16)) == 16
    assert cores(gemm(8, 128, 64, int16)) == 4
    assert cores(gemm(256, 128, 256, int8, tile=(64, 64, 128))) == 8


def tile(*sizes, cores=(4, 4), **types):
    graph = program_of(gemm(*sizes, cores=cores, **types)).graph
    (m, k), (_, n) = (graph.channel[f"blocks_{name}[0,0]"].element.shape for name in "AB")
    return m, k, n


@pytest.mark.parametrize(
    ("sizes", "dtype", "chosen"), [((1024, 1024, 1024), int8, (64, 128, 64)), ((1024, 256, 1024), int16, (128, 64, 32))]
)
def test_blocks_take_less_time_than_published_ones(sizes, dtype, chosen):
    assert tile(*sizes, dtype=dtype) == chosen
    usual, ours = (sp.report(gemm(*sizes, dtype, tile=each), device="npu1") for each in (TILES[str(dtype)], chosen))
    assert ours.seconds < 0.95 * usual.seconds


@pytest.mark.parametrize("result", [int8, int32])
@pytest.mark.parametrize("sizes", [(100, 100, 100), (1, 1024, 1024), (784, 96, 1000), (2048, 32, 2048)])
def test_blocks_divide_the_sizes_and_fit_a_core(sizes, result):
    m, k, n = chosen = tile(*sizes, dtype=int8, out=result)
    assert [size % part for size, part in zip(sizes, chosen, strict=True)] == [0, 0, 0]
    assert 2 * (m * k + k * n + m * n * result.bits // 8) <= MEMORY


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({"M": 1009}, "M is 1009, which no blocks of 8 to 512 divide"),
        ({"K": 101}, "K is 101, which no blocks of 8 to 512 divide into whole words"),
        ({"K": 100, "tile": (64, 64, 64)}, "K is 100, no multiple of the 64"),
        ({"K": 96, "tile": (64, 6, 64)}, "a row of 6 elements in a block is not whole words"),
        ({"tile": (64, 64, 128), "out": int32}, "blocks of 64 x 64 x 128 take 90112 bytes of a core, which has 64512"),
    ],
)
def test_sizes_that_cannot_be_cut_into_blocks_are_refused(options, title):
    with pytest.raises(sp.ProgramError, match=title):
        gemm(**{"M": 64, "K": 64, "N": 128, **options})


def test_cores_are_two_numbers():
    with pytest.raises(sp.ProgramError, match="`cores` of `gemm` is two numbers"):
        gemm(64, 64, 128, int8, cores=4)
