"""Functions in C++ are part of a design: called with copies in their types, and exported with their headers."""

import subprocess

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int8, int32
from tests.build.hls.test_language import agree
from tests.lower.hls.cpp import needs_compiler

pytestmark = needs_compiler
MM = """
#include <cstdint>
#include "by.h"
extern "C" void mm(const int8_t *A, const int8_t *B, int32_t *C, int32_t scale) {
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      int32_t sum = 0;
      for (int k = 0; k < 4; k++) sum += A[4 * i + k] * B[4 * k + j];
      C[4 * i + j] = sum * scale * BY * EXTRA;
    }
}
"""
ADD = """
extern "C" void add(const float *x, float *y, bool twice) {
  for (int n = 0; n < 3; n++) y[n] += twice ? 2 * x[n] : x[n];
}
"""


@pytest.fixture
def product(tmp_path):
    """A region whose kernel calls C++, with a header beside it and a macro of a flag."""
    (tmp_path / "inc").mkdir()
    (tmp_path / "inc" / "by.h").write_text("#define BY 3\n")
    (tmp_path / "mm.cc").write_text(MM)
    mm = sp.external(
        "mm",
        args=[sp.In(int8[4, 4]), sp.In(int8[4, 4]), sp.Out(int32[4, 4]), sp.In(int32)],
        source=tmp_path / "mm.cc",
        include=tmp_path / "inc",
        flags=["-DEXTRA=5"],
    )

    @sp.region()
    def product(A: int8[2, 4, 4], B: int8[4, 4], C: int32[2, 4, 4]):
        tiles: Stream[int32[4, 4], 2]

        @sp.kernel(args=[A, B])
        def multiply(A: int8[2, 4, 4], B: int8[4, 4]):
            for n in range(2):
                tile: int32[4, 4] = 0
                mm(A[n], B, tile, n + 2)
                tiles.put(tile)

        @sp.kernel(args=[C])
        def keep(C: int32[2, 4, 4]):
            for n in range(2):
                tile = tiles.get()
                for i, j in sp.grid(4, 4):
                    C[n, i, j] = tile[i, j]

    return product


def arrays():
    draw = np.random.default_rng(0)
    return (
        draw.integers(-9, 9, (2, 4, 4), np.int8),
        draw.integers(-9, 9, (4, 4), np.int8),
        np.zeros((2, 4, 4), np.int32),
    )


def test_a_function_in_cpp_is_called_in_c_simulation(product):
    module = agree(product, *arrays())
    assert '#define EXTRA 5\n#include "external/mm.cc"\n#undef EXTRA\n' in module.code
    assert {"external/mm.cc", "external/by.h"} <= module.design.files.keys()


def test_a_project_has_its_text_and_headers(product, tmp_path):
    made = tmp_path / "made"
    sp.build(product, target="hls", mode="project", path=made, device="xcu280@300")
    assert (made / "external" / "mm.cc").read_text() == MM
    done = subprocess.run(["make", "csim"], cwd=made, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_part_of_an_array_and_a_reference_beside_the_text(tmp_path):
    (tmp_path / "add.cc").write_text(ADD)

    def reference(x, y, twice):
        for n in range(3):
            y[n] = y[n] + (2 * x[n] if twice else x[n])

    add = sp.external(
        "add",
        args=[sp.In(float32[3]), sp.InOut(float32[3]), sp.In(bool)],
        source=tmp_path / "add.cc",
        reference=reference,
    )

    @sp.region()
    def sums(X: float32[9], Y: float32[3]):
        @sp.kernel(args=[X, Y])
        def only(X: float32[9], Y: float32[3]):
            for n in range(3):
                add(X[3 * n : 3 * n + 3], Y, n == 1)

    module = agree(sums, np.arange(9, dtype=np.float32), np.zeros(3, np.float32))
    assert "add(add_X" in module.code
