"""What the conformance programs are told when they are checked for Vitis HLS."""

import pytest

from spatial.build.check_hls import check_for_hls
from tests.conformance.registry import PROGRAMS

NOTED = {
    "game_of_life": {"hls/feedback"},
    "gemm_blocks": {"hls/feedback"},
    "gemm_cannon": {"hls/feedback"},
    "gemm_summa": {"hls/feedback"},
    "jacobi": {"hls/feedback"},
    "mandelbrot": {"hls/kept", "hls/non-blocking"},
    "mode_in_band": {"hls/kept"},
    "packets": {"hls/kept"},
    "ping_pong": {"hls/feedback"},
    "polling": {"hls/non-blocking"},
    "sliding_maximum": {"stream/tokens-left"},
}


def named(program):
    return program.name


@pytest.mark.parametrize("program", PROGRAMS, ids=named)
def test_a_conformance_program_is_taken(program):
    size = program.sizes[-1]
    notes = check_for_hls(program.make(*size, depth=program.depths_of(size)[-1])).notes
    assert {note.report().code for note in notes} - {"hls/port-inside"} == NOTED.get(program.name, set())
