"""Every conformance program that can be made legal computes the same."""

import pytest

from spatial.analysis.sharing import array_uses
from spatial.source.errors import ProgramError
from tests.conformance.cell import blank, calls_of, difference, drawn
from tests.conformance.registry import PROGRAMS
from tests.lower.hls.legalize.running import made_legal

REFUSED = {
    "gemm_blocks": "hls/endless-writer",
    "lu": "hls/shared-array",
}


@pytest.mark.parametrize("program", [each for each in PROGRAMS if each.name not in REFUSED], ids=lambda each: each.name)
def test_values_stay_and_each_array_has_one_actor(program):
    size = program.sizes[-1]
    made = made_legal(program.make(*size, depth=program.least_depth(*size)))
    outputs = blank(program, size)
    runs = [made.run(*arguments) for arguments in calls_of(program, (*drawn(program, size), *outputs))]
    assert not difference(program, size, (*outputs, *(runs[-1].outputs[name] for name in program.streams)))
    uses = array_uses(made.legal.graph)
    assert all(len(uses[array.name].readers | uses[array.name].writers) <= 1 for array in made.legal.graph.arrays)


@pytest.mark.parametrize("program", [each for each in PROGRAMS if each.name in REFUSED], ids=lambda each: each.name)
def test_what_cannot_be_made_legal_says_so(program):
    with pytest.raises(ProgramError) as caught:
        made_legal(program.make(*program.sizes[-1]))
    assert {problem.report().code for problem in caught.value.problems} == {REFUSED[program.name]}
