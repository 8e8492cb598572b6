"""Every program in `rejected/` is refused, with exactly the message in the file beside it."""

import importlib.util
from pathlib import Path

import pytest

from spatial.region.alone import compile_program
from spatial.source.errors import ProgramError

FOLDER = Path(__file__).parent / "rejected"
PROGRAMS = sorted(FOLDER.glob("*.py"))


def run(path):
    """Executes a file as a module of its own and compiles its program."""
    spec = importlib.util.spec_from_file_location(f"rejected_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return compile_program(module.program)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program_is_refused_with_its_message(path, golden, monkeypatch):
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ProgramError) as refused:
        run(path)
    golden(f"{refused.value}\n", path.with_suffix(".err"))


def test_every_message_has_a_program():
    assert {path.stem for path in FOLDER.glob("*.err")} == {path.stem for path in PROGRAMS}
