"""Every program of `docs/verify.md` runs, and what it asserts holds; its tables say what the package has."""

import importlib.util
import math
import re
from pathlib import Path

import pytest

from spatial.build.verify import MODES
from spatial.verify.kinds import Kind

PAGE = Path(__file__).parents[2] / "docs" / "verify.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = [
    (TEXT[: match.start()].count("\n") + 1, match[1]) for match in re.finditer(r"```python\n(.*?)```", TEXT, re.S)
]
(_, PROLOGUE), *PROGRAMS = BLOCKS
EARLIER = {number: "\n\n".join(text for _, text in PROGRAMS[:number]) for number in range(len(PROGRAMS))}


@pytest.mark.parametrize("number", range(len(PROGRAMS)), ids=[f"line {line}" for line, _ in PROGRAMS])
def test_a_program_of_the_page_runs(number, tmp_path):
    definitions = _without_checks(EARLIER[number])
    path = tmp_path / "program.py"
    path.write_text(f"{PROLOGUE}\n\n{definitions}\n\n{PROGRAMS[number][1]}", encoding="utf-8")
    spec = importlib.util.spec_from_file_location("program", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def _without_checks(text: str) -> str:
    """The definitions of programs before, which later ones use."""
    return "\n".join(
        line for line in text.splitlines() if not re.match(r"assert |verdict = |refuted = |packing = ", line)
    )


def test_the_page_has_every_mode_and_every_kind_of_verdict():
    assert set(re.findall(r'^\| `"(\w+)"`', TEXT, re.M)) == set(MODES)
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.M)) == {kind.name for kind in Kind}


def test_the_probabilities_are_those_of_the_formulas():
    for exponent, first, power in re.findall(r"^\| 10\^(\d+) \| (\d) · 10\^-(\d+) \|", TEXT, re.M):
        assert math.isclose(10 ** int(exponent) / 2**128, int(first) * 10.0 ** -int(power), rel_tol=0.2)
    found = re.findall(r"^\| (?:a|with) .*\| (\d) · 10\^-(\d+) \|", TEXT, re.M)
    for count, (first, power) in zip((2, 1001, 10**6), found, strict=True):
        assert math.isclose(count / 2**61, int(first) * 10.0 ** -int(power), rel_tol=0.2)
