"""`docs/hls-rules.md` has the table of the rules as the checks have them, and its program runs."""

import re
from pathlib import Path

from spatial.lower.hls.rules.table import RULES, markdown

HOME = Path(__file__).parents[2]
PAGE = HOME / "docs" / "hls-rules.md"
TABLE = re.compile(r"<!-- rules -->\n.*?<!-- end -->", re.S)


def test_the_page_has_the_table_of_the_rules(golden):
    text = PAGE.read_text(encoding="utf-8")
    golden(TABLE.sub(lambda _: f"<!-- rules -->\n{markdown()}<!-- end -->", text), PAGE)


def test_the_program_of_the_page_runs(tmp_path):
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    path = tmp_path / "program.py"
    path.write_text(program, encoding="utf-8")
    exec(compile(program, str(path), "exec"), {"__name__": "program"})


def test_rules_have_names_and_codes_of_their_own():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"(HLS|XFORM|COSIM) \d{3}-\d{2,4}", code) for rule in RULES for code in rule.codes)


def test_every_rule_is_checked_somewhere():
    for rule in RULES:
        assert rule.earlier or rule.program or rule.legal or rule.guarantee or rule.code, rule.name
