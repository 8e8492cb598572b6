"""Refused steps say what is in their way, and where; they change nothing."""

from pathlib import Path

import pytest

import spatial as sp
from spatial.ir.dialect import context
from spatial.ir.location import location
from spatial.source.span import UNKNOWN
from tests.schedule.memory.programs import nest_of
from tests.schedule.memory.refused import CASES

HOME = Path(__file__).parents[3]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_refused_step_says_why(case, golden, monkeypatch):
    monkeypatch.chdir(HOME)
    with pytest.raises(sp.ProgramError) as caught, context(), location(UNKNOWN):
        case(nest_of(CASES[case]))
    golden(f"{caught.value}\n", f"refused/{case.__name__}.err")
