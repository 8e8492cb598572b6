"""What the conformance programs are told when they are checked for Vitis HLS."""

import pytest

import spatial as sp
from spatial.build.check_hls import check_for_hls
from tests.conformance.registry import PROGRAMS

REFUSED = {"gemm_blocks": "hls/endless-writer", "lu": "hls/shared-array"}
NOTED = {
    "game_of_life": {"hls/feedback"},
    "jacobi": {"hls/feedback"},
    "mandelbrot": {"hls/non-blocking"},
    "polling": {"hls/non-blocking"},
    "sliding_maximum": {"stream/tokens-left"},
}


def named(program):
    return program.name


def checked(program):
    size = program.sizes[-1]
    return check_for_hls(program.make(*size, depth=program.depths_of(size)[-1]))


@pytest.mark.parametrize("program", [each for each in PROGRAMS if each.name not in REFUSED], ids=named)
def test_a_conformance_program_is_taken(program):
    notes = {note.report().code for note in checked(program).notes}
    assert notes - {"hls/port-inside"} == NOTED.get(program.name, set())


@pytest.mark.parametrize("program", [each for each in PROGRAMS if each.name in REFUSED], ids=named)
def test_what_hardware_cannot_do_is_refused_by_name(program):
    with pytest.raises(sp.ProgramError) as refused:
        checked(program)
    assert {problem.report().code for problem in refused.value.problems} == {REFUSED[program.name]}
