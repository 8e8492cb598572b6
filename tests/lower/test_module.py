"""Machine code of whole programs."""

import pytest

from examples.systolic.output_stationary import output_stationary
from spatial import int32
from spatial.build.simulate import compile_simulator
from spatial.lower.llvm.module import generate
from spatial.sim.native.compiled import NativeProgram, compile_native


def program(depth: int = 2, device: str = "ideal") -> NativeProgram:
    region = output_stationary(2, 2, 3, int32, int32, depth)
    return compile_native(compile_simulator(region, device, "simpy").network)


@pytest.mark.parametrize("other", [{"depth": 5}, {"device": "hls"}])
def test_programs_that_compute_alike_share_their_machine_code(other):
    assert program().machine.engine is program(**other).machine.engine


def test_code_that_notes_tokens_is_another_one():
    found = program()
    assert generate(found.codes, logging=True).engine is not found.machine.engine
    assert generate(found.codes).engine is found.machine.engine
