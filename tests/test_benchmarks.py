"""The benchmarks run, and what they compare is the same."""

import math

import pytest

import spatial as sp
from benchmarks.engines import (
    NoCompiler,
    run_by_hand,
    seconds_of_reference,
    seconds_timed,
    seconds_to_compile,
    seconds_to_first_result,
    seconds_untimed,
)
from benchmarks.memory import megabytes
from benchmarks.models import seconds_tuned, seconds_with_store
from benchmarks.program import Case, sizes_of
from benchmarks.verify import arrays, tiles

SMALL = Case(size=2, steps=3)
MEASURES = (
    seconds_of_reference,
    seconds_timed,
    seconds_to_compile,
    seconds_to_first_result,
    seconds_tuned,
    seconds_untimed,
    seconds_with_store,
)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_engine_runs_the_array(measure):
    assert 0 < measure(SMALL) < math.inf


def test_operations_are_the_puts_and_gets_of_a_run():
    run = sp.simulate(SMALL.region(), *SMALL.arrays(), engine="native")
    assert SMALL.operations == 2 * run.tokens
    assert sizes_of("2x3") == SMALL


def test_the_program_by_hand_keeps_the_same_time():
    case = Case(size=5, steps=7)
    try:
        _, cycles = run_by_hand(case)
    except NoCompiler:
        pytest.skip("there is no gcc")
    assert cycles == sp.simulate(case.region(), *case.arrays(), engine="native").cycles


def test_memory_is_told_by_a_process_of_its_own():
    assert 0 <= megabytes(SMALL) < 100


@pytest.mark.parametrize("mode", ["exact", "ring"])
@pytest.mark.parametrize("comparison", [arrays(2, 3), tiles(4, 4, 4, tile=2)], ids=lambda each: each.name)
def test_programs_that_are_compared_are_equal(comparison, mode):
    verdict, seconds = comparison.measured(mode)
    assert verdict
    assert seconds > 0
