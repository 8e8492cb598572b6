"""Each design that does not fit or is ill-formed is refused, and told exactly so."""

from pathlib import Path

import pytest

from spatial.source.render import render_all
from tests.lower.aie.refusals import illformed, misplaced, sequences, unfit
from tests.lower.aie.refusals.registry import REFUSED

ROOMS = (illformed, misplaced, sequences, unfit)
"""Where designs enter themselves."""

HOME = Path(__file__).parent / "refused"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_told_of_a_design(name, golden):
    problems = REFUSED[name]()
    assert problems
    golden(render_all(problem.report() for problem in problems) + "\n", HOME / f"{name}.err")


def test_every_message_has_a_design():
    assert {path.stem for path in HOME.glob("*.err")} == set(REFUSED)


def test_a_message_names_its_line():
    for name in REFUSED:
        lines = (HOME / f"{name}.err").read_text(encoding="utf-8").splitlines()
        assert lines[1].strip().startswith("--> design.py:"), name
