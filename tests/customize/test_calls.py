"""Functions that a program calls are kept, addressed and written out again."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.ir.verify import verify
from tests.customize import called
from tests.customize.called import gemm, layer, relu, top

PROGRAMS = {
    "top": (called.top, [(4, 8), (8, 4)]),
    "layer": (called.layer, [(4, 8), (8, 4), 5]),
    "counted": (called.counted, [(8,), 6]),
    "rows": (called.rows, [(2, 8)]),
    "twice_in_one": (called.twice_in_one, [(8,)]),
    "same_array": (called.same_array, [(8,)]),
    "searched": (called.searched, [(8,), 3]),
    "shapes": (called.shapes, [(4,), (8,)]),
}


def drawn(shapes):
    rng = np.random.default_rng(7)
    return [rng.integers(-9, 9, each).astype(np.int32) if isinstance(each, tuple) else each for each in shapes]


def outcome(program, shapes, device):
    given = drawn(shapes)
    run = sp.simulate(program, *given, device=device)
    return run.cycles, [np.asarray(each).tolist() for each in (*given, run.result) if each is not None]


def told(work):
    with pytest.raises(sp.ProgramError) as refused:
        work()
    return refused.value.problems[0].report()


@pytest.mark.parametrize("device", ["ideal", "xcu280@300"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_kept_calls_change_neither_values_nor_cycles(name, device):
    program, shapes = PROGRAMS[name]
    assert outcome(sp.customize(program), shapes, device) == outcome(program, shapes, device)


@pytest.mark.parametrize("name", PROGRAMS)
def test_calls_are_inlined_one_by_one_without_a_change(name):
    program, shapes = PROGRAMS[name]
    s = sp.customize(program)
    while s._state.called:
        s.inline(s._state.called[-1])
        verify(s._state.module)
    assert outcome(s, shapes, "xcu280@300") == outcome(program, shapes, "xcu280@300")


def test_calls_are_kept_as_private_functions():
    s = sp.customize(top)
    assert s._state.called == ("layer", "gemm", "relu", "gemm_1", "relu_1")
    text = str(s.module)
    assert "call @gemm_1(%A, %B, %X) :" in text
    head = "func.func private @gemm_1(%A: memref<4x8xi32>, %B: memref<8x4xi32>, %C: memref<4x4xi32>)"
    assert f'{head} attributes {{df.callee = "gemm"' in text
    assert str(s) == "schedule of top, which calls layer, gemm, relu, gemm_1, relu_1: 0 steps"


def test_what_returns_a_number_or_is_given_a_part_is_written_out_in_place():
    assert sp.customize(called.counted)._state.called == ("clear",)
    assert sp.customize(called.rows)._state.called == ()


def test_names_in_called_functions_are_addressed():
    s = sp.customize(top)
    assert s["gemm"].i == s["gemm:i"] != s["gemm_1:i"]
    assert s["gemm_1"].acc.type == "int32"
    assert s["gemm"].A.type == "int32[4, 8]"
    assert repr(s["gemm"]).startswith("<function gemm, called in called.py:")
    assert s.A.kernel != "gemm"
    assert told(lambda: s["k"]).title == "`k` means 2 things: gemm:k, gemm_1:k"
    assert sp.customize(layer)["k"] == sp.customize(layer)["gemm:k"]


def test_the_program_s_own_names_come_first():
    def clear(A: int32[8]):
        for i in range(8):
            A[i] = 0

    def own(A: int32[8]):
        clear(A)
        for i in range(8):
            A[i] = i

    s = sp.customize(own)
    assert s["i"].kernel == "own"
    assert s["clear:i"].kernel == "clear"


def test_steps_work_in_a_called_function():
    s = sp.customize(top)
    s.split("gemm_1:k", 4)
    s.reorder("gemm:j", "gemm:i")
    s.unroll("relu:j")
    assert s["gemm_1"]["k.outer"].extent == 2
    assert outcome(s, PROGRAMS["top"][1], "ideal")[1] == outcome(top, PROGRAMS["top"][1], "ideal")[1]


def test_a_call_in_a_loop_may_use_all_that_it_is_given():
    def blurred(A: int32[8]):
        for i in range(7):
            A[i] = A[i] + A[i + 1]

    def program(A: int32[8], B: int32[8, 8]):
        for i, j in sp.grid(8, 8):
            blurred(A)
            B[i, j] = A[i]

    s = sp.customize(program)
    assert told(lambda: s.reorder("j", "program:i")).code == "schedule/order"
    assert told(lambda: s.parallel("j")).code == "schedule/dependent"


def test_an_inlined_call_is_in_the_caller(golden):
    s = sp.customize(called.searched)
    before = str(s.module)
    s.inline("search_1")
    golden(f"// before\n{before}\n// after\n{s.module}", "inline.mlir")


def test_inlined_loops_belong_to_the_caller():
    s = sp.customize(layer)
    i = s["gemm:i"]
    s.inline("gemm")
    assert s["layer"]["gemm.i"].extent == 4
    report = told(lambda: s.split(i, 2))
    assert report.title.startswith("there is no loop `i` any more: `inline` in line ")
    assert report.title.endswith(" made `gemm.i` of it")
    assert s["layer"]["gemm.acc"].type == "int32"
    s.undo()
    assert s["gemm:i"] == i


def test_only_what_is_called_is_inlined():
    s = sp.customize(layer)
    report = told(lambda: s.inline("gem"))
    assert report.title == "`layer` has no function that it calls `gem`"
    assert report.hint == "did you mean `gemm`?"
    assert told(lambda: s.inline(s["gemm:i"])).title == "this step takes a function that is called, not a loop, `i`"


def test_banks_of_an_array_reach_all_that_are_given_it():
    s = sp.customize(top)
    s.partition("gemm:A", dim=1)
    assert str(s.module).count('df.layouts = {A = "[whole, complete]"}') == 4
    s.partition(s["relu_1"].C, "cyclic", factor=2, dim=0)
    assert '%X = memref.alloca() {df.layout = "[cyclic(2), whole]"' in str(s.module)
    assert 'df.layouts = {A = "[whole, complete]", C = "[cyclic(2), whole]"}' in str(s.module)


def test_kernels_of_a_region_keep_their_calls():
    def scaled(A: int32[4], f: int32):
        for i in range(4):
            A[i] = f * A[i]

    @sp.region()
    def program(A: int32[8]):
        fifo: Stream[int32, 2]

        @sp.kernel(mapping=[1], args=[A])
        def first(A: int32[8]):
            buf: int32[4] = 0
            for i in range(4):
                buf[i] = A[i]
            scaled(buf, 3)
            for i in range(4):
                fifo.put(buf[i])

        @sp.kernel(mapping=[1], args=[A])
        def second(A: int32[8]):
            for i in range(4):
                A[4 + i] = fifo.get()

    s = sp.customize(program)
    s.unroll("scaled:i")
    A = np.arange(8, dtype=np.int32)
    sp.simulate(s, A)
    assert A.tolist() == [0, 1, 2, 3, 0, 3, 6, 9]


def gemm_schedule():
    s = sp.customize(gemm)
    s.split("k", 4)
    s.reorder("j", "i")
    s.partition(s.A, dim=1)
    return s


def test_a_schedule_is_taken_again_wherever_the_function_is_called():
    s = sp.customize(top)
    s.compose(gemm_schedule())
    for name in ("gemm", "gemm_1"):
        assert [loop.name for loop in s._state.loops(name)] == ["j", "i", "k.outer", "k.inner"]
    assert [str(step) for step in s.history] == ['compose("gemm")']
    assert outcome(s, PROGRAMS["top"][1], "ideal")[1] == outcome(top, PROGRAMS["top"][1], "ideal")[1]
    s.undo()
    s.compose(gemm_schedule(), id="gemm_1")
    assert [loop.name for loop in s._state.loops("gemm")] == ["i", "j", "k"]
    assert [loop.name for loop in s._state.loops("gemm_1")] == ["j", "i", "k.outer", "k.inner"]


def test_a_schedule_of_a_function_that_calls_is_taken_again_with_its_calls():
    inner = sp.customize(layer)
    inner.compose(gemm_schedule())
    inner.unroll("relu:j")
    inner.inline("gemm")

    def outer(A: int32[4, 8], B: int32[8, 4], Y: int32[4, 4]):
        gemm(A, B, Y)
        Y += relu(Y)
        Y += layer(A, B, 2)

    s = sp.customize(outer)
    s.compose(inner)
    assert [loop.name for loop in s._state.loops("gemm")] == ["i", "j", "k"]
    assert s["layer"]["gemm.k.outer"].extent == 2
    assert [loop.name for loop in s._state.loops("relu_1")][-1] == "i"
    shapes = [(4, 8), (8, 4), (4, 4)]
    assert outcome(s, shapes, "ideal")[1] == outcome(outer, shapes, "ideal")[1]


def test_a_schedule_fits_the_types_it_was_made_for():
    one = sp.customize(called.double)
    one.split("i", 2)
    s = sp.customize(called.shapes)
    s.compose(one)
    assert [s._state.loop(name, op).name for name, op in firsts(s)] == ["i.outer", "i", "i.outer"]
    report = told(lambda: s.compose(one, id="scaled_1"))
    assert report.title == "the schedule is of another `scaled` than the one that is called here"
    assert report.notes == ("`A` is `int32[4]` in the schedule, `int32[8]` in `scaled_1`",)


def test_schedules_of_functions_of_one_name_are_composed_at_once_where_their_types_differ():
    short, long = sp.customize(called.double), sp.customize(called.double_long)
    short.split("i", 2)
    long.split("i", 4)
    s = sp.customize(called.shapes)
    s.compose(short, long)
    assert [s[name]["i.inner"].extent for name in s._state.called] == [2, 4, 2]
    report = told(lambda: sp.customize(called.shapes).compose(short, long, short))
    assert report.title == "two schedules of `scaled` are composed at once"


def test_a_function_is_kept_by_the_name_it_goes_by():
    def double(A: int32[4]):
        for i in range(4):
            A[i] = 2 * A[i]

    def program(A: int32[4]):
        double(A)
        double(A)

    double.__name__ = "twice"
    part = sp.customize(double)
    part.unroll("i")
    s = sp.customize(program)
    assert tuple(s._state.called) == ("twice", "twice_1")
    s.compose(part)
    A = np.ones(4, np.int32)
    sp.simulate(s, A)
    assert A.tolist() == [4] * 4


def firsts(s):
    for name in s._state.called:
        yield name, next(op for op in s._state.functions[name].entry_block.operations if "df.name" in op.attributes)


def test_what_cannot_be_composed_is_told():
    def gemm(A: int32[4, 8]):
        for i in range(4):
            A[i, 0] = 1

    s = sp.customize(top)
    report = told(lambda: s.compose(sp.customize(gemm)))
    assert report.title == "the schedule is of another `gemm` than the one that is called here"
    assert report.notes[0].startswith("it is defined in test_calls.py:")
    report = told(lambda: s.compose(sp.customize(called.search)))
    assert report.title == "`top` calls no `search`, whose schedule is composed"
    report = told(lambda: s.compose(gemm_schedule(), gemm_schedule()))
    assert report.title == "two schedules of `gemm` are composed at once"
    s.compose(gemm_schedule())
    report = told(lambda: s.compose(gemm_schedule()))
    assert report.title.startswith("there is no loop `k` any more")
    assert report.related[-1].text == '`split("k", 4)` of the schedule of `gemm`'
    assert len(s.history) == 1


@pytest.mark.parametrize(
    ("step", "title"),
    [
        (
            lambda s: s.double_buffer(s["relu"].C),
            "`double_buffer` takes arrays of the function's own, `C` is given to it",
        ),
        (lambda s: s.to(s["relu"].C, "relu"), "`to` gives elements to PEs, and `relu` is a function that is called"),
    ],
)
def test_what_a_called_function_is_given_stays_as_it_is(step, title):
    s = sp.customize(top)
    before = str(s.module)
    assert told(lambda: step(s)).title == title
    assert str(s.module) == before


def test_an_array_that_no_function_uses_is_no_buffer_of_one():
    def half(A: int32[8], B: int32[8], unused: int32[8]):
        middle: int32[8]
        for i in range(8):
            middle[i] = A[i] + 1
        for j in range(8):
            B[j] = middle[j]

    s = sp.customize(half)
    unused = next(each for each in s._state.arrays() if each.name == "unused")
    s.dataflow()
    report = told(lambda: s.double_buffer(unused))
    assert report.title == "`unused` is an array of no functions, this step works in one"


@pytest.mark.parametrize("target", ["cpu", "hls"])
def test_a_program_with_kept_calls_is_built(target):
    s = sp.customize(top)
    s.compose(gemm_schedule())
    given = drawn(PROGRAMS["top"][1])
    expected = sp.simulate(top, *given).result
    assert np.array_equal(sp.build(s, target=target)(*given), expected)
    assert relu.__name__ in str(s)
