"""What a core takes to compute."""

import pytest

import spatial as sp
from spatial import bfloat16, float32, int8, int16, int32
from spatial.analysis.loops import is_loop
from spatial.build.subject import program_of
from spatial.device.npu import npu
from spatial.ir.function import kernels
from spatial.sim.npu.computing import computed, product_cycles
from spatial.sim.npu.nests import Contraction, contraction_of

DEVICE = npu("npu1")


def loops_of(region):
    program = program_of(region)
    body = next(each for each in kernels(program.module) if "core" in each.name.value)
    found = [op for op in body.entry_block.operations if is_loop(op)]
    return program, found


def product(dtype, out):
    @sp.region()
    def program(A: dtype[64, 32], B: dtype[32, 48], C: out[64, 48]):
        @sp.kernel()
        def core(A: dtype[64, 32], B: dtype[32, 48], C: out[64, 48]):
            C[:, :] = A @ B

    return program


def elementwise(dtype, *, step):
    @sp.region()
    def program(X: dtype[4096], Y: dtype[4096]):
        @sp.kernel()
        def core(X: dtype[4096], Y: dtype[4096]):
            for i in range(1024):
                Y[step * i] = X[step * i] + X[step * i]

    return program


@pytest.mark.parametrize(("dtype", "out"), [(int8, int32), (int16, int32), (bfloat16, float32)])
def test_a_product_of_matrices_is_seen_as_one(dtype, out):
    program, loops = loops_of(product(dtype, out))
    found = [contraction_of(loop) for loop in loops]
    assert Contraction(dtype=str(dtype), rows=64, columns=48, depth=32, times=1) in found
    assert program is not None


def test_a_product_takes_whole_blocks_and_a_fill_for_each():
    one = Contraction(dtype="int8", rows=8, columns=16, depth=64, times=1)
    more = Contraction(dtype="int8", rows=9, columns=16, depth=64, times=1)
    assert product_cycles(one, DEVICE) == 32 + DEVICE.products["int8"].fill
    assert product_cycles(more, DEVICE) == 2 * (32 + DEVICE.products["int8"].fill)


def test_elements_beside_each_other_are_computed_as_vectors():
    programs = {}
    for name, dtype, step in (("vectors", int16, 1), ("words", int32, 1), ("spread", int16, 2)):
        program, (loop,) = loops_of(elementwise(dtype, step=step))
        programs[name] = program, computed(loop, DEVICE)
    assert programs["vectors"][1] < programs["words"][1] < 100
    assert programs["spread"][1] > 1024


def sums(*, lanes, pipelined, columns=32):
    """Sums of rows that a core computes so many lanes at once."""

    @sp.region()
    def program(X: int8[64, columns], w: int8[64], Y: int32[columns]):
        @sp.kernel()
        def core(X: int8[64, columns], w: int8[64], Y: int32[columns]):
            for k in range(64):
                a = w[k]
                for v in range(columns // lanes, pipeline=pipelined):
                    for p in range(lanes):
                        Y[v * lanes + p] += a * X[k, v * lanes + p]

    return program


def test_lanes_and_overlap_are_what_a_nest_says():
    times = DEVICE.times
    for lanes, pipelined in ((8, True), (8, False), (4, False), (1, False)):
        program, (loop,) = loops_of(sums(lanes=lanes, pipelined=pipelined))
        each = 1 + times.loop + 32 // lanes * (1 if pipelined else times.apart)
        assert computed(loop, DEVICE) == pytest.approx(times.loop + 64 * each)
        assert program is not None
