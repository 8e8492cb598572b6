"""A kernel that starts grids becomes a function that calls dataflow functions, one after the other."""

import os
import subprocess

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.build.arguments import channel_depths
from spatial.build.simulate import Simulator
from spatial.device.fpga import device_of
from spatial.lower.hls.calling.separating import separated
from spatial.region.program import compile_region
from spatial.sim.reference.network import compile_network
from tests.build.hls.mixed_forms import FORMS, copied, given, stencil

DEVICE = "xcu280@300"


def built(form):
    return sp.build(FORMS[form](), target="hls")


@pytest.mark.parametrize("form", FORMS)
def test_values_are_those_of_the_program(form):
    program, module = FORMS[form](), built(form)
    values = given(module)
    expected, found, timed = (copied(values) for _ in range(3))
    sp.simulate(program, *expected, engine="simpy")
    module(*found)
    legal = module.legal
    network = compile_network(legal.module, legal.graph, device_of("hls"))
    Simulator(legal, network, "simpy", channel_depths(legal.graph, None)).run(*timed)
    for want, here, there in zip(expected, found, timed, strict=True):
        np.testing.assert_array_equal(here, want)
        np.testing.assert_array_equal(there, want)
    assert module.warnings == ""
    assert "runs for ever" not in "".join(note.report().title for note in module.notes)


@pytest.mark.parametrize("form", FORMS)
def test_the_top_function_is_sequential(form):
    module = built(form)
    files, functions = module.design.files, module.design.top.dataflow
    assert functions
    assert "#pragma HLS dataflow" not in files["kernel.cpp"]
    assert files["dataflow.h"].count("#pragma HLS dataflow") == len(functions)
    for each in functions:
        assert f"{each.name}(" in files["kernel.cpp"]
    assert "while (true)" not in module.code


def test_the_whole_text(golden):
    module = built("systolic")
    golden(module.design.files["dataflow.h"] + "\n" + module.design.files["kernel.cpp"], "mixed.cpp")


def test_state_outlasts_a_call():
    module = built("state")
    A, B = np.arange(8, dtype=np.int32), np.zeros(8, np.int32)
    for calls in (1, 2, 3):
        module(A, B)
        assert B.tolist() == [A[k] + A[(k + 1) % 8] + 2 * calls for k in range(8)]
    module.reset()
    module(A, B)
    assert B[0] == 3


def test_an_array_that_is_only_given_on_stays_behind_its_port():
    text = built("only calls").design.files
    assert "A_local" not in text["kernel.cpp"]
    assert "static void doubled(ap_int<32> *A, const ap_int<32> *A_before)" in text["dataflow.h"]
    assert "doubled(A, A);" in text["kernel.cpp"]


def test_an_array_that_the_caller_uses_too_is_copied_on_chip():
    text = built("chained").design.files
    assert "ap_int<32> A_local[4];" in text["kernel.cpp"]
    assert "static void halves(ap_int<32> A[4], const ap_int<32> A_before[4])" in text["dataflow.h"]
    assert "A_before[A_before_0] = A_local[A_before_0];" in text["kernel.cpp"]


@pytest.mark.parametrize("form", [form for form in FORMS if form != "double-buffered"])
def test_no_process_waits_for_one_behind_it(form):
    titles = [note.report().title for note in built(form).notes]
    assert not [title for title in titles if "feed each other" in title]


def test_a_project_of_it_runs_its_test_bench(tmp_path):
    module = sp.build(FORMS["region"](), target="hls", device=DEVICE)
    module.export(tmp_path / "made", inputs={"rounds": 2})
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "csim"], cwd=tmp_path / "made", capture_output=True, text=True, check=False, env=alone
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr
    readme = (tmp_path / "made" / "README.md").read_text()
    assert "| `dataflow.h` | the dataflow functions" in readme
    assert "processes.h dataflow.h" in (tmp_path / "made" / "Makefile").read_text()


def test_it_is_timed_and_estimated():
    module = sp.build(FORMS["systolic"](), target="hls", device=DEVICE)
    module.simulator  # compiles what is timed
    told = str(module.report)
    assert "PE" in told
    assert "DSP" in told
    assert sp.check(FORMS["systolic"](), target="hls").name == "layers"


def test_what_talks_to_others_is_not_taken_apart():
    @sp.region()
    def inner(A: int32[4], s: Stream[int32]):
        @sp.kernel(args=[A])
        def sums(A: int32[4]):
            for k in range(4):
                A[k] += s.get()

    @sp.region()
    def outer(A: int32[4], B: int32[4]):
        fifo: Stream[int32, 4]

        @sp.kernel(args=[B])
        def feed(B: int32[4]):
            for k in range(4):
                fifo.put(B[k])

        @sp.kernel(args=[A])
        def main(A: int32[4]):
            inner(A, fifo)

    module = sp.build(outer, target="hls")
    assert not module.design.top.dataflow
    A, B = np.arange(4, dtype=np.int32), np.ones(4, np.int32)
    module(A, B)
    assert A.tolist() == [1, 2, 3, 4]


def test_numbers_that_only_the_caller_has_are_constants():
    @sp.region()
    def outer(A: int32[8], B: int32[8]):
        @sp.kernel(mapping=[1], args=[A, B])
        def main(A: int32[8], B: int32[8]):
            p = sp.get_pid()
            held: int32[8]
            for k in range(8):
                held[k] = A[k] + p + 1
            stencil(held, B)

    module = sp.build(outer, target="hls")
    assert module.design.top.dataflow
    A, B = np.arange(8, dtype=np.int32), np.zeros(8, np.int32)
    module(A, B)
    assert B.tolist() == [A[k] + A[(k + 1) % 8] + 2 for k in range(8)]


def test_a_caller_that_talks_to_itself_is_not_taken_apart():
    @sp.region()
    def outer(A: int32[8], B: int32[8]):
        fifo: Stream[int32, 8]

        @sp.kernel(args=[A, B])
        def main(A: int32[8], B: int32[8]):
            for k in range(8):
                fifo.put(A[k])
            stencil(A, B)
            for k in range(8):
                B[k] += fifo.get()

    program = compile_region(outer)
    assert separated(program.module, program.graph, {}) is None


def test_elements_that_several_pes_may_write_are_refused():
    @sp.region()
    def scattered(at: int32[4], C: int32[8]):
        @sp.kernel(mapping=[2], args=[at, C])
        def pe(at: int32[4], C: int32[8]):
            p = sp.get_pid()
            for k in range(2):
                C[at[2 * p + k]] = k

    def program(at: int32[4], C: int32[8]):
        held: int32[8] = 0
        scattered(at, held)
        for k in range(8):
            C[k] = held[k]

    with pytest.raises(sp.ProgramError) as refused:
        sp.build(program, target="hls")
    report = refused.value.problems[0].report()
    assert report.code == "hls/shared-array"
    assert "`held`" in report.title
    assert report.hint == "send the elements through a stream, or let each kernel write a part of its own"
