"""The figures of `docs/polybench.md` are about the published designs, and the page's claims follow from them."""

from pathlib import Path

import pytest

from examples.polybench.__main__ import WITHIN, published
from examples.polybench.designs import DESIGNS, FABRIC

PAGE = Path(__file__).parents[2] / "docs" / "polybench.md"


def rows():
    """Kernel, framework, their DSPs and cycles, our DSPs and cycles, peak, design, ratio."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in table if len(row) == 9 and row[0] in DESIGNS]


def number(text):
    return int(text.replace(",", ""))


@pytest.mark.parametrize("kernel", DESIGNS)
def test_the_page_has_every_published_design(kernel):
    shown = {(row[1], number(row[2]), number(row[3])) for row in rows() if row[0] == kernel}
    assert shown == {(design.framework, design.dsp, design.cycles) for design in published(kernel)}


def test_ours_have_at_most_a_tenth_more_dsps_and_are_among_the_designs():
    for kernel, _, dsp, cycles, our_dsp, our_cycles, _, choice, ratio in rows():
        if our_dsp == "none as small":
            continue
        assert number(our_dsp) <= WITHIN * number(dsp)
        assert ratio == f"{number(cycles) / number(our_cycles):.2f}"
        name, tables = choice.removesuffix(" fabric").strip("`"), choice.endswith(" fabric")
        assert name in [str(each) for each in (FABRIC if tables else DESIGNS)[kernel]]


def test_no_published_design_is_faster():
    compared = [row for row in rows() if row[4] != "none as small"]
    assert len(compared) > 50
    assert all(number(row[5]) <= number(row[3]) for row in compared)
