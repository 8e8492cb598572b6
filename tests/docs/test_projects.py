"""What `docs/projects.md` shows is what happens.

`--update-golden` writes the real output into the page.
"""

import contextlib
import io
import re
import subprocess
from pathlib import Path

HOME = Path(__file__).parents[2]
PAGE = HOME / "docs" / "projects.md"
BLOCK = re.compile(r"```(python|sh)\n((?:(?!```).)*)```\n\n```text\n(.*?)```", re.S)


def test_the_page_shows_what_is_written(golden, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    names: dict[str, object] = {"__name__": "page"}

    def shown(match: re.Match[str]) -> str:
        language, program = match[1], match[2]
        if language == "sh":
            told = subprocess.run(program, shell=True, check=True, capture_output=True, text=True).stdout
        else:
            path = tmp_path / f"block_{match.start()}.py"
            path.write_text(program, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()) as printed, monkeypatch.context() as patched:
                patched.setenv("PATH", str(tools))
                exec(compile(program, str(path), "exec"), names)
            told = printed.getvalue()
        return f"```{language}\n{program}```\n\n```text\n{told.strip()}\n```"

    golden(BLOCK.sub(shown, PAGE.read_text(encoding="utf-8")), PAGE)
