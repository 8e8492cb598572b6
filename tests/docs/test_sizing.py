"""The snippets of `docs/sizing.md` run, one after the other."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "sizing.md"


def test_the_snippets_of_the_page_run(tmp_path):
    snippets = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    file = tmp_path / "sizing.py"
    file.write_text("\n".join(snippets), encoding="utf-8")
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), {"__name__": "sizing"})
