"""`docs/aie-rules.md` has the table of the rules as the checks have them."""

import re
from pathlib import Path

from spatial.lower.aie.rules.table import DESIGN, PLACED, SEQUENCE, WRITTEN, markdown

PAGE = Path(__file__).parents[2] / "docs" / "aie-rules.md"
TABLE = re.compile(r"<!-- rules -->\n.*?<!-- end -->", re.S)


def test_the_page_has_the_table_of_the_rules(golden):
    text = PAGE.read_text(encoding="utf-8")
    golden(TABLE.sub(lambda _: f"<!-- rules -->\n{markdown()}<!-- end -->", text), PAGE)


def test_rules_have_names_of_their_own():
    names = [rule.name for rule in (*DESIGN, *PLACED, *SEQUENCE, *WRITTEN)]
    assert len(set(names)) == len(names)
