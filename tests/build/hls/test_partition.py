"""Arrays in banks as Vitis HLS is told of them."""

import numpy as np
import pytest

import spatial as sp
from spatial import int32
from spatial.build.arguments import channel_depths
from spatial.build.check_hls import check_for_hls
from spatial.build.hls.module import HlsModule
from spatial.device.fpga import device_of
from spatial.lower.hls.design import emit_design
from spatial.lower.hls.legalize.legalize import legalize
from spatial.region.program import Program
from tests.analysis.cut import cut_program

DEVICE = "xcu280@300"


@sp.region()
def sums(A: int32[8, 16], Y: int32[8]):
    @sp.kernel()
    def pe(A: int32[8, 16], Y: int32[8]):
        buf: int32[8, 16] = 0
        for i, j in sp.grid(8, 16):
            buf[i, j] = A[i, j] * 3
        for i in range(8):
            Y[i] = buf[i, 0] + buf[i, 5] + buf[i, 10] + buf[i, 15]


@sp.region()
def rows(A: int32[8, 16], Y: int32[8]):
    @sp.kernel(mapping=[2])
    def pe(A: int32[8, 16], Y: int32[8]):
        p = sp.get_pid()
        for i in range(4):
            Y[4 * p + i] = A[4 * p + i, 1] - A[4 * p + i, 14]


def made(region, **layouts):
    """The design of a region whose arrays are cut."""
    checked = check_for_hls(region, device=DEVICE, interfaces=None, depths=None, proven=False)
    device = device_of(DEVICE)
    legal = legalize(cut_program(region, **layouts).module, device)
    program = Program(name=region.name, module=legal.module, graph=legal.graph)
    depths = channel_depths(legal.graph, None)
    design = emit_design(legal.module, legal.graph, device=device, interfaces=checked.interfaces, depths=depths)
    return HlsModule(checked.program, program, design, device, checked.interfaces, depths, checked.notes)


def pragmas(module):
    lines = (line.strip() for line in module.code.splitlines())
    return [line.removeprefix("#pragma HLS array_partition ") for line in lines if "array_partition" in line]


@pytest.mark.parametrize(
    ("layouts", "told"),
    [
        ({"buf": "[whole, cyclic(4)]"}, ["variable=buf type=cyclic factor=4 dim=2"]),
        (
            {"buf": "[block(2), complete]"},
            ["variable=buf type=block factor=2 dim=1", "variable=buf type=complete dim=2"],
        ),
        ({"buf": "[complete, complete]"}, ["variable=buf type=complete dim=0"]),
        ({"A": "[whole, cyclic(4)]"}, ["variable=A_local type=cyclic factor=4 dim=2"]),
        ({"Y": "[complete]"}, ["variable=Y_local type=complete dim=0"]),
    ],
    ids=str,
)
def test_each_dimension_that_is_cut_has_a_pragma(layouts, told):
    assert pragmas(made(sums, **layouts)) == told


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        (
            "[cyclic(2), complete]",
            ["variable=A_local type=cyclic factor=2 dim=1", "variable=A_local type=complete dim=2"],
        ),
        ("[cyclic(8), cyclic(2)]", ["variable=A_local type=complete dim=0"]),
    ],
)
def test_the_share_of_a_process_is_cut_as_the_whole(layout, told):
    assert pragmas(made(rows, A=layout)) == told


@pytest.mark.parametrize("layout", ["[whole, cyclic(4)]", "[complete, complete]"])
def test_values_do_not_depend_on_banks(layout):
    given, out = np.arange(128, dtype=np.int32).reshape(8, 16), np.zeros(8, np.int32)
    made(sums, buf=layout, A=layout)(given, out)
    assert out.tolist() == [int(3 * (row[0] + row[5] + row[10] + row[15])) for row in given]


def test_a_dimension_that_is_cut_both_ways_is_refused():
    with pytest.raises(sp.ProgramError) as caught:
        made(sums, buf="[whole, block(2) cyclic(2)]")
    (problem,) = caught.value.problems
    assert problem.title == "dimension 1 of `buf` is cut into blocks and within them cyclically: `block(2) cyclic(2)`"
    assert problem.hint == "make it two dimensions: `s.reshape(s.buf, ...)` with 2 x 8 for it"
    assert problem.span.line == 24


def test_an_array_that_is_used_where_it_lies_is_not_cut():
    @sp.region()
    def large(A: int32[8192, 8192]):
        @sp.kernel()
        def pe(A: int32[8192, 8192]):
            for i, j in sp.grid(8191, 8192):
                A[i, j] = A[i + 1, j] + A[8190 - i, j]

    with pytest.raises(sp.ProgramError) as caught:
        made(large, A="[whole, cyclic(4)]")
    (problem,) = caught.value.problems
    assert problem.title == "`A` is cut into 4 banks, and too large or otherwise not fit to be held on chip"
    assert problem.hint == "copy the part in use first, as `s.buffer_at(s.A, loop)` does, and partition the copy"
