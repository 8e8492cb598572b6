"""What `docs/hls.md` shows is what happens.

`--update-golden` writes the programs' real output into the page.
"""

import contextlib
import io
import linecache
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "hls.md"
BLOCK = re.compile(r"```python\n(.*?)```(?:\n\n```(text|cpp)\n(.*?)```)?", re.S)


def test_the_programs_of_the_page_print_what_it_says(golden, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}

    def shown(match: re.Match[str]) -> str:
        program = match[1]
        path = tmp_path / f"block_{match.start()}.py"
        path.write_text(program, encoding="utf-8")
        linecache.checkcache(str(path))
        with contextlib.redirect_stdout(io.StringIO()) as told:
            exec(compile(program, str(path), "exec"), names)
        text = "\n".join(line.rstrip() for line in told.getvalue().rstrip().splitlines())
        printed = f"\n\n```{match[2] or 'text'}\n{text}\n```" if text else ""
        return f"```python\n{program}```{printed}"

    golden(BLOCK.sub(shown, PAGE.read_text(encoding="utf-8")), PAGE)


def test_links_lead_somewhere():
    prose = re.sub(r"```.*?```|`[^`]*`", "", PAGE.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose):
        assert (PAGE.parent / target).exists(), target
