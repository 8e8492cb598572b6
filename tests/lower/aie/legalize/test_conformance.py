"""What conformance programs become for NPUs: the same values, or a refusal that names what stands in the way."""

import numpy as np
import pytest

import spatial as sp
from tests.conformance.cell import blank, calls_of, difference, drawn
from tests.conformance.program import Program
from tests.conformance.registry import PROGRAMS
from tests.lower.aie.legalize.running import mapped, run_legal

REFUSED = {
    "gemm_blocks": "aie/called-region",
    "lu": "aie/shared-array",
    "mandelbrot": "aie/polling",
    "packets": "aie/open-stream",
    "ping_pong": "aie/handed-array",
    "polling": "aie/polling",
}


def named(program: Program) -> str:
    return program.name


@pytest.mark.parametrize("device", ["npu1", "npu2"])
@pytest.mark.parametrize("program", [each for each in PROGRAMS if each.name not in REFUSED], ids=named)
def test_a_program_computes_the_same(program, device):
    size = program.sizes[min(1, len(program.sizes) - 1)]
    found = mapped(program.make(*size, depth=program.depths_of(size)[0]), device)
    inputs, outputs = drawn(program, size), blank(program, size)
    run_legal(found, calls_of(program, (*(array.copy() for array in inputs), *outputs)))
    assert not difference(program, size, outputs)


@pytest.mark.parametrize("program", [each for each in PROGRAMS if each.name in REFUSED], ids=named)
def test_what_no_npu_runs_is_refused(program):
    size = program.sizes[-1]
    with pytest.raises(sp.ProgramError) as caught:
        mapped(program.make(*size))
    assert caught.value.problems[0].report().code == REFUSED[program.name]


def test_inputs_are_not_changed():
    (program,) = (each for each in PROGRAMS if each.name == "fir")
    inputs = [array.copy() for array in drawn(program, program.sizes[0])]
    run_legal(mapped(program.make(*program.sizes[0])), [(*inputs, *blank(program, program.sizes[0]))])
    assert all(map(np.array_equal, inputs, drawn(program, program.sizes[0])))
