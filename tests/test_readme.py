"""What the README shows is what happens: its programs print what it says, its commands run.

`--update-golden` writes the programs' real output into the README.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HOME = Path(__file__).parents[1]
README = HOME / "README.md"
# "Save this as `name.py`:", the program, some words, its output.
PROGRAM = re.compile(
    r"`(?P<file>\w+\.py)`:\n\n```python\n(?P<source>.*?)```\n.*?```text\n(?P<output>.*?)```", re.DOTALL
)
COMMANDS_THAT_FAIL = {"spatial simulate center.py:center": 1}


def text():
    return README.read_text(encoding="utf-8")


def programs():
    return {match["file"]: match for match in PROGRAM.finditer(text())}


def commands():
    return re.findall(r"^spatial .+$", text(), flags=re.MULTILINE)


@pytest.fixture
def folder(tmp_path):
    """A folder with the README's programs, and the arrays that one of its commands reads."""
    for file, program in programs().items():
        (tmp_path / file).write_text(program["source"], encoding="utf-8")
    np.savez(tmp_path / "x.npz", x=np.ones(8, dtype=np.int8))
    return tmp_path


def run(folder, *arguments):
    """Runs Python in the folder, where this package is installed."""
    command = [sys.executable, "-W", "error", "-X", "utf8", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def test_there_is_a_program_and_a_deadlock():
    assert list(programs()) == ["matvec.py", "center.py"]


def test_the_programs_print_what_the_readme_shows(folder, request):
    for file in programs():
        done = run(folder, file)
        assert done.returncode == 0, done.stderr
        printed = done.stdout.replace(f"{folder}{os.sep}", "")
        if request.config.getoption("--update-golden"):
            start, end = programs()[file].span("output")
            README.write_text(text()[:start] + printed + text()[end:], encoding="utf-8")
        assert programs()[file]["output"] == printed


@pytest.mark.parametrize("command", commands())
def test_a_command_ends_as_the_readme_says(command, folder):
    _, *arguments = command.split()
    done = run(folder, "-c", "from spatial.cli.main import main; main()", *arguments)
    assert done.returncode == COMMANDS_THAT_FAIL.get(command, 0), done.stderr


def test_the_targets_it_names_are_in_the_makefile():
    targets = re.findall(r"^([a-z]+):", (HOME / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(re.findall(r"^make (\w+)", text(), flags=re.MULTILINE)) <= set(targets)


def test_its_links_lead_somewhere():
    assert not [link for link in re.findall(r"\]\((\S+?)\)", text()) if not (HOME / link).exists()]
