"""Mistakes that change what a program computes are never called equal: some of all mutants; `make mutants` has all."""

import pytest

from tests.verify.mutants.changes import KINDS
from tests.verify.mutants.mutants import PROGRAMS, chosen, judged, mutants, verdict_of
from tests.verify.mutants.reasons import REASONS, reason_of

EACH = 2


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_mutant_survives_that_some_input_tells_from_its_program(program):
    for change in chosen(program, EACH):
        if not verdict_of(program, change):
            continue
        found = judged(program, change)
        assert not found.survives, change.name
        assert not found.passes or reason_of(program, change.name), change.name


def test_every_kind_of_mistake_is_planted():
    planted = {each.kind for program in PROGRAMS for each in mutants(program)}
    assert planted == set(KINDS)


def test_every_reason_is_about_a_mutant():
    names = [(program, each.name) for program in PROGRAMS for each in mutants(program)]
    used = {reason for program, name in names for reason in REASONS if reason_of(program, name) == reason[2]}
    assert used == set(REASONS)
