"""Every program in `rejected/` is refused, every one in `noted/` is told about, with exactly the message beside it."""

import importlib.util
from pathlib import Path

import pytest

import spatial as sp
from spatial.build.check_hls import check_for_hls
from spatial.lower.hls.rules.table import RULES
from spatial.source.render import render_all

HERE = Path(__file__).parent
REJECTED = sorted((HERE / "rejected").glob("*.py"))
NOTED = sorted((HERE / "noted").glob("*.py"))


def rule_of(path):
    """A program is named after the rule that it breaks, with a word for each of several ways to do so."""
    return path.stem.partition("__")[0].replace("_", "-")


def stem(path):
    return path.stem


def checked(path):
    """Executes a file as a module of its own and checks its region."""
    spec = importlib.util.spec_from_file_location(f"program_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    given = {name: getattr(module, name) for name in ("device", "interfaces") if hasattr(module, name)}
    return check_for_hls(module.program, **given)


@pytest.mark.parametrize("path", REJECTED, ids=stem)
def test_a_program_is_refused_with_its_message(path, golden, monkeypatch):
    monkeypatch.chdir(path.parent)
    with pytest.raises(sp.ProgramError) as refused:
        checked(path)
    golden(f"{refused.value}\n", path.with_suffix(".err"))


@pytest.mark.parametrize("path", NOTED, ids=stem)
def test_a_program_is_taken_with_its_note(path, golden, monkeypatch):
    monkeypatch.chdir(path.parent)
    notes = checked(path).notes
    assert notes
    golden(f"{render_all(note.report() for note in notes)}\n", path.with_suffix(".err"))


@pytest.mark.parametrize("path", REJECTED + NOTED, ids=stem)
def test_a_message_names_the_code_of_vitis(path):
    (rule,) = (rule for rule in RULES if rule.name == rule_of(path))
    if rule.codes and not rule.name == "stream-questions":
        assert f"({rule.codes[0]})" in path.with_suffix(".err").read_text(encoding="utf-8")


def test_every_rule_that_refuses_or_notes_has_a_program():
    for outcome, programs in (("refused", REJECTED), ("noted", NOTED)):
        wanted = {rule.name for rule in RULES if rule.outcome == outcome}
        assert wanted <= set(map(rule_of, programs))


def test_every_message_has_a_program():
    for folder, programs in (("rejected", REJECTED), ("noted", NOTED)):
        assert {path.stem for path in (HERE / folder).glob("*.err")} == set(map(stem, programs))
