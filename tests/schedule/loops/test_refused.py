"""Refused steps say what is in their way, where, and for which iterations; they change nothing."""

from pathlib import Path

import pytest

import spatial as sp
from tests.schedule.loops.moved import REFUSED
from tests.schedule.loops.refused import CASES
from tests.schedule.programs import compiled

ALL = {**CASES, **REFUSED}
HOME = Path(__file__).parents[3]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.__name__)
def test_a_refused_step_says_why(case, golden, monkeypatch):
    monkeypatch.chdir(HOME)
    with pytest.raises(sp.ProgramError) as caught:
        case(compiled(ALL[case]))
    golden(f"{caught.value}\n", f"refused/{case.__name__}.err")
