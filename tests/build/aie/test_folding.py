"""Grids larger than an NPU: PEs that are alike take turns on a core, or a refusal says which grid would fit."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.build.aie.folding import folds
from spatial.build.aie.forms import forms_of
from spatial.device.npu import npu
from spatial.ir.graph import actor_graph
from spatial.lower.aie.design import Kind, Mapped
from spatial.lower.aie.mapping.mapping import map_program
from spatial.region.alone import compile_program
from spatial.region.definition import Region
from tests.conformance.registry import PROGRAMS
from tests.lower.aie.legalize.running import run_legal
from tests.lower.aie.mapping.programs import gemm, vector_add


def fold(region: Region, device: str = "npu1") -> Mapped:
    program = next(folds(compile_program(region), npu(device))).program
    return map_program(program.module, actor_graph(program.module), npu(device))


def cores(found: Mapped) -> int:
    return sum(node.kind is Kind.CORE for node in found.nodes)


def test_what_fits_stays_as_it_is():
    program = compile_program(vector_add(64, 4, 16))
    assert [(each.program, each.folded) for each in folds(program, npu("npu1"))] == [(program, None)]


@pytest.mark.parametrize(("count", "device", "left"), [(32, "npu1", 16), (6, "npu1_1col", 3), (8, "npu2_1col", 4)])
def test_blocks_of_several_pes_take_turns(count, device, left):
    found = fold(vector_add(count * 32, 16, count), device)
    assert cores(found) == left
    ends = [end.node for fifo in found.fifos for end in fifo.ends]
    assert all(ends.count(node.name) == 3 for node in found.nodes if node.kind is Kind.CORE)
    a, b = np.arange(count * 32, dtype=np.int32), np.arange(count * 32, dtype=np.int32) * 7
    c = np.zeros_like(a)
    run_legal(found, [(a, b, c)])
    np.testing.assert_array_equal(c, a + b)


def test_a_grid_of_blocks_is_folded_along_an_axis():
    found = fold(gemm(4, 64, 64, 32, 16), "npu1_2col")
    assert cores(found) == 8
    rng = np.random.default_rng(0)
    a, b = (rng.integers(-128, 128, shape, dtype=np.int8) for shape in ((64, 32), (32, 64)))
    c = np.zeros((64, 64), np.int32)
    run_legal(found, [(a, b, c)])
    np.testing.assert_array_equal(c, a.astype(np.int32) @ b.astype(np.int32))


def test_pes_that_use_arrays_directly_are_folded():
    @sp.region()
    def squares(A: int32[40, 8], B: int32[40, 8]):
        @sp.kernel(mapping=[40], args=[A, B])
        def row(A: int32[40, 8], B: int32[40, 8]):
            i = sp.get_pid()
            for c in range(8):
                B[i, c] = A[i, c] * A[i, c]

    found = fold(squares)
    assert cores(found) == 14
    a, b = np.arange(320, dtype=np.int32).reshape(40, 8), np.zeros((40, 8), np.int32)
    run_legal(found, [(a, b)])
    np.testing.assert_array_equal(b, a * a)


def test_a_ring_is_refused_with_a_grid_that_fits():
    @sp.region()
    def ring(A: int32[20], B: int32[20]):
        link: Stream[int32, 2][20]

        @sp.kernel(mapping=[20], args=[A, B])
        def pe(A: int32[20], B: int32[20]):
            i = sp.get_pid()
            value: int32 = A[i]
            for step in range(19):
                link[(i + 1) % 20].put(value)
                value = link[i].get() + 1
            B[i] = value

    with pytest.raises(sp.ProgramError) as caught:
        fold(ring)
    report = caught.value.problems[0].report()
    assert report.code == "aie/cores"
    assert "`mapping=[10]`" in report.hint


def test_a_fold_comes_with_channels_that_hold_what_pes_put_in_their_turn_too():
    (program,) = (each for each in PROGRAMS if each.name == "fft")
    forms = [form.program for form in forms_of(compile_program(program.make(4, 16, depth=2)), npu("npu1"))]
    depths = [max(channel.depth for channel in form.graph.channels) for form in forms]
    assert depths[0] == 2
    assert depths[-1] == 8


@pytest.mark.parametrize(
    ("count", "title"),
    [
        (6, "`npu1_1col` has 4 cores for 6 PEs: all of them take turns on 3"),
        (7, "`npu1_1col` has 4 cores for 7 PEs: 6 of them take turns on 3"),
    ],
)
def test_a_fold_is_told_with_the_line_of_the_kernel(count, title):
    form = next(folds(compile_program(vector_add(count * 32, 16, count)), npu("npu1_1col")))
    assert form.folded is not None
    report = form.folded.report()
    assert (report.code, report.title) == ("aie/folded", title)
    assert report.primary.span.file.endswith("programs.py")
    assert report.notes[0].startswith(f"{(count + 1) // 2} of 4 cores work")
