"""A schedule rewrites a copy step by step, and its names survive."""

import inspect
import time

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32
from spatial.customize.schedule import Schedule
from spatial.customize.steps import primitive
from spatial.ir.mlir import ir
from spatial.kernel.errors import WrongUse
from spatial.schedule.naming import fresh_name

M, N, K = 4, 3, 5


def matmul(A: int8[M, K], B: int8[K, N]) -> int32[M, N]:
    C: int32[M, N] = 0
    for i, j in sp.grid(M, N, "PE"):
        for k in sp.reduction(K, name="inner"):
            C[i, j] += A[i, k] * B[k, j]
    for k in range(M):
        C[k, 0] = C[k, 0] + 1
    return C


@sp.region()
def chain(A: int32[4], B: int32[4]):
    fifo: Stream[int32, 2][4]

    @sp.kernel(mapping=[3])
    def pe(A: int32[4], B: int32[4]):
        p = sp.get_pid()
        with sp.meta_if(p == 0):
            for k in range(4):
                fifo[1].put(A[k])
        with sp.meta_elif(p == 2):
            for k in range(4):
                B[k] = fifo[2].get()
        with sp.meta_else():
            buf: int32[4] = 0
            for k in range(4):
                buf[k] = fifo[1].get()
                fifo[2].put(2 * buf[k])

    @sp.kernel
    def other(B: int32[4]):
        pass


LINE = matmul.__code__.co_firstlineno
CHAIN = chain.function.__code__.co_firstlineno + 1


class Renaming(Schedule):
    """A schedule with steps that change no more than names."""

    @primitive
    def split(self, at, loop, factor):
        """Gives a loop the name that the outer of two would have."""
        op = at.loop(loop)
        op.attributes["df.name"] = ir.StringAttr.get(fresh_name(at.function, f"{at.lookup.loop(loop).name}.outer"))
        return at.reference(op)

    @primitive
    def refused(self, at, loop):
        """Changes a name, then refuses."""
        at.loop(loop).attributes["df.name"] = ir.StringAttr.get("changed")
        raise sp.ProgramError([WrongUse(title="this is refused", span=at.span)])

    @primitive
    def touch(self, at, *names):
        """Asks for memory."""
        return [at.reference(at.buffer(name)) for name in names]

    @primitive
    def together(self, at, one, other):
        """Asks for two loops."""
        return at.loops([one, other])

    @primitive
    def count(self, at, array):
        """How many functions are given an array."""
        return len(at.everywhere(array))


def renaming(program):
    made = sp.customize(program)
    return Renaming(made.name, made._state)


def told(work):
    """The title, the hint and the labels of the only problem."""
    with pytest.raises(sp.ProgramError) as refused:
        work()
    (problem,) = refused.value.problems
    report = problem.report()
    assert report.primary.span.file == __file__
    return report.title, report.hint, [label.text for label in report.related]


def test_names_are_unique_in_a_function_and_mean_loops_arrays_and_kernels():
    s = sp.customize(matmul)
    assert [loop.name for loop in s._state.loops("matmul_0")] == ["loop", "loop_1", "i", "j", "k", "k_1"]
    assert repr(s["k_1"]) == f"<loop matmul:k_1, 4 iterations, test_schedule.py:{LINE + 5}>"
    assert repr(s.A) == f"<buffer matmul:A: int8[4, 5], test_schedule.py:{LINE}>"
    assert repr(s["PE"]) == "<band PE: i, j>"
    assert repr(s["matmul"]) == "<kernel matmul, 1 function>"
    assert s["inner"] == s["k"] == s["matmul:k"] == s["matmul"].k == s["matmul"]["k"] == s["matmul"][0].k == s.k
    assert (s["k"].extent, s["k"].span.line) == (5, LINE + 3)


def test_the_module_is_printed_with_names():
    text = str(sp.customize(matmul).module)
    assert "scf.for %k = " in text
    assert '{df.name = "k_1"}' in text
    assert '{df.band = 2 : i64, df.label = "PE", df.name = "i"}' in text
    assert '{df.label = "inner", df.name = "k", df.reduction}' in text


def test_a_schedule_runs_like_the_program():
    A, B = np.ones((M, K), np.int8), np.arange(K * N, dtype=np.int8).reshape(K, N)
    s = sp.customize(matmul)
    expected = sp.simulate(matmul, A, B)
    assert np.array_equal(sp.simulate(s, A, B).result, expected.result)
    assert sp.simulate(s, A, B, engine="simpy").cycles == expected.cycles
    assert np.array_equal(sp.build(s)(A, B), expected.result)
    assert "PE: for" in sp.build(s, target="hls").code
    assert sp.check(s).name == "matmul"
    assert len(sp.report(s).loops) == 3
    assert sp.size_fifos(sp.customize(chain)).cycles == sp.size_fifos(chain).cycles


def test_steps_are_recorded_undone_and_reset():
    s = renaming(matmul)
    start = str(s.module)
    assert str(s) == "schedule of matmul: 0 steps"
    outer = s.split("i", 4)
    between = str(s.module)
    assert outer.name == "i.outer"
    s.split(s["j"], factor=2)
    assert str(s) == repr(s)
    assert str(s).splitlines() == [
        "schedule of matmul: 2 steps",
        f'  1. split("i", 4) -> i.outer  (test_schedule.py:{s.history[0].span.line})',
        f'  2. split("j", factor=2) -> j.outer  (test_schedule.py:{s.history[0].span.line + 3})',
    ]
    s.undo()
    assert str(s.module) == between
    assert [str(step) for step in s.history] == ['split("i", 4)']
    s.split("k", 2)
    s.reset()
    assert str(s.module) == start
    assert s.history == ()


def test_undo_takes_back_only_what_there_is():
    s = renaming(matmul)
    assert told(s.undo) == ("`undo` takes back 1 step or several, not `1`: none was taken", "", [])
    s.split("i", 4)
    assert told(lambda: s.undo(2))[0] == "`undo` takes back 1 step or several, not `2`: 1 step was taken"
    assert told(lambda: s.undo(0))[0] == "`undo` takes back 1 step or several, not `0`: 1 step was taken"


def test_a_refused_step_changes_nothing():
    s = renaming(matmul)
    before = str(s.module)
    assert told(lambda: s.refused("i"))[0] == "this is refused"
    assert str(s.module) == before
    assert s.history == ()


def test_references_survive_later_steps():
    s = renaming(matmul)
    j, A = s["j"], s.A
    i = s["i"]
    s.split("i", 2)
    assert s.split(j, 3).name == "j.outer"
    assert s.touch(A, s["matmul"].C) == [s.A, s.C]
    line = s.history[0].span.line
    wanted = (
        f"there is no loop `i` any more: `split` in line {line} made `i.outer` of it",
        "name `i.outer`",
        ["`i` went here"],
    )
    assert told(lambda: s.split(i, 2)) == wanted
    assert told(lambda: s.split("i", 2)) == wanted
    assert told(lambda: s["matmul:i"])[0] == wanted[0].replace("loop", "loop, buffer or kernel")


def test_names_that_mean_nothing_are_told_with_the_nearest():
    s = renaming(matmul)
    assert told(lambda: s["kk"])[:2] == ("`matmul` has no loop, buffer or kernel `kk`", "did you mean `k`?")
    assert told(lambda: s.split("x", 2))[:2] == (
        "`matmul` has no loop `x`",
        "there are `loop`, `loop_1`, `i`, `j`, `k`, `k_1`, `PE`, `inner`",
    )
    assert told(lambda: s["matmol:k"])[:2] == ("`matmul` has no kernel `matmol`", "did you mean `matmul`?")
    assert told(lambda: s["matmul"].x)[0] == "`matmul` has no loop, buffer or kernel `x`"
    assert told(lambda: s["matmul"][3])[0] == "`matmul` has no PE [3]"
    assert told(lambda: s.splitt("i", 4))[:2] == (
        "a schedule has no step `splitt`, and `matmul` nothing of this name",
        "did you mean `split`?",
    )
    assert told(lambda: s[3])[:2] == (
        "a schedule is asked for names, not for `3`",
        'write `s["i"]`, or `s["pe"][1, 1]`',
    )


def test_what_a_step_cannot_take_is_told():
    s = renaming(matmul)
    assert told(lambda: s.split("A", 2)) == ("`A` is a buffer, no loop", "", [f"it stands in test_schedule.py:{LINE}"])
    assert told(lambda: s.split("PE", 2))[:2] == ("`PE` is a band of 2 loops, this step takes one", "name one of i, j")
    assert told(lambda: s.split(s.A, 2))[0] == "this step takes a loop, not a buffer, `A`"
    assert told(lambda: s.split(3, 2))[:2] == (
        "this step takes a loop, not `3`",
        'give its name, `"i"`, or what `s["i"]` gives',
    )
    assert told(lambda: s.touch("i"))[0] == "`i` is a loop, no buffer"
    assert told(lambda: s.split("i"))[:2] == (
        "`split` is given wrong arguments: missing a required argument: 'factor'",
        "it takes (loop, factor)",
    )


def test_names_of_several_functions_are_ambiguous():
    s = renaming(chain)
    assert told(lambda: s["k"]) == (
        "`k` means 3 things: pe[0]:k, pe[1]:k, pe[2]:k",
        'write one of them: `s["pe[0]:k"]`',
        ["`pe[0]:k`", "`pe[1]:k`", "`pe[2]:k`"],
    )
    assert told(lambda: s["pe"].k)[0] == "`k` means 3 things: pe[0]:k, pe[1]:k, pe[2]:k"
    assert s["pe"][1].k == s["pe_1:k"] == s["pe[1]:k"] == s["pe"][(1,)]["k"]
    assert s["pe"].buf == s["buf"] == s.buf
    assert (s["pe_0:k"].span.line, s["pe_2"].k.span.line) == (CHAIN + 7, CHAIN + 10)
    assert told(lambda: s.together("pe_0:k", "pe_1:k"))[0] == (
        "a step works in one function, and is given names of `pe[0]` and of `pe[1]`"
    )


def test_an_array_that_functions_share_is_the_program_s():
    s = renaming(chain)
    assert repr(s.B) == f"<buffer B: int32[4], test_schedule.py:{CHAIN}>"
    assert s.count(s.B) == s.count("B") == s.count(s["pe"][2].B) == 4
    assert s.count("buf") == 1
    assert told(lambda: s.touch("B")) == (
        "`B` is an array of 4 functions, this step works in one",
        'name it there: `s["pe[0]"].B`',
        [],
    )


def test_only_programs_are_customized():
    assert told(lambda: sp.customize(3)) == (
        "`3` is no region, kernel or function",
        "give what is to be scheduled: `sp.customize(matmul)`",
        [],
    )


def test_a_step_is_quick():
    s = renaming(matmul)
    s.split("i", 1)
    begun = time.perf_counter()
    for _ in range(10):
        s.split("j", 1)
        s.undo()
    assert (time.perf_counter() - begun) / 10 < 0.05


def test_help_shows_what_the_user_gives():

    assert str(inspect.signature(Renaming.split)) == "(self, loop, factor)"
