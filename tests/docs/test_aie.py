"""Every program of `docs/aie.md` runs, and what it asserts holds."""

import importlib.util
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "aie.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = [
    (TEXT[: match.start()].count("\n") + 1, match[1]) for match in re.finditer(r"```python\n(.*?)```", TEXT, re.S)
]
(_, PROLOGUE), *PROGRAMS = BLOCKS


@pytest.mark.parametrize("program", [text for _, text in PROGRAMS], ids=[f"line {line}" for line, _ in PROGRAMS])
def test_a_program_of_the_page_runs(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "program.py"
    path.write_text(f"{PROLOGUE}\n\n{program}", encoding="utf-8")
    spec = importlib.util.spec_from_file_location("program", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
