"""Names of one piece of memory have one layout: the least that serves all who ask."""

import functools
import random

import pytest

from spatial.analysis.layout.classes import Asked, Classes, Given
from spatial.source.span import UNKNOWN
from spatial.types.layout import Cut, Layout

MANY = 100_000


def given(outer, inner):
    return Given(outer=outer, inner=inner, span=UNKNOWN)


def asked(memory, *ways, extent=64):
    return Asked(memory=memory, layout=Layout(cuts=tuple(Cut(extent=extent, ways=w) for w in ways)), span=UNKNOWN)


def reached(start, pairs):
    """All names of the memory called `start`, by walking."""
    found = {start}
    while True:
        more = {b for a, b in pairs if a in found} | {a for a, b in pairs if b in found}
        if more <= found:
            return found
        found |= more


@pytest.mark.parametrize("seed", range(20))
def test_a_layout_is_the_join_over_all_names_of_the_memory(seed):
    choose = random.Random(seed)
    pairs = [(choose.randrange(12), choose.randrange(12)) for _ in range(choose.randrange(12))]
    demands = [asked(choose.randrange(12), choose.choice([1, 2, 4, 8]), choose.choice([1, 2])) for _ in range(8)]
    classes = Classes([given(*pair) for pair in pairs], demands)
    for name in range(12):
        wanted = [each.layout for each in demands if each.memory in reached(name, pairs)]
        assert classes.layout(name) == (functools.reduce(Layout.join, wanted) if wanted else None)


def test_a_way_leads_from_one_name_to_another():
    gifts = [given("model", "layer"), given("layer", "gemm"), given("layer", "relu"), given("other", "gelu")]
    classes = Classes(gifts, [asked("gemm", 4)])
    assert classes.way("model", "gemm") == gifts[:2]
    assert classes.way("relu", "gemm") == [gifts[2], gifts[1]]
    assert classes.layout("other") is None


def test_each_name_and_gift_is_looked_at_a_few_times():
    class Counted(int):
        looks = 0

        def __hash__(self):
            Counted.looks += 1
            return int.__hash__(self)

    names = [Counted(number) for number in range(MANY)]
    choose = random.Random(0)
    gifts = [given(choose.choice(names), choose.choice(names)) for _ in range(MANY * 6 // 5)]
    classes = Classes(gifts, [asked(name, 2 + name % 2 * 2) for name in names])
    assert Counted.looks < 40 * (len(names) + len(gifts))
    assert {classes.layout(gift.outer) for gift in gifts[:9]} == {classes.layout(gifts[0].inner)}
