"""Designs without feedback give the same values with the genuine simulation headers, whose processes run in order."""

import numpy as np
import pytest

import spatial as sp
from tests.build.hls.mixed_forms import FORMS, copied, given
from tests.conformance.cell import blank, calls_of, difference, drawn
from tests.conformance.engines import COLUMNS
from tests.conformance.registry import PROGRAMS
from tests.lower.hls.cpp import needs_compiler, needs_genuine
from tests.lower.hls.second import judged

pytestmark = [needs_compiler, needs_genuine]

EXCLUDED = next(column.excluded for column in COLUMNS if column.name == "hls csim")
CLAIMED = [program for program in PROGRAMS if program.name not in EXCLUDED and not program.clock_dependent]


@pytest.mark.parametrize("program", CLAIMED, ids=lambda program: program.name)
def test_the_genuine_headers_agree(program):
    size = program.sizes[0]
    region = program.make(*size, depth=program.depths_of(size)[1])
    try:
        module = sp.build(region, target="hls", mode="csim")
    except sp.ProgramError:
        pytest.skip("it is refused as a design")
    if module.design.top.feedback or "hls::task" in module.code:
        pytest.skip("processes that wait for each other cannot run one after the other")
    inputs, outputs = drawn(program, size), blank(program, size)
    opinion = judged(module)
    for arguments in calls_of(program, (*inputs, *outputs)):
        opinion(*arguments, timeout=30)
    wrong = difference(program, size, (*outputs, *(opinion.outputs[name] for name in program.streams)))
    assert not wrong, wrong


@pytest.mark.parametrize("form", [form for form in FORMS if form != "double-buffered"])
def test_the_genuine_headers_agree_on_functions_that_call_dataflow(form):
    module = sp.build(FORMS[form](), target="hls")
    values = given(module)
    expected, found = copied(values), copied(values)
    module(*expected)
    judged(module)(*found, timeout=30)
    for want, here in zip(expected, found, strict=True):
        np.testing.assert_array_equal(here, want)
