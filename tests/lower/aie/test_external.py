"""Cores call functions in C++, and do what those do on this machine."""

import shutil

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Stream, bfloat16, float16, float32, int8, int16, int32
from tests.lower.aie.performed import performed

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")

SIZE, BLOCK = 256, 64

KERNELS = """
#include <cstdint>
#include "factor.h"
extern "C" {
void scale(const int32_t *a, int32_t *b, int32_t by) { for (int i = 0; i < 64; i++) b[i] = FACTOR * a[i] * by; }
void relu(int16_t *a) { for (int i = 0; i < 64; i++) if (a[i] < 0) a[i] = 0; }
void halve(const bfloat16 *a, bfloat16 *b) { for (int i = 0; i < 64; i++) b[i] = a[i] * 0.3f + 1; }
void thirds(const float *a, float *b, float c, bool minus, int8_t less) {
  for (int i = 0; i < 64; i++) b[i] = (minus ? -a[i] : a[i]) / c - less;
}
void product(const int8_t *a, const int8_t *b, int32_t *c) {
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++)
      for (int k = 0; k < 8; k++) c[8 * i + j] += a[8 * i + k] * b[8 * k + j];
}
void total(const int8_t *row, int32_t *sum) { for (int i = 0; i < 8; i++) *sum += row[i]; }
}
"""


@pytest.fixture
def function(tmp_path):
    """Declares a function of the file above."""
    (tmp_path / "kernels.cc").write_text(KERNELS)
    (tmp_path / "factor.h").write_text("#define FACTOR 2\n")
    return lambda name, *args, **more: sp.external(name, args=args, source=tmp_path / "kernels.cc", **more)


def blockwise(taken, given, body):
    """A region whose one core takes a block and gives a block, by `body`."""

    @sp.region()
    def top(A: taken[SIZE], B: given[SIZE]):
        before: Stream[taken[BLOCK], 2]
        behind: Stream[given[BLOCK], 2]

        @sp.kernel(args=[A])
        def load(A: taken[SIZE]):
            for i in range(SIZE // BLOCK):
                before.put(A[i * BLOCK : (i + 1) * BLOCK])

        @sp.kernel()
        def core():
            for _ in range(SIZE // BLOCK):
                a = before.get()
                b: given[BLOCK]
                body(a, b)
                behind.put(b)

        @sp.kernel(args=[B])
        def store(B: given[SIZE]):
            for i in range(SIZE // BLOCK):
                B[i * BLOCK : (i + 1) * BLOCK] = behind.get()

    return top


def drawn(dtype):
    numbers = np.random.default_rng(1).integers(-100, 100, SIZE)
    return numbers.astype(sp.numpy_dtype(dtype))


def both(program, A, given):
    """What the design computes, and what its functional run does, which are the same."""
    found, B = np.zeros(SIZE, sp.numpy_dtype(given)), np.zeros(SIZE, sp.numpy_dtype(given))
    performed(program, (A.copy(), found))
    sp.build(program, target="aie")(A.copy(), B)
    assert found.tobytes() == B.tobytes()
    return B


def test_numbers_and_arrays_are_passed(function):
    scale = function("scale", sp.In(int32[BLOCK]), sp.Out(int32[BLOCK]), sp.In(int32))

    def body(a, b):
        scale(a, b, 3)

    program, A = blockwise(int32, int32, body), drawn(int32)
    assert np.array_equal(both(program, A, int32), 6 * A)
    code = sp.build(program, target="aie").code
    assert 'func.func private @scale(memref<64xi32>, memref<64xi32>, i32) attributes {link_with = "kernels.o"}' in code
    assert code.index("func.call @scale") < code.index("objectfifo.release @before")
    assert "memref.load" not in code


def test_arrays_are_changed_in_place(function):
    relu = function("relu", sp.InOut(int16[BLOCK]))

    def body(a, b):
        for i in range(BLOCK):
            b[i] = a[i]
        relu(b)

    A = drawn(int16)
    assert np.array_equal(both(blockwise(int16, int16, body), A, int16), np.maximum(A, 0))


def test_bfloat16_is_that_of_cores(function):
    halve = function("halve", sp.In(bfloat16[BLOCK]), sp.Out(bfloat16[BLOCK]))

    def body(a, b):
        halve(a, b)

    A = drawn(bfloat16)
    wanted = (A.astype(np.float32) * np.float32(0.3) + 1).astype(A.dtype)
    assert np.array_equal(both(blockwise(bfloat16, bfloat16, body), A, bfloat16), wanted)


def test_numbers_of_every_size_are_passed(function):
    thirds = function(
        "thirds", sp.In(float32[BLOCK]), sp.Out(float32[BLOCK]), sp.In(float32), sp.In(sp.bool_), sp.In(int8)
    )

    def body(a, b):
        thirds(a, b, 3.0, True, -5)

    A = drawn(float32)
    program = blockwise(float32, float32, body)
    assert np.array_equal(both(program, A, float32), -A / np.float32(3) + 5)
    assert "func.call @thirds(%4, %6, %cst, " in sp.build(program, target="aie").code
    assert "(memref<64xf32>, memref<64xf32>, f32, i32, i32) -> ()" in sp.build(program, target="aie").code


def test_several_functions_of_one_file_share_its_object_file(function):
    product = function("product", sp.In(int8[8, 8]), sp.In(int8[8, 8]), sp.InOut(int32[8, 8]))
    scale = function("scale", sp.In(int32[BLOCK]), sp.Out(int32[BLOCK]), sp.In(int32))

    @sp.region()
    def top(A: int8[2, 8, 8], B: int32[2, 64]):
        before: Stream[int8[8, 8], 2][2]
        behind: Stream[int32[64], 2][2]

        @sp.kernel(mapping=[2], args=[A])
        def load(A: int8[2, 8, 8]):
            p = sp.get_pid()
            before[p].put(A[p])

        @sp.kernel(mapping=[2])
        def core():
            p = sp.get_pid()
            a = before[p].get()
            c: int32[8, 8] = 0
            product(a, a, c)
            flat: int32[64]
            for i in range(8):
                for j in range(8):
                    flat[8 * i + j] = c[i, j]
            b: int32[64]
            scale(flat, b, p + 1)
            behind[p].put(b)

        @sp.kernel(mapping=[2], args=[B])
        def store(B: int32[2, 64]):
            p = sp.get_pid()
            B[p] = behind[p].get()

    A = np.random.default_rng(2).integers(-128, 128, (2, 8, 8), np.int8)
    found = np.zeros((2, 64), np.int32)
    performed(top, (A, found))
    wide = A.astype(np.int32)
    assert np.array_equal(found.reshape(2, 8, 8), 2 * (wide @ wide) * np.array([1, 2]).reshape(2, 1, 1))
    module = sp.build(top, target="aie")
    assert module.code.count("func.func private") == 2
    assert module.code.count('link_with = "kernels.o"') == 2


def test_parts_of_arrays_are_passed(function):
    total = function("total", sp.In(int8[8]), sp.InOut(int32[1]))

    def body(a, b):
        for i in range(BLOCK):
            b[i] = 0
        for i in range(8):
            total(a[8 * i : 8 * i + 8], b[i : i + 1])

    A = drawn(int8)
    wanted = np.zeros((4, BLOCK), np.int32)
    wanted[:, :8] = A.astype(np.int32).reshape(4, 8, 8).sum(axis=2)
    program = blockwise(int8, int32, body)
    assert np.array_equal(both(program, A, int32), wanted.reshape(-1))


def test_without_a_file_its_reference_is_written():
    def reference(a, b):
        for i in range(BLOCK):
            b[i] = 2 * a[i]

    twice = sp.external("twice", args=[sp.In(int32[BLOCK]), sp.Out(int32[BLOCK])], reference=reference)

    def body(a, b):
        twice(a, b)

    A, program = drawn(int32), blockwise(int32, int32, body)
    assert np.array_equal(both(program, A, int32), 2 * A)
    assert "func.call" not in sp.build(program, target="aie").code


def test_exported_folder_has_what_is_compiled(function, tmp_path):
    scale = function("scale", sp.In(int32[BLOCK]), sp.Out(int32[BLOCK]), sp.In(int32), flags=["-DX=1"])

    def body(a, b):
        scale(a, b, 3)

    made = sp.build(blockwise(int32, int32, body), target="aie", mode="project", path=tmp_path / "made")
    assert (made.project.path / "kernels/kernels/kernels.cc").read_text() == KERNELS
    assert (made.project.path / "kernels/kernels/factor.h").exists()
    assert "-DX=1 -c kernels/kernels/kernels.cc -o $@" in (made.project.path / "Makefile").read_text()


def refused(body, taken=int32, given=int32):
    with pytest.raises(sp.ProgramError) as caught:
        sp.build(blockwise(taken, given, body), target="aie")
    (problem,) = caught.value.problems
    report = problem.report()
    assert report.code == "aie/not-on-core"
    return f"{report.title}: {report.primary.text}"


def test_one_name_has_one_list_of_parameters(function):
    first = function("scale", sp.In(int32[BLOCK]), sp.Out(int32[BLOCK]), sp.In(int32))
    second = function("scale", sp.In(int32[BLOCK]), sp.Out(int32[BLOCK]), sp.In(float32))

    def body(a, b):
        first(a, b, 3)
        second(a, b, 3.0)

    assert "`(const int32_t *, int32_t *, float)` here, and `(const int32_t *, int32_t *, int32_t)`" in refused(body)


def test_one_name_is_of_one_file(function, tmp_path):
    (tmp_path / "more.cc").write_text("")
    first = function("scale", sp.In(int32[BLOCK]), sp.Out(int32[BLOCK]), sp.In(int32))
    second = sp.external("scale", args=first.parameters, source=tmp_path / "more.cc")

    def body(a, b):
        first(a, b, 3)
        second(a, b, 3)

    assert refused(body).endswith("`more.cc` and `kernels.cc` both have a function of this name")


@pytest.mark.parametrize("dtype", [Fixed(16, 8), float16, sp.Int(12)], ids=str)
def test_types_that_cores_have_not_are_told(function, dtype):
    other = function("other", sp.In(dtype[BLOCK]), sp.Out(dtype[BLOCK]))

    def body(a, b):
        other(a, b)

    assert refused(body, dtype, dtype).endswith(f"C++ for cores has no type `{dtype[BLOCK]}`")


def test_bfloat16_by_value_is_told(function):
    other = function("other", sp.In(bfloat16), sp.Out(bfloat16[BLOCK]))

    def body(a, b):
        other(a[0], b)

    assert refused(body, bfloat16, bfloat16).endswith("a `bfloat16` is not passed by value")


def test_parts_are_not_passed_to_what_only_an_object_file_is_of(tmp_path):
    (tmp_path / "row.o").write_bytes(b"")
    row = sp.external("row", args=[sp.InOut(int32[8])], object=tmp_path / "row.o")

    def body(a, b):
        for i in range(BLOCK):
            b[i] = 0
        for i in range(8):
            row(b[8 * i : 8 * i + 8])

    assert refused(body).endswith("only its object file is there, and it is given a part of an array")


def test_other_parameters_than_those_of_the_file_are_told_by_a_run(function):
    scale = function("scale", sp.In(int32[BLOCK]), sp.Out(int16[BLOCK]), sp.In(int32))

    def body(a, b):
        scale(a, b, 3)

    with pytest.raises(sp.ProgramError, match=r"in `kernels\.cc` it has other parameters"):
        sp.build(blockwise(int32, int16, body), target="aie")(drawn(int32), np.zeros(SIZE, np.int16))
