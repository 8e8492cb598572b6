"""Emitted functions compute what the program says, bit by bit."""

import itertools

import numpy as np
import pytest

from spatial.lower.hls.toolchain import HEADERS
from spatial.types.dtype import int32
from tests.lower.hls.emit.expressions import drawn
from tests.lower.hls.emit.native import Array, Case, run
from tests.lower.hls.emit.texts import processes
from tests.sim.control_flow import SIZE, body_of, expected, program_of

MASK = (1 << 32) - 1


@pytest.mark.parametrize("seed", range(2))
def test_expressions_have_the_values_of_the_table(seed, tmp_path):
    """Random expressions over all types, compiled without a warning."""
    made = drawn(seed, 30)
    (found,) = run([made.case], [HEADERS], tmp_path)
    assert made.wrong(found) == []


def short_programs():
    """Programs that compile in no time."""
    return ((seed, lines) for seed in itertools.count(100) if len(lines := body_of(seed)) < 20)


def test_loops_and_exits_do_what_they_do_in_python(tmp_path):
    cases, wanted = [], []
    for seed, lines in itertools.islice(short_programs(), 6):
        given = np.random.default_rng(seed).integers(0, 97, SIZE, dtype=np.int32)
        (process,) = processes(program_of(lines))
        cases.append(Case(process=process, arguments={"C": Array(dtype=int32, bits=[int(x) & MASK for x in given])}))
        wanted.append([value & MASK for value in expected(lines, given.tolist())])
    assert [found["C"] for found in run(cases, [HEADERS], tmp_path)] == wanted
