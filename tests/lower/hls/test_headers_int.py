"""Our `ap_int.h` computes what Python's integers and the genuine headers compute."""

import random
from pathlib import Path

import pytest

from tests.lower.hls.cpp import genuine, needs_compiler, needs_genuine, printed, program, run
from tests.lower.hls.integers import (
    binary_cases,
    double_cases,
    expected,
    program_of,
    random_types,
    single_cases,
    without_mixed_division,
)

pytestmark = needs_compiler

HERE = Path(__file__).parent
NARROW = random_types(3, [8, 5, 1, 12, 16, 1, 31, 32, 33, 64, 7, 64, 63, 17])
WIDE = random_types(4, [65, 100, 3, 128, 129, 64, 1000, 4096])
WITH_GENUINE = [(8, True), (12, True), (16, False), (5, False), (33, True)]


def cases_of(types, *, least=-2):
    rng = random.Random(7)
    cases = binary_cases(rng, types, 6) + single_cases(rng, types, 4)
    return cases + double_cases(rng, types, 6, least=least)


@pytest.mark.parametrize("types", [NARROW, WIDE], ids=["narrow", "wide"])
def test_operators_give_what_python_gives(types, tmp_path):
    cases = cases_of(types)
    assert printed(tmp_path, program_of(cases), include=HERE) == expected(cases)


@needs_genuine
def test_operators_give_what_the_genuine_headers_give(tmp_path):
    """But for a double between -1 and 0, which those make 1."""
    cases = cases_of(WITH_GENUINE, least=0)
    binary = program(tmp_path, program_of(cases), headers=genuine(), options=("-std=c++14", "-w"), include=HERE)
    theirs = run(binary).stdout.splitlines()
    assert without_mixed_division(cases, theirs) == without_mixed_division(cases, expected(cases).splitlines())
