"""Loops run in lanes as wide as their length allows, and not where the user said that iterations do not overlap."""

import re

import numpy as np
import pytest

import spatial as sp
from spatial import int16, int32
from spatial.build.aie.placed import placed
from tests.lower.aie.performed import performed

APART = "{llvm.loop_annotation = #llvm.loop_annotation<pipeline = <disable = true>>}"


def doubled(columns, dtype, *, pipelined):
    @sp.region()
    def program(x: dtype[4, columns], y: dtype[4, columns]):
        @sp.kernel(args=[x, y])
        def core(x: dtype[4, columns], y: dtype[4, columns]):
            for m in range(4):
                for k in range(columns, pipeline=pipelined):
                    y[m, k] = x[m, k] + x[m, k]

    return program


@pytest.mark.parametrize(
    ("columns", "dtype", "vectors"),
    [
        (32, int32, {"vector<16xi32>"}),
        (24, int32, {"vector<8xi32>"}),
        (12, int32, {"vector<4xi32>"}),
        (8, int16, {"vector<8xi16>"}),
        (6, int32, set()),
    ],
)
def test_lanes_are_the_most_that_divide_a_loop(columns, dtype, vectors):
    text = placed(doubled(columns, dtype, pipelined=True), "npu1").design.code
    assert vectors <= set(re.findall(r"vector<\d+xi\d+>", text))
    assert bool(vectors) == ("vector.load" in text)
    assert "llvm" not in text


def test_iterations_that_do_not_overlap_are_no_lanes_and_the_compiler_is_told():
    program = doubled(32, int32, pipelined=False)
    text = placed(program, "npu1").design.code
    assert "arith.addi" in text
    assert "vector" not in text
    assert APART in text
    x, y = np.arange(128, dtype=np.int32).reshape(4, 32), np.zeros((4, 32), np.int32)
    performed(program, (x, y))
    assert np.array_equal(y, 2 * x)
