"""Layouts of arrays in banks, against the sets of elements that they put together."""

import itertools
import math

import pytest

from spatial.types.layout import Cut, Layout, parse_layout, whole

LARGEST = 24


def cuts(extent: int) -> list[Cut]:
    """Every cut of a dimension, once."""
    parts = [n for n in range(1, extent + 1) if extent % n == 0]
    return sorted({Cut(extent=extent, blocks=b, ways=c) for b in parts for c in parts}, key=str)


def classes(cut: Cut) -> frozenset[frozenset[int]]:
    """The elements that each bank holds, by the definition: block i div (N/b), way i mod c."""
    banks: dict[tuple[int, int], set[int]] = {}
    for index in range(cut.extent):
        banks.setdefault(cut.bank(index), set()).add(index)
    return frozenset(map(frozenset, banks.values()))


def refines(fine: frozenset[frozenset[int]], coarse: frozenset[frozenset[int]]) -> bool:
    return all(any(bank <= other for other in coarse) for bank in fine)


@pytest.mark.parametrize("extent", range(1, LARGEST + 1))
def test_cuts_are_equal_exactly_when_they_lay_out_elements_alike(extent: int) -> None:
    parts = [n for n in range(1, extent + 1) if extent % n == 0]
    for b, c in itertools.product(parts, parts):
        definition: dict[tuple[int, int], set[int]] = {}
        for index in range(extent):
            definition.setdefault((index // (extent // b), index % c), set()).add(index)
        assert classes(Cut(extent=extent, blocks=b, ways=c)) == frozenset(map(frozenset, definition.values()))
    assert len({classes(cut) for cut in cuts(extent)}) == len(cuts(extent))


@pytest.mark.parametrize("extent", range(1, LARGEST + 1))
def test_number_of_banks_is_that_of_the_banks_that_hold_elements(extent: int) -> None:
    for cut in cuts(extent):
        assert cut.banks == len(classes(cut))
        assert cut.words == max(map(len, classes(cut)))


@pytest.mark.parametrize("extent", range(1, LARGEST + 1))
def test_order_is_that_of_refinement(extent: int) -> None:
    for a, b in itertools.product(cuts(extent), repeat=2):
        assert a.serves(b) == refines(classes(a), classes(b))


@pytest.mark.parametrize("extent", range(1, LARGEST + 1))
def test_join_is_the_least_cut_that_serves_both(extent: int) -> None:
    for a, b in itertools.combinations_with_replacement(cuts(extent), 2):
        join = a.join(b)
        assert join == b.join(a)
        above = [cut for cut in cuts(extent) if cut.serves(a) and cut.serves(b)]
        assert join in above
        assert all(cut.serves(join) for cut in above)


def test_layouts_take_the_product_over_dimensions() -> None:
    layout = Layout(cuts=(Cut(extent=4, blocks=4), Cut(extent=8, ways=2)))
    banks = {layout.bank(place) for place in itertools.product(range(4), range(8))}
    assert layout.banks == len(banks) == 8
    assert layout.words == 4
    assert not layout.complete
    assert layout.join(Layout(cuts=(Cut(extent=4), Cut(extent=8, ways=8)))).complete
    assert layout.serves(whole((4, 8)))
    assert not whole((4, 8)).serves(layout)


def test_layouts_print_and_parse_back() -> None:
    for first, second in itertools.product(cuts(6), cuts(24)):
        layout = Layout(cuts=(first, second))
        assert parse_layout(str(layout), layout.shape) == layout
    assert (
        str(Layout(cuts=(Cut(extent=4, ways=4), Cut(extent=24, blocks=2, ways=4)))) == "[complete, block(2) cyclic(4)]"
    )
    assert str(whole((math.prod(range(1, 5)), 1))) == "[whole, whole]"


@pytest.mark.parametrize(
    "text",
    ["", "whole", "[whole]", "[whole, cyclic]", "[whole, block(3)]", "[whole,whole]", "[whole, cyclic(2) block(2)]"],
)
def test_other_text_is_no_layout(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a|do not divide"):
        parse_layout(text, (4, 8))
