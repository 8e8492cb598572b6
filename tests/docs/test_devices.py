"""What `docs/devices.md` and the section on operators in `docs/timing.md` show is what happens.

`--update-golden` writes the programs' real output into the pages.
"""

import contextlib
import io
import linecache
import re
from pathlib import Path

import pytest

import spatial as sp
from spatial.device.parts import parts

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.S)
CLOCKS = (100, 200, 300, 400)
TITLES = {
    "float32_add": "float32 add, subtract",
    "float32_multiply": "float32 multiply",
    "float32_divide": "float32 divide",
    "float32_sqrt": "float32 square root",
    "float32_compare": "float32 compare",
    "float32_convert": "float32 from and to integers",
    "float64_add": "float64 add, subtract",
    "float64_multiply": "float64 multiply",
    "float16_add": "float16 add, subtract",
    "float16_multiply": "float16 multiply",
}


@pytest.mark.parametrize("page", ["devices.md", "timing.md"])
def test_the_programs_of_the_page_print_what_it_says(page, golden, tmp_path):
    names: dict[str, object] = {"__name__": "page"}

    def shown(match: re.Match[str]) -> str:
        program = match[1]
        path = tmp_path / f"block_{match.start()}.py"
        path.write_text(program, encoding="utf-8")
        linecache.checkcache(str(path))
        with contextlib.redirect_stdout(io.StringIO()) as told:
            exec(compile(program, str(path), "exec"), names)
        printed = f"\n\n```text\n{told.getvalue()}```" if told.getvalue() else ""
        return f"```python\n{program}```{printed}"

    path = DOCS / page
    golden(BLOCK.sub(shown, path.read_text(encoding="utf-8")), path)


def test_the_page_lists_every_part():
    page = (DOCS / "devices.md").read_text(encoding="utf-8")
    for part in parts().values():
        holds = part.budget
        counts = (holds.lut, holds.ff, holds.dsp, holds.bram18, holds.uram)
        row = f"| `{part.name}` | {', '.join(part.names)} | {' | '.join(f'{n:,}' for n in counts)} | {part.source} |"
        assert row in page
        assert f"| `{part.name}` | `{part.number}` | `{part.platform}` | " in page


@pytest.mark.parametrize("kind", TITLES)
def test_the_page_has_the_stages_of_float_operators(kind):
    operators = [sp.fpga("xcu280", mhz=mhz).operators for mhz in CLOCKS]
    stages = " | ".join(str(each.speed(kind).latency) for each in operators)
    row = f"| {TITLES[kind]} | {stages} | {operators[0].resources(kind).dsp} |"
    assert row in (DOCS / "devices.md").read_text(encoding="utf-8")
