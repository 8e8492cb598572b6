"""Each code of a message has a page under `docs/errors` that shows a program and exactly what is told of it.

`--update-golden` writes the messages and the index.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import spatial as sp

HOME = Path(__file__).parents[2]
FOLDER = HOME / "docs" / "errors"
INDEX = FOLDER / "README.md"
PAGES = sorted(FOLDER.glob("*/*.md"))
PROGRAM = re.compile(r"```python\n(.*?)```", re.S)
COMMAND = re.compile(r"```sh\n(.*?)\n```", re.S)
MESSAGE = re.compile(r"```text\n(.*?)```", re.S)
CODE = re.compile(r"[a-z]+/[a-z-]+")


def code_of(page: Path) -> str:
    return f"{page.parent.name}/{page.stem}"


def codes() -> set[str]:
    """Every code that the package can tell."""
    found = set()
    for path in (HOME / "spatial").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.add(node.value)
    return found


def told_by(program: str, command: str | None) -> str:
    """What the program raises, or what a command says of it."""
    if command is not None:
        Path("program.py").write_text(program, encoding="utf-8")
        words = [sys.executable, "-c", "from spatial.cli.main import main; main()", *command.split()[1:]]
        paths = {**os.environ, "PYTHONPATH": str(HOME)}
        return subprocess.run(words, capture_output=True, text=True, check=False, env=paths).stderr
    with pytest.raises(sp.ProgramError) as caught:
        run(program, "program")
    return f"{caught.value}\n"


def run(program: str, name: str) -> None:
    """Executes a program that stands in a file of the working directory."""
    path = Path.cwd() / f"{name}.py"
    path.write_text(program, encoding="utf-8")
    exec(compile(program, str(path), "exec"), {"__name__": name, "__file__": str(path)})


@pytest.mark.parametrize("page", PAGES, ids=code_of)
def test_the_page_shows_what_is_told(page, golden, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    wrong, *right = PROGRAM.findall(text)
    command = COMMAND.search(text)
    told = told_by(wrong, command and command[1])
    assert f"[{code_of(page)}]" in told
    golden(MESSAGE.sub(lambda _: f"```text\n{told}```", text), page)
    for number, program in enumerate(right):
        run(program, f"right_{number}")


def test_every_code_has_a_page():
    assert codes() == set(map(code_of, PAGES))


def test_the_index_lists_every_page(golden):
    lines = [
        "# What the messages mean",
        "",
        "Each message has a code, `error[code]`. Its page shows a program, what is told of it, and how to mend it.",
        "",
    ]
    for page in PAGES:
        title, _, meaning, *_ = page.read_text(encoding="utf-8").splitlines()
        assert title == f"# `{code_of(page)}`"
        lines.append(f"- [`{code_of(page)}`]({code_of(page)}.md): {first_sentence(meaning)}")
    golden("\n".join(lines) + "\n", INDEX)


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[a-z`)])[.:] ", text, maxsplit=1)[0].rstrip(".")
