"""Every conformance program can be made legal, and computes the same."""

import pytest

from spatial.analysis.sharing import array_uses
from tests.conformance.cell import blank, calls_of, difference, drawn
from tests.conformance.registry import PROGRAMS
from tests.lower.hls.legalize.running import made_legal


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.name)
def test_values_stay_and_each_array_has_one_actor(program):
    size = program.sizes[-1]
    made = made_legal(program.make(*size, depth=program.least_depth(*size)))
    outputs = blank(program, size)
    runs = [made.run(*arguments) for arguments in calls_of(program, (*drawn(program, size), *outputs))]
    assert not difference(program, size, (*outputs, *(runs[-1].outputs[name] for name in program.streams)))
    uses = array_uses(made.legal.graph)
    given = [name for name in uses if name not in {scalar.name for scalar in made.legal.graph.scalars}]
    assert all(len(uses[name].readers | uses[name].writers) <= 1 for name in given)
    assert not any(channel.initial for channel in made.legal.graph.channels)
