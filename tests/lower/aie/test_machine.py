"""What is written for cores and shims computes what the program does, step by step."""

import numpy as np
import pytest

import spatial as sp
from spatial import int32, int64
from tests.conformance.cell import blank, difference, drawn
from tests.conformance.registry import PROGRAMS
from tests.lower.aie.emit.programs import gemm_program, vector_program
from tests.lower.aie.performed import performed


def test_vector_addition():
    a, b, c = np.arange(256, dtype=np.int32), 5 * np.arange(256, dtype=np.int32), np.zeros(256, np.int32)
    performed(vector_program(256, 64), (a, b, c))
    assert np.array_equal(c, a + b)


def test_product_of_matrices():
    random = np.random.default_rng(1)
    a, b = (random.integers(-128, 128, (16, 16)).astype(np.int8) for _ in range(2))
    c = np.zeros((16, 16), np.int32)
    performed(gemm_program(16, 8), (a, b, c))
    assert np.array_equal(c, a.astype(np.int32) @ b.astype(np.int32))


REFUSED = (
    "game_of_life", "gemm_blocks", "lu",
    "mandelbrot", "packets", "ping_pong", "polling",
)  # fmt: skip
LARGE = ("gemm_cannon",)  # at its second size
RUN = [each for each in PROGRAMS if each.name not in REFUSED and each.calls == 1]


@pytest.mark.parametrize("program", RUN, ids=lambda each: each.name)
def test_conformance_program(program):
    size = program.sizes[0 if program.name in LARGE else 1]
    out = blank(program, size)
    performed(program.make(*size, depth=max(2, program.least_depth(*size))), (*drawn(program, size), *out))
    assert not difference(program, size, out)


def test_products_with_indices_that_only_wrap():
    @sp.region()
    def turning(x: int32[16], y: int32[16]):
        @sp.kernel(args=[x, y])
        def core(x: int32[16], y: int32[16]):
            for k in range(400):
                y[k % 16] = x[k % 16] * k + y[(k + 1) % 16]

    found, wanted = np.ones(16, np.int32), np.ones(16, np.int32)
    x = np.arange(16, dtype=np.int32) * 12345678
    performed(turning, (x, found))
    sp.build(turning, target="cpu")(x, wanted)
    np.testing.assert_array_equal(found, wanted)


def test_wide_numbers_that_lie_within_64_bits():
    @sp.region()
    def compared(x: int32[16], y: int32[16]):
        @sp.kernel(args=[x, y])
        def core(x: int32[16], y: int32[16]):
            for k in range(16):
                if x[k] * k - y[(k + 1) % 16] * k > 5:
                    y[k] = 3

    x, y = np.arange(16, dtype=np.int32) * 200_000_000, np.arange(16, dtype=np.int32)[::-1] * 100_000_000
    found, wanted = y.copy(), y.copy()
    performed(compared, (x, found))
    sp.build(compared, target="cpu")(x, wanted)
    np.testing.assert_array_equal(found, wanted)


def test_wider_numbers_are_refused():
    @sp.region()
    def wide(x: int64[16], y: int64[16]):
        @sp.kernel(args=[x, y])
        def core(x: int64[16], y: int64[16]):
            for k in range(16):
                if x[k] * y[k] > 5:
                    y[k] = 3

    with pytest.raises(sp.ProgramError, match="a number of more than 64 bits cannot run on a core") as caught:
        sp.build(wide, target="aie")
    assert caught.value.problems[0].report().code == "aie/not-on-core"
