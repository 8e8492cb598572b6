"""Functions in C++ do in a simulation what their reference does, or they themselves, in the time that is declared."""

import functools
import shutil

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, UInt, float16, float32, int8, int16, int32, uint8

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")

MM = """
#include <cstdint>
extern "C" void mm(const int8_t *A, const int8_t *B, int32_t *C, int32_t scale) {
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      int32_t sum = 0;
      for (int k = 0; k < 4; k++) sum += A[4 * i + k] * B[4 * k + j];
      C[4 * i + j] = sum * scale;
    }
}
"""
MM_ARGS = [sp.In(int8[4, 4]), sp.In(int8[4, 4]), sp.Out(int32[4, 4]), sp.In(int32)]


def mm_reference(A, B, C, scale):
    for i, j in sp.grid(C.shape[0], C.shape[1]):
        total: int32 = 0
        for k in range(B.shape[0]):
            total += int32(A[i, k]) * B[k, j]
        C[i, j] = total * scale


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder for C++ files, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "mm.cc").write_text(MM)
    return tmp_path


@pytest.fixture(params=["simpy", "native"])
def simulate(request):
    """Runs a program on an engine."""
    return functools.partial(sp.simulate, engine=request.param)


def product_of(simulate, mm):
    """Multiplies two matrices by a third, each by a call of `mm`; the run, after its values were checked."""

    @sp.region()
    def top(A: int8[2, 4, 4], B: int8[4, 4], C: int32[2, 4, 4]):
        @sp.kernel()
        def pe(A: int8[2, 4, 4], B: int8[4, 4], C: int32[2, 4, 4]):
            for n in range(2):
                mm(A[n], B, C[n], n + 1)

    numbers = np.random.default_rng(1)
    A, B = (numbers.integers(-128, 128, shape, np.int8) for shape in ((2, 4, 4), (4, 4)))
    C = np.zeros((2, 4, 4), np.int32)
    run = simulate(top, A, B, C)
    assert np.array_equal(C, A.astype(np.int32) @ B * np.array([1, 2]).reshape(2, 1, 1))
    return run


def test_a_reference_does_the_work_in_its_own_time(simulate):
    assert product_of(simulate, sp.external("mm", args=MM_ARGS, reference=mm_reference)).cycles == 2 * 64


def test_declared_cycles_are_all_that_a_call_takes(simulate):
    assert product_of(simulate, sp.external("mm", args=MM_ARGS, reference=mm_reference, cycles=10)).cycles == 20


def test_cycles_may_be_a_function_of_the_shapes(simulate):
    def cycles(A, B, C, scale):
        assert (A, B, C, scale) == ((4, 4), (4, 4), (4, 4), ())
        return A[0] * B[1]

    assert product_of(simulate, sp.external("mm", args=MM_ARGS, reference=mm_reference, cycles=cycles)).cycles == 2 * 16


@needs_compiler
def test_without_a_reference_the_source_is_compiled_and_takes_a_cycle(simulate, folder):
    assert product_of(simulate, sp.external("mm", args=MM_ARGS, source=folder / "mm.cc")).cycles == 2
    assert product_of(simulate, sp.external("mm", args=MM_ARGS, source=folder / "mm.cc", cycles=7)).cycles == 14


@needs_compiler
def test_what_was_compiled_is_kept_until_a_header_changes(simulate, folder):
    (folder / "inc").mkdir()
    (folder / "inc" / "by.h").write_text("#define BY 3\n")
    (folder / "by.cc").write_text('#include "by.h"\nextern "C" void by(int *A) { *A *= BY * EXTRA; }\n')

    def result():
        by = sp.external(
            "by", args=[sp.InOut(int32[1])], source=folder / "by.cc", include=folder / "inc", flags=["-DEXTRA=5"]
        )

        @sp.region()
        def top(A: int32[1]):
            @sp.kernel()
            def pe(A: int32[1]):
                by(A)

        A = np.array([2], np.int32)
        simulate(top, A)
        return A[0], len(list((folder / "cache" / "spatial").iterdir()))

    assert result() == (30, 1)
    assert result() == (30, 1)
    (folder / "inc" / "by.h").write_text("#define BY 4\n")
    assert result() == (40, 2)


@needs_compiler
def test_calls_between_channel_operations_take_turns_with_them(simulate, folder):
    (folder / "twice.cc").write_text(
        '#include <cstdint>\nextern "C" void twice(int32_t x, int32_t *y) { *y = 2 * x; }\n'
    )
    twice = sp.external("twice", args=[sp.In(int32), sp.Out(int32[1])], source=folder / "twice.cc", cycles=5)

    @sp.region()
    def top(A: int32[4], C: int32[4]):
        fifo: Stream[int32, 2]

        @sp.kernel()
        def source(A: int32[4]):
            for k in range(4):
                fifo.put(A[k])

        @sp.kernel()
        def sink(C: int32[4]):
            for k in range(4):
                twice(fifo.get(), C[k : k + 1])

    C = np.zeros(4, np.int32)
    assert simulate(top, np.arange(4, dtype=np.int32), C).cycles == 1 + 4 * (1 + 5)
    assert C.tolist() == [0, 2, 4, 6]


def test_a_reference_without_loops_is_pipelined_with_what_stands_around_it(simulate):
    def twice_reference(x, y):
        y[0] = 2 * x

    twice = sp.external("twice", args=[sp.In(int32), sp.Out(int32[1])], reference=twice_reference)

    @sp.region()
    def top(A: int32[8], C: int32[8]):
        @sp.kernel()
        def pe(A: int32[8], C: int32[8]):
            for k in range(8):
                twice(A[k], C[k : k + 1])

    C = np.zeros(8, np.int32)
    assert simulate(top, np.arange(8, dtype=np.int32), C).cycles == 8
    assert C.tolist() == list(range(0, 16, 2))


def test_a_while_in_a_timed_reference_takes_no_time(simulate):
    def root_reference(x, y):
        y[0] = 0
        while (y[0] + 1) * (y[0] + 1) <= x:
            y[0] += 1

    root = sp.external("root", args=[sp.In(int32), sp.Out(int32[1])], reference=root_reference, cycles=3)

    @sp.region()
    def top(C: int32[1]):
        @sp.kernel()
        def pe(C: int32[1]):
            root(50, C)

    C = np.zeros(1, np.int32)
    assert simulate(top, C).cycles == 3
    assert C[0] == 7


@needs_compiler
def test_every_native_type_passes_as_its_numpy_form(simulate, folder):
    (folder / "types.cc").write_text("""
#include <cstdint>
extern "C" void types(bool b, uint8_t u, int16_t i, float f, double d, const uint16_t *h, const bool *bs, double *out) {
  out[0] = b; out[1] = u; out[2] = i; out[3] = f; out[4] = d; out[5] = h[1]; out[6] = bs[0] + 2 * bs[1];
}""")
    from spatial import bool_, float64

    inputs = [bool_, uint8, sp.Int(12), float32, float64, float16[2], bool_[2]]
    types = sp.external("types", args=[*map(sp.In, inputs), sp.Out(float64[7])], source=folder / "types.cc")

    @sp.region()
    def top(H: float16[2], B: bool_[2], C: float64[7]):
        @sp.kernel()
        def pe(H: float16[2], B: bool_[2], C: float64[7]):
            types(True, 200, -7, 1.5, 2.5, H, B, C)

    C = np.zeros(7)
    simulate(top, np.array([0, 1], np.float16), np.array([False, True]), C)
    assert C.tolist() == [1, 200, -7, 1.5, 2.5, 0x3C00, 2]


@needs_compiler
@pytest.mark.parametrize("rows", [1, 2])
def test_actors_share_what_functions_in_cpp_write(simulate, folder, rows):
    (folder / "fill.cc").write_text(
        'extern "C" void fill(int x, int *row) { for (int k = 0; k < 3; k++) row[k] = x; }\n'
    )
    fill = sp.external("fill", args=[sp.In(int32), sp.Out(int32[3])], source=folder / "fill.cc")

    @sp.region()
    def top(C: int32[2, 3]):
        @sp.kernel(mapping=[2], args=[C])
        def pe(C: int32[2, 3]):
            i = sp.get_pid()
            fill(i + 1, C[i if rows == 2 else 0])

    C = np.zeros((2, 3), np.int32)
    if rows == 2:
        simulate(top, C)
        assert C.tolist() == [[1, 1, 1], [2, 2, 2]]
    else:
        with pytest.raises(sp.ProgramError, match="race for `C"):
            simulate(top, C)


def run_on_one(simulate, function, dtype=int32):
    @sp.region()
    def top(A: dtype[4]):
        @sp.kernel()
        def pe(A: dtype[4]):
            function(A)

    simulate(top, np.zeros(4, sp.numpy_dtype(dtype)))


def test_a_missing_compiler_is_told_with_what_to_install(simulate, folder, monkeypatch):
    mm = sp.external("mm", args=[sp.InOut(int32[4])], source=folder / "mm.cc")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(sp.ToolError, match=r"apt-get install g\+\+"):
        run_on_one(simulate, mm)
    monkeypatch.setenv("CXX", "no-such-compiler -m32")
    with pytest.raises(sp.ToolError, match="`no-such-compiler`, which the environment variable CXX names"):
        run_on_one(simulate, mm)


@needs_compiler
def test_a_source_that_does_not_compile_shows_what_the_compiler_says(simulate, folder):
    (folder / "bad.cc").write_text('extern "C" void bad(int *A) { nonsense; }\n')
    with pytest.raises(sp.ToolError, match=r"(?s)bad\.cc does not compile.*nonsense.*not declared"):
        run_on_one(simulate, sp.external("bad", args=[sp.InOut(int32[4])], source=folder / "bad.cc"))


@needs_compiler
def test_a_symbol_that_the_source_does_not_have_is_told(simulate, folder):
    with pytest.raises(sp.ProgramError, match=r"(?s)external/not-runnable.*no function of this name.*extern \"C\""):
        run_on_one(simulate, sp.external("other", args=[sp.InOut(int32[4])], source=folder / "mm.cc"))


def test_an_object_file_alone_is_not_run(simulate, folder):
    (folder / "mm.o").write_bytes(b"")
    with pytest.raises(sp.ProgramError, match="cannot call `mm`: only its object file is there"):
        run_on_one(simulate, sp.external("mm", args=[sp.InOut(int32[4])], object=folder / "mm.o"))


def test_a_type_that_cpp_does_not_have_is_told(simulate, folder):
    fixed = sp.Fixed(12, 4)
    with pytest.raises(sp.ProgramError, match="this machine's C\\+\\+ has no `Fixed"):
        run_on_one(simulate, sp.external("mm", args=[sp.InOut(fixed[4])], source=folder / "mm.cc"), fixed)


@needs_compiler
def test_a_value_outside_of_a_narrow_type_is_a_fault(simulate, folder):
    (folder / "big.cc").write_text('#include <cstdint>\nextern "C" void big(uint16_t *A) { A[2] = 5000; }\n')
    with pytest.raises(sp.RunError, match=r"`big` wrote a wrong value, the element at \[2\] is 5000"):
        run_on_one(simulate, sp.external("big", args=[sp.InOut(UInt(12)[4])], source=folder / "big.cc"), UInt(12))


@needs_compiler
def test_one_array_given_twice_is_a_fault_where_it_is_written(simulate, folder):
    (folder / "copy.cc").write_text('extern "C" void copy(const int *A, int *B) { B[0] = A[0]; }\n')
    copy = sp.external("copy", args=[sp.In(int32[2]), sp.Out(int32[2])], source=folder / "copy.cc")

    def both(A):
        copy(A[0:2], A[2:4])
        copy(A[0:2], A[1:3])

    with pytest.raises(sp.RunError, match="`copy` writes an element that it is also given"):
        run_on_one(simulate, both)


@needs_compiler
def test_slices_that_begin_at_run_time_are_checked(simulate, folder):
    (folder / "zero.cc").write_text('extern "C" void zero(short *A) { A[0] = A[1] = 0; }\n')
    zero = sp.external("zero", args=[sp.Out(int16[2])], source=folder / "zero.cc")

    @sp.region()
    def top(A: int16[4], at: int32):
        @sp.kernel()
        def pe(A: int16[4], at: int32):
            zero(A[at : at + 2])

    A = np.ones(4, np.int16)
    simulate(top, A, 2)
    assert A.tolist() == [1, 1, 0, 0]
    with pytest.raises(sp.RunError, match="0 to 2, where 2 elements of `A` can begin"):
        simulate(top, A, 3)


ADD = 'extern "C" void add(const int *A, int *C, int k) { for (int i = 0; i < 8; i++) C[i] = A[i] + k; }\n'


def add_reference(A, C, k):
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            C[i, j] = A[i, j] + k


@pytest.mark.parametrize("way", ["reference", pytest.param("source", marks=needs_compiler)])
def test_tiles_locals_and_computed_arrays_are_passed_by_every_pe(simulate, folder, way):
    (folder / "add.cc").write_text(ADD)
    given = {"reference": add_reference} if way == "reference" else {"source": folder / "add.cc"}
    add = sp.external("add", args=[sp.In(int32[2, 4]), sp.Out(int32[2, 4]), sp.In(int32)], cycles=3, **given)

    @sp.region()
    def top(A: int32[4, 4], C: int32[4, 4]):
        @sp.kernel(mapping=[2])
        def pe(A: int32[4, 4] @ [sp.S(0), sp.R], C: int32[4, 4] @ [sp.S(0), sp.R]):
            i = sp.get_pid()
            local: int32[2, 4]

            def added(k):
                add(A, local, k)

            added(10 * i)
            add(A + local, C, 1)

    A, C = np.arange(16, dtype=np.int32).reshape(4, 4), np.zeros((4, 4), np.int32)
    run = simulate(top, A, C)
    assert np.array_equal(C, 2 * A + 1 + np.array([0, 0, 10, 10]).reshape(4, 1))
    assert run.cycles == 3 + 8 + 3


@needs_compiler
def test_an_array_that_is_only_an_in_out_must_have_values(folder):
    (folder / "add.cc").write_text(ADD)
    add = sp.external("add", args=[sp.In(int32[2, 4]), sp.InOut(int32[2, 4]), sp.In(int32)], source=folder / "add.cc")

    @sp.region()
    def top(A: int32[2, 4]):
        @sp.kernel()
        def pe(A: int32[2, 4]):
            local: int32[2, 4]
            add(A, local, 1)

    with pytest.raises(sp.ProgramError, match="`local` is read before anything is written into it"):
        sp.check(top)


def test_a_pipeline_around_a_timed_call_is_refused():
    add = sp.external(
        "add", args=[sp.In(int32[2, 4]), sp.Out(int32[2, 4]), sp.In(int32)], reference=add_reference, cycles=3
    )

    @sp.region()
    def top(A: int32[2, 4], C: int32[2, 4]):
        @sp.kernel()
        def pe(A: int32[2, 4], C: int32[2, 4]):
            for k in range(4, pipeline=sp.Pipeline(ii=1)):
                add(A, C, k)

    with pytest.raises(sp.ProgramError, match=r"(?s)a loop around a call of `add` is not pipelined.*takes 3 cycles"):
        sp.check(top)


def test_what_two_actors_surely_write_through_references_is_told_without_a_run():
    add = sp.external(
        "add", args=[sp.In(int32[2, 4]), sp.Out(int32[2, 4]), sp.In(int32)], reference=add_reference, cycles=3
    )

    @sp.region()
    def top(A: int32[2, 4], C: int32[2, 4]):
        @sp.kernel(mapping=[2], args=[A, C])
        def pe(A: int32[2, 4], C: int32[2, 4]):
            add(A, C, 1)

    with pytest.raises(sp.ProgramError, match="array/unordered"):
        sp.check(top)
