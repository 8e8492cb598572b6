"""Products of matrices on cores: they are what NumPy says, and sizes that do not fit are refused."""

import numpy as np
import pytest

import spatial as sp
from spatial import int8, int16, int32
from spatial.build.subject import program_of
from spatial.nn.npu import gemm

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


def test_no_more_cores_are_used_than_there_are_blocks():
    assert cores(gemm(256, 128, 512, int8)) == 16
    assert cores(gemm(256, 128, 256, int8)) == 8
    assert cores(gemm(64, 128, 64, int16)) == 1


def test_a_size_that_is_no_multiple_of_a_block_is_refused():
    with pytest.raises(sp.ProgramError, match="K is 100, no multiple of the 64"):
        gemm(64, 100, 128, int8)


def test_cores_are_two_numbers():
    with pytest.raises(sp.ProgramError, match="`cores` of `gemm` is two numbers"):
        gemm(64, 64, 128, int8, cores=4)
